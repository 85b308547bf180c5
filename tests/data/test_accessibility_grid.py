"""The evaluation grid: all criteria once, each with evidence that exists; faulty grids are named by file and line."""

import ast
from pathlib import Path

import pytest

from dashboard.messages import LANGUAGES
from data.accessibility_models import CRITERIA, PARTS, Criterion, Finding, Grid, Verdict
from data.legal import FaultyLegalError, read_findings, read_grid
from data.settings import CATALOGUE, ROOT

FILE = CATALOGUE / "accessibility.toml"


@pytest.fixture(scope="module")
def grid() -> Grid:
    return read_grid(FILE)


def test_all_106_criteria_are_there_once(grid: Grid) -> None:
    assert len(grid.criteria) == sum(CRITERIA.values()) == 106
    assert [len(list(grid.of_topic(topic))) for topic in CRITERIA] == list(CRITERIA.values())
    assert FILE.read_text(encoding="utf-8").count("[criteria.") == 106


def _verdicts(grid: Grid) -> list[tuple[str, Criterion, Verdict]]:
    return [(name, one, one.of(part)) for name, one in grid.criteria.items() for part in PARTS]


def test_every_test_that_is_named_exists(grid: Grid) -> None:
    named = {test for _, _, verdict in _verdicts(grid) for test in verdict.tests}
    assert len(named) > 20
    for test in named:
        file, _, function = test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, test


def test_what_does_not_apply_or_is_not_met_has_a_reason_in_every_language(grid: Grid) -> None:
    for name, criterion, verdict in _verdicts(grid):
        assert verdict.state == "met" or verdict.reason, name
        for words in (criterion.asks, verdict.reason or dict.fromkeys(LANGUAGES, "")):
            assert set(words) == set(LANGUAGES), name


def test_words_are_short_and_typeset_as_french(grid: Grid) -> None:
    for name, criterion, verdict in _verdicts(grid):
        assert len(criterion.asks["fr"]) <= 110, name
        for words in (criterion.asks["fr"], (verdict.reason or {"fr": ""})["fr"]):
            assert "'" not in words, name
            assert not any(f" {sign}" in words for sign in ":;?!»%"), name


def test_the_rate_is_what_is_met_of_what_applies(grid: Grid) -> None:
    for part in PARTS:
        rate, states = grid.rate(part), [criterion.of(part).state for criterion in grid.criteria.values()]
        assert rate.applicable == 106 - states.count("not_applicable")
        assert rate.percent == pytest.approx(100 * states.count("met") / rate.applicable)
        assert rate.met + rate.not_met + rate.not_tested + rate.not_applicable == 106


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('[criteria."3.2"]', '[criteria."3.9"]', "3.2"),
        ('site.state = "met"', 'site.state = "good"', "site.state"),
        ("site.tests", "site.proofs", "site.proofs"),
        ("tests/dashboard/test_site_structure.py::test_every_picture", "tests/made up", "site.tests"),
    ],
)
def test_a_faulty_grid_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "grid.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FaultyLegalError, match=r"grid\.toml:\d+") as caught:
        read_grid(tmp_path / "grid.toml")
    assert said in str(caught.value)


@pytest.mark.parametrize("state", ["met", "not_met", "not_applicable", "not_tested"])
def test_no_state_stands_without_evidence(state: str) -> None:
    with pytest.raises(ValueError, match=r"without a reason|neither a test nor a reason"):
        Verdict.model_validate({"state": state})


def test_each_finding_says_rule_place_and_what_it_means() -> None:
    findings = read_findings(CATALOGUE / "streamlit_findings.toml").findings
    assert findings
    for name, one in findings.items():
        assert isinstance(one, Finding)
        assert set(one.words) == set(one.where) == set(LANGUAGES), name
