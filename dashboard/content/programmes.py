"""Programmes: what is promised, what a reader supposes of it, and what that does to districts until 2040."""

from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from dashboard.charts.bands import Lane, band_lanes
from dashboard.charts.gantt import Bar, Row, gantt
from dashboard.charts.outlook import outlook_chart
from dashboard.content import alternatives, common
from dashboard.content.assumptions import bounds_words, localised_label, open_operations, unnumbered_table
from dashboard.content.consequences import before_and_after
from dashboard.content.outcomes import areas, district_table, export_query, operation_table
from dashboard.content.pieces import Chart, Headline, Table, Tile
from dashboard.content.scenario import (
    FIRST_YEAR,
    INHABITANTS,
    LAST_YEAR,
    YEARS,
    Scenario,
    quantities,
    scenario,
    without_delay,
    year_of,
)
from dashboard.figures import latest, series, to_figure
from dashboard.formats import labelled, number, within
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import works
from data.frames import rows_of
from data.hypotheses import NOTHING_SUPPOSED, Hypotheses
from data.rules.consequences import Interval
from data.rules.operations import DWELLINGS

THEME = "territory"


def _scenario(view: View, hypotheses: Hypotheses) -> Scenario:
    return scenario(view.release, view.commune, hypotheses)


def _settles_nothing(interval: Interval, promised: Interval, start: Interval) -> bool:
    """Tell whether a band still holds everything from what is delivered for sure to all that is announced."""
    return interval.low == start.low and interval.high == promised.high and not interval.is_exact


def _sentence(view: View, hypotheses: Hypotheses, quantity: str, year: int) -> str:
    """Return what hypotheses say of a quantity in the area at the end of a year, or that nothing can be concluded."""
    language, one, spec = view.language, _scenario(view, hypotheses), quantities()[quantity]
    label = within(localised_label(view, quantity))
    found = one.interval(view.ref_area, quantity, year)
    if found is None:
        return message("programmes.none_in_area", language, area=view.area_name, label=label)
    promised = one.promised(view.ref_area, quantity)
    start = _scenario(view, NOTHING_SUPPOSED).interval(view.ref_area, quantity, year_of(view.today))
    words = bounds_words(view, found, spec.decimals, spec.unit)
    open_band = promised and start and _settles_nothing(found, promised, start)
    key = "programmes.sentence_open" if open_band else "programmes.sentence"
    return message(key, language, area=view.area_name, year=year, label=label, words=words)


def _compared(view: View, hypotheses: Hypotheses, quantity: str, year: int) -> str:
    """Return what a delay, or leaving operations out, takes from both bounds; nothing where nothing is late."""
    language, spec = view.language, quantities()[quantity]
    bounds = [
        _scenario(view, one).interval(view.ref_area, quantity, year) for one in (without_delay(hypotheses), hypotheses)
    ]
    on_time, supposed = bounds
    if on_time is None or supposed is None or without_delay(hypotheses) == hypotheses:
        return ""
    if on_time == supposed:
        return message("programmes.delay_changes_nothing", language)
    low, high = (
        number(before - after, spec.decimals, language, minimum=0)
        for before, after in ((on_time.low, supposed.low), (on_time.high, supposed.high))
    )
    return message("programmes.delay_takes", language, low=low, high=high)


@lru_cache(maxsize=512)
def headline(view: View, hypotheses: Hypotheses, year: int) -> Headline:
    """Return what can be said of ordinary dwellings delivered in the area by the end of a year."""
    lead = _compared(view, hypotheses, DWELLINGS, year) or message("programmes.lead", view.language)
    return Headline(_sentence(view, hypotheses, DWELLINGS, year), lead)


class Known(NamedTuple):
    """Of how many operations sources know what: a number at all, and of those when they end, what is delivered."""

    numbered: int
    dated: int
    told: int


