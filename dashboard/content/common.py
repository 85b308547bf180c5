"""What several pages say in the same way."""

from collections.abc import Iterable
from functools import lru_cache

import pandas as pd

from dashboard.charts.gantt import Bar, Row, gantt
from dashboard.content import alternatives
from dashboard.content.pieces import Chart, Column, Item, Panel, Reading, Strip, Table, Tile
from dashboard.definitions import definitions
from dashboard.figures import Figure, indicators, latest, localised, says_unit
from dashboard.formats import labelled
from dashboard.maps.prepare import DistrictMap
from dashboard.messages import message
from dashboard.stages import span_of, stage_words
from dashboard.view import WHOLE_CITY, View, the_view
from dashboard.works import GLYPHS, STATUS_ORDER, Event, Work, events, works
from data.frames import rows_of
from data.rules.dates import period_end, period_start


def kind_words(kind: str, language: str) -> str:
    """Return the mark of a kind of source."""
    return message(f"kind.{kind}", language)


def district_basis(view: View) -> str:
    """Return on what outlines a place is said to lie in a district: official ones, or the sketch."""
    return message("quarter.official_basis" if has_official_districts(view) else "quarter.sketch_basis", view.language)


def has_official_districts(view: View) -> bool:
    """Tell whether the outlines of the districts are official."""
    return bool((view.districts["boundary"] == "official").any())


def _source_and_date(figure: Figure) -> str:
    """Return source and date in words, the date once where the source names it already."""
    return figure.source if figure.source.endswith(f" {figure.date}") else f"{figure.source} · {figure.date}"


def tile(
    view: View, figure: Figure | None, label: str = "", extra: str = "", missing: str = "", indicator: str = ""
) -> Tile:
    """Return a figure in large; one that is not known is a tile too, and says what is missing.

    Parameters
    ----------
    indicator : names what is missing, where no label does.
    """
    if figure is None or figure.value is None:
        label = label or _label(view, indicator)
        return Tile("—", "", label, "", missing or message("state.O", view.language), extra)
    status = f" · {message('state.E', view.language)}" if figure.status == "E" else ""
    nature = "" if figure.nature == "observed" else f" · {message(f'nature.{figure.nature}', view.language)}"
    words = label or figure.label
    unit = "" if says_unit(words, figure.unit) else figure.unit
    detail = f"{_source_and_date(figure)}{status}{nature}"
    return Tile(figure.number, unit, words, kind_words(figure.kind, view.language), detail, extra)


def _label(view: View, indicator: str) -> str:
    """Return what an indicator is called; nothing where the release has no figure of it."""
    known = indicators(view.release).get(indicator)
    return "" if known is None else localised(known, "label", view.language)


def item(view: View, figure: Figure | None, label: str = "", indicator: str = "") -> Item:
    """Return a figure as a line of a panel; `indicator` names what is missing, where no label does."""
    if figure is None:
        return Item(label or _label(view, indicator), message("state.O", view.language))
    status = f" · {message('state.E', view.language)}" if figure.status == "E" else ""
    return Item(label or figure.label, figure.text, f"{_source_and_date(figure)}{status}")


def strip(view: View, prepared: DistrictMap) -> Strip | None:
    """Return where the chosen district stands among the districts that have a value."""
    valued = prepared.frame.dropna(subset="value").sort_values("value", ascending=False)
    chosen = valued[valued["selected"]]
    if chosen.empty or len(valued) < 2 or prepared.indicator == "":
        return None
    low, high = valued["value"].min(), valued["value"].max()
    span = (high - low) or 1.0
    position = {row.ref_area: round(100 * (row.value - low) / span, 1) for row in rows_of(valued)}
    rank = int((valued["value"] > chosen["value"].iloc[0]).sum()) + 1
    ordinal = message("panel.first" if rank == 1 else "panel.nth", view.language, rank=rank)
    words = message("panel.rank", view.language, rank=ordinal, count=len(valued))
    own = position.pop(view.ref_area)
    return Strip(tuple(position.values()), own, words)


