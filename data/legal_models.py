"""What the publisher says of itself, as `legal.toml` declares it; what is empty is told as missing."""

from datetime import date
from typing import Annotated

from pydantic import Field

from data.fields import Strict

Address = Annotated[str, Field(pattern=r"^(https?://[^\s<>\"]+)?$")]


class Publisher(Strict):
    """Who publishes the site, and who answers for what it says."""

    name: str = ""
    address: str = ""
    telephone: str = ""
    registration: str = ""
    director: str = ""


class Host(Strict):
    """Whose machines serve the site."""

    name: str = ""
    address: str = ""
    telephone: str = ""


class Rights(Strict):
    """Under which licence the publisher offers what it worked out, and who is asked about personal data."""

    data_licence: str = ""
    data_protection_officer: str = ""


class Audit(Strict):
    """An audit against all criteria of the RGAA, made by somebody competent: what only then may be claimed.

    `rate_percent` : share of the applicable criteria that it found to be met.
    """

    by: Annotated[str, Field(min_length=1)]
    made_on: date
    rate_percent: Annotated[float, Field(ge=0, le=100)]
    report: Address = ""


class Statement(Strict):
    """What the law has a publisher add to its accessibility statement.

    `plan` and `actions` are addresses of the multi-year plan and of the plan of the year. `derogations` are contents
    left inaccessible because the burden would be out of proportion, `exempt` those the law does not cover: sentences.
    """

    established_on: date | None = None
    updated_on: date | None = None
    plan: Address = ""
    actions: Address = ""
    derogations: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    audit: Audit | None = None


class Legal(Strict):
    """The whole configuration of the legal pages."""

    publisher: Publisher = Publisher()
    host: Host = Host()
    rights: Rights = Rights()
    accessibility: Statement = Statement()
