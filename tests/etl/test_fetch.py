"""Taking a file from an address, against a real server on the loopback that does what publishers' servers do."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from data.errors import (
    AstrayError,
    ObservatoryError,
    RefusedDownloadError,
    TooLargeError,
    UnreachableSourceError,
    WrongAnswerError,
)
from etl.fetch import Answer, Patience, Wanted, download, next_address, retry_after
from tests.etl.replaying import Replay, Reply, replaying

BODY = b"".join(b"9404%d;%d\n" % (row % 10, row) for row in range(60_000))
QUICK = Patience(attempts=4, first_wait=0.01, longest_wait=0.05, connect_timeout=2, read_timeout=2)
PAGE = b"<!DOCTYPE html><html><body>Cette page a d\xc3\xa9m\xc3\xa9nag\xc3\xa9</body></html>"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with replaying() as replay:
        yield replay


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "rpls.csv"


def _wanted(address: str, largest: int = 10_000_000) -> Wanted:
    return Wanted(address, ("text/csv", "application/octet-stream"), largest)


def _take(wanted: Wanted, target: Path, patience: Patience = QUICK) -> Answer | None:
    return download(wanted, target, lambda _received, _whole: None, patience)


def _refused(error: type[ObservatoryError], wanted: Wanted, target: Path, patience: Patience = QUICK) -> str:
    """Check that a download fails by name and leaves no file; return the words."""
    with pytest.raises(error) as raised:
        _take(wanted, target, patience)
    assert not target.exists()
    assert "ingest" in str(raised.value) or "TOML" in str(raised.value), "it says what to do"
    return str(raised.value)


def test_a_file_comes_byte_for_byte_with_what_the_server_calls_it(server: Replay, target: Path) -> None:
    dates = {"ETag": '"v1"', "Last-Modified": "Mon, 02 Nov 2026 08:00:00 GMT"}
    seen: list[tuple[int, int | None]] = []
    address = server.at("/rpls.csv", Reply(body=BODY, headers=dates))
    answer = download(_wanted(address), target, lambda *counts: seen.append(counts), QUICK)
    assert target.read_bytes() == BODY
    assert answer == Answer("text/csv", '"v1"', "Mon, 02 Nov 2026 08:00:00 GMT")
    assert seen[-1] == (len(BODY), len(BODY))
    assert server.asked[0][1]["accept-encoding"] == "identity"


def test_slow_pieces_are_waited_for(server: Replay, target: Path) -> None:
    address = server.at("/slow.csv", Reply(body=BODY[:2000], pause=0.02, piece=100))
    _take(_wanted(address), target)
    assert target.read_bytes() == BODY[:2000]


def test_a_file_that_was_cut_is_continued_where_it_was_cut(server: Replay, target: Path) -> None:
    whole = Reply(body=BODY, headers={"ETag": '"v1"'}, resumes=True)
    address = server.at("/cut.csv", replace(whole, cut_after=200_000), whole)
    _take(_wanted(address), target)
    assert target.read_bytes() == BODY
    first, second = (headers for _, headers in server.asked)
    assert "range" not in first
    assert second["if-range"] == '"v1"'
    assert 0 < int(second["range"].removeprefix("bytes=").removesuffix("-")) <= 200_000


def test_a_file_that_changed_while_it_was_cut_is_taken_from_the_start(server: Replay, target: Path) -> None:
    old = Reply(body=BODY, headers={"ETag": '"v1"'}, resumes=True, cut_after=200_000)
    new = Reply(body=BODY[::-1], headers={"ETag": '"v2"'}, resumes=True)
    answer = _take(_wanted(server.at("/cut.csv", old, new)), target)
    assert target.read_bytes() == BODY[::-1]
    assert answer is not None
    assert answer.etag == '"v2"'


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"v1"'}])
def test_without_a_sure_state_a_cut_file_is_taken_from_the_start(
    server: Replay, target: Path, headers: dict[str, str]
) -> None:
    whole = Reply(body=BODY, headers=headers, resumes=True)
    _take(_wanted(server.at("/cut.csv", replace(whole, cut_after=200_000), whole)), target)
    assert target.read_bytes() == BODY
    assert "range" not in server.asked[1][1]


def test_a_part_that_is_not_the_part_asked_for_is_not_glued_on(server: Replay, target: Path) -> None:
    whole = Reply(body=BODY, headers={"ETag": '"v1"'}, resumes=True)
    wrong = Reply(206, BODY[5:], {"ETag": '"v1"', "Content-Range": f"bytes 5-{len(BODY) - 1}/{len(BODY)}"})
    beyond = Reply(416)
    cut = replace(whole, cut_after=200_000)
    address = server.at("/cut.csv", cut, wrong, cut, beyond, whole)
    _take(_wanted(address), target, replace(QUICK, attempts=6))
    assert target.read_bytes() == BODY


def test_a_file_that_is_always_cut_is_given_up(server: Replay, target: Path) -> None:
    address = server.at("/cut.csv", Reply(body=BODY, cut_after=1000))
    assert "asked 4 times" in _refused(UnreachableSourceError, _wanted(address), target)
    assert len(server.asked) == 4


def test_redirects_are_followed(server: Replay, target: Path) -> None:
    server.at("/there/rpls.csv", Reply(body=BODY))
    address = server.at("/here", Reply(302, headers={"Location": "/there/rpls.csv"}))
    _take(_wanted(address), target)
    assert target.read_bytes() == BODY
    assert [path for path, _ in server.asked] == ["/here", "/there/rpls.csv"]


def test_redirects_that_go_round_are_left_after_five(server: Replay, target: Path) -> None:
    server.at("/b", Reply(301, headers={"Location": "/a"}))
    address = server.at("/a", Reply(301, headers={"Location": "/b"}))
    assert "in a circle" in _refused(AstrayError, _wanted(address), target)
    assert len(server.asked) == 6


@pytest.mark.parametrize("location", ["", "file:///etc/passwd", "ftp://example.org/a", "http://", "javascript:1"])
def test_redirects_out_of_the_web_are_refused(server: Replay, target: Path, location: str) -> None:
    address = server.at("/a", Reply(302, headers={"Location": location}))
    _refused(AstrayError, _wanted(address), target)


def test_redirects_never_leave_a_secure_address_for_an_open_one() -> None:
    secure = httpx.URL("https://data.example/a")
    assert str(next_address(secure, "/b")) == "https://data.example/b"
    with pytest.raises(AstrayError, match="not secure"):
        next_address(secure, "http://data.example/b")


@pytest.mark.parametrize("media_type", ["text/html; charset=utf-8", "text/csv", ""])
def test_a_web_page_instead_of_data_is_said_to_be_one(server: Replay, target: Path, media_type: str) -> None:
    address = server.at("/rpls.csv", Reply(body=PAGE, media_type=media_type))
    assert "a web page instead of data" in _refused(WrongAnswerError, _wanted(address), target)
    assert len(server.asked) == 1


def test_another_type_and_an_empty_file_are_refused(server: Replay, target: Path) -> None:
    pdf = server.at("/a", Reply(body=b"%PDF-1.7", media_type="application/pdf"))
    assert "application/pdf instead of data" in _refused(WrongAnswerError, _wanted(pdf), target)
    empty = server.at("/b", Reply(body=b""))
    assert "an empty file" in _refused(WrongAnswerError, _wanted(empty), target)


def test_what_has_not_changed_is_not_taken_again(server: Replay, target: Path) -> None:
    address = server.at("/rpls.csv", Reply(304, media_type="", says_length=False))
    known = replace(_wanted(address), etag='"v1"', last_modified="Mon, 02 Nov 2026 08:00:00 GMT")
    assert _take(known, target) is None
    assert not target.exists()
    asked = server.asked[0][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', "Mon, 02 Nov 2026 08:00:00 GMT")


def test_unchanged_is_no_answer_to_who_has_nothing(server: Replay, target: Path) -> None:
    address = server.at("/rpls.csv", Reply(304, media_type="", says_length=False))
    assert "answers 304" in _refused(RefusedDownloadError, _wanted(address), target)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_is_final(server: Replay, target: Path, status: int) -> None:
    address = server.at("/rpls.csv", Reply(status, PAGE, media_type="text/html"))
    assert f"answers {status}" in _refused(RefusedDownloadError, _wanted(address), target)
    assert len(server.asked) == 1


def test_a_busy_server_is_asked_again_when_it_says(server: Replay, target: Path) -> None:
    busy = Reply(429, headers={"Retry-After": "1"})
    address = server.at("/rpls.csv", busy, Reply(body=BODY))
    begun = time.monotonic()
    _take(_wanted(address), target, replace(QUICK, longest_wait=5))
    assert time.monotonic() - begun >= 1
    assert target.read_bytes() == BODY


def test_a_server_cannot_make_us_wait_for_ever(server: Replay, target: Path) -> None:
    address = server.at("/rpls.csv", Reply(429, headers={"Retry-After": "86400"}), Reply(body=BODY))
    begun = time.monotonic()
    _take(_wanted(address), target)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("", 0),
        ("-5", 0),
    ],
)
def test_when_to_ask_again_is_a_number_or_a_date(header: str, seconds: float) -> None:
    assert retry_after(header, datetime(2026, 11, 23, 12, tzinfo=UTC)) == seconds


def test_a_server_that_stumbles_twice_is_asked_a_third_time(server: Replay, target: Path) -> None:
    address = server.at("/rpls.csv", Reply(500), Reply(503), Reply(body=BODY))
    _take(_wanted(address), target)
    assert target.read_bytes() == BODY
    assert len(server.asked) == 3


def test_a_server_that_always_fails_is_given_up(server: Replay, target: Path) -> None:
    address = server.at("/rpls.csv", Reply(500))
    assert "it answers 500" in _refused(UnreachableSourceError, _wanted(address), target)
    assert len(server.asked) == 4


def test_an_address_nobody_answers_at_is_given_up(target: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/rpls.csv"
        _refused(UnreachableSourceError, _wanted(address), target)


def test_a_server_that_falls_silent_is_given_up(server: Replay, target: Path) -> None:
    address = server.at("/rpls.csv", Reply(body=BODY[:200], piece=100, pause=1.5))
    impatient = replace(QUICK, attempts=2, read_timeout=0.3)
    _refused(UnreachableSourceError, _wanted(address), target, impatient)


def test_a_file_announced_too_large_is_not_begun(server: Replay, target: Path) -> None:
    address = server.at("/rpls.csv", Reply(body=b"1;2", headers={"Content-Length": "900000000"}))
    words = _refused(TooLargeError, _wanted(address), target)
    assert "announces 900 MB, more than the 10 MB" in words


def test_a_file_without_end_is_stopped_at_its_limit(server: Replay, target: Path) -> None:
    address = server.at("/rpls.csv", Reply(endless=True))
    assert "does not stop" in _refused(TooLargeError, _wanted(address, 3_000_000), target)


def test_a_trickle_without_end_is_stopped_in_time(server: Replay, target: Path) -> None:
    address = server.at("/rpls.csv", Reply(body=BODY[:3000], piece=10, pause=0.05))
    begun = time.monotonic()
    assert "takes too long" in _refused(TooLargeError, _wanted(address), target, replace(QUICK, longest_download=0.3))
    assert time.monotonic() - begun < 5
