"""Where things are: the places one setting each can move."""

import os
from pathlib import Path

from data.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "data" / "catalogue"
LEDGER = ROOT / "data" / "ledger"


def releases_folder() -> Path:
    """Return the folder of releases: `OBSERVATORY_RELEASES`, else `data/releases` beside the code."""
    return Path(os.environ.get("OBSERVATORY_RELEASES", ROOT / "data" / "releases"))


def raw_folder() -> Path:
    """Return the folder of snapshots of sources: `OBSERVATORY_RAW`, else `data/raw` beside the code."""
    return Path(os.environ.get("OBSERVATORY_RAW", ROOT / "data" / "raw"))


def default_commune() -> str:
    """Return the INSEE code of the commune shown: `OBSERVATORY_COMMUNE`, else Ivry-sur-Seine."""
    return os.environ.get("OBSERVATORY_COMMUNE", "94041")


def built_communes() -> str:
    """Return the communes a build is about beside those of the catalogue: `OBSERVATORY_COMMUNES`, else none.

    `all`, or INSEE codes joined by commas.
    """
    return os.environ.get("OBSERVATORY_COMMUNES", "")


def contact_address() -> str:
    """Return the mail address readers report errors to: `OBSERVATORY_CONTACT`, else none."""
    return os.environ.get("OBSERVATORY_CONTACT", "")


def wall_file() -> Path:
    """Return the configuration of the wall screen: `OBSERVATORY_WALL`, else the catalogue's."""
    return Path(os.environ.get("OBSERVATORY_WALL", CATALOGUE / "wall.toml"))


def public_address() -> str:
    """Return the absolute address readers reach the running server at: `OBSERVATORY_PUBLIC_ADDRESS`, else none."""
    return os.environ.get("OBSERVATORY_PUBLIC_ADDRESS", "")


def site_address() -> str:
    """Return the absolute address of the static site: `OBSERVATORY_SITE_ADDRESS`, else none: the server's own pages."""
    return os.environ.get("OBSERVATORY_SITE_ADDRESS", "")


def embedders() -> tuple[str, ...]:
    """Return the origins that may show figures in a frame: `OBSERVATORY_EMBEDDERS`, blanks between; else nobody."""
    return tuple(os.environ.get("OBSERVATORY_EMBEDDERS", "").split())


def legal_file() -> Path:
    """Return what the publisher says of itself on the legal pages: `OBSERVATORY_LEGAL`, else the catalogue's."""
    return Path(os.environ.get("OBSERVATORY_LEGAL", CATALOGUE / "legal.toml"))


def audience_folder() -> Path | None:
    """Return the folder of counts of page views: `OBSERVATORY_AUDIENCE`, else none, and nothing is counted."""
    folder = os.environ.get("OBSERVATORY_AUDIENCE", "")
    return Path(folder) if folder else None


def slides_template() -> Path | None:
    """Return the template of slides: `OBSERVATORY_SLIDES_TEMPLATE`, else none, and the observatory's own is taken."""
    path = os.environ.get("OBSERVATORY_SLIDES_TEMPLATE", "")
    return Path(path) if path else None


def hosts() -> tuple[str, ...]:
    """Return more names the server may be asked under: `OBSERVATORY_HOSTS`, blanks between; else none."""
    return tuple(os.environ.get("OBSERVATORY_HOSTS", "").split())


def stale_days() -> int | None:
    """Return after how many days a release counts as stale: `OBSERVATORY_STALE_DAYS`, else none does.

    Raises
    ------
    SettingError
        It is no whole number of days above zero.
    """
    return _whole("OBSERVATORY_STALE_DAYS", "days")


def look_seconds() -> int:
    """Return how often an open page looks for a newer release: every `OBSERVATORY_LOOK_SECONDS`, 45 unless set.

    Raises
    ------
    SettingError
        It is no whole number of seconds above zero.
    """
    return _whole("OBSERVATORY_LOOK_SECONDS", "seconds") or 45


def is_logging_requests() -> bool:
    """Tell whether every answer is written to the log: `OBSERVATORY_LOG_REQUESTS`, `1` or `0`; else only faults are.

    Raises
    ------
    SettingError
        It is neither.
    """
    said = os.environ.get("OBSERVATORY_LOG_REQUESTS", "0")
    if said not in {"0", "1"}:
        raise SettingError(f"OBSERVATORY_LOG_REQUESTS: {said!r} is neither 0 nor 1")
    return said == "1"


def _whole(name: str, unit: str) -> int | None:
    said = os.environ.get(name, "")
    if said and not (said.isascii() and said.isdigit() and 0 < int(said) < 10**6):
        raise SettingError(f"{name}: {said!r} is no whole number of {unit} above zero")
    return int(said) if said else None
