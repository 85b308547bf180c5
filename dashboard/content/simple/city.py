"""The home page and the page of a district, simplified."""

from dashboard.content import home
from dashboard.content.simple.words import Paragraph, counted, estimate, paragraph, period, source, whole
from dashboard.figures import Figure, latest, to_figure
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import events, works
from data.frames import rows_of


def home_text(view: View) -> tuple[Paragraph, ...]:
    """Return how many people live here, what is announced, dwellings and stations."""
    if not view.is_city:
        return _people_of_district(view), _dwellings_of_district(view)
    return _people(view), _projection(view), _dwellings(view)


def _people(view: View) -> Paragraph:
    """Return how many people live in the commune and how that changed."""
    rows = home.population_rows(view).dropna(subset="obs_value")
    newest = to_figure(view.release, next(rows_of(rows.iloc[[-1]])), view.language) if len(rows) else None
    newest = newest or latest(view, "population")
    if newest is None or newest.value is None:
        return paragraph(view, "simple.people", message("simple.home_unknown", view.language, at_city=view.at_city))
    values = {"when": period(view, newest.period), "count": whole(view, newest.value), "at_city": view.at_city}
    count = message("simple.home_count", view.language, **values)
    changed = ""
    if len(rows) > 1:
        changed = _change(view, str(rows["time_period"].iloc[0]), newest.value - float(rows["obs_value"].iloc[0]))
    return paragraph(view, "simple.people", count, changed, source(view, newest))


def _change(view: View, first: str, change: float) -> str:
    """Return how many people more or fewer there are than in a year."""
    if not change:
        return message("simple.home_same", view.language, first=first)
    key = "simple.home_more" if change > 0 else "simple.home_less"
    return counted(view, key, round(abs(change)), first=first)


def _projection(view: View) -> Paragraph:
    """Return what is announced for later, and that it is not a fact."""
    expected = latest(view, "population_increase", view.commune, nature="projected")
    if expected is None or expected.value is None:
        return paragraph(view, "simple.planned")
    count = whole(view, expected.value)
    return paragraph(
        view,
        "simple.planned",
        message("simple.home_projection", view.language, count=count, year=expected.period),
        message("simple.home_no_base", view.language),
        message("simple.home_not_yet", view.language),
        source(view, expected),
    )


def _dwellings(view: View) -> Paragraph:
    """Return how many dwellings were authorised last, else how many there are."""
    authorised = latest(view, "dwellings_authorised")
    if authorised is None or authorised.value is None:
        return paragraph(view, "simple.dwellings", *dwellings_there_are(view))
    said = counted(view, "simple.authorised", round(authorised.value), when=period(view, authorised.period))
    is_permit = message("simple.permit_is", view.language)
    return paragraph(view, "simple.dwellings", said, is_permit, source(view, authorised))


def dwellings_there_are(view: View) -> tuple[str, ...]:
    """Return how many dwellings the commune has and who says so, or that nobody does."""
    dwellings = latest(view, "dwellings")
    if dwellings is None or dwellings.value is None:
        return (message("simple.housing_unknown", view.language),)
    count = message("simple.home_dwellings", view.language, when=period(view, dwellings.period),
                    count=whole(view, dwellings.value), at_city=view.at_city)  # fmt: skip
    return count, source(view, dwellings)


def _people_count(view: View, here: Figure | None) -> str:
    if here is None or here.value is None:
        return message("simple.district_unknown", view.language)
    return message("simple.district_count", view.language, when=period(view, here.period),
                   count=whole(view, here.value), name=view.area_name)  # fmt: skip


def _people_of_district(view: View) -> Paragraph:
    here = latest(view, "population")
    city = latest(view, "population", view.commune, "insee_census_iris")
    share = ""
    if here and city and here.value is not None and city.value:
        share = message("simple.home_district_share", view.language, at_city=view.at_city,
                        share=whole(view, 100 * here.value / city.value))  # fmt: skip
    more = (*estimate(view, several=bool(share)), source(view, here)) if here else ()
    return paragraph(view, "simple.people", _people_count(view, here), share, *more)


def _dwellings_of_district(view: View) -> Paragraph:
    dwellings = latest(view, "dwellings")
    if dwellings is None or dwellings.value is None:
        return paragraph(view, "simple.dwellings", message("simple.housing_unknown", view.language))
    count = message("simple.home_district_dwellings", view.language, when=period(view, dwellings.period),
                    count=whole(view, dwellings.value))  # fmt: skip
    return paragraph(view, "simple.dwellings", count, estimate(view)[0], source(view, dwellings))


def quarter_text(view: View) -> tuple[Paragraph, ...]:
    """Return how to choose a district; of a district, who lives there and what the texts say of it."""
    language = view.language
    first = message("simple.quarter_is", language)
    if view.districts.empty:
        none = message("simple.quarter_none", language, of_city=view.of_city)
        more = (message(f"simple.quarter_{name}", language) for name in ("no_list", "whole"))
        return (paragraph(view, "simple.districts", first, none, *more),)
    if view.is_city:
        count = message("simple.quarter_count", language, city=view.city_name)
        rest = (message(f"simple.quarter_{name}", language) for name in ("choose", "then", "done"))
        return (paragraph(view, "simple.districts", first, count, *rest),)
    here = latest(view, "population")
    people = (_people_count(view, here), *(estimate(view) if here else ()), source(view, here) if here else "")
    return paragraph(view, "simple.people", *people), _projects(view)


def _projects(view: View) -> Paragraph:
    """Return how many places and projects the texts name in the district, how many are done, what is left open."""
    language, found = view.language, works(view)
    named = counted(view, "simple.quarter_named", len(found))
    if not found:
        return paragraph(view, "simple.projects", named, message("simple.perhaps", language))
    done = sum(work.status == "delivered" for work in found)
    is_open = done < len(found)
    due = any(work.due for work in found) or any(event.due for event in events(view))
    return paragraph(
        view,
        "simple.projects",
        named,
        _finished(view, done, len(found)),
        message("simple.quarter_not_yet", language) if is_open else "",
        *(message(f"simple.{name}", language) for name in ("quarter_due", "not_known_done") if due),
        message("simple.from_texts", language),
    )


def _finished(view: View, done: int, named: int) -> str:
    """Return how many of the places and projects are done according to the texts."""
    if done == named == 1:
        return message("simple.quarter_finished_only", view.language)
    return counted(view, "simple.quarter_finished", done)
