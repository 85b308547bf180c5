"""What each kind of slide of a wall screen says of a view of the whole city."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.charts.bars import Quantity, bar_chart
from dashboard.charts.specifications import specification_of
from dashboard.content import alternatives, geothermal, home, housing, wall
from dashboard.content.common import kind_words, same_statement
from dashboard.content.pieces import Chart
from dashboard.content.target_words import aim_item
from dashboard.content.targets import judged
from dashboard.content.wall import BigNumber, Origin, Slide, fitting
from dashboard.definitions import definitions
from dashboard.figures import Figure, indicators, latest, localised, series, source_line, sources, units
from dashboard.formats import number, percent, quantity, within
from dashboard.maps.prepare import DistrictMap, choropleth
from dashboard.messages import message
from dashboard.theme import INKS, mark
from dashboard.view import View, district_slugs, the_view
from dashboard.works import Event, Work, due, happened, to_come, works
from data.rules.date_words import one_date
from data.rules.dates import period_end
from data.wall_models import ThemeSlide

_NATURES = ("observed", "target", "planned", "projected")
_CENSUS = "insee_census_iris"
# As many as are readable at four metres.
MOST_BARS = 3


def _label(view: View, theme: str) -> str:
    return str(getattr(definitions().themes[theme].label, view.language))


def _percent(value: float, decimals: int, language: str) -> str:
    return percent(value, decimals, language)


def city_slides(view: View) -> Iterator[Slide]:
    """Yield how many people live in the commune, with the series where there is one."""
    language, rows = view.language, home.population_rows(view).dropna(subset="obs_value")
    chart, heading = home.population_chart(view), message("wall.city_heading", language)
    census = latest(view, "population", view.commune)
    if census is None:
        return
    if chart is None or len(rows) < 2:
        sentence = message("wall.city_one", language, city=view.city_name, count=census.text, year=census.period)
        shown = BigNumber(census.number, census.unit, "")
        yield Slide("city", home.THEME, heading, fitting(sentence), wall.origin_of(view, census), number=shown)
        return
    first, last = rows.iloc[0], rows.iloc[-1]
    change = 100 * (float(last["obs_value"]) / float(first["obs_value"]) - 1)
    count = quantity(last["obs_value"], 0, "inhabitants", _forms(view, "population"), language)
    sentence = message(
        "wall.city",
        language,
        city=view.city_name,
        count=count,
        year=last["time_period"],
        percent=_percent(abs(change), 1, language),
        direction=message("wall.city_more" if change >= 0 else "wall.city_less", language),
        first=first["time_period"],
    )
    shorter = message("wall.city_one", language, city=view.city_name, count=count, year=last["time_period"])
    yield Slide("city", home.THEME, heading, fitting(sentence, shorter), wall.chart_origin(chart), chart=chart)


def _forms(view: View, indicator: str) -> Any:
    return getattr(units()[indicators(view.release)[indicator].unit], view.language)


def theme_slides(view: View, wanted: ThemeSlide) -> Iterator[Slide]:
    """Yield the slide of a theme; none where the release has nothing to show."""
    made = {"map": _map_slide, "number": _number_slide, "series": _series_slide, "networks": _networks_slide}
    slide = made[wanted.figure](view, wanted)
    if slide is not None:
        yield slide


def _map_slide(view: View, wanted: ThemeSlide) -> Slide | None:
    """Return the map of an indicator by district, the sentence from its lowest value to its highest."""
    if wanted.indicator not in indicators(view.release):
        return None
    prepared = choropleth(view, wanted.indicator, wanted.theme)
    valued = prepared.frame[prepared.frame["state"] == "value"].sort_values("value")
    if valued.empty:
        return None
    row, language = indicators(view.release)[wanted.indicator], view.language
    low, high = str(valued["value_text"].iloc[0]), float(valued["value"].iloc[-1])
    parts = {
        "label": localised(row, "label", language),
        "low": low,
        "high": quantity(high, row.decimals, row.unit, _forms(view, wanted.indicator), language),
    }
    keys = ("wall.map_range", "wall.map_range_short", "wall.map_only")
    if low == str(valued["value_text"].iloc[-1]):
        keys = ("wall.map_same", "wall.map_only", "wall.map_only")
    source, marks = wall.map_source(view, wanted.theme, wanted.indicator)
    shown = latest(view, wanted.indicator, str(valued["ref_area"].iloc[0]), prepared.dataset)
    status = wall.status_of(shown, language) if shown else ""
    origin = Origin(f"{source} {message(f'boundary.{prepared.boundary}', language)}", marks, status)
    return Slide(
        "map",
        wanted.theme,
        _label(view, wanted.theme),
        fitting(*(message(key, language, **parts) for key in keys)),
        origin,
        wall.page_of(wanted.theme),
        indicator=wanted.indicator,
        drawn=prepared,
    )


def _number_slide(view: View, wanted: ThemeSlide) -> Slide | None:
    """Return the newest figure of the commune, and that the City declares it where it does."""
    found = (latest(view, wanted.indicator, view.commune, nature=nature) for nature in _NATURES)
    figure = next((figure for figure in found if figure is not None), None)
    if figure is None:
        return None
    key = "wall.number_declared" if figure.kind == "municipal_record" else "wall.number"
    parts = {"label": figure.label, "value": figure.text}
    sentence = fitting(*(message(name, view.language, **parts) for name in (key, "wall.number")), figure.label)
    return Slide(
        "number",
        wanted.theme,
        _label(view, wanted.theme),
        sentence,
        wall.origin_of(view, figure),
        wall.page_of(wanted.theme),
        number=BigNumber(figure.number, figure.unit, ""),
        open=figure.nature != "observed",
    )


def _series_slide(view: View, wanted: ThemeSlide) -> Slide | None:
    """Return the yearly series of a theme."""
    if wanted.theme == home.THEME:
        return next(city_slides(view), None)
    chart, language = housing.series_chart(view), view.language
    authorised = series(view.release, view.commune, "dwellings_authorised").dropna(subset="obs_value")
    if chart is None or authorised.empty:
        return None
    forms = _forms(view, "dwellings_authorised")
    last, before = authorised.iloc[-1], authorised.iloc[-2] if len(authorised) > 1 else None
    parts = {
        "count": quantity(last["obs_value"], 0, "dwellings", forms, language),
        "at_city": view.at_city,
        "year": last["time_period"],
    }
    sentences = [message("wall.series_housing_one", language, **parts)]
    if before is not None:
        more = {"before": number(before["obs_value"], 0, language), "year_before": before["time_period"]}
        sentences.insert(0, message("wall.series_housing", language, **parts, **more))
    gaps = [_gap(view, name) for name in ("dwellings_authorised", "dwellings_started")]
    origin = replace(wall.chart_origin(chart), status=", ".join(filter(None, gaps)))
    return Slide(
        "series",
        wanted.theme,
        _label(view, wanted.theme),
        fitting(*sentences),
        origin,
        wall.page_of(wanted.theme),
        chart=chart,
    )


def _gap(view: View, indicator: str) -> str:
    """Return which years of a series are not known yet; nothing where all are."""
    rows = series(view.release, view.commune, indicator)
    years = list(rows.loc[rows["obs_value"].isna(), "time_period"])
    if not years:
        return ""
    gap = message("housing.not_known_yet", view.language, years=", ".join(years))
    return f"{message(f'housing.line_{indicator}', view.language)}, {gap}"


def _networks_slide(view: View, wanted: ThemeSlide) -> Slide | None:
    """Return the renewable-and-recovered share of the networks that serve the commune: not the geothermal share."""
    language, areas = view.language, geothermal.networks(view, mine=True)
    named = [(str(name), latest(view, geothermal.RENEWABLE, str(code))) for code, name in areas["name"].items()]
    found = [(name, figure) for name, figure in named if figure is not None and figure.value is not None]
    if not found:
        return None
    found.sort(key=lambda pair: -(pair[1].value or 0))
    high, low = found[0][1], found[-1][1]
    shown = found if len(found) <= MOST_BARS else [*found[: MOST_BARS - 1], found[-1]]
    bars = [Quantity(name, figure.value or 0, figure.text) for name, figure in shown]
    key = "wall.networks" if high.text != low.text else "wall.networks_same" if len(found) > 1 else "wall.networks_one"
    sentence = message(key, language, of_city=view.of_city, low=low.number, high=high.text)
    origin = wall.origin_of(view, high)
    chart = Chart(
        key="wall-networks",
        title=sentence,
        subtitle="",
        specification=specification_of(bar_chart(bars, wanted.theme, view.mode, view.language)),
        alternative=alternatives.of_quantities(bars, language),
        source=origin.source,
        kinds=origin.marks,
    )
    shorter = message("wall.number", language, label=high.label, value=high.text)
    return Slide("networks", wanted.theme, _label(view, wanted.theme), fitting(sentence, shorter, high.label), origin,
                 wall.page_of(wanted.theme), chart=chart)  # fmt: skip


def district_slides(view: View, indicator: str) -> Iterator[Slide]:
    """Yield one slide for each district that has a figure: what share of the city it is, or how it compares."""
    theme = definitions().theme_of[indicator]
    for slug in district_slugs(view.release, view.commune):
        here = the_view(view.release, view.commune, slug, view.language, view.mode, view.today)
        figure = latest(here, indicator)
        if figure is None:
            continue
        city = latest(view, indicator, view.commune, _CENSUS if indicator == "population" else "")
        yield Slide(
            "district",
            theme,
            message("wall.district_heading", view.language),
            _district_sentence(here, figure, city),
            wall.origin_of(here, figure),
            "quartier",
            district=slug,
            number=BigNumber(figure.number, figure.unit, "" if indicator == "population" else figure.label),
            drawn=_place_of(here, indicator, theme),
        )


def _district_sentence(view: View, figure: Figure, city: Figure | None) -> str:
    language, name = view.language, view.area_name
    if figure.indicator == "population" and city is not None and city.value:
        share = _percent(100 * (figure.value or 0) / city.value, 0, language)
        return fitting(message("wall.district_share", language, name=name, share=share, of_city=view.of_city), name)
    label = within(figure.label)
    parts = {"name": name, "label": label, "value": figure.text}
    shorter = message("wall.district_value_short", language, **parts)
    if city is None:
        return fitting(shorter, name)
    return fitting(message("wall.district_value", language, **parts, city_value=city.text), shorter, name)


def _place_of(view: View, indicator: str, theme: str) -> DistrictMap:
    """Return a map that shows where the district is: its outline filled, the others quiet, no values."""
    prepared = choropleth(view, indicator, theme)
    fills = [mark(theme, view.mode) if mine else INKS[view.mode]["hairline"] for mine in prepared.frame["selected"]]
    frame = prepared.frame.assign(fill=fills, hatch="", name="", value_text="", state="not_named")
    return replace(prepared, title=view.area_name, frame=frame, bounds=(), indicator="")


def milestone_slides(view: View, show: tuple[str, ...], at_most: int) -> Iterator[Slide]:
    """Yield dated events, each with its date in large and whether it took place, is planned, or is not confirmed."""
    groups = {
        "next": [_event_slide(view, "next", event) for event in to_come(view)],
        # The newest first: what was due long ago is the least likely to be asked about.
        "due": [*(_event_slide(view, "due", event) for event in reversed(due(view))), *_due_works(view)],
        "lately": [_event_slide(view, "lately", event) for event in happened(view, at_most)],
    }
    chosen = [[slide for slide in groups[name] if slide.sentence] for name in show]
    # Every group has its part of the places, the first ones what the others leave.
    left = at_most
    for place, group in enumerate(chosen):
        rest = chosen[place + 1 :]
        taken = min(len(group), max(left - sum(min(len(other), at_most // len(chosen)) for other in rest), 0))
        yield from group[:taken]
        left -= taken


_HEADINGS = {"next": "agenda.coming", "due": "wall.due_heading", "lately": "agenda.lately"}
_REMARK = re.compile(r"(.*) \((.*)\)")


def _dated(date_words: str, status: str) -> BigNumber:
    """Return a date in large; what its words say in brackets stands beneath, before what became of it."""
    found = _REMARK.fullmatch(date_words)
    date, remark = found.groups() if found else (date_words, "")
    return BigNumber(wall.capital(date), "", wall.capital(", ".join(filter(None, (remark, status.lower())))))


def _event_slide(view: View, group: str, event: Event) -> Slide:
    status = message("agenda.due" if group == "due" else f"event.{event.kind}", view.language)
    district = event.district.removeprefix(f"{view.commune}-")
    return Slide(
        group,
        event.theme,
        message(_HEADINGS[group], view.language),
        fitting(event.label),
        Origin(event.source, (kind_words(event.source_kind, view.language),)),
        "quartier" if district else "programmes",
        district=district,
        number=_dated(event.date_words, status),
        until=period_end(event.date).isoformat() if group == "next" else "",
        open=group != "lately",
    )


def _due_works(view: View) -> Iterator[Slide]:
    """Yield operations whose date has passed unconfirmed and that no milestone tells already."""
    told = due(view)
    names = {event.label for event in told}
    rows = view.release.table("programmes").set_index("programme_id")
    for work in works(view):
        if work.due and work.name not in names and not any(same_statement(event, (work,)) for event in told):
            yield _work_slide(view, work, sources(view.release)[str(rows.at[work.programme_id, "source"])].kind)


def _work_slide(view: View, work: Work, kind: str) -> Slide:
    status = message("agenda.due", view.language)
    date = next(stage.date for stage in work.stages if stage.due)
    district = work.district.removeprefix(f"{view.commune}-")
    return Slide(
        "due",
        work.theme,
        message(_HEADINGS["due"], view.language),
        fitting(work.name),
        Origin(work.source, (kind_words(kind, view.language),)),
        "quartier" if district else "programmes",
        district=district,
        number=_dated(one_date(date, view.language), status),
        open=True,
    )


def target_slides(view: View, at_most: int) -> Iterator[Slide]:
    """Yield what is aimed at: the value, else the deadline; targets with neither have no figure and no slide."""
    language, left = view.language, at_most
    for row, progress in judged(view):
        sentence = fitting(localised(row, "label", language))
        if pd.notna(row.target_value):
            shown = BigNumber(wall.capital(aim_item(view, row).value), "", message("wall.target_value", language))
        elif row.deadline:
            shown = BigNumber(wall.capital(one_date(row.deadline, language)), "",
                              message("wall.target_deadline", language))  # fmt: skip
        else:
            continue
        if not sentence or left == 0:
            continue
        left -= 1
        status = f"{message('nature.target', language)}, {message(f'targets.status_{progress.status}', language)}"
        source = source_line(view.release, row.source, row.source_detail, language)
        kind = kind_words(sources(view.release)[row.source].kind, language)
        yield Slide("target", row.theme, message("wall.target_heading", language), sentence,
                    Origin(source, (kind,), status), "objectifs", number=shown, open=True,
                    until=period_end(row.deadline).isoformat() if row.deadline else "")  # fmt: skip
