"""Before publishing: the figures beside those of the current release, and a stop where they are implausible."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from data.codec import Part, Range, read_table
from data.definitions import Catalogue
from data.errors import ImplausibleError, ReleaseMissingError
from data.frames import rows_of
from data.magnitude_models import limits_of
from data.release import open_newest_sound, ranges_of
from data.rules.magnitude import FOUND, LOST, READ, REVISED, Judge, counted, implausible, lost
from data.schemas import TABLES

SHOWN = 30
_END = "\U0010ffff"
_NAME = "observations"


@dataclass(frozen=True, eq=False)
class _Side:
    """The areas of a release: which level each is of, and which of them the other release is not about."""

    levels: Mapping[str, str]
    others: tuple[str, ...]

    def chosen(self, observations: pd.DataFrame) -> pd.DataFrame:
        if not self.others:
            return observations[READ]
        return observations.loc[~observations["ref_area"].isin(self.others), READ]


def _side(territories: pd.DataFrame, communes: frozenset[str]) -> _Side:
    """Return the areas of a release that lie in some communes, or in no one commune."""
    owner = territories["commune"].where(territories["level"] != "commune", territories["ref_area"])
    others = territories.loc[~(owner.isin(communes) | owner.eq("")), "ref_area"]
    return _Side(dict(zip(territories["ref_area"], territories["level"], strict=True)), tuple(others))


def _communes(territories: pd.DataFrame) -> frozenset[str]:
    return frozenset(territories.loc[territories["level"] == "commune", "ref_area"])


def _stretches(parts: Sequence[Part], communes: frozenset[str]) -> Iterator[tuple[list[Range], Part | None]]:
    """Yield where the areas of each part lie, so that of two large releases only a stretch is held at a time."""
    if not parts:
        yield ranges_of(communes), None
    low = ""
    for part in parts:
        high = part.below or _END
        yield [(low, high)], part
        low = high
    if parts and low != _END:
        yield [(low, _END)], None


def _within(frame: pd.DataFrame, ranges: list[Range]) -> pd.DataFrame:
    inside = pd.Series(False, index=frame.index)
    for low, high in ranges:
        inside |= (frame["ref_area"] >= low) & (frame["ref_area"] < high)
    return frame[inside]


def _judge(catalogue: Catalogue, *sources: pd.DataFrame) -> Judge:
    datasets = {row.source: row.dataset for table in sources for row in rows_of(table)}
    limits = {
        name: limits_of(catalogue.magnitudes, entry.unit, entry.magnitude)
        for name, entry in catalogue.indicators.items()
    }
    return Judge(datasets, limits)


def implausible_changes(
    tables: Mapping[str, pd.DataFrame], parts: Sequence[Part], catalogue: Catalogue, folder: Path
) -> pd.DataFrame:
    """Return what is implausible in a release to be published beside the current one (the newest sound one).

    Only areas of communes that both are about are compared. Where nothing was published before, nothing is implausible.

    Parameters
    ----------
    tables, parts : the release to be published, with observations of communes beside those of the catalogue.
    folder : of releases.

    Returns
    -------
    With the columns `data.rules.magnitude.FOUND`.
    """
    nothing = pd.DataFrame(columns=FOUND)
    try:
        # Areas and observations are read for no commune here: of a release of all of France, stretch by stretch below.
        release, _ = open_newest_sound(folder, ())
    except ReleaseMissingError:
        return nothing
    place = folder / release.release_id
    territories = read_table(place / "territories.parquet", TABLES["territories"])
    common = _communes(territories) & _communes(tables["territories"])
    old_side, new_side = _side(territories, common), _side(tables["territories"], common)
    judge = _judge(catalogue, release.table("sources"), tables["sources"])
    found, old_counts, new_counts = [], [], []
    for ranges, part in _stretches(parts, common):
        old = old_side.chosen(read_table(place / f"{_NAME}.parquet", TABLES[_NAME], ranges))
        new = new_side.chosen(_within(tables[_NAME], ranges))
        if part is not None:
            beside = new_side.chosen(part.rows.select(READ).cast(_read_schema()).to_pandas())
            new = pd.concat([new, beside], ignore_index=True)
        found.append(implausible(old, new, judge))
        old_counts.append(counted(old, old_side.levels))
        new_counts.append(counted(new, new_side.levels))
    gone = lost(*(pd.concat(counts).groupby(level=[0, 1]).sum() for counts in (old_counts, new_counts)))
    found = [frame for frame in [*found, gone] if len(frame)]
    return pd.concat(found, ignore_index=True) if found else nothing


def _read_schema() -> pa.Schema:
    schema = TABLES[_NAME].schema
    return pa.schema([schema.field(name) for name in READ])


def _number(value: float) -> str:
    return f"{value:.6g}"


def line_of(row: object) -> str:
    """Return an implausible change in one line: where, old → new, factor."""
    kind, area, indicator, before, period, source, old, new, factor = (getattr(row, name) for name in FOUND)
    times = f"× {factor:.3g}" if pd.notna(factor) and abs(factor) != float("inf") else "from zero"
    if kind == LOST:
        left = "vanishes" if new == 0 else f"{_number(new)} values are left of {_number(old)}"
        return f"{indicator}, level {area or 'unknown'}: {left}"
    when = period if kind == REVISED else f"{before} → {period}"
    return f"{area} {indicator} {when} ({source}): {_number(old)} → {_number(new)} ({times})"


def excused(found: pd.DataFrame, because: str) -> str:
    """Return the reason to log: the one given, where anything is implausible; else none is needed.

    Raises
    ------
    ImplausibleError
        Something is implausible and no reason is given: lists the figures, old and new, and says what to do.
    """
    reason = " ".join(because.split())
    if found.empty or reason:
        return reason if len(found) else ""
    lines = [line_of(row) for row in rows_of(found.head(SHOWN))]
    lines += [f"… and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    raise ImplausibleError(
        f"{len(found)} implausible change(s) beside the current release; nothing was published.\n"
        + "\n".join(lines)
        + "\nLook at the source. A figure that is wrong: correct it in data/catalogue/corrections.toml, or remove the "
        "received file (`python -m etl snapshots`). All of them right: "
        'python -m etl build --because "why they changed"'
    )
