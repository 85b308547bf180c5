"""Whom a difference between two releases concerns: the commune looked at, all communes alike, or others alone."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from dashboard.content.changed_words import rows_by_key
from data.frames import rows_of
from data.release import Release

HERE, SHARED, ELSEWHERE = "here", "shared", "elsewhere"
SCOPES = (HERE, SHARED, ELSEWHERE)
# Which columns say where, the first that is filled in; a station that lies in no commune is listed for one.
_WHERE = ("ref_area", "iris", "listed_for", "commune")


def _around(parents: dict[str, str], commune: str) -> set[str]:
    """Return the wider areas that a commune lies in."""
    found: set[str] = set()
    code = parents.get(commune, "")
    while code and code not in found:
        found.add(code)
        code = parents.get(code, "")
    return found


@lru_cache(maxsize=16)
def _scopes(release: Release, commune: str) -> dict[str, str]:
    """Return whom each area concerns, by its code; what stands for no area concerns all."""
    areas = release.table("territories")
    around = _around(dict(zip(areas["ref_area"], areas["parent"], strict=True)), commune)
    found = {"": SHARED}
    for row in rows_of(areas[["ref_area", "parent", "commune", "communes_served"]]):
        owners = {row.commune, *row.communes_served.split()} - {""}
        if owners:
            found[row.ref_area] = HERE if commune in owners else ELSEWHERE
        else:
            found[row.ref_area] = SHARED if {row.ref_area, row.parent} & around else ELSEWHERE
    return found


@lru_cache(maxsize=32)
def _areas_of(release: Release, table: str, key: str) -> dict[str, str]:
    rows = release.table(table)
    return dict(zip(rows[key], rows["ref_area"], strict=True))


def _area(release: Release, row: Any) -> str:
    """Return the area that a row is about; nothing where it is about none, as a source or a definition."""
    said = next(filter(None, (getattr(row, name, "") for name in _WHERE)), "")
    if said:
        return said
    if hasattr(row, "commitment_id"):
        return _areas_of(release, "commitments", "commitment_id").get(row.commitment_id, "")
    return _areas_of(release, "programmes", "programme_id").get(getattr(row, "programme_id", ""), "")


def scopes_of(release: Release, commune: str, table: str, keys: Sequence[tuple[str, ...]]) -> list[str]:
    """Return whom each row of a table concerns, by its key; empty where the release has no such row."""
    known, rows = _scopes(release, commune), rows_by_key(release, table, list(keys))
    return [known.get(_area(release, rows[key]), ELSEWHERE) if key in rows else "" for key in keys]
