"""The pages on green space, on heat from the ground and on mobility, simplified."""

from dashboard.content import common, geothermal, green, mobility
from dashboard.content.simple.words import (
    Paragraph,
    actor,
    amount,
    counted,
    paragraph,
    period,
    source,
    start_year,
    stations_source,
    undated,
)
from dashboard.figures import Figure, indicators, latest, to_figure
from dashboard.messages import message
from dashboard.view import View, city_view
from dashboard.works import works
from data.frames import rows_of

# As many stations as are named one by one; where there are more, that is said.
_NAMED_STATIONS = 2


def green_text(view: View) -> tuple[Paragraph, ...]:
    """Return the green space declared, the places the texts name, what is planned."""
    if view.is_city:
        return _created(view), _places_of_city(view), _planned(view)
    return _places_of_district(view), _planned(view)


def _hectare(view: View, *figures: Figure | None) -> str:
    """Return how large a hectare is, where a sentence has one."""
    used = {indicators(view.release)[figure.indicator].unit for figure in figures if figure}
    return message("simple.hectare_is", view.language) if "ha" in used else ""


def _created(view: View) -> Paragraph:
    created = latest(view, "green_area_created_ha")
    if created is None:
        return paragraph(view, "simple.green", message("simple.green_city_unknown", view.language))
    said = message("simple.green_created", view.language, actor=actor(view, created), value=amount(view, created))
    year = start_year(created)
    since = message("simple.counted_since", view.language, start=year) if year else ""
    return paragraph(view, "simple.green", said, since, _hectare(view, created), source(view, created))


def _places_of_city(view: View) -> Paragraph:
    """Return how many green places the texts say are done, and of how many the size is known."""
    language = view.language
    done = [work for work in works(view, green.THEME) if work.kind == "green_space" and work.status == "delivered"]
    known = sum(1 for work in done if work.area_m2)
    if not done:
        size = message("simple.perhaps", language)
    elif known:
        size = message("simple.green_size", language, count=known, of=len(done))
    else:
        size = message(f"simple.green_size_none{'_of_one' if len(done) == 1 else ''}", language)
    is_place, origin = message("simple.green_place_is", language), message("simple.from_texts", language)
    return paragraph(view, "simple.places", is_place, counted(view, "simple.green_done", len(done)), size, origin)


def _places_of_district(view: View) -> Paragraph:
    language = view.language
    found = [work for work in works(view, green.THEME) if work.kind == "green_space"]
    done = sum(work.status == "delivered" for work in found)
    named = counted(view, "simple.green_named", len(found))
    more = counted(view, "simple.green_of_them", done) if found else message("simple.perhaps", language)
    if len(found) == done == 1:
        more = message("simple.green_of_them_only", language)
    is_place, origin = message("simple.green_place_is", language), message("simple.from_texts", language)
    return paragraph(view, "simple.places", is_place, named, more, origin, *_mapped(view))


def _mapped(view: View) -> tuple[str, ...]:
    """Return the green area of the district that a map gives and whose map it is, or that none is known."""
    mapped = green.mapped_figure(view, "green_area_ha")
    if mapped is None:
        return (message("simple.green_district_area", view.language),)
    area = message("simple.green_district_mapped", view.language, value=amount(view, mapped))
    return area, _hectare(view, mapped), source(view, mapped)


def _planned(view: View) -> Paragraph:
    """Return the first area planned here that the page lists, and where; that the part already open is not known."""
    rows = green.area_rows(view)
    figures = [to_figure(view.release, row, view.language) for row in rows_of(rows[rows["nature"] == "planned"])]
    mine = [figure for figure in figures if figure.value is not None and figure.ref_area != view.commune]
    if not mine:
        return paragraph(view, "simple.planned", message("simple.green_no_plan", view.language))
    figure = mine[0]
    more = message("simple.green_more_planned", view.language) if len(mine) > 1 else ""
    value = message(f"simple.green_{figure.indicator}", view.language, actor=actor(view, figure),
                    value=amount(view, figure))  # fmt: skip
    where = message("simple.green_where", view.language, place=view.areas.at[figure.ref_area, "name"])
    unexplained = "" if view.is_city else _hectare(view, figure)
    return paragraph(
        view,
        "simple.planned",
        value,
        unexplained,
        where,
        more,
        message("simple.green_share_open", view.language),
        source(view, figure),
    )


def heat_text(view: View) -> tuple[Paragraph, ...]:
    """Return the share of heat demand that geothermal heat covers, and the networks that serve the commune."""
    return _ground(view), _networks(view)


