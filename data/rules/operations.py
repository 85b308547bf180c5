"""Operations as the programme engine follows them: how much they bring, between which bounds, and when.

Every quantity is a band. What a source leaves open stays open: an unknown part delivered may be nothing or everything,
an unknown date may be any from now on, an unknown reading may be either. A hypothesis can only narrow a band.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.frames import rows_of
from data.rules.dates import period_end, period_start
from data.rules.phases import newest_statements

# What is only proposed, asked for, on trial or given up is not on its way to anybody.
COUNTED = ("delivered", "under_way", "planned", "unclear")
DWELLINGS, SOCIAL = "dwellings", "social_dwellings"
_COMPLETING = ("opening", "commissioning")

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Band:
    """A lower and an upper bound, arrays of the same shape."""

    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Inclusion:
    """A reading in which one row's quantity is already counted in another's."""

    reading_id: str
    choice: str
    part: int
    holder: int


@dataclass(frozen=True, eq=False)
class Areas:
    """The districts and quantities rows are summed by: the keys in order, and the place of each row's key."""

    keys: tuple[tuple[str, str], ...]
    codes: Places


@dataclass(frozen=True, eq=False)
class Foundation:
    """What sources say of operations, before anything is supposed.

    `rows` has one row per programme and quantity: `programme_id`, `quantity`, `district` (or empty), `status`,
    `value_low`, `value_high`, `delivered` (missing where not stated), `social_low`, `social_high` (shares, 0 to 1),
    `stated_year`, `known_year` (since when what is delivered is known), `works_year`, `completed_year` (as promised;
    missing where not dated), `happened`. `choices` gives the value of a
    row by reading and choice, `inclusions` the readings in which a row is part of another, `places` the rows of each
    programme, `readings` the choices of every reading.
    """

    rows: pd.DataFrame
    areas: Areas
    choices: dict[tuple[str, str], tuple[int, float]]
    inclusions: tuple[Inclusion, ...]
    places: dict[str, list[int]]
    readings: dict[str, set[str]]


@dataclass(frozen=True, eq=False)
class Operations:
    """What operations bring under hypotheses: arrays with one entry per row of `rows`.

    `rows` has `programme_id`, `quantity`, `district`, `status`. `value` and `delivered` (by the time of the text) are
    in the quantity's unit; `counted` is false where the operation is left out but for what is delivered. `first_year`
    and `last_year` (delay included) are missing where the reader supposes no window: a promised date is a plan, not a
    delivery. Nothing more is delivered before `earliest_year`; what is delivered is known from `known_year` on.
    """

    rows: pd.DataFrame
    areas: Areas
    counted: Flags
    value: Band
    delivered: Band
    first_year: Numbers
    last_year: Numbers
    earliest_year: Numbers
    known_year: Numbers


def _phase_years(phases: pd.DataFrame) -> pd.DataFrame:
    """Return by programme the years its newest statements promise, and whether they say that it is completed."""
    newest = newest_statements(phases)
    works = newest[(newest["phase"] == "works") & (newest["state"] == "planned")].set_index("programme_id")
    completing = newest[newest["phase"].isin(_COMPLETING)].set_index("programme_id")
    to_come, happened = (completing[completing["state"] == state] for state in ("planned", "happened"))
    return pd.DataFrame(
        {
            "works_year": works["date"].map(lambda date: period_start(date).year).groupby(level=0).max(),
            "completed_year": to_come["date"].map(lambda date: period_end(date).year).groupby(level=0).max(),
            "happened": (completing["state"] == "happened").groupby(level=0).all(),
            "happened_year": happened["date"].map(lambda date: period_end(date).year).groupby(level=0).max(),
        }
    )


def _areas(rows: pd.DataFrame) -> Areas:
    codes, keys = pd.factorize(pd.MultiIndex.from_frame(rows[["district", "quantity"]]), sort=True)
    return Areas(tuple((str(district), str(quantity)) for district, quantity in keys), codes)


def _with_social(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the social dwellings within the ordinary ones: the stated share of them, or anything from none to all."""
    share = rows["dwellings_social_share"]
    social = rows.assign(quantity=SOCIAL, social_low=share.fillna(0.0), social_high=share.fillna(1.0))
    rows = rows.assign(social_low=1.0, social_high=1.0)
    return pd.concat([rows, social[rows["quantity"] == DWELLINGS]], ignore_index=True)


def lay_foundation(
    programmes: pd.DataFrame, quantities: pd.DataFrame, phases: pd.DataFrame, readings: pd.DataFrame
) -> Foundation:
    """Gather what sources say of the operations to follow.

    Parameters
    ----------
    programmes, quantities, phases, readings : tables of a release; only rows of `programmes` are followed, those of a
        status in `COUNTED`.
    """
    followed = programmes[programmes["status"].isin(COUNTED)]
    followed = followed[["programme_id", "district", "status", "dwellings_social_share"]]
    # A source may tell what is delivered and not how much in all: such an operation stays outside of every band.
    numbered = quantities.dropna(subset="value")
    bands = numbered.groupby(["programme_id", "quantity"], sort=True).agg(
        value_low=("value", "min"), value_high=("value", "max"), delivered=("delivered", "max"), as_of=("as_of", "max"),
        delivered_as_of=("delivered_as_of", "max"),
    )  # fmt: skip
    rows = bands.reset_index().merge(followed, on="programme_id")
    rows = rows.merge(_phase_years(phases), left_on="programme_id", right_index=True, how="left")
    rows["stated_year"] = [float(period_start(as_of).year) for as_of in rows["as_of"]]
    told = [float(period_start(as_of).year) if as_of else np.nan for as_of in rows["delivered_as_of"]]
    rows["known_year"] = np.fmax(np.fmax(told, rows["happened_year"].to_numpy(dtype="float64")), rows["stated_year"])
    for column in ("works_year", "completed_year", "delivered"):
        rows[column] = rows[column].astype("float64")
    rows["happened"] = (rows["happened"].fillna(False).astype(bool)) | (rows["status"] == "delivered")
    rows = _with_social(rows)
    place = {key: i for i, key in enumerate(zip(rows["programme_id"], rows["quantity"], strict=True))}
    inclusions: list[Inclusion] = []
    choices: dict[tuple[str, str], tuple[int, float]] = {}
    for one in rows_of(readings):
        names = [one.quantity, SOCIAL] if one.quantity == DWELLINGS else [one.quantity]
        for name in names:
            part, holder = place.get((one.programme_id, name)), place.get((one.part_of, name))
            if part is not None and holder is not None:
                inclusions.append(Inclusion(str(one.reading_id), str(one.choice), part, holder))
            elif part is not None and rows.at[part, "value_low"] <= one.value <= rows.at[part, "value_high"]:
                choices[(f"{one.reading_id}/{one.choice}", name)] = (part, float(one.value))
    return Foundation(
        rows=rows,
        areas=_areas(rows),
        choices=choices,
        inclusions=tuple(inclusions),
        places={str(name): list(group.index) for name, group in rows.groupby("programme_id")},
        readings={str(name): set(group["choice"]) for name, group in readings.groupby("reading_id")},
    )
