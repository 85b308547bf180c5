"""What became of an indicator from publication to publication, its corrections, and the page that shows its sheet."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import announcements, following, revisions
from dashboard.content import indicator_revisions
from dashboard.content.folds import Listing
from dashboard.content.indicator_revisions import History
from dashboard.content.indicator_trees import indicator_tree
from dashboard.content.tree import Listings
from dashboard.messages import message
from dashboard.view import View, the_view
from data.release import current_id, open_release
from data.schemas import TABLES
from data.settings import ROOT
from etl.publish import publish
from tests.dashboard.conftest import TODAY
from tests.dashboard.test_corrections import ROW

STANDS, RATE = "cycle_stands", "vacancy_rate_percent"
Tables = dict[str, pd.DataFrame]


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _with_stands(tables: Tables, value: float) -> Tables:
    observations = tables["observations"].copy()
    observations.loc[observations["figure_id"] == "ivry-bike-stands", "obs_value"] = value
    return {**tables, "observations": observations}


def _redefined(tables: Tables) -> Tables:
    """Return tables with the stands of the first change, and another definition of the rate."""
    indicators = tables["indicators"].copy()
    indicators.loc[indicators["indicator"] == RATE, ["definition_fr", "definition_en"]] = ["Autrement.", "Otherwise."]
    return {**_with_stands(tables, 723.0), "indicators": indicators}


@pytest.fixture(scope="module")
def folder(releases: Path, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of three publications: the stands change in the second, a definition in the third."""
    place = Path(shutil.copytree(releases, tmp_path_factory.mktemp("revised") / "releases"))
    publish(_with_stands(tables, 723.0), place)
    publish(_redefined(tables), place)
    return place


def _current(folder: Path, language: str = "fr") -> View:
    return the_view(open_release(folder, current_id(folder)), "94041", "ville", language, "light", TODAY)