def _ground(view: View) -> Paragraph:
    language, declared = view.language, latest(view, "geothermal_heat_share_percent", view.commune)
    is_heat = message("simple.heat_is", language)
    if declared is None:
        return paragraph(
            view, "simple.heat", is_heat, message("simple.heat_unknown", language, at_city=view.at_city),
            "" if view.is_city else message("simple.heat_no_district", language),
        )  # fmt: skip
    by_city = declared.kind == "municipal_record"
    share = message("simple.heat_share_city" if by_city else "simple.heat_share", language, value=declared.text)
    district = (
        ()
        if view.is_city
        else (message("simple.heat_city_wide", language), message("simple.heat_no_district", language))
    )
    return paragraph(
        view,
        "simple.heat",
        is_heat,
        message("simple.heat_need", language),
        share,
        message("simple.percent_is", language),
        message("simple.heat_not_dwellings", language, value=declared.text),
        undated(view, declared),
        source(view, declared),
        *district,
    )


def _networks(view: View) -> Paragraph:
    """Return how many heat networks serve the commune, and how much of their energy is renewable or recovered."""
    language, count = view.language, len(geothermal.networks(view, mine=True))
    is_network, shares = message("simple.heat_network_is", language), geothermal.network_shares(view)
    said = counted(view, "simple.heat_networks", count, at_city=view.at_city)
    # The chart beneath speaks of such energy, be it of the networks of other communes.
    meanings = tuple(message(f"simple.heat_{name}_is", language) for name in ("renewable", "recovered"))
    if not count:
        perhaps = message("simple.perhaps", language)
        return paragraph(view, "simple.networks", is_network, said, perhaps, *meanings)
    if not shares:
        origin = message("simple.from_kind_official_statistics", language)
        unknown = message("simple.heat_renewable_unknown", language)
        return paragraph(view, "simple.networks", is_network, said, origin, unknown, *meanings)
    renewable = counted(view, "simple.heat_renewable", len(shares), year=shares[0].period, value=shares[0].text)
    said_before = latest(view, "geothermal_heat_share_percent", view.commune) is not None
    percent = "" if said_before else message("simple.percent_is", language)
    origin = source(view, shares[0])
    return paragraph(view, "simple.networks", is_network, said, renewable, percent, *meanings, origin)


def mobility_text(view: View) -> tuple[Paragraph, ...]:
    """Return what the city declares for bicycles, and who lives near a station."""
    return (_bicycles(view) if view.is_city else _inside(view)), _near(view)


def _bicycles(view: View) -> Paragraph:
    names = ("cycle_routes_built_km", "calm_zones_km", "cycle_stands")
    routes, calm, stands = found = [latest(view, name, view.commune) for name in names]
    first = next((figure for figure in found if figure), None)
    if first is None:
        none = message("simple.mobility_no_bicycles", view.language, at_city=view.at_city)
        return paragraph(view, "simple.bicycles", none)
    said = []
    if routes:
        said.append(message("simple.mobility_routes", view.language, actor=actor(view, routes),
                            value=amount(view, routes)))  # fmt: skip
        year = start_year(routes)
        said.append(message("simple.counted_since", view.language, start=year) if year else "")
    if calm:
        said.append(message("simple.mobility_calm", view.language, actor=actor(view, calm), value=amount(view, calm)))
    if stands:
        said.append(message("simple.mobility_stands", view.language, actor=actor(view, stands), value=stands.number))
    return paragraph(view, "simple.bicycles", *said, source(view, first))


def _near(view: View) -> Paragraph:
    """Return what a station is, how many of a hundred people live near one, what near means, that it is estimated."""
    language, near = view.language, latest(view, mobility.NEAR_STATION)
    is_station = message("simple.mobility_station_is", language)
    if near is None or near.value is None:
        return paragraph(view, "simple.stations", is_station, message("simple.mobility_near_unknown", language))
    count, when = round(near.value), period(view, near.period)
    share = counted(view, "simple.mobility_near", count, when=when)
    if count == 100:
        share = message("simple.mobility_near_all", language, when=when)
    is_near = message("simple.mobility_near_is", language)
    meant = (message(f"simple.{name}", language) for name in ("estimate_it", "estimate_is"))
    return paragraph(view, "simple.stations", is_station, share, is_near, *meant, source(view, near))


def _inside(view: View) -> Paragraph:
    """Return which stations lie in the district; that bicycles are counted for the whole city only."""
    language = view.language
    names = sorted(set(mobility.station_export(view)["name"]))
    if not names:
        stations: tuple[str, ...] = (message("simple.mobility_inside_none", language),)
    elif len(names) > _NAMED_STATIONS:
        stations = (message("simple.mobility_inside_several", language, count=len(names)),)
    else:
        stations = tuple(message("simple.mobility_inside", language, name=name) for name in names)
    sketched = not common.has_official_districts(view)
    exact = message("simple.mobility_sketch", language) if sketched else ""
    known = mobility.station_export(city_view(view))["source"]
    if known.empty:
        return paragraph(view, "simple.here", *stations, message("simple.mobility_city_only", language))
    origin = stations_source(view, str(known.iloc[0]))
    city_only = message("simple.mobility_city_only", language)
    return paragraph(view, "simple.here", *stations, exact, origin, city_only)
