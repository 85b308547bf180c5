"""The message catalogue: every key exists, every message is used, French is typeset as French."""

import ast
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest

from dashboard.messages import catalogue
from data.settings import ROOT

# Sections whose keys end with a value of the data (a kind, a state, a unit), which no code names.
OF_DATA = frozenset({
    "kind", "nature", "state", "qualifier", "phase", "status", "quantity_name", "boundary", "level", "mode",
    "place_kind", "section", "download", "missing", "map", "verdict", "precision", "event", "hypothesis_fault",
})  # fmt: skip
_PART = re.compile(r"[a-zA-Z0-9_.]*")


def _sources() -> list[Path]:
    return [
        path
        for folder in ("dashboard", "pages")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html"}
    ]


@lru_cache
def _words() -> frozenset[str]:
    """Return what code and templates write between quotation marks: keys, and what keys are put together from."""
    pattern = re.compile(r"[\"']([a-zA-Z0-9_.-]+)[\"']")
    paths = [*_sources(), *(ROOT / "data").rglob("*.py")]
    found = (word for path in paths for word in pattern.findall(path.read_text(encoding="utf-8")))
    return frozenset(word.replace("-", "_") for word in found)  # addresses have hyphens, keys have not


def _written(text: ast.JoinedStr) -> str:
    """Return a text that is put together as an expression: what is filled in may be anything."""
    parts = [str(part.value) if isinstance(part, ast.Constant) else "" for part in text.values]
    if not all(_PART.fullmatch(part) for part in parts):
        return ""
    return "".join(re.escape(part) or "(.+?)" for part in parts)


@lru_cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the texts that code puts together and that may be keys or parts of them, as expressions."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in _sources() if path.suffix == ".py")
    texts = {_written(node) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)}
    # Where words that are put together hold the sign between them, either may.
    both = {other for text in texts for other in (text, text.replace("+?", "+"))}
    return tuple(re.compile(text) for text in sorted(both) if text.replace("(.+)", "").replace("(.+?)", ""))


def _is_filled_by_data(pattern: re.Pattern[str]) -> bool:
    """Tell whether what is filled in need not be written in code: `housing.line_{kind}`, or a section of data."""
    section, _, rest = pattern.pattern.partition("\\.")
    return bool(rest) and "(" not in section and (not rest.startswith("(") or section in OF_DATA)


@cache
def _is_used(text: str, depth: int = 3) -> bool:
    """Tell whether code writes a key, or puts it together from words that it writes, numbers, or values of data."""
    if text in _words() or text.isdigit():
        return True
    return depth > 0 and any(
        _is_filled_by_data(pattern) or all(_is_used(part, depth - 1) for part in match.groups())
        for pattern, match in _matches(text)
    )


def _matches(text: str) -> Iterator[tuple[re.Pattern[str], re.Match[str]]]:
    return ((pattern, match) for pattern in _patterns() if (match := pattern.fullmatch(text)))


def test_every_message_a_literal_names_exists() -> None:
    called = re.compile(r"message\(\s*[\"']([a-z_]+\.[a-zA-Z0-9_]+)[\"']")
    used = {key for path in _sources() for key in called.findall(path.read_text(encoding="utf-8"))}
    assert used - set(catalogue("fr")) == set()


def test_every_message_is_used() -> None:
    assert [key for key in catalogue("fr") if not _is_used(key)] == []


@pytest.mark.parametrize(
    "key",
    ["simple.such_words_nobody_says", "embed.unsaid", "legal.cookies_unsaid", "statement.nonsense_title", "site.never",
     "table.nothing", "agenda.nothing_said", "slippage.unsaid"],
)  # fmt: skip
def test_a_message_nobody_says_is_noticed(key: str) -> None:
    assert not _is_used(key)


@pytest.mark.parametrize("section", sorted(OF_DATA))
def test_sections_of_data_are_filled_by_code(section: str) -> None:
    assert any(key.startswith(f"{section}.") for key in catalogue("fr"))
    assert any(pattern.pattern.startswith(f"{section}\\.(") for pattern in _patterns())


def test_french_typography() -> None:
    for key, text in catalogue("fr").items():
        assert "'" not in text, f"{key}: a straight apostrophe"
        assert not re.search(r" [:;?!»%]|« ", text), f"{key}: an ordinary space before double punctuation"
