"""What hypotheses make of an area: every figure that programmes touch, before and after, with what changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from dashboard.content.assumptions import bounds_words, localised_label, operation_names
from dashboard.content.pieces import Column, Table
from dashboard.content.scenario import FIRST_YEAR, INHABITANTS, Scenario, quantities, scenario, without_delay, year_of
from dashboard.definitions import definitions
from dashboard.figures import Figure, indicators, latest, localised
from dashboard.messages import message
from dashboard.view import View
from data.hypotheses import NOTHING_SUPPOSED, Hypotheses
from data.rules.consequences import CHANGED, INHABITED, Interval, follows_programmes, indicator_interval
from data.rules.operations import SOCIAL

GREEN = "green_area_m2"
# What a text declares of a quantity for a whole city, without saying which operations brought it.
DECLARED = {GREEN: "green_area_created_ha", SOCIAL: "social_dwellings_built"}
Bounds = tuple[Interval | None, Interval | None]


@dataclass(frozen=True)
class Consequence:
    """One figure before and after: observed (or None), without delay, under the hypotheses, and what changes it."""

    name: str
    label: str
    unit: str
    decimals: int
    observed: Figure | None
    on_time: Interval | None
    supposed: Interval | None
    causes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two scenarios of one area at the end of a year: without delay, and under the hypotheses."""

    view: View
    year: int
    on_time: Scenario
    supposed: Scenario

    def bounds(self, quantity: str, since_census: bool = False) -> Bounds:
        """Return the bounds of a quantity in both scenarios."""
        area, year = self.view.ref_area, self.year
        return (
            self.on_time.interval(area, quantity, year, since_census),
            self.supposed.interval(area, quantity, year, since_census),
        )

    def causes(self, quantities_named: tuple[str, ...]) -> tuple[str, ...]:
        """Return the operations of the area that the two scenarios do not deliver alike by the end of the year."""
        before, after = (one.by_operation for one in (self.on_time, self.supposed))
        place, rows = self.year - FIRST_YEAR, self.supposed.operations.rows
        differ = (before.low[:, place] != after.low[:, place]) | (before.high[:, place] != after.high[:, place])
        mine = differ & rows["quantity"].isin(quantities_named).to_numpy()
        if not self.view.is_city:
            mine &= (rows["district"] == self.view.ref_area).to_numpy()
        return tuple(dict.fromkeys(operation_names(self.view)[name] for name in rows["programme_id"].to_numpy()[mine]))


@lru_cache
def followed_indicators() -> dict[str, str]:
    """Return the formulas of the indicators that follow programmes, by indicator."""
    formulas = {name: entry.formula for name, entry in definitions().indicators.items() if entry.formula}
    return {name: one.expression for name, one in formulas.items() if one and follows_programmes(one.expression)}


def compare(view: View, hypotheses: Hypotheses, year: int) -> Comparison:
    """Return the scenario of hypotheses beside the same without delay."""
    on_time, supposed = (scenario(view.release, view.commune, one) for one in (without_delay(hypotheses), hypotheses))
    return Comparison(view, year, on_time, supposed)


def _plus(figure: Figure | None, added: Interval | None) -> Interval | None:
    if figure is None or figure.value is None or added is None:
        return None
    return Interval(figure.value + added.low, figure.value + added.high)


def _newest(view: View, indicator: str, datasets: tuple[str, ...]) -> Figure | None:
    """Return the figure of the first data set that has one: each gives it for areas of its own."""
    return next((figure for one in datasets if (figure := latest(view, indicator, dataset=one)) is not None), None)


@lru_cache(maxsize=512)
def _base_values(view: View, indicator: str) -> dict[str, float] | None:
    """Return the observed inputs of a derived indicator, from the data sets its formula names."""
    formula = definitions().indicator(indicator).formula
    inputs = formula.inputs if formula else {}
    found = {name: _newest(view, name, spec.datasets) for name, spec in inputs.items()}
    values = {name: figure.value for name, figure in found.items() if figure is not None and figure.value is not None}
    return values if len(values) == len(found) else None


def _additions(view: View, one: Scenario, year: int, bases: Mapping[str, float]) -> dict[str, Interval]:
    """Return what deliveries add to the inputs of an indicator."""
    added = {}
    for name in set(bases) & set(CHANGED):
        found = [one.interval(view.ref_area, quantity, year, since_census=True) for quantity in CHANGED[name]]
        known = [interval for interval in found if interval is not None]
        added[name] = Interval(sum(item.low for item in known), sum(item.high for item in known))
    return added