def _is_of_another_commune(view: View, text: str) -> bool:
    """Tell whether a text takes a commune of the catalogue as its example that is not the one shown."""
    entries = definitions().territories.values()
    others = {one.short for one in entries if one.level == "commune"} - {view.city_name}
    return view.city_name not in text and any(f" {name}," in text for name in others)


def reading(view: View, indicator: str) -> Reading:
    """Return how an indicator is defined and read."""
    row = indicators(view.release)[indicator]
    how_to_read = localised(row, "how_to_read", view.language)
    if _is_of_another_commune(view, how_to_read):
        how_to_read = message("reading.example", view.language, text=how_to_read)
    return Reading(
        localised(row, "label", view.language),
        localised(row, "definition", view.language),
        how_to_read,
        localised(row, "method", view.language),
        row.expression,
        indicator,
    )


def _iris_table(view: View, indicator: str) -> Table:
    """Return the values by IRIS, where no district is known to draw; empty where the commune is one IRIS."""
    rows = []
    for row in rows_of(view.iris) if indicator and len(view.iris) > 1 else ():
        figure = latest(view, indicator, str(row.ref_area))
        rows.append((str(row.name), figure.text if figure else message("state.O", view.language)))
    label = localised(indicators(view.release)[indicator], "label", view.language) if indicator else ""
    columns = (Column("iris", message("table.iris_name", view.language)), Column("value", label, numeric=True))
    title = message("table.iris", view.language)
    return Table(title, columns, tuple(rows), f"carte.{{format}}?indicateur={indicator}", is_open=True)


def map_table(view: View, prepared: DistrictMap) -> Table:
    """Return the table that says what a district map shows; without districts that of the IRIS."""
    if prepared.frame.empty:
        return _iris_table(view, prepared.indicator)
    label = message("panel.operations", view.language)
    if prepared.indicator:
        label = localised(indicators(view.release)[prepared.indicator], "label", view.language)
    rows = []
    for row in rows_of(prepared.frame):
        text = str(row.value_text)
        if prepared.indicator and row.state == "value":
            figure = latest(view, prepared.indicator, str(row.ref_area), prepared.dataset)
            text = figure.text if figure else text
        rows.append((str(row.name), text))
    columns = (Column("district", message("table.district", view.language)), Column("value", label, numeric=True))
    export = f"carte.{{format}}?indicateur={prepared.indicator}" if prepared.indicator else ""
    return Table(message("table.map", view.language, label=label), columns, tuple(rows), export)


def agenda_items(view: View, theme: str) -> tuple[Item, ...]:
    """Return what comes next in the area and what is due without confirmation."""
    items = []
    for event in events(view, theme):
        if event.due:
            items.append(Item(message("agenda.due", view.language), event.label, event.date_words))
        elif event.kind != "past" and period_end(event.date) >= view.today:
            items.append(Item(message("agenda.next", view.language), event.label, event.date_words))
    return tuple(items[:4])


def announced_items(view: View, theme: str) -> tuple[Item, ...]:
    """Return the quantities that operations of the area promise, never added up."""
    promised = sorted(
        (work for work in works(view, theme) if work.quantity), key=lambda work: work.status == "delivered"
    )
    return tuple(Item(work.name, work.quantity, f"{work.status_words} · {work.date_words}") for work in promised)


def panel(view: View, prepared: DistrictMap, figures: tuple[Item, ...], theme: str) -> Panel:
    """Return what stands beside a map: the area's figures, what is promised there, what comes, what is due."""
    named = works(view, theme)
    items = [*figures, *announced_items(view, theme)[:6], *agenda_items(view, theme)]
    if named:
        items.append(Item(message("panel.operations", view.language), status_counts(named, view.language)))
    else:
        items.append(
            Item(
                message("panel.operations", view.language),
                message("map.not_named", view.language),
                message("map.not_named_is_not_zero", view.language),
            )
        )
    return Panel(view.area_name, tuple(items), strip(view, prepared))


