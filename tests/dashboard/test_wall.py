"""The wall screen: its configuration, what its slides say, its files, and what the server answers."""

import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import segno

from dashboard.content import home
from dashboard.content.wall import MOST_WORDS, BigNumber, Slide, count_words
from dashboard.content.wall_news import news_slides
from dashboard.content.wall_playlist import playlist_slides
from dashboard.definitions import definitions
from dashboard.figures import indicators, latest
from dashboard.publication import site, wall
from dashboard.publication.place import Place
from dashboard.publication.wall_pictures import big_number, qr_code
from dashboard.view import View, the_view
from dashboard.wall_pages import page_addresses
from dashboard.works import due, happened, to_come
from data.release import Release, current_id, open_release
from data.wall import FaultyWallError, read_wall
from data.wall_models import MilestoneSlides, Playlist, ThemeSlide, Wall
from etl.publish import publish

Tables = dict[str, pd.DataFrame]
WITHOUT_DISTRICTS = "26362"
PLACE = Place("https://ville.example/observatoire/", lambda _view, export, kind: f"telecharger/{export}.{kind}")
STANDS = "ivry-bike-stands"


@pytest.fixture(scope="module")
def valence(release: Release, city: View) -> View:
    return the_view(release, WITHOUT_DISTRICTS, "ville", "fr", "light", city.today)


def _slides(view: View, playlist: Playlist) -> tuple[Slide, ...]:
    return playlist_slides(view, playlist, {"previous": None})


def _playlist(*slides: dict[str, object]) -> Playlist:
    return Playlist.model_validate({"slides": slides})


# ---- configuration


@pytest.mark.parametrize(
    ("text", "line", "key", "value"),
    [
        ("[playlists.hall]\nseconds = 11\n[[playlists.hall.slides]]\nkind = 'city'\n", 2, "hall.seconds", "11"),
        ("[playlists.hall]\nseconds = 21\n[[playlists.hall.slides]]\nkind = 'city'\n", 2, "hall.seconds", "21"),
        ("[playlists.hall]\n[[playlists.hall.slides]]\nkind = 'weather'\n", 3, "hall.slides.0", "weather"),
        (
            "[playlists.hall]\n[[playlists.hall.slides]]\nkind = 'city'\n[[playlists.hall.slides]]\n"
            "kind = 'milestones'\nshow = ['next']\nat_most = 40\n",
            7,
            "hall.slides.1.at_most",
            "40",
        ),
        (
            "[playlists.hall]\n[[playlists.hall.slides]]\nkind = 'districts'\nindicator = 'happiness'\n",
            4,
            "hall.slides.0.indicator",
            "happiness",
        ),
        (
            "[playlists.hall]\n[[playlists.hall.slides]]\nkind = 'theme'\ntheme = 'sport'\nfigure = 'map'\n"
            "indicator = 'population'\n",
            4,
            "hall.slides.0.theme",
            "sport",
        ),
        (
            "[playlists.hall]\n[[playlists.hall.slides]]\nkind = 'news'\nsince = '2026-13-01'\n",
            4,
            "hall.slides.0.since",
            "2026-13-01",
        ),
        ("[playlists.hall]\nslides = []\n", 2, "hall.slides", "[]"),
        ("[playlists.hall]\nvolume = 3\n[[playlists.hall.slides]]\nkind = 'city'\n", 2, "hall.volume", "3"),
        ("[playlists.'Grand hall']\n[['playlists.Grand hall.slides']]\nkind = 'city'\n", 1, "Grand hall", "Grand"),
        ("[playlists.fichiers]\n[[playlists.fichiers.slides]]\nkind = 'city'\n", 1, "fichiers", "fichiers"),
    ],
)
def test_a_faulty_configuration_names_file_line_key_and_value(
    tmp_path: Path, text: str, line: int, key: str, value: str
) -> None:
    path = tmp_path / "wall.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FaultyWallError) as raised:
        read_wall(path, definitions())
    said = str(raised.value)
    assert f"{path}:{line}:" in said
    assert key in said
    assert value in said


@pytest.mark.parametrize("text", ["", "[playlists", "playlists = 3\n"])
def test_what_is_no_configuration_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wall.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FaultyWallError, match=r"wall\.toml"):
        read_wall(path, definitions())


def test_an_absent_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(FaultyWallError, match=r"absent\.toml.*cannot be read"):
        read_wall(tmp_path / "absent.toml", definitions())


