"""Pictures to take away: every figure stands alone, complete and in bounds, as its page shows it."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard import announcements, following
from dashboard.charts.narrow import places
from dashboard.content import housing, mobility, programmes
from dashboard.content.tree import Figure, MapFigure
from dashboard.desk.measures import UnknownLevelError, UnknownMeasureError, UnknownPeriodError
from dashboard.maps.prepare import DistrictMap, _without_value
from dashboard.maps.twin import CASING_PX
from dashboard.messages import LANGUAGES, message
from dashboard.navigation import PAGES
from dashboard.publication import pictures
from dashboard.publication.pictures import SVG
from dashboard.publication.place import site_name
from dashboard.publication.trees import TREES, tree_at, with_figures
from dashboard.takeaway import figures, picture, picture_links
from dashboard.takeaway.figures import figure_at
from dashboard.takeaway.no_picture import NoPictureError
from dashboard.takeaway.paper import WIDTH_PX
from dashboard.takeaway.picture import Taken, drawn_chart, drawn_map, legend_of, png
from dashboard.theme import INKS, Mode, rgb
from dashboard.view import View, the_view
from data.errors import UnknownAreaError
from data.hypotheses import NOTHING_SUPPOSED, HypothesisError, from_text
from data.release import Release
from data.rules.date_words import one_date
from data.settings import ROOT
from tests.dashboard.conftest import TODAY
from tests.dashboard.picture_reading import area_fills, drawings, lines_of, own_words, size_of, swatch_fills
from tests.serving import Observatory

AREAS = ("ville", "ivry-port")
DELAY = "delay.2"
VACANCY, FLATS, HOMES = "vacancy_rate_percent", "flats_share_percent", "second_homes_share_percent"
COMMUNES = "94041,94081,94022"
MAP_KEY = "carte-housing-vacancy-rate-percent"
# Page, key, parameters: what the desk draws, and of what.
DESK: list[tuple[str, str, dict[str, str]]] = [
    ("explorer", "exploration-carte", {"indicateur": VACANCY}),
    ("explorer", "exploration-carte", {"indicateur": VACANCY, "classes": "quantiles", "nombre": "3"}),
    ("explorer", "exploration-cartes", {"indicateur": VACANCY, "cartes": "indicateurs", "autres": f"{HOMES},{FLATS}"}),
    ("explorer", "exploration-classement", {"indicateur": VACANCY, "niveau": "iris"}),
    ("explorer", "exploration-classement", {"indicateur": "population", "niveau": "iris_all"}),
    ("explorer", "exploration-evolution", {"indicateur": "dwellings_authorised", "niveau": "commune"}),
    ("explorer", "exploration-nuage", {"indicateur": VACANCY, "second": FLATS}),
    ("explorer", "exploration-nuage", {"indicateur": VACANCY, "niveau": "iris_all", "second": FLATS}),
    ("comparer", "comparaison-dwellings-authorised",
     {"niveau": "commune", "lieux": COMMUNES, "indicateurs": "dwellings_authorised"}),
    ("comparer", "comparaison-dwellings-authorised",
     {"niveau": "commune", "lieux": COMMUNES, "indicateurs": "dwellings_authorised", "montrer": "indice",
      "base": "2012"}),
    ("comparer", "comparaison-points-dwellings-authorised",
     {"niveau": "commune", "lieux": COMMUNES, "indicateurs": "dwellings_authorised"}),
    ("comparer", "comparaison-variation-dwellings-authorised",
     {"niveau": "commune", "lieux": COMMUNES, "indicateurs": "dwellings_authorised", "montrer": "variation"}),
    ("comparer", "comparaison-points-flats-share-percent",
     {"niveau": "district", "lieux": "94041-ivry-port,94041-petit-ivry", "indicateurs": FLATS}),
]  # fmt: skip


def _view(release: Release, district: str, language: str, mode: Mode = "light") -> View:
    return the_view(release, "94041", district, language, mode, TODAY)


def _figures(view: View) -> Iterator[tuple[str, Figure]]:
    """Yield every figure of every page, with the address of the page; those of indicators with the city's."""
    pages = with_figures(view) if view.is_city else ((view, page, tree) for page, tree in TREES.items())
    for shown, page, tree_of in pages:
        if shown == view:
            yield from ((page, figure) for figure in tree_of(view).figures())