def status_counts(found: tuple[Work, ...], language: str) -> str:
    """Return how many programmes are in each state: `● livré : 1, ○ prévu : 2`."""
    counted = [(status, sum(1 for work in found if work.status == status)) for status in STATUS_ORDER]
    words = {status: f"{GLYPHS[status]} {message(f'status.{status}', language)}" for status in STATUS_ORDER}
    return ", ".join(labelled(words[status], str(count), language) for status, count in counted if count)


def work_bars(work: Work, view: View) -> tuple[Bar, ...]:
    """Return the dated spans of a programme as bars; only the last in time has words, so that none overlap."""
    last = max((period_end(stage.date) for stage in work.stages), default=None)
    bars = []
    for stage in work.stages:
        other = span_of(work.stages, stage) if stage.kind == "validity" else None
        if other and stage.bound == "start":
            continue  # drawn as one bar, with its end
        time_period, told = stage.date, (other, stage) if other else (stage,)
        if other:
            time_period = f"{other.date}/{stage.date}"
        elif stage.kind == "counted_since":
            time_period = f"{stage.date}/{stage.as_of}"
        mark = f" {message('agenda.due_mark', view.language)}" if stage.due else ""
        words = stage_words(told, view.language) + mark if period_end(stage.date) == last else ""
        bars.append(Bar(time_period, words, planned=not stage.happened))
    return tuple(bars)


def same_statement(event: Event, found: tuple[Work, ...]) -> bool:
    """Tell whether a milestone repeats a date of a programme: same day, same line of the same text."""
    return any(event.date in work.stated and event.lines & work.lines for work in found)


def drawn_events(view: View, theme: str) -> tuple[Event, ...]:
    """Return the milestones that stand on a theme's timeline: dated by a text, and not said by a programme already."""
    found = works(view, theme)
    return tuple(
        event
        for event in events(view, theme)
        if event.kind == "target" or not (same_statement(event, found) or event.inferred or event.kind == "projected")
    )


def timeline_rows(view: View, theme: str) -> list[Row]:
    """Return milestones, then dated programmes, then those the texts do not date."""
    found = works(view, theme)
    rows, aims = [], []
    for event in drawn_events(view, theme):
        if event.kind == "target":
            words = message("nature.target", view.language) + f" {event.date_words}"
            aims.append(Row(event.label, (Bar(event.date, words, True),)))
        else:
            words = event.date_words + (f" {message('agenda.due_mark', view.language)}" if event.due else "")
            rows.append(Row(event.label, (Bar(event.date, words, planned=event.kind != "past"),)))
    rows += aims
    for work in found:
        if bars := work_bars(work, view):
            rows.append(Row(work.name, bars))
    rows += [
        Row(work.name, (), f"{work.glyph} {work.status_words}") for work in found if not work.start and not work.end
    ]
    return rows


def timeline_domain(rows: list[Row], today_year: int, first: float | None = None) -> tuple[float, float]:
    """Return the years an axis covers: from the first date to three years from now or the last date."""
    years = [
        part
        for row in rows
        for bar in row.bars
        for part in (period_start(bar.time_period).year, period_end(bar.time_period).year)
    ]
    start = first if first is not None else min([*years, today_year - 3])
    return float(start) - 0.8, float(max([*years, today_year + 3])) + 0.8