def test_a_map_needs_an_indicator_and_a_series_a_theme_that_has_one() -> None:
    for wrong in ({"figure": "map"}, {"figure": "series", "indicator": "population"}):
        with pytest.raises(ValueError, match="indicator"):
            ThemeSlide.model_validate({"kind": "theme", "theme": "housing", **wrong})
    with pytest.raises(ValueError, match="only these themes"):
        ThemeSlide.model_validate({"kind": "theme", "theme": "mobility", "figure": "series"})


# ---- what slides say


@pytest.mark.parametrize("commune", ["94041", WITHOUT_DISTRICTS])
@pytest.mark.parametrize("name", ["hall", "quartiers"])
def test_every_slide_is_one_message_in_fourteen_words_with_one_figure_and_its_source(
    release: Release, city: View, shipped: Wall, commune: str, name: str
) -> None:
    view = the_view(release, commune, "ville", "fr", "light", city.today)
    slides = _slides(view, shipped.playlists[name])
    assert slides
    for slide in slides:
        assert 1 <= count_words(slide.sentence) <= MOST_WORDS, slide.sentence
        assert slide.origin.source, slide.sentence
        assert slide.origin.marks, slide.sentence
        shown = [slide.number, slide.chart, slide.drawn if slide.kind != "district" else None]
        assert sum(figure is not None for figure in shown) == 1, slide.sentence


def test_words_are_counted_without_mercy() -> None:
    assert count_words("Ivry compte 65\u202f064 habitant·es en 2023, 10,4\u202f% de plus qu’en 2013\u00a0!") == 12
    assert count_words("Marat – Parmentier\u00a0: environ 9\u00a0%.") == 4


def test_every_indicator_of_the_release_can_be_said(city: View) -> None:
    rows = city.release.table("observations")
    by_district = set(rows.loc[rows["ref_area"].isin(city.districts["ref_area"]), "indicator"])
    told = {"number": set(rows.loc[rows["ref_area"] == "94041", "indicator"]), "map": by_district}
    for figure, names in told.items():
        for name in names:
            theme = indicators(city.release)[name].theme
            wanted = {"kind": "theme", "theme": theme, "figure": figure, "indicator": name}
            for slide in playlist_slides(city, _playlist(wanted), {}):
                assert 1 <= count_words(slide.sentence) <= MOST_WORDS, (figure, name)


def test_the_city_says_its_population_and_change(city: View, shipped: Wall) -> None:
    (slide,) = _slides(city, _playlist({"kind": "city"}))
    rows = home.population_rows(city).dropna(subset="obs_value")
    change = 100 * (rows["obs_value"].iloc[-1] / rows["obs_value"].iloc[0] - 1)
    assert slide.sentence == "Ivry compte 65\u202f064\u00a0habitant·es en 2023, 10,4\u202f% de plus qu’en 2013."
    assert round(change, 1) == 10.4


def test_each_district_has_a_slide_with_its_place_and_number(city: View) -> None:
    slides = _slides(city, _playlist({"kind": "districts"}))
    assert [slide.district for slide in slides] == [code.removeprefix("94041-") for code in city.districts["ref_area"]]
    for slide in slides:
        figure = latest(city, "population", f"94041-{slide.district}")
        assert figure is not None
        assert slide.number is not None
        assert slide.drawn is not None
        assert slide.number.number == figure.number
        assert slide.origin.status == "estimé"
        own = slide.drawn.frame["slug"] == slide.district
        assert slide.drawn.frame.loc[own, "fill"].nunique() == slide.drawn.frame.loc[~own, "fill"].nunique() == 1
        assert set(slide.drawn.frame.loc[own, "fill"]).isdisjoint(slide.drawn.frame.loc[~own, "fill"])


def test_a_commune_without_districts_skips_them(valence: View) -> None:
    assert playlist_slides(valence, _playlist({"kind": "districts"}), {})[0].kind == "city"


def test_milestones_are_next_due_or_past_and_never_mixed(city: View) -> None:
    wanted = MilestoneSlides(kind="milestones", show=("next", "due", "lately"), at_most=9)
    slides = _slides(city, _playlist(wanted.model_dump()))
    told = {name: [slide for slide in slides if slide.kind == name] for name in wanted.show}
    assert [len(mine) for mine in told.values()] == [3, 3, 3]
    assert {slide.sentence for slide in told["next"]} <= {event.label for event in to_come(city)}
    assert {slide.sentence for slide in told["due"]} <= {event.label for event in due(city)}
    assert {slide.sentence for slide in told["lately"]} <= {event.label for event in happened(city, 9)}
    assert all(slide.open for slide in told["next"] + told["due"])
    assert not any(slide.open for slide in told["lately"])
    numbers = {name: {slide.number.words for slide in mine if slide.number} for name, mine in told.items()}
    assert numbers["lately"] == {"A eu lieu"}
    assert all("réalisation non confirmée" in words for words in numbers["due"])
    assert all(slide.until >= city.today.isoformat() for slide in told["next"])