def _check_complete(view: View, taken: Taken) -> None:
    """Check that a picture says all it must, in sight and to those who hear it, and nothing twice or outside."""
    title, words, *_ = ElementTree.fromstring(taken.svg)
    assert (title.tag, words.tag) == (f"{{{SVG}}}title", f"{{{SVG}}}desc")
    assert title.text == taken.title
    assert words.text == taken.alternative
    assert taken.title.removesuffix(".") in taken.alternative
    said = own_words(taken.svg)
    release = view.release
    date_words = one_date(release.published, view.language)
    for part in (taken.title, taken.subtitle, taken.source, *taken.kinds, *(entry.words for entry in taken.legend),
                 site_name(view), date_words, release.release_id[:8]):  # fmt: skip
        assert " ".join(part.split(" ")) in said, part
    colours = Counter(swatch_fills(taken.svg))
    wanted = Counter(one.colour for one in taken.legend if one.colour and one.pattern != "station")
    assert not wanted - colours
    assert INKS[view.mode]["ground"] in colours
    assert "href" not in taken.svg
    assert "font-face" not in taken.svg


def _check_bounds(taken: Taken) -> None:
    """Check that no words leave the picture, and that those of the sheet cover nothing."""
    width, height = size_of(taken.svg)
    assert (width, height) == (WIDTH_PX, taken.height_px)
    lines = lines_of(taken.svg)
    for line in lines:
        assert line.right - line.left <= width, line
        assert line.left >= 0, line
        assert line.right <= width, line
        assert line.top >= 0, line
        assert line.bottom <= height, line
    own = [line for line in lines if not line.is_inside]
    for place, line in enumerate(own):
        assert not [other for other in own[place + 1 :] if line.meets(other)], line
    for drawing in drawings(taken.svg):
        left, top, wide, high = (float(drawing.get(name, "0")) for name in ("x", "y", "width", "height"))
        covered = [line for line in own if line.right > left and line.left < left + wide
                   and line.bottom > top and line.top < top + high]  # fmt: skip
        assert not covered


def _check_pixels(taken: Taken, ground: str) -> None:
    image = Image.open(io.BytesIO(png(taken.svg)))
    assert image.format == "PNG"
    assert image.size == (2 * taken.width_px, 2 * taken.height_px)
    small = image.convert("RGB").reduce(8)
    assert small.getpixel((1, 1)) == small.getpixel((small.width - 2, small.height - 2)) == tuple(rgb(ground))
    colours = small.getcolors(small.width * small.height)
    assert colours is not None
    assert len(colours) > 20, "a blank picture has one colour"


