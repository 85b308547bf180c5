"""The feed of what changed: an entry for each publication, compared with the one before; nothing else is news."""

import re
import shutil
from datetime import date
from pathlib import Path

import feedparser
import pandas as pd
import pytest

from dashboard import store
from dashboard.content import changes
from dashboard.content.changed_words import rows_by_key
from dashboard.publication import feed
from dashboard.publication.place import Place
from dashboard.view import View, the_view
from data.release import Release, current_id, open_release
from etl.publish import publish
from tests.dashboard.conftest import TODAY

BASE = "https://ville.example/observatoire/"
PLACE = Place(BASE, lambda view, pattern, kind: pattern)
Tables = dict[str, pd.DataFrame]


def _with_stands(tables: Tables, count: float) -> Tables:
    observations = tables["observations"].copy()
    observations.loc[observations["figure_id"] == "ivry-bike-stands", "obs_value"] = count
    return {**tables, "observations": observations}


@pytest.fixture(scope="module")
def folder(releases: Path, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of three releases: the second changes a figure, the third only text that no page shows."""
    place = Path(shutil.copytree(releases, tmp_path_factory.mktemp("fed") / "releases"))
    publish(_with_stands(tables, 723.0), place)
    sources = tables["sources"].assign(sha256="0" * 64)
    publish({**_with_stands(tables, 723.0), "sources": sources}, place)
    return place


@pytest.fixture(autouse=True)
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(folder))
    store._kept.cache_clear()


def _view(folder: Path, release_id: str) -> View:
    return the_view(open_release(folder, release_id), "94041", "ville", "fr", "light", TODAY)


def _read(view: View) -> feedparser.FeedParserDict:
    found = feedparser.parse(feed.atom(view, PLACE))
    assert not found.bozo
    assert found.version == "atom10"
    return found


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_each_publication_is_an_entry_and_the_newest_comes_first(folder: Path) -> None:
    view = _view(folder, current_id(folder))
    found = _read(view)
    assert found.feed.title == "Observatoire urbain d’Ivry-sur-Seine\u00a0: ce qui a changé"
    assert found.feed.link == f"{BASE}changements/"
    assert len(found.entries) == 3
    assert len({entry.id for entry in found.entries}) == 3
    assert found.entries[0].id.endswith(view.release.release_id)
    assert all(entry.id.startswith("tag:ville.example,") for entry in found.entries)
    assert {entry.link for entry in found.entries} == {f"{BASE}changements/"}
    times = [entry.updated for entry in found.entries]
    assert times == sorted(times, reverse=True)
    assert found.feed.updated == times[0]


def test_only_what_changed_is_told_with_before_after_and_reason(folder: Path) -> None:
    nothing, changed, first = _read(_view(folder, current_id(folder))).entries
    assert "Aucune des informations affichées n’a changé" in nothing.title
    assert "<li>" not in nothing.content[0].value
    assert "Ce qui a changé à Ivry : 1 information modifiée" in changed.title
    (line,) = changed.content[0].value.split("<li>")[1:]
    assert "722 arceaux → 723 arceaux (correction)" in _plain(line)
    assert "Première publication disponible" in first.title
    assert "<li>" not in first.content[0].value


def test_the_lines_of_an_entry_are_cells_of_the_two_releases(folder: Path) -> None:
    *_, second, first = (entry.id.rpartition("/")[2] for entry in _read(_view(folder, current_id(folder))).entries)
    new, old = open_release(folder, second), open_release(folder, first)
    told = changes.told(the_view(new, "94041", "ville", "fr", "light", TODAY), old)
    (key,) = told["row"].unique()
    before, after = (rows_by_key(one, "observations", [key])[key] for one in (old, new))
    assert (before.obs_value, after.obs_value) == (722.0, 723.0)


def test_a_single_publication_is_one_honest_entry(
    releases: Path, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(releases))
    (entry,) = _read(the_view(release, "94041", "ville", "fr", "light", TODAY)).entries
    assert "rien à comparer" in entry.title


def test_a_site_of_an_older_release_does_not_tell_what_came_later(folder: Path) -> None:
    newest = _read(_view(folder, current_id(folder))).entries
    older = newest[1].id.rpartition("/")[2]
    found = _read(_view(folder, older)).entries
    assert [entry.id for entry in found] == [entry.id for entry in newest[1:]]
    assert [entry.title for entry in found] == [entry.title for entry in newest[1:]]


def test_where_the_one_before_cannot_be_read_nothing_is_said_to_have_changed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(shutil.copytree(folder, tmp_path / "releases"))
    _, second, first = (entry.id.rpartition("/")[2] for entry in _read(_view(folder, current_id(folder))).entries)
    (place / first / "observations.parquet").write_bytes(b"damaged")
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(place))
    store._kept.cache_clear()
    found = _read(_view(place, current_id(place))).entries
    assert [entry.id.rpartition("/")[2] for entry in found] == [current_id(place), second]
    assert "ne peut plus être lue" in found[1].title
    assert "<li>" not in found[1].content[0].value


def test_other_communes_and_sources_are_said_apart_and_not_listed(
    folder: Path, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(shutil.copytree(folder, tmp_path / "releases"))
    observations = _with_stands(tables, 724.0)["observations"]
    observations.loc[observations["ref_area"].isin(["94081", "26362"]), "obs_value"] += 50.0
    sources = tables["sources"].copy()
    sources.loc[sources["source"] == "rpls-2024", "licence"] = "Licence ouverte 3.0"
    release_id = publish({**tables, "observations": observations, "sources": sources}, place)
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(place))
    store._kept.cache_clear()
    entry = _read(_view(place, release_id)).entries[0]
    assert "Ce qui a changé à Ivry : 1 information modifiée." in _plain(entry.title)
    said, *lines = _plain(entry.content[0].value).split("<li>")
    assert [line for line in lines if "723 arceaux → 724 arceaux" not in line] == []
    assert re.search(
        r"À part : 1 information commune à plusieurs communes .*, \d+ informations sur d’autres communes.", said
    )


def test_an_identifier_stays_whatever_the_day(folder: Path) -> None:
    release = open_release(folder, current_id(folder))
    days = (TODAY, date(2027, 5, 1))
    made = [feed.atom(the_view(release, "94041", "ville", "fr", "light", day), PLACE) for day in days]
    assert made[0] == made[1]


def test_names_in_a_feed_are_text_not_markup(
    folder: Path, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(shutil.copytree(folder, tmp_path / "releases"))
    programmes = tables["programmes"].copy()
    programmes.loc[programmes["programme_id"] == "ivry-tzen-5", ["name", "start"]] = ["<b>T & Zen</b>", "2029"]
    release_id = publish({**_with_stands(tables, 723.0), "programmes": programmes}, place)
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(place))
    store._kept.cache_clear()
    entry = _read(_view(place, release_id)).entries[0]
    assert "&lt;b&gt;T &amp; Zen&lt;/b&gt;" in entry.content[0].value
