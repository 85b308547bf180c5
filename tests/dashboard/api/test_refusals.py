"""What cannot be asked is refused at once: the right status, the field at fault, nothing of the inside."""

import time
from pathlib import Path
from urllib.parse import quote

import pytest

from dashboard.messages import LANGUAGES, catalogue
from tests.dashboard.api.conftest import Ask

SCRIPT = "<script>alert(1)</script>"
LONG = "a" * 4_000
LISTS = ("areas", "indicators", "observations", "programmes", "milestones", "commitments", "releases")
# Path, status, fields at fault.
CASES = [
    *((f"/{name}?nonsense=1", 422, ["nonsense"]) for name in LISTS),
    *((f"/{name}?format=xml", 406, ["format"]) for name in LISTS),
    *((f"/{name}?limit=0", 422, ["limit"]) for name in LISTS),
    ("/areas?limit=10001", 422, ["limit"]),
    ("/areas?limit=-1", 422, ["limit"]),
    ("/areas?limit=1.5", 422, ["limit"]),
    ("/areas?limit=1_000", 422, ["limit"]),
    ("/areas?limit=%205", 422, ["limit"]),
    ("/areas?limit=ten", 422, ["limit"]),
    ("/areas?limit=", 422, ["limit"]),
    ("/areas?limit=999999999999999999999999999999", 422, ["limit"]),
    ("/areas?limit=%D9%A1", 422, ["limit"]),
    ("/areas?limit=NaN", 422, ["limit"]),
    ("/areas?offset=-1", 422, ["offset"]),
    ("/areas?offset=1e3", 422, ["offset"]),
    ("/areas?offset=1000000001", 422, ["offset"]),
    ("/areas?limit=1&limit=2", 422, ["limit"]),
    ("/areas?language=de", 422, ["language"]),
    ("/areas?language=fr&language=en", 422, ["language"]),
    ("/areas?level=planet", 422, ["level"]),
    ("/areas?level=district&level=iris", 422, ["level"]),
    ("/areas?parent=nowhere", 422, ["parent"]),
    ("/areas?commune=00000", 422, ["commune"]),
    (f"/areas?commune={quote(SCRIPT)}", 422, ["commune"]),
    ("/areas?geometry=1", 422, ["geometry"]),
    ("/indicators?theme=weather", 422, ["theme"]),
    ("/indicators?theme=", 422, ["theme"]),
    ("/indicators?theme=%00", 422, ["theme"]),
    ("/observations?ref_area=nowhere", 422, ["ref_area"]),
    ("/observations?ref_area=94041,nowhere", 422, ["ref_area"]),
    ("/observations?ref_area=94041,,94081", 422, ["ref_area"]),
    (f"/observations?ref_area={quote(SCRIPT)}", 422, ["ref_area"]),
    ("/observations?ref_area=" + ",".join(["94041"] * 101), 422, ["ref_area"]),
    ("/observations?ref_area=' OR 1=1 --", 422, ["ref_area"]),
    ("/observations?ref_area=../../etc/passwd", 422, ["ref_area"]),
    ("/observations?ref_area=%FF%FE", 422, ["ref_area"]),
    ("/observations?indicator=happiness", 422, ["indicator"]),
    (f"/observations?indicator={LONG}", 422, ["indicator"]),
    ("/observations?source=nobody", 422, ["source"]),
    ("/observations?nature=real", 422, ["nature"]),
    ("/observations?nature=OBSERVED", 422, ["nature"]),
    ("/observations?obs_status=Z", 422, ["obs_status"]),
    ("/observations?obs_status=a", 422, ["obs_status"]),
    ("/observations?period_from=yesterday", 422, ["period_from"]),
    ("/observations?period_from=2024-13", 422, ["period_from"]),
    ("/observations?period_from=2023-02-29", 422, ["period_from"]),
    ("/observations?period_from=0000", 422, ["period_from"]),
    ("/observations?period_from=24", 422, ["period_from"]),
    ("/observations?period_from=2020/2021", 422, ["period_from"]),
    ("/observations?period_to=2024-1-1", 422, ["period_to"]),
    ("/observations?period_from=2024&period_to=2020", 422, ["period_to"]),
    ("/observations?period_from=2024-05-02&period_to=2024-05-01", 422, ["period_to"]),
    ("/observations?limit=x&nature=y&foo=z", 422, ["limit", "nature", "foo"]),
    ("/observations?release=current", 422, ["release"]),
    ("/observations?release=..%2F..%2Fcurrent", 422, ["release"]),
    ("/observations?release=0123456789ABCDEF", 422, ["release"]),
    ("/observations?release=0123456789abcdef", 404, ["release"]),
    ("/areas/94041?release=0123456789abcdef", 404, ["release"]),
    ("/observations?format=JSON", 406, ["format"]),
    (f"/observations?format={quote(SCRIPT)}", 406, ["format"]),
    ("/milestones?format=geojson", 406, ["format"]),
    ("/areas?format=sdmx-csv", 406, ["format"]),
    ("/observations?ref_area=94041-ivry-port&format=geojson&indicator=population&nature=planned", 406, ["format"]),
    ("/programmes?status=cancelled", 422, ["status"]),
    ("/programmes?area=nowhere", 422, ["area"]),
    ("/programmes?area=94041&area=94081", 422, ["area"]),
    ("/programmes?ref_area=94041", 422, ["ref_area"]),
    ("/milestones?date_from=2030&date_to=2020", 422, ["date_to"]),
    ("/milestones?date_to=2024-06-31", 422, ["date_to"]),
    ("/commitments?deadline_to=soon", 422, ["deadline_to"]),
    ("/commitments?deadline_from=2030&deadline_to=2026", 422, ["deadline_to"]),
    ("/commitments?programme=nothing", 422, ["programme"]),
    ("/commitments?stated_status=forgotten", 422, ["stated_status"]),
    ("/observations?programme=nothing", 422, ["programme"]),
    ("/releases?release=0123456789abcdef", 422, ["release"]),
    ("/areas/nowhere", 404, ["ref_area"]),
    (f"/areas/{quote(SCRIPT, safe='')}", 404, []),
    ("/areas/%3Cb%3E", 404, ["ref_area"]),
    (f"/areas/{LONG[:100]}", 404, ["ref_area"]),
    ("/areas/94041?limit=5", 422, ["limit"]),
    ("/areas/94041?format=csv", 422, ["format"]),
    ("/indicators/happiness", 404, ["indicator"]),
    ("/programmes/nothing", 404, ["programme_id"]),
    ("/releases/0123456789abcdef", 404, ["release_id"]),
    ("/releases/current", 404, ["release_id"]),
    ("/openapi.json?language=de", 422, ["language"]),
    ("/openapi.json?foo=1", 422, ["foo"]),
    ("/areas/", 404, []),
    ("/quarantine", 404, []),
    ("/corrections", 404, []),
    ("/intakes", 404, []),
    ("/docs", 404, []),
    ("/redoc", 404, []),
    ("/observations/94041", 404, []),
    (f"/observations?ref_area={LONG}{LONG}", 414, []),
    ("/observations?" + "&".join(["ref_area=94041"] * 500), 414, []),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status", "fields"), CASES, ids=[case[0][:70] for case in CASES])
def test_bad_input_is_refused(ask: Ask, path: str, status: int, fields: list[str]) -> None:
    started = time.perf_counter()
    answer = ask(path)
    assert time.perf_counter() - started < 1
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    said = answer.json()
    assert set(said) == {"type", "title", "status", "detail", "errors"}
    assert (said["status"], [one["field"] for one in said["errors"]]) == (status, fields)
    assert all(one["detail"] and len(one["value"]) <= 80 for one in said["errors"])
    assert (answer.headers["cache-control"], answer.headers["access-control-allow-origin"]) == ("no-store", "*")
    assert not any(word in answer.text for word in ("Traceback", "pydantic", "pandas", ".py", "/releases/current/"))


def test_there_are_enough_cases_and_each_is_another() -> None:
    assert len({case[0] for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("accept", ["application/xml", "image/*", "text/csv;q=0", "nonsense", ";;;", "*/*;q=0"])
def test_a_format_nobody_makes_is_refused(ask: Ask, accept: str) -> None:
    answer = ask("/observations?limit=1", Accept=accept)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (406, ["Accept"])


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("application/json;q=0, text/csv;q=0.1", "text/csv; charset=utf-8"),
        ("application/vnd.sdmx.data+csv", "application/vnd.sdmx.data+csv; version=2.0.0"),
    ],
)
def test_the_format_wanted_most_is_given(ask: Ask, accept: str, media_type: str) -> None:
    answer = ask("/observations?limit=1", Accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_api_only_reads(ask: Ask, method: str) -> None:
    answer = ask("/observations", method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_scripts_of_other_sites_may_read_on_conditions(ask: Ask, method: str) -> None:
    asked = {"Origin": "https://journal.example", "Access_Control_Request_Method": method}
    answer = ask("/observations", "OPTIONS", **asked, Access_Control_Request_Headers="if-none-match")
    assert (answer.status_code, answer.content, answer.headers["access-control-allow-origin"]) == (204, b"", "*")
    assert method in answer.headers["access-control-allow-methods"].split(", ")
    assert "If-None-Match" in answer.headers["access-control-allow-headers"].split(", ")


@pytest.mark.parametrize("asked", [
    {"Origin": "https://journal.example", "Access_Control_Request_Method": "DELETE"},
    {"Origin": "https://journal.example"}, {"Access_Control_Request_Method": "GET"},
])  # fmt: skip
def test_scripts_of_other_sites_may_do_nothing_else(ask: Ask, asked: dict[str, str]) -> None:
    answer = ask("/observations", "OPTIONS", **asked)
    assert answer.status_code == 405
    assert not any(name.startswith("access-control-allow") for name in answer.headers)


@pytest.mark.parametrize("path", ["/observations?limit=3", "/areas/94041", "/openapi.json", "/", "/areas/nowhere"])
def test_head_has_the_headers_of_get_and_no_body(ask: Ask, path: str) -> None:
    head, whole = ask(path, "HEAD"), ask(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_come_in_the_language_asked_for(ask: Ask, language: str) -> None:
    words = catalogue(language)
    said = ask(f"/areas?nonsense=1&language={language}").json()
    assert said["title"] == words["api.title_422"]
    assert said["errors"][0]["detail"] == words["api.fault_unknown_parameter"]


def test_without_a_release_there_is_only_a_refusal(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(tmp_path))
    for path in ("/observations", "/areas/94041", "/releases"):
        answer = ask(path)
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert int(answer.headers["retry-after"]) > 0
    assert ask("/openapi.json").status_code == 200
    assert ask("/").status_code == 200
