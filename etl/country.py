"""Communes beside those of the catalogue, all of France if need be: part by part, so that memory stays bounded."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from data.definitions import Catalogue
from data.models import Territory
from etl.connected import Taken, edition_day
from etl.packaged import packaged_rows

# Départements are put together until they hold so many IRIS: what a part needs in memory follows from it.
PART_IRIS = 6_000
UNNAMED = "Commune {}"


@dataclass(frozen=True, eq=False)
class Division:
    """Communes whose codes follow each other, as a catalogue of their own; `below` bounds their codes ("": none)."""

    below: str
    catalogue: Catalogue

    @property
    def communes(self) -> frozenset[str]:
        """Return the codes of the communes."""
        return frozenset(self.catalogue.territories)


def _bounds(communes: Collection[str]) -> list[str]:
    """Return the first département of each part but the first."""
    iris = Counter(packaged_rows("com", communes)["com"].str[:2])
    bounds, held = [], 0
    for department in sorted(iris):
        if held and held + iris[department] > PART_IRIS:
            bounds.append(department)
            held = 0
        held += iris[department]
    return bounds


def divided(communes: Collection[str], catalogue: Catalogue, names: Mapping[str, str]) -> list[Division]:
    """Return communes in parts.

    Parameters
    ----------
    communes : codes of the packaged census that the catalogue has not.
    names : what received files call communes; one without a name is called by its code.
    """
    if not communes:
        return []
    codes, parts = sorted(communes), []
    lows, highs = ["", *(bounds := _bounds(communes))], [*bounds, ""]
    for low, high in zip(lows, highs, strict=True):
        entries = {}
        for code in codes:
            if code >= low and (not high or code < high):
                name = names.get(code) or UNNAMED.format(code)
                entries[code] = Territory(level="commune", name=name, short=name)
        parts.append(Division(high, replace(catalogue, territories=entries)))
    return parts


def with_communes(catalogue: Catalogue, communes: Collection[str]) -> Catalogue:
    """Return a catalogue with more communes, whose names are not known yet."""
    more = {code: Territory(level="commune", name=UNNAMED.format(code), short=UNNAMED.format(code))
            for code in communes if code not in catalogue.territories}  # fmt: skip
    return replace(catalogue, territories=catalogue.territories | more) if more else catalogue


def shared_out(taken: Iterable[Taken], parts: list[Division]) -> tuple[list[Taken], list[list[Taken]]]:
    """Share the observations of received files out: those of the communes of parts, part by part, and all others."""
    owner = {code: number for number, part in enumerate(parts, start=1) for code in part.communes}
    shares: list[list[Taken]] = [[] for _ in range(len(parts) + 1)]
    for one in taken:
        numbers = one.loaded.observations["ref_area"].str[:5].map(owner).fillna(0) if parts else None
        for number, share in enumerate(shares):
            mine = one.loaded.observations if numbers is None else one.loaded.observations[numbers == number]
            share.append(Taken(one.snapshot, replace(one.loaded, observations=mine)))
    return shares[0], shares[1:]


def names_in(taken: Iterable[Taken], catalogue: Catalogue) -> dict[str, str]:
    """Return what received files call communes, by code; of several the file of the newest edition holds."""
    found: dict[str, str] = {}
    for one in sorted(taken, key=lambda one: (edition_day(one, catalogue), one.snapshot.rank)):
        found |= one.loaded.names
    return found
