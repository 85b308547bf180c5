"""The command that attacks a release as a reader would: can what it withholds be worked out from what it tells?"""

from collections import Counter
from pathlib import Path

import typer

from data.definitions import Catalogue, load_catalogue
from data.errors import DisclosureError, ReleaseDamagedError
from data.history import CURRENT, find_release, history
from data.release import Release, open_release
from data.rules.additive_relations import nestings
from data.rules.disclosure_audit import WITHHELD, Audited, Finding, audit, told_earlier
from data.settings import CATALOGUE, releases_folder
from etl.protection import microdata, protection_of
from etl.release_commands import Name

HEADINGS = ("area", "indicator", "period", "interval", "verdict")
LONGEST_TABLE = 200
# The worst first.
VERDICTS = {
    "worked_out": "LEAK: can be worked out exactly",
    "too_narrow": "LEAK: too few values are possible",
    "under_threshold": "LEAK: told, though under the threshold",
    "remainder": "LEAK: what its parts leave of it is small",
    "derived": "LEAK: told, though made from a withheld figure",
    "told_earlier": "LEAK: told by release {release}, which is kept",
    "": "unknown enough",
}


def _number(value: float) -> str:
    return "and more" if value == float("inf") else f"{value:.10g}"


def _interval(finding: Finding) -> str:
    """Return the interval of a figure: `1 to 12`, `1 and more`, `2`."""
    if finding.low == finding.high:
        return _number(finding.low)
    joint = " " if finding.high == float("inf") else " to "
    return f"{_number(finding.low)}{joint}{_number(finding.high)}"


def _row(finding: Finding) -> tuple[str, ...]:
    verdict = VERDICTS[finding.problem].format(release=finding.release)
    return finding.ref_area, finding.indicator, finding.time_period, _interval(finding), verdict


def table_lines(findings: list[Finding]) -> list[str]:
    """Return findings as a table to read on screen."""
    rows = [HEADINGS, *(_row(one) for one in findings[:LONGEST_TABLE])]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return lines + ([f"… and {len(findings) - LONGEST_TABLE} more"] if len(findings) > LONGEST_TABLE else [])


def findings_of(release: Release, catalogue: Catalogue) -> list[Finding]:
    """Return what a reader of a release, who knows the catalogue, can work out of the figures it withholds."""
    protected = microdata(catalogue)
    sources = release.table("sources")
    datasets = {source: dataset for source, dataset in zip(sources["source"], sources["dataset"], strict=True)
                if dataset in protected}  # fmt: skip
    nested = nestings(release.table("territories"), release.table("iris_weights"))
    return audit(release.table("observations"), Audited(datasets, nested, protection_of(catalogue)))


def _told_by_others(folder: Path, release: Release, found: list[Finding]) -> list[Finding]:
    """Return the withheld figures that other releases of the folder tell; a damaged one is not served, only named."""
    told: list[Finding] = []
    for other in history(folder) if found else []:
        if other.release_id == release.release_id:
            continue
        try:
            opened = open_release(folder, other.release_id)
        except ReleaseDamagedError as error:
            typer.echo(f"Not looked at: {error}", err=True)
            continue
        told += told_earlier(found, opened.table("observations"), other.release_id)
    return told


def audit_release(release: Name = CURRENT) -> None:
    """Work out, from a release alone, what can be known of each figure it withholds; fail where that is too much."""
    folder = releases_folder()
    opened = open_release(folder, find_release(folder, release))
    catalogue = load_catalogue(CATALOGUE)
    found = findings_of(opened, catalogue)
    found += _told_by_others(folder, opened, found)
    found.sort(key=lambda one: list(VERDICTS).index(one.problem))
    if found:
        typer.echo("\n".join(table_lines(found)))
    withheld = sum(one.problem in WITHHELD for one in found)
    leaks = [one for one in found if one.problem]
    names = ", ".join(sorted(microdata(catalogue))) or "none"
    typer.echo(f"{opened.release_id}: {withheld} figures of microdata withheld ({names}), {len(leaks)} leaks")
    if leaks:
        first, kinds = leaks[0], Counter(one.problem for one in leaks)
        counts = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        raise DisclosureError(
            f"{len(leaks)} leaks ({counts}); the first: {first.ref_area} {first.indicator} {first.time_period} is "
            f"{_interval(first)}. Go back to a sound release (`python -m etl rollback`), then build again; remove kept "
            "releases that tell too much with `python -m etl prune`"
        )


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("audit")(audit_release)
