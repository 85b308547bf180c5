"""What clients may keep: tags, conditional requests, releases that keep their answers, answers kept here."""

import shutil
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from dashboard.api.keeping import Kept, Made
from data.release import current_id
from etl.publish import publish
from tests.conftest import Tables
from tests.dashboard.api.conftest import Ask, items
from tests.older_releases import publish_as_older

PATHS = ("/observations?limit=5", "/observations?limit=5&format=csv", "/areas/94041", "/releases", "/openapi.json", "/")


@pytest.mark.parametrize("path", PATHS)
def test_what_a_client_has_is_not_sent_again(ask: Ask, path: str) -> None:
    first = ask(path)
    again = ask(path, If_None_Match=first.headers["etag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"] == "no-cache"
    assert ask(path, If_None_Match='"something-else"').status_code == 200


def test_strong_tags_lists_of_tags_and_any_are_understood(ask: Ask) -> None:
    path = "/areas?limit=1"
    tag = ask(path).headers["etag"]
    for held in (tag.removeprefix("W/"), f'"other", {tag}', "*"):
        assert ask(path, If_None_Match=held).status_code == 304


def test_another_answer_has_another_tag(ask: Ask) -> None:
    paths = ("/areas", "/areas?limit=5", "/areas?offset=1", "/areas?format=csv", "/areas?language=en", "/indicators",
             "/areas?level=iris", "/areas/94041", "/areas/94041?language=en")  # fmt: skip
    assert len({ask(path).headers["etag"] for path in paths}) == len(paths)


def test_the_same_question_written_otherwise_has_the_same_tag(ask: Ask) -> None:
    ways = ("/observations?ref_area=94041,94081&limit=5", "/observations?limit=5&ref_area=94081&ref_area=94041",
            "/observations?limit=5&ref_area=94081,94041,94041&offset=0&language=fr&format=json")  # fmt: skip
    assert len({ask(way).headers["etag"] for way in ways}) == 1
    assert len({ask(way).content for way in ways}) == 1


def test_answers_are_compressed_where_the_client_takes_it(ask: Ask) -> None:
    plain = ask("/observations?limit=100", Accept_Encoding="identity")
    packed = ask("/observations?limit=100", Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert packed.content == plain.content
    assert "Accept-Encoding" in packed.headers["vary"]


def _published_again(folder: Path, tables: Tables, note: str) -> str:
    return publish({**tables, "observations": tables["observations"].assign(note_en=note)}, folder)


def test_a_release_that_is_named_never_changes_and_says_so(own_ask: Ask, own_releases: Path, tables: Tables) -> None:
    first = own_ask("/observations?limit=10000").json()
    frozen = f"/observations?limit=10000&release={first['release']}"
    kept = own_ask(frozen)
    assert "immutable" in kept.headers["cache-control"]
    assert kept.json() == first
    second = _published_again(own_releases, tables, "changed")
    now = own_ask("/observations?limit=10000")
    assert now.json()["release"] == second
    assert {row["note_en"] for row in now.json()["items"]} == {"changed"}
    assert now.headers["etag"] != kept.headers["etag"]
    again = own_ask(frozen)
    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first, kept.headers["etag"])
    assert own_ask(frozen, If_None_Match=kept.headers["etag"]).status_code == 304
    assert own_ask("/observations?limit=10000", If_None_Match=kept.headers["etag"]).status_code == 200


def test_pages_begun_before_a_publication_end_with_the_same_release(
    own_ask: Ask, own_releases: Path, tables: Tables
) -> None:
    first = own_ask("/observations?limit=1500").json()
    _published_again(own_releases, tables, "meanwhile")
    second = own_ask(f"/observations{first['next']}").json()
    assert second["release"] == first["release"]
    assert len(first["items"] + second["items"]) == first["count"]
    assert "meanwhile" not in {row["note_en"] for row in second["items"]}


def test_releases_are_listed_the_newest_first(own_ask: Ask, own_releases: Path, tables: Tables) -> None:
    first = own_ask("/releases")
    second = _published_again(own_releases, tables, "newer")
    now = own_ask("/releases", If_None_Match=first.headers["etag"])
    listed = now.json()["items"]
    assert [(one["release_id"], one["is_current"]) for one in listed] == [
        (second, True), (first.json()["release"], False)
    ]  # fmt: skip
    assert [own_ask(f"/releases/{one['release_id']}").json()["item"] for one in listed] == listed
    last = parsedate_to_datetime(own_ask("/areas").headers["last-modified"])
    assert last == datetime.fromisoformat(listed[0]["chosen"])


def test_what_was_removed_is_gone_and_what_is_damaged_is_said(own_ask: Ask, own_releases: Path, tables: Tables) -> None:
    first = current_id(own_releases)
    second = _published_again(own_releases, tables, "second")
    _published_again(own_releases, tables, "third")
    shutil.rmtree(own_releases / first)
    (own_releases / second / "observations.parquet").write_bytes(b"PAR1 no more")
    for path, status, field in (
        (f"/areas?release={first}", 410, "release"), (f"/releases/{first}", 410, "release_id"),
        (f"/areas?release={second}", 503, "release"),
    ):  # fmt: skip
        answer = own_ask(path)
        assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (status, [field])
        assert str(own_releases) not in answer.text


def test_a_release_of_older_code_answers_with_what_it_has(own_ask: Ask, own_releases: Path, tables: Tables) -> None:
    older = publish_as_older(tables, own_releases, {"commitments": (), "programmes": ("heat_connections",)})
    _published_again(own_releases, tables, "newer")
    assert own_ask(f"/commitments?release={older}").json()["items"] == []
    rows = items(own_ask, f"programmes?release={older}")
    assert len(rows) == len(tables["programmes"])
    assert {row["heat_connections"] for row in rows} == {None}


def test_deadlines_are_compared_by_their_last_day(own_ask: Ask, own_releases: Path, tables: Tables) -> None:
    names = tables["commitments"]["commitment_id"].tolist()
    deadlines = ["2026", "2026-06", "2026-06-30", "2027", *[""] * (len(names) - 4)]
    publish({**tables, "commitments": tables["commitments"].assign(deadline=deadlines)}, own_releases)
    for day, due in (("2026-06", names[1:3]), ("2026-06-29", []), ("2026", names[:3]), ("2030", names[:4])):
        assert {row["commitment_id"] for row in items(own_ask, f"commitments?deadline_to={day}")} == set(due)
    later = items(own_ask, "commitments?deadline_from=2026-06&deadline_to=2026-12")
    assert {row["commitment_id"] for row in later} == set(names[1:3])


def test_commitments_are_found_by_what_the_city_declares(own_ask: Ask, own_releases: Path, tables: Tables) -> None:
    names = tables["commitments"]["commitment_id"].tolist()
    declared = ["under_way", "dropped", *[""] * (len(names) - 2)]
    publish({**tables, "commitments": tables["commitments"].assign(stated_status=declared)}, own_releases)
    for status, found in (("under_way", names[:1]), ("dropped", names[1:2]), ("done", [])):
        assert [row["commitment_id"] for row in items(own_ask, f"commitments?stated_status={status}")] == found


def test_no_more_answers_are_kept_than_there_is_room_for() -> None:
    kept, made = Kept(most_bytes=100, longest_bytes=60), []

    def get(name: str, size: int) -> None:
        def make() -> Made:
            made.append(name)
            return Made(b"x" * size, ())

        assert len(kept.get(name, make).content) == size

    for name, size in (("a", 50), ("b", 50), ("a", 50), ("c", 50), ("a", 50), ("b", 50), ("long", 61), ("long", 61)):
        get(name, size)
        assert kept.bytes <= 100
    assert made == ["a", "b", "c", "b", "long", "long"], "what was asked for last stays, what is too long never does"