@lru_cache(maxsize=256)
def programme_timeline(view: View, theme: str, first_year: float | None = None, axis_px: int = 0) -> Chart | None:
    """Return the programme chart of a theme, or None where the texts name nothing."""
    rows = timeline_rows(view, theme)
    if not rows:
        return None
    domain = timeline_domain(rows, view.today.year, first_year)
    undated = sum(1 for row in rows if row.lane)
    year = max((work.as_of[:4] for work in works(view, theme)), default=str(view.today.year))
    lane_title = message("timeline.lane", view.language, year=year)
    due_count = sum(1 for work in works(view, theme) if work.due)
    subtitle = message("timeline.subtitle", view.language)
    if due_count:
        subtitle += " " + message("timeline.due_legend", view.language)
    title = message(
        "timeline.title" if undated else "timeline.title_all_dated", view.language, count=len(rows), undated=undated
    )
    return Chart(
        key=f"timeline-{theme}",
        title=title,
        subtitle=subtitle,
        specification=gantt(rows, domain, theme, lane_title, view.mode, view.language, axis_px),
        alternative=alternatives.of_rows(rows, view.language),
        source=message("source.programmes", view.language),
        export=f"programmes.{{format}}?theme={theme}",
        kinds=tuple(sorted({kind_words(kind, view.language) for kind in _source_kinds(view, theme)})),
    )


def _source_kinds(view: View, theme: str) -> set[str]:
    table = view.release.table("sources").set_index("source")["kind"]
    used = programme_export(view, theme)["source"]
    return set(used.map(table))


def programme_table(view: View, theme: str) -> Table:
    """Return the table of a theme's programmes."""
    found = works(view, theme)
    title = message("table.programmes", view.language, count=len(found))
    return works_table(view, found, title, f"programmes.{{format}}?theme={theme}")


def works_table(view: View, found: Iterable[Work], title: str, export: str = "") -> Table:
    """Return programmes as a table: state, date, quantity, district, source."""
    columns = tuple(
        Column(name, message(f"table.{name}", view.language), numeric=name == "quantity")
        for name in ("operation", "state", "date", "quantity", "place", "source")
    )
    rows = tuple(
        (
            work.name,
            f"{work.glyph} {work.status_words}",
            work.date_words + (f" — {message('agenda.due', view.language)}" if work.due else ""),
            work.quantity or message("quantity.unknown", view.language),
            work.district_name,
            work.source,
        )
        for work in found
    )
    return Table(title, columns, rows, export)


@lru_cache(maxsize=256)
def milestone_table(view: View, theme: str) -> Table:
    """Return the dates of the texts that the timeline of a theme shows beside its programmes."""
    columns = tuple(
        Column(name, message(f"table.{name}", view.language))
        for name in ("milestone", "state", "date", "place", "source")
    )
    rows = tuple(
        (
            event.label,
            message(f"event.{event.kind}", view.language),
            event.date_words + (f" — {message('agenda.due', view.language)}" if event.due else ""),
            event.district_name,
            event.source,
        )
        for event in drawn_events(view, theme)
    )
    return Table(message("timeline.table", view.language, count=len(rows)), columns, rows)


def programme_export(view: View, theme: str) -> pd.DataFrame:
    """Return the rows of the programmes table that a page shows."""
    rows = view.release.table("programmes")
    shown = [work.programme_id for work in works(view, theme)]
    return rows[rows["programme_id"].isin(shown)]


def without_place(view: View, theme: str) -> list[Work]:
    """Return the programmes of the commune whose text names no district."""
    city = the_view(view.release, view.commune, WHOLE_CITY, view.language, view.mode, view.today)
    return [work for work in works(city, theme) if not work.district]


def without_place_table(view: View, theme: str) -> Table:
    """Return the list of what the texts name without saying where: it is never put at the middle of a district."""
    columns = tuple(
        Column(name, message(f"table.{name}", view.language)) for name in ("operation", "state", "date", "source")
    )
    rows = tuple(
        (work.name, f"{work.glyph} {work.status_words}", work.date_words, work.source)
        for work in without_place(view, theme)
    )
    return Table(message("table.without_place", view.language, count=len(rows)), columns, rows)


@lru_cache(maxsize=256)
def texts_source(view: View, theme: str) -> tuple[str, tuple[str, ...]]:
    """Return the source line and marks of what counts the programmes of a theme."""
    kinds = sorted({kind_words(kind, view.language) for kind in _source_kinds(view, theme)})
    return message("source.programmes", view.language), tuple(kinds)
