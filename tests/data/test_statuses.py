"""How sure a figure is, and what may be added to what."""

import math

import pandas as pd
import pytest

from data.errors import MixedNatureError
from data.rules.statuses import total, worst_status


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        ("A", "A"),
        ("AE", "E"),
        ("EA", "E"),
        ("AB", "B"),
        ("AP", "P"),
        ("BP", "B"),
        ("BE", "E"),
        ("EF", "F"),
        ("FO", "O"),
    ],
)
def test_a_result_is_as_sure_as_its_least_sure_input(statuses: str, worst: str) -> None:
    assert worst_status(statuses) == worst


def test_a_status_outside_sdmx_is_refused() -> None:
    with pytest.raises(ValueError, match="substring"):
        worst_status(["A", "X"])


def _dwellings(*rows: tuple[str, str, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["indicator", "nature", "reading", "obs_value"])


def test_programmed_dwellings_of_three_operations_add_up() -> None:
    rows = [("dwellings_programmed", "planned", "", dwellings) for dwellings in (1430, 5600, 1150)]
    assert total(_dwellings(*rows)) == 8180


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        ("nature", [("dwellings", "planned", "", 1430), ("dwellings", "observed", "", 165)]),
        ("nature", [("dwellings", "planned", "", 1430), ("dwellings", "proposed", "", 1)]),
        ("reading", [("dwellings", "planned", "in_all", 124), ("dwellings", "planned", "each", 372)]),
        ("indicator", [("vacant_dwellings", "observed", "", 2044), ("social_dwellings_vacant", "observed", "", 258)]),
    ],
)
def test_what_differs_is_never_added(column: str, rows: list[tuple[str, str, str, float]]) -> None:
    with pytest.raises(MixedNatureError, match=column):
        total(_dwellings(*rows))


def test_a_total_with_a_missing_part_is_missing() -> None:
    assert math.isnan(total(_dwellings(("dwellings", "planned", "", 1430), ("dwellings", "planned", "", None))))


def test_the_two_readings_of_the_mixed_programmes_are_kept_apart(observations: pd.DataFrame) -> None:
    here = observations["ref_area"] == "94041-op-louis-bertrand-mirabeau-semard"
    chosen = observations[here & (observations["indicator"] == "dwellings_programmed")]
    assert dict(zip(chosen["reading"], chosen["obs_value"], strict=True)) == {"each": 372, "in_all": 124}
    with pytest.raises(MixedNatureError):
        total(chosen)
