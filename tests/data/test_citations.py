"""The lines a row cites, spelled out."""

import pytest

from data.rules.citations import cited_lines


@pytest.mark.parametrize(
    ("detail", "lines"),
    [
        ("002:9-11;76", {"text:9", "text:10", "text:11", "text:76"}),
        ("002:42", {"text:42"}),
        ("Programmes!C4", {"text:Programmes!C4"}),
    ],
)
def test_cited_lines(detail: str, lines: set[str]) -> None:
    assert cited_lines("text", detail) == lines
