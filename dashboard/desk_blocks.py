"""The Streamlit-facing blocks of the planner's desk: what is explored, what is compared, and its figures."""

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import announcements, blocks, fragments
from dashboard.choosing_blocks import choose, choose_several
from dashboard.content.alternatives import of_map, spoken
from dashboard.content.pieces import Chart
from dashboard.content.structures import iris_choices, nearest_headline, nearest_note, nearest_table
from dashboard.desk import classing, compare, compare_figures, explore, measures
from dashboard.desk.compare import Comparison
from dashboard.desk.explore import Query
from dashboard.desk.multiples import Multiples
from dashboard.desk.refusing import refusal_words
from dashboard.desk.requests import BY_MEASURE, BY_PERIOD, MOST_OTHERS, NONE
from dashboard.desk.sight import theme_of
from dashboard.maps.deck import HEIGHT_PX, CompactDeck, deck
from dashboard.maps.prepare import DistrictMap
from dashboard.maps.twin import twin
from dashboard.messages import message
from dashboard.takeaway import desk_pictures
from dashboard.takeaway.desk_pictures import COMPARER, EXPLORER
from dashboard.view import View
from data.rules.side_by_side import Measured

USUAL_EXPLORED, USUAL_COMPARED = "vacancy_rate_percent", "dwellings_authorised"
PANELS_IN_A_ROW = 3
SMALL_MAP_PX = (330, 300)


def opening_place() -> DeltaGenerator:
    """Return the place above the choices for the sentence that they give."""
    return st.container()


def _labels(prefix: str, names: tuple[str, ...], language: str) -> dict[str, str]:
    return {name: message(f"desk.{prefix}_{name}", language) for name in names}


def choose_query(view: View) -> tuple[Query, str]:
    """Let the reader choose a measure, a level, a period and a form; return the query and the form."""
    language, known = view.language, measures.choices(view)
    usual = USUAL_EXPLORED if USUAL_EXPLORED in known else next(iter(known))
    left, right = st.columns([3, 2])
    with left:
        measure = measures.measure_of(
            view, choose("indicateur", message("desk.choose_indicator", language), known, usual, language)
        )
    found = measures.levels_of(view, measure)
    with right:
        level = choose("niveau", message("desk.choose_level", language), _labels("level", found, language),
                       measures.usual_level(view, found), language)  # fmt: skip
    left, right = st.columns([3, 2])
    with left:
        form = choose("forme", message("desk.choose_form", language), _labels("form", explore.FORMS, language),
                      explore.MAP, language)  # fmt: skip
    with right:
        period = _choose_period(view, measure, level)
    second = _choose_second(view, measure, level) if form == explore.SCATTER else None
    return Query(measure, level, period, second), form


def _choose_period(view: View, measure: Measured, level: str) -> str:
    periods = explore.period_labels(view, measure, level)
    usual = measures.usual_period(view, measure, level)
    if len(periods) == 1:
        return usual
    return choose("periode", message("desk.choose_period", view.language), periods, usual, view.language)


def _choose_second(view: View, measure: Measured, level: str) -> Measured | None:
    known = explore.second_choices(view, measure, level)
    if not known:
        return None
    usual = explore.usual_second(view, measure, known)
    key = choose("second", message("desk.choose_second", view.language), known, usual, view.language)
    return measures.measure_of(view, key)


def explored(view: View, query: Query, form: str) -> None:
    """Show what was chosen in its form; where it cannot be so, why, and the honest alternative."""
    language = view.language
    if form == explore.MAP and _shows_map(view, query):
        return
    if form == explore.SCATTER and _shows_scatter(view, query):
        return
    if form == explore.TIMELINE:
        found = explore.timeline(view, query)
        if found is not None:
            taken = blocks.picture_links(view, EXPLORER, found.key, desk_pictures.explored(view, query))
            multiples(view, theme_of(view, query.measure), found, taken)
            blocks.tables(view, explore.tables(view, query))
            return
        blocks.banner(message("desk.no_timeline", language))
    if form in {explore.MAP, explore.RANKING, explore.TIMELINE}:
        ranked = explore.ranking(view, query)
        if ranked is not None:
            _chart(view, query, ranked)
            blocks.tables(view, explore.tables(view, query))
            return
        blocks.banner(message("desk.no_ranking", language))
    blocks.tables(view, explore.tables(view, query, is_open=True))


def _chart(view: View, query: Query, chart: Chart) -> None:
    chosen = desk_pictures.explored(view, query)
    blocks.chart(view, theme_of(view, query.measure), chart, is_published=False, chosen=chosen)


