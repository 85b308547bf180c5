"""The description is true: a fuzzer finds no other answer, and people can read it."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from dashboard.api.application import api
from dashboard.api.reading import examples
from dashboard.messages import LANGUAGES
from data.release import current_id
from tests.dashboard.api.conftest import Ask
from tests.dashboard.api.test_numbers import LISTS
from tests.dashboard.html_tree import read_document

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection, unsupported_method, allow_header_conformance,
]  # fmt: skip
CASES = 80
# What a fuzzer would hardly guess: codes that the release knows, in the place of those it made up.
KNOWN = {"ref_area": ["94041", "94041-ivry-port"], "area": "94041", "parent": "94041", "commune": "94041",
         "indicator": ["dwellings"], "source": "insee-census-2021", "programme": "ivry-bus-25"}  # fmt: skip
KNOWN_IN_PATH = {"ref_area": "94041", "indicator": "dwellings", "programme_id": "ivry-bus-25"}
# Of a period made up only the year is kept: hardly any other text of its form is a day.
YEARS = ("period_from", "period_to", "date_from", "date_to", "deadline_from", "deadline_to")
# A question that cannot be is refused by any status of that kind, 414 among them; no fault of the server will do.
CONFIGURATION = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}})
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", api, config=CONFIGURATION)
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in SCHEMA.get_all_operations()}


def _made_known(case: Case, release_id: str) -> None:
    """Put what the release knows in the place of what was made up."""
    known = {**KNOWN, "release": release_id}
    case.query = {name: known.get(name, value) for name, value in (case.query or {}).items()}
    case.query |= {name: "2019" if name.endswith("_from") else "2031" for name in YEARS if name in case.query}
    in_path = {**KNOWN_IN_PATH, "release_id": release_id}
    case.path_parameters = {name: in_path[name] for name in case.path_parameters or {}}


def _fuzz(operation: Any, mode: GenerationMode, release_id: str = "") -> Counter[int]:
    """Ask what a fuzzer makes up, check every answer, and return how many had each status."""
    statuses: Counter[int] = Counter()

    @settings(max_examples=CASES, derandomize=True, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Case) -> None:
        if release_id:
            _made_known(case, release_id)
        answer = case.call()
        statuses[answer.status_code] += 1
        checks = [check for check in CHECKS if not release_id or check is not negative_data_rejection]
        case.validate_response(answer, checks=checks)

    run()
    return statuses


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["possible", "impossible"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_fuzzer_finds_no_other_answer_than_described(serving_releases: None, name: str, mode: GenerationMode) -> None:
    statuses = _fuzz(OPERATIONS[name], mode)
    assert sum(statuses.values()) >= 5
    refused = sum(count for status, count in statuses.items() if status >= 400)
    assert mode is GenerationMode.POSITIVE or refused >= 0.9 * sum(statuses.values())


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_asked_with_known_codes_is_answered(serving_releases: None, releases: Path, name: str) -> None:
    statuses = _fuzz(OPERATIONS[name], GenerationMode.POSITIVE, current_id(releases))
    # GeoJSON of rows none of which has a place is the only thing that is refused then.
    assert set(statuses) <= {200, 406}
    assert statuses[200] >= 0.6 * sum(statuses.values())


def test_the_addresses_described_are_those_there_are() -> None:
    assert set(OPERATIONS) == {
        *(f"list_{name}" for name in (*LISTS, "releases")), "get_area", "get_indicator", "get_programme", "get_release",
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_described(ask: Ask, language: str) -> None:
    description = ask(f"/openapi.json?language={language}").json()
    assert description["openapi"].startswith("3.1")
    for methods in description["paths"].values():
        operation = methods["get"]
        assert operation["summary"]
        assert all(one["description"] for one in operation["parameters"])
        assert all(one["description"] for one in operation["responses"].values())
    for name, schema in description["components"]["schemas"].items():
        assert schema["description"], name
        assert all(field["description"] for field in schema["properties"].values()), name
        assert set(schema["required"]) == set(schema["properties"]), name
    value = description["components"]["schemas"]["Observation"]["properties"]["obs_value"]
    assert value["anyOf"] == [{"type": "number"}, {"type": "null"}]


def test_the_two_descriptions_differ_in_words_only(ask: Ask) -> None:
    def bare(found: Any) -> Any:
        if isinstance(found, dict):
            return {key: bare(value) for key, value in found.items() if key not in {"description", "summary", "title"}}
        return [bare(one) for one in found] if isinstance(found, list) else found

    french, english = (ask(f"/openapi.json?language={language}").json() for language in LANGUAGES)
    assert french != english
    assert bare(french) == bare(english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_can_read_the_description_without_scripts(ask: Ask, language: str) -> None:
    answer = ask(f"/?langue={language}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    document = read_document(answer.text)
    assert document.faults == ()
    assert f'<html lang="{language}">' in answer.text
    assert not any(word in answer.text for word in ("<script", "<style", " style=", "http://", "https://", "onclick"))
    for path in ask("/openapi.json").json()["paths"]:
        assert f"<code>{path.removeprefix('/')}</code>" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_of_the_page_is_answered(ask: Ask, language: str) -> None:
    for one in examples(language):
        answer = ask(f"/{one.address}")
        assert answer.status_code == 200, one.address
        assert answer.headers["content-language"] == language
