"""What legal pages are made from, read once: the publisher's own words, the evaluation grid, Streamlit's findings."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from data.accessibility_models import Findings, Grid
from data.legal import read_findings, read_grid, read_legal
from data.legal_models import Audit, Legal
from data.settings import CATALOGUE, contact_address, legal_file

Compliance = Literal["total", "partial", "none"]
# From this share of applicable criteria on, the law speaks of partial compliance.
PARTIAL_PERCENT = 50
# A statement is to be renewed after so many years: an older audit is no longer relied on.
AUDIT_YEARS = 3


@lru_cache(maxsize=2)
def _legal(path: Path) -> Legal:
    return read_legal(path)


def legal() -> Legal:
    """Return what the publisher says of itself.

    Raises
    ------
    FaultyLegalError
        The configuration is absent or faulty.
    """
    return _legal(legal_file())


@lru_cache
def grid() -> Grid:
    """Return the evaluation grid."""
    return read_grid(CATALOGUE / "accessibility.toml")


@lru_cache
def findings() -> Findings:
    """Return what checkers find in the parts of pages that Streamlit makes."""
    return read_findings(CATALOGUE / "streamlit_findings.toml")


def _is_valid(audit: Audit, today: date) -> bool:
    made = audit.made_on
    last = made.replace(year=made.year + AUDIT_YEARS, day=min(made.day, 28) if made.month == 2 else made.day)
    return made <= today <= last


def valid_audit(today: date) -> Audit | None:
    """Return the audit that may be relied on, or none."""
    audit = legal().accessibility.audit
    return audit if audit and _is_valid(audit, today) else None


def compliance(today: date) -> Compliance:
    """Return the state of compliance that the law lets a publisher state; without a valid audit, none."""
    audit = valid_audit(today)
    if audit is None or audit.rate_percent < PARTIAL_PERCENT:
        return "none"
    return "total" if audit.rate_percent == 100 else "partial"


# What the law asks of every public site, by table and key of the configuration.
_ASKED = ("publisher.name", "publisher.address", "publisher.telephone", "publisher.director", "host.name",
          "host.address", "host.telephone", "accessibility.established_on", "accessibility.plan",
          "accessibility.actions", "rights.data_licence", "rights.data_protection_officer")  # fmt: skip


def missing() -> Iterator[str]:
    """Yield what is asked for and was not filled in: keys of the configuration, or the setting of the mail address."""
    words = legal().model_dump()
    for key in _ASKED:
        table, _, name = key.partition(".")
        if not words[table][name]:
            yield key
    if not contact_address():
        yield "OBSERVATORY_CONTACT"
