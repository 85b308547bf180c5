"""The pages on housing and on programmes, simplified."""

from dashboard.content import common, programmes
from dashboard.content.assumptions import unnumbered_table
from dashboard.content.housing import THEME
from dashboard.content.scenario import scenario
from dashboard.content.simple.city import dwellings_there_are
from dashboard.content.simple.words import Paragraph, actor, counted, estimate, paragraph, period, source, whole
from dashboard.figures import Figure, latest, series, to_figure
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.hypotheses import NOTHING_SUPPOSED
from data.rules.operations import DWELLINGS
from data.rules.statuses import total


def housing_text(view: View) -> tuple[Paragraph, ...]:
    """Return what was started and authorised, how many dwellings are vacant, what is announced."""
    if view.is_city:
        return _built(view), _vacant_in_city(view), _announced(view)
    return _vacant_in_district(view), _announced(view)


def _summed(view: View, indicator: str, key: str) -> tuple[str, Figure | None]:
    """Return a series summed up over its years in a sentence, and its newest figure."""
    rows = series(view.release, view.commune, indicator).dropna(subset="obs_value")
    if rows.empty:
        return "", None
    when = period(view, rows["time_period"].iloc[0], rows["time_period"].iloc[-1])
    newest = to_figure(view.release, next(rows_of(rows.iloc[[-1]])), view.language)
    return message(key, view.language, when=when, count=whole(view, total(rows))), newest


def _built(view: View) -> Paragraph:
    started, newest = _summed(view, "dwellings_started", "simple.housing_started")
    authorised, other = _summed(view, "dwellings_authorised", "simple.authorised_other")
    newest = newest or other
    if newest is None:
        unknown = message("simple.housing_no_series", view.language, at_city=view.at_city)
        return paragraph(view, "simple.built", unknown, *dwellings_there_are(view))
    is_permit = message("simple.permit_is", view.language) if authorised else ""
    return paragraph(view, "simple.built", started, authorised, is_permit, source(view, newest))


def _vacant_in_city(view: View) -> Paragraph:
    vacancy = latest(view, "vacancy_rate_percent")
    if vacancy is None or not vacancy.value:
        return paragraph(view, "simple.empty_dwellings", message("simple.housing_vacancy_unknown", view.language))
    count = message("simple.housing_one_in", view.language, when=period(view, vacancy.period),
                    count=whole(view, round(100 / vacancy.value)))  # fmt: skip
    is_vacant = message("simple.housing_vacant_is", view.language)
    return paragraph(view, "simple.empty_dwellings", is_vacant, count, source(view, vacancy))


def _vacant_in_district(view: View) -> Paragraph:
    dwellings, vacancy = latest(view, "dwellings"), latest(view, "vacancy_rate_percent")
    if dwellings is None or vacancy is None or dwellings.value is None or vacancy.value is None:
        return paragraph(view, "simple.dwellings", message("simple.housing_unknown", view.language))
    count = message("simple.housing_district_total", view.language, when=period(view, dwellings.period),
                    name=view.area_name, count=whole(view, dwellings.value))  # fmt: skip
    share = counted(view, "simple.housing_per_hundred", round(vacancy.value))
    is_vacant = message("simple.housing_vacant_is", view.language)
    return paragraph(
        view, "simple.dwellings", count, is_vacant, share, *estimate(view, several=True), source(view, vacancy)
    )


def _largest(view: View) -> Figure | None:
    """Return the operation with most dwellings that its text announces in one way only, if there is one."""
    observations = view.release.table("observations")
    rows = observations[
        (observations["indicator"] == "dwellings_programmed")
        & (observations["nature"] == "planned")
        & (observations["reading"] == "")
        & observations["ref_area"].str.startswith(f"{view.commune}-op-")
    ]
    if not view.is_city:
        rows = rows[(view.areas.loc[rows["ref_area"], "district"] == view.ref_area).to_numpy()]
    rows = rows.dropna(subset="obs_value").sort_values("obs_value")
    if rows.empty:
        return None
    return to_figure(view.release, next(rows_of(rows.iloc[[-1]])), view.language)


def _announced(view: View) -> Paragraph:
    """Return the largest operation announced, and that what is delivered of it is not known."""
    language, largest = view.language, _largest(view)
    unknown = message("simple.delivered_unknown", language)
    if largest is not None and largest.value is not None:
        name = message("simple.housing_largest", language, name=view.areas.at[largest.ref_area, "name"])
        count = message("simple.housing_largest_count", language, actor=actor(view, largest),
                        count=whole(view, largest.value))  # fmt: skip
        return paragraph(view, "simple.planned", name, count, source(view, largest), unknown)
    if common.announced_items(view, THEME):
        return paragraph(view, "simple.planned", message("simple.housing_announced", language),
                         message("simple.housing_no_number", language), unknown)  # fmt: skip
    nothing, perhaps = message("simple.nothing_numbered", language), message("simple.perhaps", language)
    return paragraph(view, "simple.planned", nothing, perhaps)


def programmes_text(view: View) -> tuple[Paragraph, ...]:
    """Return how many ordinary dwellings the texts announce and what is known of them, nothing supposed."""
    language = view.language
    promised = scenario(view.release, view.commune, NOTHING_SUPPOSED).promised(view.ref_area, DWELLINGS)
    not_built, origin = message("simple.programmes_not_built", language), message("simple.from_texts", language)
    if promised is None or promised.is_open:
        said = (message("simple.nothing_numbered", language), message("simple.perhaps", language))
        return paragraph(view, "simple.announced", *said, not_built), _known(view, origin)
    low, high = (whole(view, bound) for bound in (promised.low, promised.high))
    count, why = message("simple.programmes_one", language, count=low), ""
    if low != high:
        count = message("simple.programmes_range", language, low=low, high=high)
        why = message("simple.programmes_why_range", language)
    students = message("simple.programmes_students", language)
    return paragraph(view, "simple.announced", count, why, students, not_built, origin), _known(view, origin)


def _known(view: View, origin: str) -> Paragraph:
    """Return of how many projects the end and the delivered part are known, and how many have no number."""
    language, known = view.language, programmes.known_counts(view)
    sentences = [message("simple.programmes_kinds", language)]
    sentences.append(counted(view, "simple.programmes_numbered", known.numbered))
    if known.numbered:
        sentences += [counted(view, f"simple.programmes_{name}", getattr(known, name)) for name in ("dated", "told")]
    table = unnumbered_table(view)
    unnumbered = counted(view, "simple.programmes_unnumbered", len(table.rows) if table else 0)
    return paragraph(view, "simple.known", *sentences, unnumbered, origin)
