"""The page of what changed: only what pages show and what did change, in words, with the reason."""

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import announcements
from dashboard.content import changes
from dashboard.content.changed_places import SCOPES, scopes_of
from dashboard.content.changed_words import part_words
from dashboard.content.folds import Row
from dashboard.content.wall_news import news_slides
from dashboard.exports import export
from dashboard.messages import has_message
from dashboard.view import View, the_view
from data.history import previous_id
from data.release import Release, current_id, open_release
from data.rules.differences import COLUMNS, by_key
from data.schemas import TABLES
from data.settings import ROOT
from etl.publish import publish
from tests.dashboard.conftest import TODAY
from tests.older_releases import publish_as_older
from tests.serving import serving

NO_BREAK = "\u00a0"
Tables = dict[str, pd.DataFrame]


def _changed(tables: Tables) -> Tables:
    """Return tables with a figure corrected, its rate moved by less than is shown, a later date, a row less."""
    observations, programmes = tables["observations"].copy(), tables["programmes"].copy()
    observations.loc[observations["figure_id"] == "ivry-bike-stands", "obs_value"] = 723.0
    observations.loc[observations["indicator"] == "cycle_stands_per_1000_inhabitants", "obs_value"] = 11.1121
    programmes.loc[programmes["programme_id"] == "ivry-tzen-5", ["start", "as_of"]] = ["2029", "2026-03"]
    programmes.loc[programmes["programme_id"] == "ivry-tzen-5", "note_en"] = "Said again."
    sources = tables["sources"].assign(sha256="0" * 64)
    return {**tables, "observations": observations, "programmes": programmes, "sources": sources,
            "checks": tables["checks"].iloc[1:]}  # fmt: skip