def _fills_drawn(taken: Taken) -> list[Counter[str]]:
    return [Counter(area_fills(drawing, CASING_PX)) for drawing in drawings(taken.svg)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("area", AREAS)
def test_every_figure_of_every_page_stands_alone(release: Release, area: str, language: str) -> None:
    view, count = _view(release, area, language), 0
    for page, figure in _figures(view):
        taken = figure_at(view, page, figure.key, {})
        count += 1
        assert taken.title == figure.title
        _check_complete(view, taken)
        _check_bounds(taken)
        if isinstance(figure, MapFigure):
            assert taken.legend == legend_of(view, figure.prepared)
            assert message(f"boundary.{figure.prepared.boundary}", language) in taken.source
            assert _fills_drawn(taken) == [Counter(figure.prepared.frame["fill"])]
        else:
            assert taken.legend == ()
            # What only programmes and the conference add is what a reader supposes.
            assert taken.source == figure.chart.source
    assert count >= (60 if view.is_city else 25)


@pytest.mark.parametrize(("area", "language", "mode"), [("ville", "fr", "light"), ("ivry-port", "en", "dark")])
def test_pixels_are_those_of_the_picture(release: Release, area: str, language: str, mode: Mode) -> None:
    view = _view(release, area, language, mode)
    shown = [(page, figure.key) for page, figure in _figures(view) if not page.startswith("indicateurs/")]
    assert len(shown) >= 25
    for page, key in shown:
        _check_pixels(figure_at(view, page, key, {}), INKS[mode]["ground"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "key", "parameters"), DESK)
def test_figures_of_the_desk_stand_alone(
    release: Release, page: str, key: str, parameters: dict[str, str], language: str
) -> None:
    view = _view(release, "ville", language)
    taken = figure_at(view, page, key, parameters)
    _check_complete(view, taken)
    _check_bounds(taken)
    _check_pixels(taken, INKS["light"]["ground"])
    if key.startswith("exploration-carte"):
        assert len(drawings(taken.svg)) == (3 if key.endswith("s") else 1)
        assert {sum(fills.values()) for fills in _fills_drawn(taken)} == {6}
        assert {fill for fills in _fills_drawn(taken) for fill in fills} <= {one.colour for one in taken.legend}


def _with_states(view: View) -> DistrictMap:
    """Return a map on which three districts have no value, each for another reason, and one a name that needs care."""
    prepared = mobility.district_map(view, mobility.NEAR_STATION)
    frame = prepared.frame.copy()
    for place, state in enumerate(("missing", "suppressed", "not_applicable")):
        for column, value in _without_value(view, state).items():
            frame.loc[frame.index[place], column] = value
    frame.loc[frame.index[4], "name"] = "<b>Là & \"ici\"</b> 'ou' là"
    return replace(prepared, frame=frame, title='<script>alert("1 & 2")</script>')


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_missing_withheld_and_does_not_apply_look_different_in_the_legend(release: Release, mode: Mode) -> None:
    view = _view(release, "ville", "fr", mode)
    taken = drawn_map(view, _with_states(view), "Une source <qui> dit & redit.", ("statistique publique",))
    _check_complete(view, taken)
    _check_bounds(taken)
    assert {"missing", "suppressed", "not_applicable", "station"} <= {entry.pattern for entry in taken.legend}
    root = ElementTree.fromstring(taken.svg)
    stripes = [path for path in root.findall(f"{{{SVG}}}path") if path.get("stroke") == INKS[mode]["secondary"]]
    directions = set()
    for path in stripes:
        x1, y1, x2, y2 = map(float, re.findall(r"-?[\d.]+", path.get("d", ""))[:4])
        directions.add((x1 == x2, y1 == y2))
    assert directions == {(False, False), (False, True), (True, False)}
    (station,) = root.findall(f"{{{SVG}}}circle")
    assert station.get("fill") == INKS[mode]["ground"]


def test_words_of_others_are_escaped(city: View) -> None:
    taken = drawn_map(city, _with_states(city), "Une source <qui> dit & redit.", ("<kind>",))
    assert "<script" not in taken.svg
    assert "<b>" not in taken.svg
    assert any("<b>Là & \"ici\"</b> 'ou' là" in line.words for line in lines_of(taken.svg))
    chart = housing.series_chart(city)
    assert chart is not None
    named = replace(chart, title='A "title" of <i>two</i> & more', subtitle="1 < 2", source="'a' & <b>")
    _check_complete(city, drawn_chart(city, named))


def test_the_same_picture_is_the_same_bytes(city: View) -> None:
    asked = [
        ("logement", MAP_KEY, {}),
        ("logement", "housing-series", {}),
        DESK[5],
    ]
    first = [(figure_at(city, *one).svg, png(figure_at(city, *one).svg)) for one in asked]
    for cache in (figures._kept, pictures._svg, pictures._twin, picture.png):
        cache.cache_clear()
    assert [(figure_at(city, *one).svg, png(figure_at(city, *one).svg)) for one in asked] == first


def test_a_line_chart_keeps_all_its_years_and_words(city: View) -> None:
    chart = housing.series_chart(city)
    assert chart is not None
    (timeline, *_), taken = places(chart.specification, "x"), drawn_chart(city, chart)
    words = [line.words for line in lines_of(taken.svg) if line.is_inside]
    assert {"2012", "2024"} <= set(words)
    assert "2028" not in words, "its axis ends with its data, that of its page with the timeline beneath"
    assert timeline["scale"]["domain"][1] > 2028
    assert any("pas encore connu" in line for line in words)


def test_a_figure_that_follows_hypotheses_says_them(city: View) -> None:
    asked = {"hypotheses": DELAY, "quantite": "dwellings", "annee": "2035"}
    taken = figure_at(city, "programmes", "programmes-lanes", asked)
    chart = programmes.lanes_chart(city, from_text(DELAY), "dwellings", 2035)
    assert chart is not None
    assert (taken.title, taken.subtitle) == (chart.title, chart.subtitle)
    assert "Ce qui est supposé\u00a0: Toutes les opérations\u00a0: 2 ans de retard." in own_words(taken.svg)
    _check_complete(city, taken)
    _check_bounds(taken)
    for key in ("programmes-timeline", "programmes-population"):
        plain, late = (figure_at(city, "programmes", key, one) for one in ({}, {"hypotheses": DELAY}))
        assert "Ce qui est supposé" not in own_words(plain.svg)
        assert "2 ans de retard" in own_words(late.svg)
    situations = figure_at(city, "conference-climat", "room-dwellings", {"hypotheses": DELAY})
    assert "Deux ans de retard" in own_words(situations.svg)


def test_what_is_supposed_of_nothing_is_the_figure_of_the_static_page(city: View) -> None:
    assert picture_links.supposing(NOTHING_SUPPOSED) == {}
    taken = figure_at(city, "programmes", "programmes-lanes-dwellings", {})
    assert "sans rien supposer" in taken.source


def test_hypotheses_that_contradict_the_sources_are_refused(city: View) -> None:
    for text in ("garbage", "operation.ivry-residence-miriam-makeba.d1"):
        with pytest.raises(HypothesisError):
            figure_at(city, "programmes", "programmes-timeline", {"hypotheses": text})


@pytest.mark.parametrize(
    ("page", "key", "parameters", "error"),
    [
        ("nowhere", "housing-series", {}, NoPictureError),
        ("logement", "nothing", {}, NoPictureError),
        ("logement", "geothermal-networks", {}, NoPictureError),
        ("indicateurs/nothing", "indicateur-nothing-carte", {}, NoPictureError),
        ("indicateur", "indicateur-population-serie", {"indicateur": "nothing"}, NoPictureError),
        ("indicateur", "indicateur-population-serie", {}, NoPictureError),
        ("programmes", "programmes-lanes", {"quantite": "castles"}, NoPictureError),
        ("explorer", "nothing", {"indicateur": VACANCY}, NoPictureError),
        ("explorer", "exploration-carte", {"indicateur": "dwellings_authorised", "niveau": "commune"}, NoPictureError),
        ("explorer", "exploration-cartes", {"indicateur": VACANCY}, NoPictureError),
        ("explorer", "exploration-nuage", {"indicateur": VACANCY}, NoPictureError),
        ("explorer", "exploration-carte", {"indicateur": "nothing"}, UnknownMeasureError),
        ("explorer", "exploration-carte", {"indicateur": VACANCY, "niveau": "moon"}, UnknownLevelError),
        ("explorer", "exploration-carte", {"indicateur": VACANCY, "periode": "1789"}, UnknownPeriodError),
        ("comparer", "nothing", {"niveau": "commune", "lieux": COMMUNES, "indicateurs": "population"}, NoPictureError),
        ("comparer", "comparaison-population",
         {"niveau": "commune", "lieux": "94041", "indicateurs": "population"}, NoPictureError),
        ("comparer", "comparaison-population",
         {"niveau": "commune", "lieux": "94041,00000", "indicateurs": "population"}, UnknownAreaError),
    ],
)  # fmt: skip
def test_what_no_page_shows_is_no_picture(
    city: View, page: str, key: str, parameters: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        figure_at(city, page, key, parameters)


def test_a_refused_scatter_says_why(city: View) -> None:
    asked = {"indicateur": VACANCY, "niveau": "commune", "second": "private_dwellings_vacancy_rate_percent"}
    with pytest.raises(NoPictureError) as refused:
        figure_at(city, "explorer", "exploration-nuage", asked)
    assert "Lovac" in refused.value.reason


def test_a_figure_of_an_indicator_is_had_from_both_its_addresses(city: View) -> None:
    page = "indicateurs/vacancy-rate-percent"
    tree = tree_at(city, page)
    assert tree is not None
    (key, *_) = [figure.key for figure in tree.figures() if isinstance(figure, MapFigure)]
    static, chosen = figure_at(city, page, key, {}), figure_at(city, "indicateur", key, {"indicateur": VACANCY})
    assert static.svg == chosen.svg


def _shown(view: View, stem: str, page: str, query: dict[str, str]) -> str:
    """Run a page as a reader opens it and return the HTML it shows."""
    app = AppTest.from_file(str(ROOT / "pages" / f"{stem}.py"), default_timeout=120)
    app.session_state["view"], app.session_state["page"] = view, page
    app.session_state[announcements._SAID], app.session_state[following._NOTED] = [], {}
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return "".join(element.proto.body for element in app.get("html"))


READ: list[tuple[str, dict[str, str], int]] = [
    ("accueil", {}, 2), ("accueil", {"indicateur": "population_under_20_share_percent"}, 2), ("logement", {}, 3),
    ("espaces_verts", {}, 3), ("geothermie", {}, 3), ("mobilite", {}, 2), ("objectifs", {}, 0), ("programmes", {}, 3),
    ("programmes", {"hypotheses": DELAY, "quantite": "dwellings", "annee": "2035"}, 3), ("conference_climat", {}, 5),
    ("conference_climat", {"hypotheses": DELAY}, 5), ("explorer", {}, 1), ("explorer", {"forme": "classement"}, 1),
    ("explorer", {"forme": "nuage"}, 1), ("explorer", {"cartes": "indicateurs"}, 1),
    ("explorer", {"forme": "evolution", "indicateur": "dwellings_authorised", "niveau": "commune"}, 1),
    ("comparer", {}, 1),
    ("comparer", {"niveau": "commune", "lieux": COMMUNES, "montrer": "indice"}, 2),
]  # fmt: skip


@pytest.mark.parametrize(("area", "language"), [("ville", "fr"), ("ivry-port", "en")])
@pytest.mark.parametrize(("stem", "query", "fewest"), READ)
def test_every_link_to_a_picture_gives_the_figure_above_it(
    release: Release, stem: str, query: dict[str, str], fewest: int, area: str, language: str
) -> None:
    view = _view(release, area, language)
    (address,) = [entry.address for entry in PAGES if entry.stem == stem]
    html = _shown(view, stem, address, query)
    found = re.findall(r'<a href="(image/[^"]+)"[^>]*>([^<]+)</a>', html)
    assert len(found) >= 2 * fewest
    assert {words for _, words in found} <= {message(f"download.{kind}", language) for kind in picture_links.KINDS}
    assert ("exploration-cartes." in html) == ("cartes" in query)
    for one, _ in found:
        split = urlsplit(unescape(one))
        _, *page, name = split.path.split("/")
        parameters = dict(parse_qsl(split.query))
        assert parameters.pop("version") == release.release_id
        assert parameters.pop("quartier", "ville") == area
        assert parameters.pop("langue", "fr") == language
        taken = figure_at(view, "" if page == ["accueil"] else "/".join(page), name.rpartition(".")[0], parameters)
        assert taken.title in unescape(html)


PATH = f"/image/logement/{MAP_KEY}"


def test_the_server_gives_pictures_as_files(observatory: Observatory, release: Release) -> None:
    view = the_view(release, "94041", "ivry-port", "en", "dark", date.today())
    query = f"?quartier=ivry-port&langue=en&fond=sombre&version={release.release_id}"
    taken = figure_at(view, "logement", MAP_KEY, {})
    for kind, media, content in (("svg", "image/svg+xml", taken.svg.encode()), ("png", "image/png", png(taken.svg))):
        answer = observatory.get(f"{PATH}.{kind}{query}")
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(media)
        assert answer.body == content
        name = f"{MAP_KEY}-ivry-port-{release.release_id[:8]}-en.{kind}"
        assert f'filename="{name}"' in answer.headers["content-disposition"]
        again = observatory.get(f"{PATH}.{kind}{query}", If_None_Match=answer.headers["etag"])
        assert (again.status, again.body) == (304, b"")
        assert answer.headers["cache-control"] == "no-cache"
    assert observatory.get(f"{PATH}.svg").body != taken.svg.encode()


@pytest.mark.parametrize("path", ["/image/accueil/home-population.svg", "/image/indicateurs/population/x.svg",
                                  "/image/indicateurs/vacancy-rate-percent/indicateur-vacancy-rate-percent-carte.svg",
                                  "/image/explorer/exploration-carte.png?indicateur=vacancy_rate_percent"])  # fmt: skip
def test_pages_of_any_depth_have_pictures(observatory: Observatory, path: str) -> None:
    assert observatory.get(path).status == (404 if path.endswith("/x.svg") else 200)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (f"{PATH}.exe", 404, "Cette image n’existe pas"),
        (f"{PATH}", 404, "Cette image n’existe pas"),
        ("/image/logement/nothing.png", 404, "Cette image n’existe pas"),
        ("/image/logement/nothing.png?langue=en", 404, "This picture does not exist"),
        ("/image/nowhere/housing-series.svg", 404, "Cette image n’existe pas"),
        ("/image/housing-series.svg", 404, "Cette image n’existe pas"),
        ("/image/", 404, "Cette image n’existe pas"),
        (f"{PATH}.svg?version=0000000000000000", 404, "Cette image n’existe pas"),
        (f"{PATH}.svg?version=../current", 404, "Cette image n’existe pas"),
        (f"{PATH}.svg?quartier=nulle-part", 400, "nulle-part"),
        (f"{PATH}.svg?langue=xx", 400, "xx"),
        (f"{PATH}.svg?fond=%3Cb%3E", 400, "&lt;b&gt;"),
        ("/image/explorer/exploration-carte.svg?indicateur=nothing", 404, "Cette image n’existe pas"),
        ("/image/explorer/exploration-carte.svg?indicateur=dwellings_authorised&niveau=commune", 404, "contours"),
        ("/image/programmes/programmes-timeline.svg?hypotheses=garbage", 400, "comprise"),
    ],
)
def test_what_cannot_be_drawn_is_refused_plainly(
    observatory: Observatory, address: str, status: int, words: str
) -> None:
    answer = observatory.get(address)
    assert answer.status == status
    assert words in answer.text
    assert "Traceback" not in answer.text
    assert "<b>" not in answer.text
