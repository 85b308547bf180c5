"""A measure area by area and period by period: as it is, or divided by inhabitants, dwellings or hectares."""

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from dashboard.definitions import definitions
from dashboard.desk.measures import has_date, levels_of, observations_of
from dashboard.desk.sight import Sight, by_period, decimals_of
from dashboard.figures import indicators, units
from dashboard.formats import NO_BREAK, number, plural, quantity
from dashboard.messages import message
from dashboard.view import View
from data.rules.side_by_side import BREAK, Measured, quotients

PLAIN = ""


@dataclass(frozen=True, eq=False)
class Compared:
    """Values of all areas of a level by period; periods without a stated date are left out.

    `values` has one row an area (`ref_area`), one column a period; `words` the same in words, why there is none too;
    `statuses` the SDMX status; `dates` the periods in words. `unit` is what follows a number. `observations` are the
    figures it all comes from.
    """

    measure: Measured
    level: str
    base: str
    label: str
    unit: str
    decimals: int
    values: pd.DataFrame
    words: pd.DataFrame
    statuses: pd.DataFrame
    names: dict[str, str]
    dates: dict[str, str]
    observations: pd.DataFrame

    def said(self, value: float, language: str, *, sign: bool = False) -> str:
        """Return a value with its unit."""
        mark = "+" if sign and value > 0 else ""
        if self.base == PLAIN:
            return mark + quantity(value, self.decimals, self.unit, getattr(units()[self.unit], language), language)
        return f"{mark}{number(value, self.decimals, language)}"

    def cell(self, code: str, period: str, language: str) -> str:
        """Return the number of an area in a period without its unit; in words why there is none."""
        value = float(self.values[period].loc[code])
        if value != value:
            return str(self.words.at[code, period])
        return number(value, self.decimals, language)


def bases_of(view: View, measures: tuple[Measured, ...]) -> tuple[str, ...]:
    """Return what all of some measures may be divided by: none first, then those the catalogue allows of each."""
    known = definitions().indicators
    allowed = [known[one.indicator].per if one.indicator in known else () for one in measures]
    return (PLAIN, *(base for base in definitions().denominators if all(base in each for each in allowed)))


def _frames(sights: dict[str, Sight], column: str) -> pd.DataFrame:
    dated = {period: one.frame.set_index("ref_area")[column] for period, one in sights.items() if has_date(period)}
    return pd.DataFrame(dated)


def _divisor(view: View, base: str, level: str) -> tuple[Measured, pd.DataFrame, pd.DataFrame] | None:
    """Return the measure to divide by, its values and the statuses of these: of the first data set with the level."""
    spec = definitions().denominators[base]
    for dataset in spec.datasets:
        one = Measured(spec.indicator, dataset, "observed")
        try:
            if level in levels_of(view, one):
                sights = by_period(view, one, level)
                values = _frames(sights, "value")
                return one, values, _frames(sights, "status").where(values.notna())
        except KeyError:  # the release has no such figures at all
            continue
    return None


def _joined(statuses: pd.DataFrame, divisors: pd.DataFrame, is_same_period: bool) -> pd.DataFrame:
    """Return the statuses of quotients: a break or an estimate of what one divides by is one of the quotient too.

    A break matters only where each period is divided by its own.
    """
    known = divisors.reindex(index=statuses.index)
    if is_same_period:
        aligned = known.reindex(columns=statuses.columns)
        statuses = statuses.mask(aligned == BREAK, BREAK)
    else:
        aligned = pd.DataFrame(dict.fromkeys(statuses.columns, known.ffill(axis=1).iloc[:, -1]), index=statuses.index)
    return statuses.mask((aligned == "E") & (statuses == "A"), "E")


def _quotient_words(values: pd.DataFrame, plain: pd.DataFrame, decimals: int, language: str) -> pd.DataFrame:
    """Return quotients in words; where there is none, why: no figure, or nothing to divide it by."""
    none = message("desk.no_divisor", language)
    words = {
        period: [
            number(value, decimals, language) if value == value else (none if count == count else said)
            for value, count, said in zip(values[period], plain[f"{period} value"], plain[f"{period} words"],
                                          strict=True)
        ]
        for period in values.columns
    }  # fmt: skip
    return pd.DataFrame(words, index=values.index)


@lru_cache(maxsize=256)
def compared(view: View, measure: Measured, level: str, base: str = PLAIN) -> Compared | None:
    """Return the values of all areas by period; None where no period has a date, or there is nothing to divide by.

    Raises
    ------
    UnknownLevelError
        The measure has no figure at the level.
    """
    sights, language = by_period(view, measure, level), view.language
    values, words = _frames(sights, "value"), _frames(sights, "words")
    statuses = _frames(sights, "status")
    if values.empty:
        return None
    definition, decimals = indicators(view.release)[measure.indicator], decimals_of(view, measure)
    first = next(iter(sights.values()))
    names = dict(zip(first.frame["ref_area"], first.frame["short_name"], strict=True))
    label, unit, seen = first.label, str(definition.unit), [observations_of(view, measure)]
    if base != PLAIN:
        found = _divisor(view, base, level)
        if found is None:
            return None
        spec = definitions().denominators[base]
        divided = quotients(values, found[1], spec.factor, spec.period == "same")
        plain = values.add_suffix(" value").join(words.add_suffix(" words"))
        decimals = 1 if divided.abs().max().max() >= 10 else 2
        words = _quotient_words(divided, plain, decimals, language)
        statuses = _joined(statuses, found[2], spec.period == "same")
        values, label = divided, f"{label}, {getattr(spec.label, language)}"
        unit = str(getattr(spec.label, language))
        seen.append(observations_of(view, found[0]))
    rows = pd.concat(seen)
    rows = rows[rows["ref_area"].isin(names)]
    dates = {period: one.period_words for period, one in sights.items()}
    return Compared(measure, level, base, label, unit, decimals, values, words, statuses, names, dates, rows)


def unit_words(view: View, one: Compared) -> str:
    """Return the unit of a comparison in words: that of the measure, divided by what it is divided by."""
    unit = str(indicators(view.release)[one.measure.indicator].unit)
    forms = getattr(units()[unit], view.language)
    words = plural(2, forms.one, forms.other, view.language)
    return words if one.base == PLAIN else f"{words}{NO_BREAK}{one.unit}"
