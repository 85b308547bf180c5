"""Finding one's district: by its name, or by a street, a station or a place."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dashboard.content.common import district_basis, tile
from dashboard.figures import latest, localised
from dashboard.listing import plain
from dashboard.messages import message
from dashboard.view import View, district_slugs
from data.frames import rows_of

STATIONS = ("metro", "rer", "tram")


@dataclass(frozen=True)
class Place:
    """A named place or a station: what a list calls it, its district (or none), and what its finding says."""

    label: str
    slug: str
    words: str


@dataclass(frozen=True)
class District:
    """A district in the list readers choose from."""

    slug: str
    name: str
    population: str
    kind: str
    detail: str


@lru_cache(maxsize=64)
def districts(view: View) -> tuple[District, ...]:
    """Return the districts of the commune with their population."""
    found = []
    for slug, name in district_slugs(view.release, view.commune).items():
        shown = tile(view, latest(view, "population", f"{view.commune}-{slug}"))
        found.append(District(slug, name, f"{shown.number} {shown.unit}", shown.kind, shown.detail))
    return tuple(found)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", plain(name))


def _place(view: View, row: Any) -> Place:
    language, name = view.language, str(row.name)
    if row.kind in STATIONS:
        mode = message(f"mode.{row.kind}", language)
        label = message("quarter.station", language, name=name, mode=mode, line=row.line.split()[-1])
        basis = district_basis(view)
    else:
        others = [
            alias for alias in row.aliases.replace("'", "’").split(";") if _letters(alias) not in {"", _letters(name)}
        ]
        called = f"{name} ({', '.join(others)})" if others else name
        label = message("quarter.place", language, name=called, kind=message(f"place_kind.{row.kind}", language))
        basis = localised(row, "district_basis", language)
    if not row.district:
        return Place(label, "", message("quarter.not_found", language, name=name))
    words = message("quarter.found", language, name=name, district=view.areas.at[row.district, "name"], basis=basis)
    return Place(label, str(row.district).removeprefix(f"{view.commune}-"), words)


@lru_cache(maxsize=32)
def places(view: View) -> dict[str, Place]:
    """Return the places a reader can look for, by identifier: the commune's named places and the stations inside it."""
    rows = view.release.table("places")
    rows = rows[(rows["commune"] == view.commune) & ~rows["kind"].str.endswith("_network")]
    found = {str(row.place_id): _place(view, row) for row in rows_of(rows)}
    return dict(sorted(found.items(), key=lambda pair: plain(pair[1].label)))