@pytest.mark.parametrize("at_most", [1, 2, 5, 12])
def test_no_more_milestones_than_asked_for(city: View, at_most: int) -> None:
    wanted = {"kind": "milestones", "show": ("next", "due", "lately"), "at_most": at_most}
    assert 1 <= len(_slides(city, _playlist(wanted))) <= at_most


def test_a_target_is_said_to_be_one_and_drawn_as_open(city: View) -> None:
    slides = _slides(city, _playlist({"kind": "targets", "at_most": 5}))
    assert slides
    assert all(slide.open and slide.origin.status.startswith("objectif") for slide in slides)


def test_a_map_sentence_has_the_lowest_and_highest_of_what_is_drawn(city: View, shipped: Wall) -> None:
    slide = next(slide for slide in _slides(city, shipped.playlists["hall"]) if slide.kind == "map")
    assert slide.drawn is not None
    values = slide.drawn.frame.sort_values("value")["value_text"]
    assert f"de {values.iloc[0]} à {values.iloc[-1]}" in slide.sentence
    assert "esquissés" in slide.origin.source


# ---- news


@pytest.fixture(scope="module")
def newer(tables: Tables, releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Return a release in which one figure was corrected."""
    observations = tables["observations"].copy()
    observations.loc[observations["figure_id"] == STANDS, "obs_value"] = 740.0
    folder = tmp_path_factory.mktemp("newer")
    publish({**tables, "observations": observations}, folder)
    return open_release(folder, current_id(folder))


def test_what_changed_is_news_and_what_did_not_is_none(city: View, newer: Release) -> None:
    view = the_view(newer, "94041", "ville", "fr", "light", city.today)
    slides = list(news_slides(view, city.release, 3))
    assert [slide.number.number for slide in slides if slide.number][-1] == "740"
    assert slides[-1].sentence == "Arceaux à vélo en place\u00a0: 740, au lieu de 722."
    assert slides[-1].number == BigNumber("740", "", "avant\u00a0: 722 · correction")
    assert slides[-1].origin.source
    assert all(count_words(slide.sentence) <= MOST_WORDS for slide in slides)
    assert list(news_slides(city, city.release, 3)) == []
    assert list(news_slides(city, None, 3)) == []


def test_news_say_which_part_of_the_city_and_that_a_new_date_is_planned(city: View) -> None:
    tables = dict(city.release.tables)
    observations, dates = tables["observations"].copy(), tables["milestones"].copy()
    here = (observations["ref_area"] == "94041-ivry-port") & (observations["indicator"] == "population")
    observations.loc[here, "obs_value"] += 100
    dates.loc[dates["label_fr"] == "Mise en service prévue du T Zen 5", "date"] = "2028"
    newer = Release("f" * 16, "2026-12-24", {**tables, "observations": observations, "milestones": dates})
    slides = {slide.sentence: slide for slide in news_slides(_of(newer, city), city.release, 5)}
    moved = slides["Mise en service prévue du T Zen 5\u00a0: 2028, au lieu de 2027."]
    assert (moved.open, moved.origin.status) == (True, "prévu")
    assert any(", Ivry-Port" in sentence for sentence in slides)


def _of(release: Release, city: View) -> View:
    return the_view(release, city.commune, "ville", "fr", "light", city.today)


def test_a_release_that_was_gone_back_to_is_no_news(city: View, newer: Release) -> None:
    later = Release(newer.release_id, "2999-01-01", newer.tables)
    assert list(news_slides(city, later, 3)) == []


# ---- files


@pytest.fixture(scope="module")
def files(city: View, releases: Path) -> dict[str, bytes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBSERVATORY_RELEASES", str(releases))
        return dict(wall.site_files(city, PLACE, site.site_pages(city, PLACE)))


def test_each_playlist_is_a_whole_document_with_its_state(files: dict[str, bytes], shipped: Wall, city: View) -> None:
    for folder in ("", *(f"{name}/" for name in shipped.playlists)):
        html = files[f"affichage/{folder}index.html"].decode()
        state = json.loads(files[f"affichage/{folder}etat.json"])
        assert state.keys() == {"release", "version"}
        assert state["release"] == city.release.release_id
        assert f'data-version="{state["version"]}"' in html
        assert html.rstrip().endswith("</html>")
        root = "../" if folder else "./"
        for address in re.findall(r'(?:href|src)="([^"]+)"', html):
            assert address.startswith(root)
            assert f"affichage/{address.removeprefix(root)}" in files


def test_another_day_shows_what_is_due_then_and_that_data_are_old(
    files: dict[str, bytes], city: View, releases: Path
) -> None:
    later = the_view(city.release, "94041", "ville", "fr", "light", date(2028, 1, 3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBSERVATORY_RELEASES", str(releases))
        other = wall.site_files(later, PLACE, site.site_pages(city, PLACE))
    banner = re.compile(r'role="status">([^<]*)<')
    assert banner.findall(files["affichage/index.html"].decode()) == [""]
    assert banner.findall(other["affichage/index.html"].decode()) == ["Ces données ont plus de 120 jours."]
    assert other["affichage/etat.json"] != files["affichage/etat.json"]
    wanted = _playlist({"kind": "milestones", "show": ("due",), "at_most": 12})
    told = {slide.sentence: slide.kind for slide in _slides(later, wanted)}
    assert told["Mise en service prévue du T Zen 5"] == "due"


def test_a_release_that_stands_in_for_a_damaged_one_says_so(city: View, releases: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBSERVATORY_RELEASES", str(releases))
        shown = wall.files(city, page_addresses(PLACE.base), damaged=True)["affichage/quartiers/index.html"].decode()
    assert re.findall(r'role="status">([^<]*)<', shown) == ["Données abîmées\u00a0: version précédente affichée."]


def test_codes_lead_to_pages_that_exist(city: View, shipped: Wall) -> None:
    pages = site.site_pages(city, PLACE)
    address = wall.site_addresses(PLACE, pages)
    for slide in _slides(city, shipped.playlists["hall"]):
        path = address(city, slide).removeprefix(PLACE.base)
        assert path in pages
        assert (path == "") == (slide.kind == "city")


def test_a_code_on_the_server_reopens_the_district_and_the_indicator(city: View, english: View) -> None:
    address = page_addresses("https://ville.example/")
    (district, *_) = _slides(city, _playlist({"kind": "districts"}))
    assert address(city, district) == "https://ville.example/quartier?quartier=centre-ville"
    assert address(english, district) == "https://ville.example/quartier?quartier=centre-ville&langue=en"
    wanted = {"kind": "theme", "theme": "housing", "figure": "map", "indicator": "flats_share_percent"}
    (drawn,) = _slides(city, _playlist(wanted))
    assert address(city, drawn) == "https://ville.example/logement?indicateur=flats_share_percent"


def test_a_code_is_the_address_with_a_quiet_zone_in_black_on_white() -> None:
    address = "https://ville.example/quartier?quartier=centre-ville"
    side = segno.make(address, error="l", micro=False).symbol_size(border=4)[0]
    svg = qr_code(address)
    assert f'viewBox="0 0 {side} {side}"' in svg
    assert 'fill="#ffffff"' in svg or 'fill="#fff"' in svg
    assert 'stroke="#000000"' in svg or 'stroke="#000"' in svg
    # 23 hundredths of the shorter side with the quiet zone: the code itself is a sixth or more.
    assert 23 * (side - 8) / side >= 100 / 6


@pytest.mark.parametrize(
    "address", ["https://o.example/", "https://observatoire.ville-de-saint-exemple.example/" + "x" * 60]
)
def test_short_and_long_addresses_are_large_enough(address: str) -> None:
    side = int(re.search(r'viewBox="0 0 (\d+)', qr_code(address)).group(1))  # type: ignore[union-attr]
    assert 23 * (side - 8) / side >= 100 / 6


@pytest.mark.parametrize("text", ["40\u00a0%", "plus de 10\u00a0ha", "Novembre 2017", "12\u202f128"])
def test_a_number_breaks_at_its_spaces_and_fits(text: str) -> None:
    lines = big_number(BigNumber(text, "", ""))
    assert " ".join(lines.lines) == text
    assert max(len(line) for line in lines.lines) * lines.size * 0.56 <= 78.01
