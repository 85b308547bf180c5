"""Corrections applied to what sources give: the figure keeps its source, and says what was corrected and why."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from data.correction_models import MISSING, NO_ROW, Correction, Declared, same
from data.definitions import Catalogue
from data.errors import Fault, FaultyInputError
from data.schemas import TABLES
from etl.editions import edition_of

KEY = list(TABLES["corrections"].key)
# What was done, as the table says it.
REPLACED, WITHDRAWN, REMOVED = "value", "missing", "removed"
_ACTIONS = {MISSING: WITHDRAWN, NO_ROW: REMOVED}
_SERIES = ["indicator", "time_period", "source"]
_STALE = "Remove the correction, or correct source_gives if the figure is still wrong"


@dataclass(eq=False)
class Made:
    """The corrections that were applied, by name."""

    rows: dict[str, Correction] = field(default_factory=dict)

    def table(self) -> pd.DataFrame:
        """Return the `corrections` table."""
        schema = TABLES["corrections"].schema
        frame = pd.DataFrame.from_records([_record(row) for row in self.rows.values()], columns=schema.names)
        return frame.astype({"old_value": "float64", "new_value": "float64"})


def _number(value: float | str) -> float | None:
    return value if isinstance(value, float) else None


def _record(row: Correction) -> dict[str, object]:
    return dict(zip(KEY, row.key, strict=True)) | {
        "action": _ACTIONS.get(str(row.corrected), REPLACED), "old_value": _number(row.source_gives),
        "new_value": _number(row.corrected), "reason_fr": row.reason.fr, "reason_en": row.reason.en,
        "proof_fr": row.proof.fr, "proof_en": row.proof.en, "decided_by": row.decided_by, "date": row.date.isoformat(),
    }  # fmt: skip


def check_corrections(catalogue: Catalogue, today: date) -> list[Fault]:
    """Return what is wrong with corrections before any source is read: editions that no source has, future days."""
    faults = []
    for one in catalogue.corrections.values():
        edition = one.row.edition
        if not any(edition_of(source, edition) for source in catalogue.sources.values()):
            problem = "no source has such an edition, or names it by its template"
            faults.append(one.fault("edition", problem, "See `python -m etl sources`"))
        if one.row.date > today:
            faults.append(one.fault("date", f"after today ({today})", "Correct the date"))
    return faults


def _refusal(one: Declared, found: Any) -> Fault | None:
    """Return why a figure cannot be corrected so, if it cannot."""
    gives = one.row.source_gives
    if found["derived_from"]:
        return one.fault(
            "indicator", f"this figure is computed ({found['derived_from']})", "Correct what it is made of"
        )
    if found["conf_status"] == "C":
        return one.fault("corrected", "its producer keeps this figure secret", "Remove the correction")
    if pd.notna(found["obs_value_max"]):
        problem = f"the source gives a range, {found['obs_value']:g} to {found['obs_value_max']:g}"
        return one.fault("source_gives", problem, "Correct it in the ledger")
    if pd.isna(found["obs_value"]):
        return None if gives == MISSING else one.fault("source_gives", "the source gives no value (any more)", _STALE)
    if isinstance(gives, float) and same(gives, found["obs_value"]):
        return None
    return one.fault("source_gives", f"the source gives {found['obs_value']:.15g} (now)", _STALE)


def _said(value: float | str, language: str) -> str:
    """Return a figure as notes write it."""
    if not isinstance(value, float):
        return ""
    text = f"{value:,.15g}"
    return text.translate({ord(","): "\u202f", ord("."): ","}) if language == "fr" else text


def _notes(row: Correction) -> dict[str, str]:
    """Return what a corrected figure says of itself."""
    if row.source_gives == MISSING:
        before = {"fr": "la source n’en donne pas", "en": "the source gives none"}
    else:
        before = {"fr": f"la source donne {_said(row.source_gives, 'fr')}",
                  "en": f"the source gives {_said(row.source_gives, 'en')}"}  # fmt: skip
    verb = {"fr": "retirée", "en": "withdrawn"} if row.corrected == MISSING else {"fr": "corrigée", "en": "corrected"}
    return {
        "note_fr": f"Valeur {verb['fr']} ({before['fr']})\u202f: {row.reason.fr}",
        "note_en": f"Value {verb['en']} ({before['en']}): {row.reason.en}",
    }


def _apply(frame: pd.DataFrame, place: int, row: Correction) -> pd.DataFrame:
    if row.corrected == NO_ROW:
        return frame.drop(index=place)
    before: Any = frame.loc[place]
    value = _number(row.corrected)
    if value is None:
        frame.loc[place, "obs_status"] = "O"
    elif pd.isna(before["obs_value"]):
        frame.loc[place, "obs_status"] = "A"
    frame.loc[place, "obs_value"] = value
    for column, text in _notes(row).items():
        frame.loc[place, column] = f"{before[column]} {text}".strip()
    return frame


def corrected(
    frame: pd.DataFrame, declared: Iterable[Declared], widen: Callable[[pd.DataFrame], pd.DataFrame], made: Made
) -> pd.DataFrame:
    """Apply corrections to the observations of one data set; the others are none of its business.

    Parameters
    ----------
    frame : observations, all columns, one row per key.
    widen : adds to figures of small areas those of wider ones that follow from them, which are then computed again.
    made : is told what was applied.

    Raises
    ------
    FaultyInputError
        A figure cannot be corrected so: it is no longer what the correction says the source gives, is computed from
        others, secret, or a range.
    """
    declared = list(declared)
    editions = set(frame["source"].unique()) if declared else set()
    mine = [one for one in declared if one.row.edition in editions]
    if not mine:
        return frame
    places = pd.Series(frame.index, index=pd.MultiIndex.from_frame(frame[KEY].astype(object)))
    found = [(one, int(places[one.row.key])) for one in mine if one.row.key in places.index]
    refused = [fault for one, place in found if (fault := _refusal(one, frame.loc[place]))]
    if refused:
        raise FaultyInputError(refused)
    result = frame.copy()
    for one, place in found:
        result = _apply(result, place, one.row)
        made.rows[one.name] = one.row
    return _widened_again(result, [one for one, _ in found], widen)


def _widened_again(
    frame: pd.DataFrame, found: list[Declared], widen: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """Compute again what follows, for wider areas, from the series that were corrected."""
    series = [(one.row.indicator, one.row.period, one.row.edition) for one in found]
    is_changed = pd.MultiIndex.from_frame(frame[_SERIES]).isin(series)
    is_computed = frame["derived_from"].ne("").to_numpy()
    if not (is_changed & is_computed).any():
        return frame
    stated = frame[is_changed & ~is_computed]
    again = widen(stated) if len(stated) else stated
    if len(stated) and len(again) == len(stated):
        problem = "figures of wider areas are computed from it, and would no longer agree with it"
        raise FaultyInputError([one.fault("area", problem, "Correct it in the ledger") for one in found])
    return pd.concat([frame[~(is_changed & is_computed)], again[again["derived_from"].ne("")]], ignore_index=True)


def refuse_pointless(declared: Iterable[Declared], made: Made, observed: pd.DataFrame, areas: Collection[str]) -> None:
    """Refuse corrections of figures that the edition, though it is there, does not give.

    Parameters
    ----------
    observed : the observations of all data sets, corrected.
    areas : all codes of areas.

    Raises
    ------
    FaultyInputError
        Lists unknown areas, and figures that no edition gives.
    """
    faults = []
    editions = set(observed["source"].unique())
    for one in declared:
        if one.name in made.rows:
            continue
        if one.row.area not in areas:
            faults.append(one.fault("area", "unknown area", "Correct the code, or add the area"))
        elif one.row.edition in editions and not given_by(one, observed):
            problem = f"{one.row.edition} gives no such figure of {one.row.area}, {one.row.period} (any more)"
            remedy = "Correct area, indicator, period, nature or reading, or remove the correction"
            faults.append(one.fault("period", problem, remedy))
    if faults:
        raise FaultyInputError(faults)


def given_by(one: Declared, observed: pd.DataFrame) -> list[str]:
    """Return the other editions of a release that give the figure a correction is about."""
    row = one.row
    wanted = {"ref_area": row.area, "indicator": row.indicator, "time_period": row.period, "nature": row.nature,
              "reading": row.reading}  # fmt: skip
    mine = observed["source"] != row.edition
    for column, value in wanted.items():
        mine &= observed[column] == value
    return sorted(observed.loc[mine, "source"].unique())


def not_due(catalogue: Catalogue, observed: pd.DataFrame, made: pd.DataFrame) -> Iterator[str]:
    """Yield the corrections that a release has no use for, and why."""
    applied = set(made[KEY].itertuples(index=False, name=None))
    for one in catalogue.corrections.values():
        if one.row.key in applied:
            continue
        others = given_by(one, observed)
        why = f"{', '.join(others)} gives this figure instead" if others else f"{one.row.edition} is not in this build"
        yield f"Correction {one.name} is not due: {why}."
