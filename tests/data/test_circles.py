"""What depends on itself is found and told all the way round."""

import pytest

from data.rules.circles import circles


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b", "c"], "b": ["c"]}, []),
        ({"a": ["a"]}, [["a", "a"]]),
        ({"x": ["b"], "b": ["c"], "c": ["a"], "a": ["b"]}, [["b", "c", "a", "b"]]),
        ({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]}, [["a", "b", "a"], ["c", "d", "c"]]),
    ],
)
def test_circles(needs: dict[str, list[str]], found: list[list[str]]) -> None:
    assert circles(needs) == found