@pytest.fixture(scope="module")
def folder(releases: Path, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two releases; the second is the current one."""
    place = Path(shutil.copytree(releases, tmp_path_factory.mktemp("changed") / "releases"))
    publish(_changed(tables), place)
    return place


@pytest.fixture(scope="module")
def later(folder: Path) -> View:
    return the_view(open_release(folder, current_id(folder)), "94041", "ville", "fr", "light", TODAY)


def _plain(text: str) -> str:
    return text.replace(NO_BREAK, " ").replace("\u202f", " ")


def _rows(view: View, old: Release) -> list[tuple[str, ...]]:
    rows: list[Row] = [
        row
        for part in changes.listings(view, old)
        for fold in part.folds
        for group in fold.groups
        for row in group.rows
    ]
    return [(row.header, *(_plain(cell.words) for cell in row.cells)) for row in rows]


def test_only_what_changed_is_told_with_before_after_and_reason(later: View, release: Release) -> None:
    rows = _rows(later, release)
    assert ("Arceaux à vélo en place", "valeur", "722 arceaux", "→ 723 arceaux", "correction") in rows
    assert ("T Zen 5", "date", "2027", "→ 2029", "donnée nouvelle") in rows
    assert ("T Zen 5", "date", "2025", "→ mars 2026", "donnée nouvelle") in rows
    (withdrawn,) = (row for row in rows if row[1] == "information retirée")
    assert withdrawn[3:] == ("→ absent", "correction")
    # Below the rounding of pages, in English, or the checksum of a file: not news.
    assert len(rows) == 4


def test_quantities_have_their_unit(city: View, tables: Tables) -> None:
    programmes = tables["programmes"].copy()
    programmes.loc[programmes["programme_id"] == "ivry-square-prudon", "area_m2"] = 900.0
    said = dict.fromkeys(TABLES["statements"].schema.names, "") | {
        "programme_id": "ivry-square-prudon",
        "fact": "area_m2",
        "value": 900.0,
        "as_of": "2026-03-12",
        "source": "municipal-record-ivry-2025",
    }
    stated = {**tables, "programmes": programmes, "statements": pd.DataFrame([said])}
    view = the_view(Release("stated", "2026-03-13", stated), "94041", "ville", "fr", "light", TODAY)
    rows = _rows(view, city.release)
    assert ("Square Prudon", "surface", "absent", "→ 900 m²", "donnée nouvelle") in rows
    assert ("Square Prudon", "information ajoutée · surface", "absent", "→ 900 m²", "donnée nouvelle") in rows


def test_the_sentence_counts_rows_and_reasons(later: View, release: Release) -> None:
    headline = changes.headline(later, release)
    assert _plain(headline.title) == "Ce qui a changé à Ivry : 2 informations modifiées."
    assert "Pourquoi : 1 fois une donnée nouvelle, 1 fois une correction." in _plain(headline.lead)
    assert "À part : 1 information sur une autre commune." in _plain(headline.lead)
    assert later.release.release_id[:8] in headline.lead
    assert release.release_id[:8] in headline.lead


def test_folds_are_those_of_the_themes(later: View, release: Release) -> None:
    here, elsewhere = changes.listings(later, release)
    assert [_plain(fold.title) for fold in here.folds] == ["Mobilité : 3 lignes"]
    assert [group.title for group in here.folds[0].groups] == ["Chiffres", "Opérations et actions"]
    assert (here.export, here.query) == ("changements", (("depuis", release.release_id),))
    titles = [_plain(fold.title) for fold in elsewhere.folds]
    assert titles == ["Sans thème : lieux, contours, sources, vérifications : 1 ligne"]
    assert (elsewhere.title, elsewhere.export) == ("Sur d’autres communes", "")


# Where a row lies, and whether it concerns Ivry, all communes alike, or others alone.
PLACES = {
    ("observations", "ref_area", "94041"): "here",
    ("observations", "ref_area", "94041-ivry-port"): "here",
    ("observations", "ref_area", "940410101"): "here",
    ("observations", "ref_area", "94041-op-ivry-port"): "here",
    ("observations", "ref_area", "network-9406C"): "here",
    ("observations", "ref_area", "network-9403C"): "elsewhere",
    ("observations", "ref_area", "94081"): "elsewhere",
    ("observations", "ref_area", "26362"): "elsewhere",
    ("context", "ref_area", "seine-amont"): "shared",
    ("programmes", "programme_id", "ivry-tzen-5"): "here",
    ("programmes", "ref_area", "seine-amont"): "shared",
    ("programmes", "ref_area", "grand-orly-seine-bievre"): "shared",
    ("programmes", "commune", "26362"): "elsewhere",
    ("phases", "programme_id", "ivry-tzen-5"): "here",
    ("milestones", "ref_area", "seine-amont"): "shared",
    ("targets", "target_id", "ivry-carbon-neutrality"): "here",
    ("checks", "commune", "26362"): "elsewhere",
    ("checks", "commune", "seine-amont"): "shared",
    ("places", "kind", "metro"): "here",
    ("territories", "ref_area", "94081"): "elsewhere",
    ("territories", "ref_area", "seine-amont-op-charles-foix"): "shared",
    ("map_context", "kind", "line"): "here",
    ("iris_weights", "district", "94041-ivry-port"): "here",
    ("indicators", "indicator", "population"): "shared",
    ("sources", "source", "insee-census-2021"): "shared",
}


@pytest.mark.parametrize(("table", "column", "value"), PLACES)
def test_whom_a_row_concerns_follows_from_where_it_lies(release: Release, table: str, column: str, value: str) -> None:
    frame = by_key(release.table(table), TABLES[table])
    keys = [tuple(key.split("\x1f")) for key in frame.index[frame[column] == value]]
    assert keys
    assert set(scopes_of(release, "94041", table, keys)) == {PLACES[table, column, value]}


def test_what_changed_elsewhere_is_neither_counted_nor_mixed_in(city: View, release: Release) -> None:
    observations = release.table("observations").copy()
    for area, count in (("94041", 1), ("94081", 3)):
        mine = observations.index[(observations["ref_area"] == area) & (observations["indicator"] != "population")]
        observations.loc[mine[:count], "obs_value"] += 50.0
    sources = release.table("sources").copy()
    sources.loc[sources["source"] == "rpls-2024", "licence"] = "Licence ouverte 3.0"
    newer = Release("f" * 16, "2026-12-24", {**release.tables, "observations": observations, "sources": sources})
    view = replace(city, release=newer)
    headline = changes.headline(view, release)
    assert _plain(headline.title) == "Ce qui a changé à Ivry : 1 information modifiée."
    assert ("À part : 1 information commune à plusieurs communes (territoire plus large, source, définition), "
            "3 informations sur d’autres communes.") in _plain(headline.lead)  # fmt: skip
    titles = [_plain(listing.title) for listing in changes.listings(view, release)]
    assert titles == [
        "Sur Ivry, information par information", "Au-delà d’Ivry : territoires plus larges, sources, définitions",
        "Sur d’autres communes",
    ]  # fmt: skip
    of_ivry = changes.told(view, release)
    assert {key[0] for key in of_ivry["row"]} == {"94041"}


def test_where_only_others_changed_the_title_says_that_the_commune_did_not(city: View, release: Release) -> None:
    observations = release.table("observations").copy()
    observations.loc[observations["ref_area"] == "94081", "obs_value"] += 50.0
    newer = Release("e" * 16, "2026-12-24", {**release.tables, "observations": observations})
    view = replace(city, release=newer)
    assert changes.headline(view, release).title == "Aucune des informations affichées sur Ivry n’a changé"
    assert changes.reasons(view, release) == ""
    (listing,) = changes.listings(view, release)
    assert (listing.title, listing.export) == ("Sur d’autres communes", "changements")
    assert list(news_slides(view, release, 3)) == []
    mine = replace(view, commune="94081")
    assert changes.headline(mine, release).title.startswith("Ce qui a changé à Vitry")


def test_with_a_single_release_the_page_says_so(city: View) -> None:
    assert "Une seule publication" in changes.headline(city, None).title
    assert changes.listings(city, None) == ()


def test_where_nothing_changed_nothing_is_told(city: View, releases: Path) -> None:
    same = open_release(releases, current_id(releases))
    assert changes.headline(city, same).title == "Aucune des informations affichées n’a changé"
    assert changes.listings(city, same) == ()


def test_back_at_an_older_release_the_page_says_so(city: View, later: View) -> None:
    newer = Release(later.release.release_id, "2030-01-01", later.release.tables)
    assert "l’observatoire y est revenu" in changes.headline(city, newer).lead
    assert ("Arceaux à vélo en place", "valeur", "723 arceaux", "→ 722 arceaux", "correction") in _rows(city, newer)


def test_long_groups_are_cut_and_say_where_the_rest_is(city: View, release: Release, tables: Tables) -> None:
    few = {**release.tables, "observations": release.table("observations").iloc[:0]}
    listing, *_ = changes.listings(city, Release("empty", "2026-01-01", few))
    groups = [group for fold in listing.folds for group in fold.groups if group.title == "Chiffres"]
    assert max(len(group.rows) for group in groups) == changes.LONGEST_GROUP
    cut = next(group for group in groups if len(group.rows) == changes.LONGEST_GROUP)
    assert _plain(cut.under).startswith("Les 200 premières lignes ; ")
    assert not listing.folds[0].is_open
    empty = Release("empty", "2026-01-01", few)
    told = [len(changes.told(city, empty, scope)) for scope in SCOPES]
    assert sum(told) == len(tables["observations"])
    assert f"{told[0]:,} informations".replace(",", " ") in _plain(changes.headline(city, empty).title)


def test_the_download_has_what_the_page_leaves_out(later: View, release: Release) -> None:
    rows = changes.export_rows(later, release)
    assert list(rows.columns) == list(COLUMNS)
    assert {"sha256", "note_en"} <= set(rows["column"])
    assert "11.1121" in set(rows["new"])


def test_the_download_of_a_frozen_link(
    folder: Path, later: View, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    expected = changes.export_rows(later, release).reset_index(drop=True)
    pd.testing.assert_frame_equal(export(later, "changements", {"depuis": release.release_id}), expected)
    pd.testing.assert_frame_equal(export(later, "changements", {}), expected)


def test_a_release_of_older_code_can_be_compared_with(tables: Tables, later: View, tmp_path: Path) -> None:
    name = publish_as_older(tables, tmp_path, {"targets": (), "programmes": ("other_quantities",)})
    old = open_release(tmp_path, name)
    rows = _rows(later, old)
    assert sum(row[-1] == "méthode" for row in rows) >= len(tables["targets"])
    assert ("Arceaux à vélo en place", "valeur", "722 arceaux", "→ 723 arceaux", "correction") in rows


def test_every_table_and_column_has_words() -> None:
    for name, table in TABLES.items():
        assert has_message(f"changes.table_{name}") or name in changes.RESTATED, name
        assert all(part_words(column, "fr") for column in table.schema.names)


def _page(view: View, folder: Path, monkeypatch: pytest.MonkeyPatch, **query: str) -> str:
    """Run the page as a reader opens it and return the HTML it shows."""
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    app = AppTest.from_file(str(ROOT / "pages" / "changements.py"), default_timeout=60)
    app.session_state["view"] = view
    app.session_state[announcements._SAID] = []  # as the frame of all pages begins a run
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return _plain("".join(element.proto.body for element in app.get("html")))


def test_the_page_compares_with_the_release_before(
    later: View, release: Release, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = _page(later, folder, monkeypatch)
    assert "Ce qui a changé à Ivry : 2 informations modifiées" in shown
    assert f"changements.csv?depuis={release.release_id}&amp;version={later.release.release_id}" in shown
    assert shown == _page(later, folder, monkeypatch, depuis=release.release_id)


def test_an_unknown_or_removed_release_is_said_and_the_page_stands(
    later: View, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = _page(later, folder, monkeypatch, depuis="<b>0123</b>")
    assert "Aucune publication ne porte l’identifiant « &lt;b&gt;0123&lt;/b&gt; »" in shown
    assert "Ce qui a changé à Ivry : 2 informations modifiées" in shown


def test_a_damaged_earlier_release_is_said_without_a_traceback(
    later: View, release: Release, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    (copy / release.release_id / "checks.parquet").write_bytes(b"PAR1")
    assert "La publication choisie ne peut pas être lue" in _page(later, copy, monkeypatch)


def test_a_single_release_is_said_plainly(city: View, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "il n’y a rien à comparer" in _page(city, releases, monkeypatch)


def test_the_server_answers_page_and_download(folder: Path, release: Release) -> None:
    with serving(folder) as server:
        assert server.get("/changements").status == 200
        answer = server.get(f"/telecharger/changements.csv?depuis={release.release_id}")
        frame = pd.read_csv(io.BytesIO(answer.body), keep_default_na=False)
        assert {"722", "723"} <= {*frame["old"], *frame["new"]}
        assert server.get("/telecharger/changements.csv?depuis=../current").status == 404
        assert server.get("/telecharger/changements.csv?depuis=0000000000000000").status == 404


def test_a_reason_given_at_publication_is_told(later: View, folder: Path) -> None:
    old = open_release(folder, previous_id(folder, later.release.release_id))
    assert "la raison donnée" not in changes.headline(later, old).lead
    excused = replace(later, release=replace(later.release, reason="Recomptage de 2013"))
    lead = _plain(changes.headline(excused, old).lead)
    assert "la raison donnée à la publication : « Recomptage de 2013 »." in lead