@lru_cache(maxsize=256)
def known_counts(view: View) -> Known:
    """Return of how many operations of the area sources give a number, its end, its delivered part."""
    rows = _scenario(view, NOTHING_SUPPOSED).operations.rows
    here = rows if view.is_city else rows[rows["district"] == view.ref_area]
    return Known(
        here["programme_id"].nunique(),
        here.loc[here["completed_year"].notna(), "programme_id"].nunique(),
        here.loc[here["delivered"].notna() | here["happened"], "programme_id"].nunique(),
    )


@lru_cache(maxsize=256)
def tiles(view: View) -> tuple[Tile, ...]:
    """Return what sources say before anything is supposed: announced, delivered, dated, without a number."""
    language, nothing = view.language, _scenario(view, NOTHING_SUPPOSED)
    promised = nothing.promised(view.ref_area, DWELLINGS)
    kind = common.kind_words("municipal_record", language)
    detail = message("source.programmes", language)
    announced = "—" if promised is None else bounds_words(view, promised, 0)
    count, dated, told = known_counts(view)
    table = unnumbered_table(view)
    of = message("programmes.of_count", language, count=count)
    without = str(len(table.rows) if table else 0)

    def known(number_known: int, name: str) -> Tile:
        label, detail = (message(f"programmes.tile_{key}", language) for key in (name, f"{name}_detail"))
        return Tile(str(number_known), of, label, "", detail)

    return (
        Tile(announced, "", message("programmes.tile_announced", language), kind, detail),
        known(dated, "dated"),
        known(told, "told"),
        Tile(without, "", message("programmes.tile_unnumbered", language), "",
             message("programmes.tile_unnumbered_detail", language)),
    )  # fmt: skip


def _lane(view: View, hypotheses: Hypotheses, code: str, name: str, quantity: str, year: int) -> Lane | None:
    """Return the lane of one area; None where no operation brings the quantity there."""
    supposed, on_time = _scenario(view, hypotheses), _scenario(view, without_delay(hypotheses))
    spec, found = quantities()[quantity], supposed.interval(code, quantity, year)
    if found is None:
        return None
    frame = pd.DataFrame({"year": YEARS})
    late = without_delay(hypotheses) != hypotheses
    for prefix, one in (("", supposed), ("on_time_", on_time)):
        band = one.delivered[code, quantity]
        frame[f"{prefix}low"], frame[f"{prefix}high"] = (band.low, band.high) if late or not prefix else (None, None)
    words = bounds_words(view, found, spec.decimals)
    return Lane(name, frame, labelled(str(year), words, view.language), code == view.ref_area)


def _widest(view: View, hypotheses: Hypotheses, quantity: str, year: int) -> str:
    """Return the sentence that names the area where most is open, or says that everything is settled."""
    one, spec = _scenario(view, hypotheses), quantities()[quantity]
    found = [(name, one.interval(code, quantity, year)) for code, name in areas(view)]
    known = [(name, interval) for name, interval in found if interval is not None]
    name, widest = max(known, key=lambda pair: pair[1].high - pair[1].low)
    key = "programmes.lanes_settled" if widest.is_exact else "programmes.lanes"
    words = bounds_words(view, widest, spec.decimals, spec.unit)
    return message(key, view.language, area=name, year=year, label=localised_label(view, quantity), words=words)


@lru_cache(maxsize=512)
def lanes_chart(view: View, hypotheses: Hypotheses, quantity: str, year: int) -> Chart | None:
    """Return the bands of a quantity district by district, all on one scale; None where no operation brings any."""
    found = [_lane(view, hypotheses, code, name, quantity, year) for code, name in areas(view)]
    lanes = [lane for lane in found if lane is not None]
    if not lanes:
        return None
    language, spec = view.language, quantities()[quantity]
    highest = max(float(lane.frame[["high", "on_time_high"]].max().max()) for lane in lanes)
    top = bounds_words(view, Interval(highest, highest), spec.decimals, spec.unit)
    late = without_delay(hypotheses) != hypotheses
    key = "programmes.lanes_subtitle_late" if late else "programmes.lanes_subtitle"
    without = [name for (_, name), lane in zip(areas(view), found, strict=True) if lane is None and name]
    subtitle = message(key, language, label=localised_label(view, quantity), top=top)
    if names := [name for name in without if name != message("place.no_district", language)]:
        subtitle += " " + message("programmes.lanes_without", language, names=", ".join(names))
    title = _widest(view, hypotheses, quantity, year)
    return Chart(
        key="programmes-lanes",
        title=title,
        subtitle=subtitle,
        specification=band_lanes(lanes, year, view.mode, language),
        alternative=alternatives.of_lanes(lanes, year, language),
        source=message("programmes.source", language),
        export=f"hypotheses.{{format}}?{export_query(hypotheses)}",
        kinds=(message("programmes.kind", language),),
    )


