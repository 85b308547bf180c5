"""Sentences that can be read in several ways: what each reading gives, and what it makes of the announced total."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from data.frames import rows_of
from data.rules.operations import COUNTED

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Choice:
    """One reading: its words, the value it gives, the programme it counts it in, and the announced total it makes.

    `total` is None where the value is of no followed quantity.
    """

    choice: str
    label_fr: str
    label_en: str
    value: float | None
    part_of: str
    total: float | None


@dataclass(frozen=True)
class Ambiguity:
    """A sentence with its readings; `question_fr` is empty where only figures tell that there are several."""

    reading_id: str
    ref_area: str
    programme_id: str
    quantity: str
    question_fr: str
    question_en: str
    source: str
    source_detail: str
    choices: tuple[Choice, ...]

    @property
    def difference(self) -> float | None:
        """Return how much the announced total (or the value, where no total follows) depends on the reading."""
        measured = [one.value if one.total is None else one.total for one in self.choices]
        known = [value for value in measured if value is not None]
        return max(known) - min(known) if len(known) == len(self.choices) else None


def announced_values(tables: Tables, commune: str, quantity: str) -> pd.Series:
    """Return by programme what the texts announce for a commune, the smaller value where readings give several."""
    programmes = tables["programmes"]
    mine = programmes[(programmes["commune"] == commune) & programmes["status"].isin(COUNTED)]
    rows = tables["quantities"]
    rows = rows[(rows["quantity"] == quantity) & rows["programme_id"].isin(mine["programme_id"])]
    return rows.groupby("programme_id")["value"].min().dropna()


def _total(values: pd.Series, programme_id: str, value: float | None, part_of: str) -> float | None:
    """Return the total when one programme is read in one way, everything else as it stands."""
    if programme_id not in values.index or value is None:
        return None
    changed = values.copy()
    changed[programme_id] = value
    if part_of in changed.index:
        changed[part_of] = max(changed[part_of] - value, 0.0)
    return float(changed.sum())


def _optional(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _written(tables: Tables, commune: str) -> Iterator[Ambiguity]:
    """Yield the sentences of the table of readings, for programmes of the commune."""
    programmes = tables["programmes"].set_index("programme_id")
    for reading_id, rows in tables["readings"].groupby("reading_id", sort=True):
        found = list(rows_of(rows))
        first = found[0]
        if programmes.at[first.programme_id, "commune"] != commune:
            continue
        values = announced_values(tables, commune, first.quantity)
        choices = tuple(
            Choice(
                row.choice,
                row.label_fr,
                row.label_en,
                value := _optional(row.value),
                row.part_of,
                _total(values, row.programme_id, value, row.part_of),
            )
            for row in found
        )
        ref_area = str(programmes.at[first.programme_id, "ref_area"])
        yield Ambiguity(
            str(reading_id), ref_area, first.programme_id, first.quantity, first.question_fr, first.question_en,
            first.source, first.source_detail, tuple(sorted(choices, key=_size)),
        )  # fmt: skip


def _size(choice: Choice) -> tuple[float, float]:
    return choice.total or 0.0, choice.value or 0.0


def _of_figures(tables: Tables, commune: str) -> Iterator[Ambiguity]:
    """Yield the figures given in several readings that the table of readings does not tell of."""
    areas, observations = tables["territories"].set_index("ref_area"), tables["observations"]
    told = set(zip(tables["readings"]["programme_id"], tables["readings"]["choice"], strict=True))
    rows = observations[(observations["reading"] != "") & (observations["ref_area"].map(areas["commune"]) == commune)]
    pairs = zip(rows["programme"], rows["reading"], strict=True)
    untold = pd.Series([pair not in told for pair in pairs], index=rows.index, dtype=bool)
    key = ["ref_area", "indicator", "time_period", "nature", "source"]
    for _, mine in rows[untold].groupby(key, sort=True):
        found = list(rows_of(mine))
        first = found[0]
        choices = tuple(
            Choice(row.reading, row.reading, row.reading, _optional(row.obs_value), "", None) for row in found
        )
        yield Ambiguity(
            f"{first.ref_area}-{first.indicator}", first.ref_area, first.programme, first.indicator, "", "",
            first.source, first.source_detail, tuple(sorted(choices, key=_size)),
        )  # fmt: skip


def pairs_of_readings(tables: Tables, commune: str) -> tuple[Ambiguity, ...]:
    """Return every sentence about a commune's programmes that can be read in several ways.

    Parameters
    ----------
    tables : of a release; `readings`, `quantities`, `programmes`, `observations` and `territories` are used.
    """
    return (*_written(tables, commune), *_of_figures(tables, commune))