def _indicator(view: View, name: str, one: Scenario, year: int) -> Interval | None:
    bases = _base_values(view, name)
    if bases is None or one.interval(view.ref_area, INHABITANTS, year, since_census=True) is None:
        return None
    return indicator_interval(followed_indicators()[name], bases, _additions(view, one, year, bases))


def _green_per_inhabitant(view: View, one: Scenario, year: int) -> Interval | None:
    """Return new green space per inhabitant; without new dwellings the inhabitants are those of the census."""
    green, people = one.interval(view.ref_area, GREEN, year), latest(view, "population")
    added = one.interval(view.ref_area, INHABITANTS, year, since_census=True) or Interval(0.0, 0.0)
    total = _plus(people, added)
    if green is None or total is None:
        return None
    return Interval(green.low / total.high, green.high / total.low)


def _declared(view: View, quantity: str) -> Figure | None:
    return latest(view, DECLARED[quantity]) if quantity in DECLARED else None


@lru_cache(maxsize=512)
def consequences(view: View, hypotheses: Hypotheses, year: int) -> tuple[Consequence, ...]:
    """Return every figure of the area that programmes touch, before and after; those nothing touches are left out."""
    both = compare(view, hypotheses, year)
    found = [
        Consequence(name, localised_label(view, name), spec.unit, spec.decimals, _declared(view, name),
                    *both.bounds(name), both.causes((name,)))
        for name, spec in quantities().items()
    ]  # fmt: skip
    people = latest(view, "population")
    on_time, supposed = (_plus(people, added) for added in both.bounds(INHABITANTS, since_census=True))
    label = message("programmes.inhabitants", view.language)
    causes = both.causes(INHABITED)
    found.append(Consequence("population", label, "inhabitant", 0, people, on_time, supposed, causes))
    for name in followed_indicators():
        row, observed = indicators(view.release)[name], latest(view, name)
        on_time, supposed = (_indicator(view, name, one, year) for one in (both.on_time, both.supposed))
        label = localised(row, "label", view.language)
        found.append(Consequence(name, label, row.unit, row.decimals, observed, on_time, supposed, causes))
    on_time, supposed = (_green_per_inhabitant(view, one, year) for one in (both.on_time, both.supposed))
    label, causes = message("programmes.green_per_inhabitant", view.language), both.causes((GREEN, *INHABITED))
    found.append(Consequence("green_area_m2_per_inhabitant", label, "m2", 1, None, on_time, supposed, causes))
    return tuple(one for one in found if one.on_time is not None or one.supposed is not None)


def _known_words(view: View, one: Consequence) -> str:
    """Return what sources say is delivered of a quantity: all of it, at least a part, or nothing published."""
    nothing = scenario(view.release, view.commune, NOTHING_SUPPOSED)
    known = nothing.interval(view.ref_area, one.name, year_of(view.today))
    if known is None or known.low == 0:
        return message("programmes.not_published", view.language)
    words = bounds_words(view, Interval(known.low, known.low), one.decimals, one.unit)
    return words if known.is_exact else message("qualifier.at_least", view.language, value=words)


def _cells(view: View, one: Consequence, hypotheses: Hypotheses) -> tuple[str, ...]:
    language = view.language

    def words(interval: Interval | None) -> str:
        nothing = message("programmes.no_operation", language)
        return nothing if interval is None else bounds_words(view, interval, one.decimals, one.unit)

    observed = _known_words(view, one)
    if one.observed is not None:
        observed = message("programmes.observed", language, value=one.observed.text, date=one.observed.date)
    late = without_delay(hypotheses) != hypotheses
    cause = ", ".join(one.causes) if one.causes else message("programmes.unchanged", language)
    return (one.label, observed, words(one.on_time), *((words(one.supposed), cause) if late else ()))


@lru_cache(maxsize=512)
def before_and_after(view: View, hypotheses: Hypotheses, year: int) -> Table:
    """Return the table of what is observed and what it becomes, every changed figure with its cause."""
    language, late = view.language, without_delay(hypotheses) != hypotheses
    names = ["observed", "on_time", "supposed", "cause"] if late else ["observed", "supposed"]
    columns = (
        Column("label", message("table.label", language)),
        *(Column(name, message(f"programmes.column_{name}", language, year=year)) for name in names),
    )
    rows = tuple(_cells(view, one, hypotheses) for one in consequences(view, hypotheses, year))
    title = message("programmes.before_and_after", language, area=view.area_name, year=year)
    note = message("programmes.before_and_after_note", language)
    return Table(title, columns, rows, is_open=True, note=note)