@lru_cache(maxsize=512)
def why_nothing(view: View, quantity: str) -> str:
    """Return why a quantity cannot be followed in the area and what data would change that; nothing where it can."""
    if _scenario(view, NOTHING_SUPPOSED).promised(view.ref_area, quantity) is not None:
        return ""
    label = within(localised_label(view, quantity))
    return message("programmes.nothing_to_follow", view.language, label=label)


def _announced_range(view: View, observed: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the population a text announces, whose base year it does not give, and the sentence that says so."""
    figure = latest(view, "population_increase", view.commune, nature="projected")
    if figure is None or figure.value is None or observed.empty:
        return pd.DataFrame(columns=["year", "low", "high", "label"]), ""
    first, last = observed.iloc[0], observed.iloc[-1]
    low, high = sorted(value + figure.value for value in (first["value"], last["value"]))
    values = {"low": number(low, 0, view.language), "high": number(high, 0, view.language)}
    label = message("programmes.announced_label", view.language, value=figure.number)
    words = message("programmes.announced_range", view.language, value=figure.text, year=figure.period,
                    first=int(first["year"]), last=int(last["year"]), source=figure.source, **values)  # fmt: skip
    frame = pd.DataFrame({"year": [int(figure.period)], "low": [low], "high": [high], "label": [label]})
    return frame, words


def _supposed_population(view: View, hypotheses: Hypotheses, base: float, first: int) -> pd.DataFrame:
    """Return the population of each year from `first` on; none where nothing limits it."""
    one = _scenario(view, hypotheses)
    years = [year for year in range(FIRST_YEAR, LAST_YEAR + 1) if year >= first]
    found = [one.interval(view.commune, INHABITANTS, year, since_census=True) for year in years]
    known = [interval for interval in found if interval is not None and not interval.is_open]
    if len(known) < len(years):
        return pd.DataFrame(columns=["year", "low", "high"])
    bounds = [(base + interval.low, base + interval.high) for interval in known]
    return pd.DataFrame(bounds, columns=["low", "high"]).assign(year=years)


def _population_words(view: View, observed: pd.DataFrame, supposed: pd.DataFrame, announced: str) -> str:
    """Return what the chart of the population shows: observed, supposed and announced apart."""
    language = view.language
    parts = [alternatives.of_points(message("home.line_population", language), observed, language)]
    if len(supposed):
        end = supposed.iloc[-1]
        bounds = {name: number(round(end[name], -2), 0, language) for name in ("low", "high")}
        parts.append(message("alternative.supposed_band", language, year=int(end["year"]), **bounds))
    parts += [message("alternative.announced", language, words=announced)] if announced else []
    return " ".join(parts)


@lru_cache(maxsize=128)
def population_chart(view: View, hypotheses: Hypotheses) -> Chart | None:
    """Return the city's population to 2040 under hypotheses, beside what a text announces; one point is no chart."""
    rows = series(view.release, view.commune, "population").dropna(subset="obs_value")
    rows = rows.drop_duplicates("time_period", keep="last")
    if rows.empty:
        return None
    language = view.language
    figures = [to_figure(view.release, row, language) for row in rows_of(rows)]
    observed = pd.DataFrame(
        {"year": [int(one.period[:4]) for one in figures], "value": [float(one.value or 0) for one in figures],
         "text": [message("figures.point", language, period=one.date, value=one.text) for one in figures]}
    )  # fmt: skip
    announced, words = _announced_range(view, observed)
    base = observed.iloc[-1]
    supposed = _supposed_population(view, hypotheses, float(base["value"]), FIRST_YEAR)
    if len(observed) < 2 and supposed.empty and not words:
        return None
    if supposed.empty:
        title = message("programmes.population_open", language, city=view.city_name)
    else:
        end = supposed.iloc[-1]
        band = bounds_words(view, Interval(round(end["low"], -2), round(end["high"], -2)), 0, "inhabitant")
        title = message("programmes.population", language, city=view.city_name, year=LAST_YEAR, words=band)
    subtitle = message("programmes.population_subtitle", language, year=int(base["year"]))
    return Chart(
        key="programmes-population",
        title=title,
        subtitle=f"{subtitle} {words}".strip(),
        specification=outlook_chart(observed, supposed, announced, THEME, view.mode, view.language),
        alternative=_population_words(view, observed, supposed, words),
        source=message("programmes.population_source", language),
        kinds=(common.kind_words("official_statistics", language), message("programmes.kind", language)),
    )


@lru_cache(maxsize=256)
def timeline_chart(view: View, hypotheses: Hypotheses) -> Chart | None:
    """Return the operations a reader can suppose something of: dates of the sources, and windows supposed, dotted."""
    language, rows = view.language, []
    known = {work.programme_id: work for work in works(view)}
    for name in open_operations(view):
        work, one = known[name], hypotheses.of(name)
        bars = common.work_bars(work, view)
        rows.append(Row(work.name, bars, "" if bars else f"{work.glyph} {work.status_words}"))
        if one.first_year is not None and one.last_year is not None:
            late = one.delay_years + hypotheses.delay_years
            first, last = one.first_year + late, one.last_year + late
            words = message("programmes.bar", language, first=first, last=last)
            span = f"{first}/{last}"
            rows.append(Row(words, (Bar(span, "", planned=True, supposed=True),)))
    if not rows:
        return None
    windows = sum(1 for name in open_operations(view) if hypotheses.of(name).first_year is not None)
    key = "programmes.timeline_one" if windows == 1 else "programmes.timeline"
    title = message(
        key if windows else "programmes.timeline_none", language, count=windows, of=len(open_operations(view))
    )
    # By steps of five years: a slider that moves the last window does not redraw the axis each time.
    last = -(-max(LAST_YEAR, *(_last_year(row) for row in rows)) // 5) * 5
    domain = (FIRST_YEAR - 0.8, last + 0.8)
    lane = message("timeline.lane", language, year=str(FIRST_YEAR))
    return Chart(
        key="programmes-timeline",
        title=title,
        subtitle=message("programmes.timeline_subtitle", language),
        specification=gantt(rows, domain, THEME, lane, view.mode, view.language),
        alternative=alternatives.of_rows(rows, language),
        source=message("source.programmes", language),
        kinds=(common.kind_words("municipal_record", language), message("programmes.kind", language)),
    )


@lru_cache(maxsize=64)
def timeline_table(view: View) -> Table:
    """Return the operations of the timeline with the dates of the sources; no hypothesis changes it."""
    known, names = {work.programme_id: work for work in works(view)}, open_operations(view)
    title = message("programmes.timeline_table", view.language, count=len(names))
    return common.works_table(view, [known[name] for name in names], title)


def _last_year(row: Row) -> int:
    return max((int(bar.time_period.split("/")[-1][:4]) for bar in row.bars), default=0)


@lru_cache(maxsize=512)
def tables(view: View, hypotheses: Hypotheses, year: int) -> tuple[Table, ...]:
    """Return the tables of the page, before and after first and open."""
    return before_and_after(view, hypotheses, year), operation_table(view, hypotheses, year)


def tables_of_city(view: View, hypotheses: Hypotheses, year: int) -> tuple[Table, ...]:
    """Return the table every district stands in: the same whichever is chosen, so that it is not sent again."""
    return (district_table(view, hypotheses, year),)


def without_number(view: View) -> tuple[Table, ...]:
    """Return the operations outside every band: a table of its own, which no hypothesis changes."""
    table = unnumbered_table(view)
    return (table,) if table else ()