def _shows_scatter(view: View, query: Query) -> bool:
    refused = explore.refused(view, query)
    chart = explore.scatter(view, query) if query.second is not None and refused is None else None
    if refused is not None:
        _refuse(view, *refused)
    elif chart is None:
        blocks.banner(message("desk.no_scatter", view.language))
    else:
        _chart(view, query, chart)
    blocks.tables(view, explore.tables(view, query, is_open=chart is None))
    return True


def _refuse(view: View, reason: str, instead: str, page: str) -> None:
    """Say why two measures do not stand side by side, and where the honest alternative is."""
    announcements.say(reason)
    st.html(fragments.refusal(reason, instead, page, view.language))


def _shows_map(view: View, query: Query) -> bool:
    """Show one map, or several small ones with one legend; tell whether there was one to show."""
    if why := explore.why_no_map(view, query):
        blocks.banner(why)
        return False
    language = view.language
    query, several = _choose_classes(view, query)
    found: tuple[DistrictMap, ...] = ()
    others: tuple[Measured, ...] = ()
    if several == BY_PERIOD:
        found = explore.maps_by_period(view, query)
        if len(found) < 2:
            blocks.banner(message("desk.no_multiples", language))
    elif several == BY_MEASURE:
        others = _choose_others(view, query)
        found = explore.maps_by_measure(view, query, others) if others else ()
    if len(found) > 1:
        _small_maps(view, query, found, desk_pictures.explored(view, query, several, others))
    else:
        _map(view, query, explore.mapped(view, query))
    blocks.tables(view, (*explore.tables(view, query), *explore.tables_of(view, query, others)))
    return True


def _choose_classes(view: View, query: Query) -> tuple[Query, str]:
    language, own = view.language, explore.city_bounds(view, query)
    methods = classing.METHODS if own else classing.METHODS[1:]
    left, right = st.columns([3, 2])
    with left:
        method = choose("classes", message("desk.choose_method", language), _labels("method", methods, language),
                        methods[0], language)  # fmt: skip
    count = classing.USUAL
    if method != classing.CITY:
        with left:
            counts = {str(one): str(one) for one in range(classing.FEWEST, classing.MOST + 1)}
            count = int(choose("nombre", message("desk.choose_count", language), counts, str(classing.USUAL), language))
    with right:
        several = choose("cartes", message("desk.choose_multiples", language),
                         _labels("multiples", (NONE, BY_PERIOD, BY_MEASURE), language), NONE, language)  # fmt: skip
    return explore.classed(query, method, count), several


def _choose_others(view: View, query: Query) -> tuple[Measured, ...]:
    known = {measures.key_of(view, one): measures.label_of(view, one) for one in explore.same_unit(view, query)}
    if not known:
        blocks.banner(message("desk.no_multiples", view.language))
        return ()
    question = message("desk.choose_others", view.language)
    chosen = choose_several("autres", question, known, tuple(known)[:2], MOST_OTHERS, view.language)
    return tuple(measures.measure_of(view, key) for key in chosen)


@lru_cache(maxsize=64)
def _deck(prepared: DistrictMap) -> CompactDeck:
    return deck(prepared)


def _map(view: View, query: Query, prepared: DistrictMap) -> None:
    announcements.say(prepared.title)
    st.html(fragments.figure_head(prepared.title, prepared.subtitle))
    alternative = spoken(prepared.title, of_map(prepared, view.language), view.language)
    st.pydeck_chart(_deck(prepared), height=HEIGHT_PX, key="exploration-carte", alt=alternative)
    source, kinds = explore.source(view, query)
    links = blocks.download_links(view, explore.export_address(view, query))
    taken = blocks.picture_links(view, EXPLORER, desk_pictures.MAP, desk_pictures.explored(view, query))
    st.html(fragments.map_foot(view, prepared, source, kinds, (*links, *taken)))


@lru_cache(maxsize=64)
def _small_twin(prepared: DistrictMap) -> dict[str, object]:
    return dict(twin(prepared, *SMALL_MAP_PX, is_small=True).to_dict())


def _small_maps(view: View, query: Query, found: tuple[DistrictMap, ...], chosen: Mapping[str, str]) -> None:
    title = explore.multiples_title(view, query, len(found))
    announcements.say(title)
    st.html(fragments.figure_head(title, ""))
    for start in range(0, len(found), PANELS_IN_A_ROW):
        for place, column in enumerate(st.columns(PANELS_IN_A_ROW)):
            if start + place < len(found):
                one = found[start + place]
                with column:
                    st.html(fragments.panel_head(one.title))
                    alternative = spoken(one.title, of_map(one, view.language), view.language)
                    st.vega_lite_chart(_small_twin(one), theme=None, key=f"petite-carte-{start + place}",
                                       alt=alternative)  # fmt: skip
    source, kinds = explore.source(view, query)
    links = blocks.download_links(view, explore.export_address(view, query))
    taken = blocks.picture_links(view, EXPLORER, desk_pictures.MAPS, chosen)
    st.html(fragments.map_foot(view, fragments.with_all_states(found), source, kinds, (*links, *taken)))


