"""The message catalogue: every key exists, every message is used, French is typeset as French."""

import re
from pathlib import Path

import pytest

from dashboard.messages import catalogue
from data.settings import ROOT

# Keys whose last part comes from data: the prefix is what code names.
BUILT = (
    "kind.",
    "nature.",
    "state.",
    "basis.",
    "qualifier.",
    "phase.",
    "status.",
    "quantity_name.",
    "boundary.",
    "level.",
    "mode.",
    "place_kind.",
    "page.",
    "section.",
    "download.",
    "missing.",
    "table.",
    "map.",
    "agenda.",
    "green.",
    "housing.line_",
    "verdict.",
    "precision.",
    "event.",
    "figures.section_",
    "figures.note_",
    "figures.fold_",
    "figures.count_",
    "figures.column_",
    "quality.column_",
    "quality.note_",
    "quality.rule_",
    "quality.fold_",
    "quarter.group_",
    "quarter.delivered_",
    "quarter.download_",
    "quarter.nothing_",
    "banner.unknown_",
    "reconcile.column_",
    "reconcile.common_",
    "reconcile.differ_",
    "reconcile.fold_",
    "reconcile.gap_",
    "reconcile.incomplete_",
    "reconcile.note_",
    "reconcile.reason_",
    "reconcile.section_",
    "reconcile.state_",
    "reconcile.why_",
    "targets.at_",
    "targets.count_",
    "targets.group_",
    "targets.lead_",
    "targets.name_",
    "targets.not_",
    "targets.own_",
    "targets.phase_",
    "targets.reason_",
    "targets.rule_",
    "targets.status_",
    "slippage.",
    "changes.besides_",
    "changes.column_",
    "changes.count_",
    "changes.fold_",
    "changes.list_",
    "changes.more_",
    "changes.part_",
    "changes.reason_",
    "changes.table_",
    "changes.whole_",
    "indicator.decimals_",
    "indicator.derived_",
    "indicator.direction_",
    "indicator.fact_",
    "indicator.is_",
    "programme.column_",
    "programme.fact_",
    "programme.phase_",
    "programme.related_",
    "programme.table_",
    "plan.group_",
    "feed.more_",
    "programmes.column_",
    "programmes.need_",
    "programmes.tile_",
    "hypothesis.preset_",
    "hypothesis.household_",
    "hypothesis_fault.",
    "alternative.areas_",
    "alternative.bars",
    "alternative.highest",
    "alternative.lines_",
    "alternative.lowest",
    "alternative.more_",
    "alternative.past",
    "alternative.promised",
    "alternative.rows_",
    "alternative.supposed",
    "alternative.undated",
    "embed.",
    "simple.",
    "legal.",
    "statement.",
)


def _sources() -> list[Path]:
    return [
        path
        for folder in ("dashboard", "pages")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html"}
    ]


def _named_keys() -> set[str]:
    pattern = re.compile(r"[\"']([a-z_]+\.[a-zA-Z0-9_]+)[\"']")
    return {key for path in _sources() for key in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_message_a_literal_names_exists() -> None:
    called = re.compile(r"message\(\s*[\"']([a-z_]+\.[a-zA-Z0-9_]+)[\"']")
    used = {key for path in _sources() for key in called.findall(path.read_text(encoding="utf-8"))}
    assert used - set(catalogue("fr")) == set()


def test_every_message_is_used() -> None:
    named = _named_keys()
    unused = [key for key in catalogue("fr") if key not in named and not key.startswith(BUILT)]
    assert unused == []


@pytest.mark.parametrize("prefix", BUILT)
def test_built_prefixes_are_real(prefix: str) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in _sources())
    assert any(key.startswith(prefix) for key in catalogue("fr")) == bool(
        re.search(rf"[\"']{re.escape(prefix)}", code)
    ) or (prefix.split(".")[0] + "." in code)


def test_french_typography() -> None:
    for key, text in catalogue("fr").items():
        assert "'" not in text, f"{key}: a straight apostrophe"
        assert not re.search(r" [:;?!»%]|« ", text), f"{key}: an ordinary space before double punctuation"
