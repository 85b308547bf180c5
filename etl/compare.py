"""Differences between two releases in bounded memory: those of all of France are compared stretch by stretch."""

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from pathlib import Path

import pandas as pd

from data.codec import Range, read_table
from data.release import BY_AREA, HELD_WHOLE, Release, manifest_of, open_release
from data.rules.differences import differences
from data.schemas import TABLES

# Up to so many rows a release is compared as a whole.
LARGE_ROWS = 200_000
# Where codes of communes begin, the département: a stretch each.
_FIRSTS, _SECONDS = "0123456789", "0123456789AB"


def _is_large(folder: Path, release_id: str) -> bool:
    resources = manifest_of(folder, release_id)["resources"]
    return any(int(one["rows"]) > LARGE_ROWS for one in resources if one["name"] in BY_AREA)


def _stretches() -> Iterator[list[Range]]:
    for first, second in product(_FIRSTS, _SECONDS):
        yield [(first + second, first + chr(ord(second) + 1))]


def _rows(folder: Path, release: Release, name: str, ranges: list[Range], without: Collection[str]) -> pd.DataFrame:
    """Return the rows of a table that lie in a stretch, without those of some communes."""
    table, path = TABLES[name], folder / release.release_id / f"{name}.parquet"
    if not path.is_file():
        return table.schema.empty_table().to_pandas()
    frame = read_table(path, table, ranges)
    return frame[~frame["ref_area"].str[:5].isin(list(without))]


def _differing(old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of the areas of which anything differs."""
    both = pd.concat([old, new], ignore_index=True)
    areas = both.loc[~both.duplicated(keep=False), "ref_area"].unique()
    return old[old["ref_area"].isin(areas)], new[new["ref_area"].isin(areas)]


def _smaller(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables that are compared at once."""
    return {name: frame for name, frame in tables.items() if name not in HELD_WHOLE}


def _of_whole(old: Release, new: Release, name: str, absent: Collection[str]) -> Iterator[pd.DataFrame]:
    """Yield the differences of a table with rows of all of France, stretch by stretch."""
    sides = old.table(name), new.table(name)
    if sides[0].equals(sides[1]):
        return
    for ((low, high),) in _stretches():
        before, after = (side[(side["ref_area"] >= low) & (side["ref_area"] < high)] for side in sides)
        if len(before) or len(after):
            yield differences({name: before}, {name: after}, absent)


def compared(folder: Path, releases: tuple[Release, Release], communes: Collection[str]) -> Iterator[pd.DataFrame]:
    """Yield the differences of two releases (see `data.rules.differences`).

    Parameters
    ----------
    releases : opened for `communes` only, where they are large.
    communes : those compared first, with all that lies in no one commune and all tables that are not by area.
    """
    old, new = releases
    absent = old.absent | new.absent
    yield differences(_smaller(old.tables), _smaller(new.tables), absent)
    for name in HELD_WHOLE:
        yield from _of_whole(old, new, name, absent)
    if not any(_is_large(folder, one.release_id) for one in releases):
        return
    for ranges in _stretches():
        sides: list[dict[str, pd.DataFrame]] = [_smaller(one.tables) for one in releases]
        for name in BY_AREA:
            before, after = (_rows(folder, one, name, ranges, communes) for one in releases)
            sides[0][name], sides[1][name] = _differing(before, after)
        if any(len(side[name]) for side in sides for name in BY_AREA):
            found = differences(sides[0], sides[1], absent)
            # What is not by area was told with the first stretch, and is here for the reasons alone.
            yield found[found["table"].isin(BY_AREA)]


def open_both(folder: Path, older: str, newer: str, communes: Collection[str]) -> tuple[Release, Release]:
    """Open two releases to compare: as wholes, or where one is large for some communes."""
    held = communes if any(_is_large(folder, one) for one in (older, newer)) else None
    return open_release(folder, older, held), open_release(folder, newer, held)