@pytest.fixture
def history(folder: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    return revisions.history_of(_current(folder))


def _revisions(view: View, indicator: str, history: History) -> Listing:
    return indicator_revisions.listings(view, indicator, history)[0]


def test_each_publication_is_compared_with_the_one_before(folder: Path, history: History) -> None:
    view = _current(folder)
    assert [set(step.folds) for step in history.steps] == [{RATE}, {STANDS}]
    stands = _revisions(view, STANDS, history)
    assert stands.note.startswith("3 publications sont gardées")
    (fold,) = stands.folds
    assert fold.is_open
    assert _plain(fold.title).startswith(_plain(f"du {history.steps[1].older} au {history.steps[1].newer}"))
    ((row,),) = [group.rows for group in fold.groups]
    assert [_plain(cell.words) for cell in row.cells] == ["valeur", "722 arceaux", "→ 723 arceaux", "correction"]
    rate = _revisions(view, RATE, history)
    said = [cell.words for fold in rate.folds for group in fold.groups for row in group.rows for cell in row.cells]
    assert any("Autrement." in words for words in said)
    assert "méthode" in said


def test_the_same_is_said_in_english(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    view = _current(folder, "en")
    listing = _revisions(view, RATE, revisions.history_of(view))
    said = [cell.words for fold in listing.folds for group in fold.groups for row in group.rows for cell in row.cells]
    assert any("Otherwise." in words for words in said)
    assert not any("Autrement." in words for words in said)
    assert listing.note.startswith("3 publications are kept")


def test_what_did_not_change_is_said_to_be_the_same(folder: Path, history: History) -> None:
    listing = _revisions(_current(folder), "dwellings_authorised", history)
    assert listing.folds == ()
    assert listing.note.endswith(message("indicator_sheet.never_changed", "fr"))


def test_where_one_publication_is_kept_there_is_nothing_to_compare(
    releases: Path, city: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(releases))
    listing = _revisions(city, STANDS, revisions.history_of(city))
    assert (listing.folds, listing.note) == ((), message("indicator_sheet.only_one", "fr"))


def test_an_older_publication_looks_back_only(folder: Path, city: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    assert len(revisions.before(_current(folder).release)) == 2
    assert revisions.before(city.release) == ()


def test_a_damaged_publication_is_said_and_passed_over(folder: Path, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    own = Path(shutil.copytree(folder, tmp_path / "releases"))
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(own))
    view = _current(own)
    middle = revisions.before(view.release)[0]
    (own / middle.release_id / "observations.parquet").write_bytes(b"nothing")
    history = revisions.history_of(view)
    assert [set(step.folds) for step in history.steps] == [{RATE, STANDS}]
    note = _revisions(view, STANDS, history).note
    assert f"Publications abîmées, non comparées\u00a0: {history.unreadable[0]}." in note
    assert middle.release_id[:8] in history.unreadable[0]


def test_publications_beyond_the_newest_are_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    monkeypatch.setattr(revisions, "MOST", 1)
    view = replace(_current(folder))
    history = revisions.history_of(view)
    assert (len(history.steps), history.left) == (1, 1)
    assert "1 publication plus ancienne n’est pas comparée." in _revisions(view, STANDS, history).note


def test_corrections_of_the_indicator_alone_are_listed(city: View) -> None:
    frame = pd.DataFrame([ROW], columns=TABLES["corrections"].schema.names)
    frame = frame.astype({"old_value": "float64", "new_value": "float64"})
    view = replace(city, release=replace(city.release, tables={**city.release.tables, "corrections": frame}))
    mine = indicator_revisions.listings(view, "social_dwellings", History(()))[1]
    assert [_plain(row.cells[1].words) for row in mine.folds[0].groups[0].rows] == ["11 984 logements"]
    other = indicator_revisions.listings(view, STANDS, History(()))[1]
    assert (other.folds, other.export) == ((), "")
    assert other.note == message("corrections.nothing", "fr")


def test_the_static_page_says_revisions_only_where_they_were_looked_for(city: View) -> None:
    titles = {listing.title for part in indicator_tree(city, STANDS).parts if isinstance(part, Listings)
              for listing in part.listings}  # fmt: skip
    assert message("indicator_sheet.sources", "fr") in titles
    assert message("indicator_sheet.revisions", "fr") not in titles
    told = indicator_tree(city, STANDS, History(()))
    assert message("indicator_sheet.revisions", "fr") in {
        listing.title for part in told.parts if isinstance(part, Listings) for listing in part.listings
    }


def _page(view: View, folder: Path, monkeypatch: pytest.MonkeyPatch, **query: str) -> str:
    """Run the page as a reader opens it and return the HTML it shows."""
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    app = AppTest.from_file(str(ROOT / "pages" / "indicateur.py"), default_timeout=60)
    # As the frame of all pages begins a run.
    app.session_state["view"], app.session_state["page"] = view, "indicateur"
    app.session_state[announcements._SAID], app.session_state[following._NOTED] = [], {}
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return _plain("".join(element.proto.body for element in app.get("html")))


def test_the_page_shows_the_indicator_of_the_address(city_in: View, releases: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    language = city_in.language
    shown = _page(city_in, releases, monkeypatch, indicateur="dwellings_authorised")
    assert {"fr": "Logements autorisés dans l’année, Ivry, 2024 : 1 299 logements.",
            "en": "Dwellings authorised in the year, Ivry, 2024: 1,299 dwellings."}[language] in shown  # fmt: skip
    for key in ("coverage", "sources", "caveats", "revisions"):
        assert f"<h2>{_plain(message(f'indicator_sheet.{key}', language))}</h2>" in shown
    assert "telecharger/indicateur.csv?indicateur=dwellings_authorised" in shown
    assert "indicateurs/dwellings-authorised/" in shown, "the fixed page of the same sheet"


def test_an_unknown_indicator_is_said_and_the_usual_one_shown(
    city: View, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = _page(city, releases, monkeypatch, indicateur="<b>nowhere</b>")
    assert "« &lt;b&gt;nowhere&lt;/b&gt; » n’existe pas ici" in shown
    assert "Part de logements vacants (recensement), Ivry, 2021 : 6,3 %." in shown
    assert "indicateur?indicateur=vacant_dwellings" in shown, "its inputs have sheets of their own"