def multiples(view: View, theme: str, shown: Multiples, taken: fragments.Links) -> None:
    """Show panels side by side under one sentence, with one source; `taken` are the links to their picture."""
    announcements.say(shown.title)
    st.html(fragments.figure_head(shown.title, shown.subtitle))
    for start in range(0, len(shown.panels), PANELS_IN_A_ROW):
        for place, column in enumerate(st.columns(PANELS_IN_A_ROW)):
            if start + place < len(shown.panels):
                panel = shown.panels[start + place]
                with column:
                    st.html(fragments.panel_head(panel.title))
                    st.vega_lite_chart(panel.specification, theme=None, key=panel.key,
                                       alt=spoken(panel.title, panel.alternative, view.language))  # fmt: skip
    chart = Chart(shown.key, shown.title, shown.subtitle, {}, "", shown.source, shown.export, shown.kinds)
    st.html(fragments.chart_foot(view, theme, chart, (*blocks.download_links(view, shown.export), *taken)))


def choose_comparison(view: View) -> Comparison:
    """Let the reader choose areas, measures, what they are related to, and how they are shown.

    Of a release in which no two areas of a level have figures, nothing can be chosen.
    """
    language = view.language
    levels = compare.levels(view)
    if not levels:
        return Comparison("", (), ())
    usual = "commune" if view.is_city or "district" not in levels else "district"
    left, right = st.columns([2, 3])
    with left:
        level = choose("niveau", message("desk.choose_level", language), _labels("level", levels, language), usual,
                       language)  # fmt: skip
    areas = compare.area_choices(view, level)
    with right:
        chosen = choose_several("lieux", message("desk.choose_areas", language), areas,
                                compare.usual_areas(view, level), compare.MOST_AREAS, language)  # fmt: skip
    known = compare.measure_choices(view, level)
    first = USUAL_COMPARED if USUAL_COMPARED in known else next(iter(known))
    keys = choose_several("indicateurs", message("desk.choose_measures", language), known, (first,),
                          compare.MOST_MEASURES, language)  # fmt: skip
    found = tuple(measures.measure_of(view, key) for key in keys) or (measures.measure_of(view, first),)
    left, middle, right = st.columns(3)
    with left:
        bases = compare.base_labels(view, found)
        base = choose("par", message("desk.choose_base", language), bases, next(iter(bases)), language)
    with middle:
        shown = choose("montrer", message("desk.choose_shown", language), _labels("shown", compare.SHOWN, language),
                       compare.VALUES, language)  # fmt: skip
    comparison = Comparison(level, chosen, found, "" if base == compare.UNDIVIDED else base, shown)
    if shown != compare.INDEX or len(chosen) < compare.FEWEST_AREAS:
        return comparison
    periods = compare.base_periods(view, comparison)
    if not periods:
        return comparison
    with right:
        start = choose("base", message("desk.choose_first", language), periods, next(iter(periods)), language)
    return compare.based(comparison, start)


def compared(view: View, comparison: Comparison) -> None:
    """Show the figures and the table of each measure; what must not stand side by side is refused with its reason."""
    if len(comparison.areas) < compare.FEWEST_AREAS:
        blocks.banner(message("desk.compare_few", view.language))
        return
    for refusal in compare.refused(comparison):
        _refuse(view, *refusal_words(view, refusal))
    for measure in compare.kept(comparison):
        theme = theme_of(view, measure)
        chosen = desk_pictures.compared(view, comparison, measure)
        for figure in compare_figures.figures(view, comparison, measure):
            if isinstance(figure, Multiples):
                multiples(view, theme, figure, blocks.picture_links(view, COMPARER, figure.key, chosen))
            else:
                blocks.chart(view, theme, figure, is_published=False, chosen=chosen)
        table = compare.table(view, comparison, measure)
        blocks.tables(view, (table,) if table else ())


def nearest(view: View) -> None:
    """Let the reader choose a statistical unit, and show those of France that resemble it by the census."""
    known = iris_choices(view)
    if not known:
        return
    head = st.container()
    chosen = choose("iris", message("desk.choose_iris", view.language), known, next(iter(known)), view.language)
    found = nearest_headline(view, chosen)
    announcements.say(found.title)
    head.html(fragments.figure_head(found.title, found.lead))
    blocks.tables(view, (nearest_table(view, chosen),))
    st.html(fragments.notes(message("desk.nearest_notes", view.language), nearest_note(view)))
