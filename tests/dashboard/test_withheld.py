"""A withheld figure is said to be withheld: on the map, in words, in the list of received files, in exports."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from dashboard.content.received import received_lists
from dashboard.figures import series, value_words
from dashboard.maps.prepare import choropleth
from dashboard.view import View
from data.frames import rows_of
from data.release import Release

AREA, INDICATOR = "94041-ivry-port", "vacant_dwellings"


@pytest.fixture
def withheld(release: Release) -> Release:
    """Return a release that withholds the vacant dwellings of Ivry-Port, and has received a file of few rows."""
    observations = release.table("observations").copy()
    mine = (observations["ref_area"] == AREA) & (observations["indicator"] == INDICATOR)
    assert mine.sum() == 1
    observations.loc[mine, "obs_value"] = float("nan")
    observations.loc[mine, "obs_status"], observations.loc[mine, "conf_status"] = "O", "C"
    counts = {"read": None, "loaded": None, "quarantined": 0, "out_of_scope": None}
    file = {"source": "rpls-2024", "dataset": "rpls", "file": "homes.csv", "sha256": "0" * 64, "address": "",
            "retrieved": "2026-11-23", **counts}  # fmt: skip
    tables = {**release.tables, "observations": observations, "intakes": pd.DataFrame([file])}
    return replace(release, tables=tables)


def _of(view: View, release: Release) -> View:
    return replace(view, release=release)


def test_a_map_tells_withheld_from_missing(city: View, withheld: Release) -> None:
    drawn = choropleth(_of(city, withheld), INDICATOR, "housing").frame.set_index("ref_area")
    assert drawn.loc[AREA, ["state", "hatch"]].tolist() == ["suppressed", "suppressed"]
    assert drawn.loc[AREA, "value_text"] == "non diffusé (secret statistique)"
    assert set(drawn.drop(index=AREA)["state"]) == {"value"}


def test_a_table_says_that_a_figure_is_withheld(withheld: Release) -> None:
    row: Any = next(rows_of(series(withheld, AREA, INDICATOR)))
    assert "secret statistique" in value_words(withheld, row, "fr")


def test_a_withheld_number_of_rows_is_said_to_be(city: View, withheld: Release) -> None:
    (files,) = received_lists(_of(city, withheld))[:1]
    (row,) = files.folds[0].groups[0].rows
    said = [cell.words for cell in row.cells[1:]]
    assert said[2] == "0"
    assert all("secret statistique" in text for text in (said[0], said[1], said[3]))
