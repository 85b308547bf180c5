"""Communes beside those of the catalogue: the same figures, part by part, in one release readers hold a part of."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.definitions import Catalogue
from data.release import current_id, open_release
from etl import country
from etl.build import build_country
from etl.communes import communes_beside
from etl.compare import compared, open_both
from etl.country import divided
from etl.ledger import Ledger
from etl.packaged import packaged_communes, packaged_rows
from etl.publish import publish

SEVERAL = ("01001", "13001", "24067", "2A041", "30321", "75101", "97105")


@pytest.fixture(scope="module")
def built(catalogue: Catalogue, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a release of seven more communes, in several parts."""
    folder = tmp_path_factory.mktemp("country")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(country, "PART_IRIS", 20)
        _publish(folder, catalogue, ledger)
    return folder


def _publish(folder: Path, catalogue: Catalogue, ledger: Ledger) -> str:
    asked = ",".join(SEVERAL)
    *_, (_, tables, parts) = build_country(catalogue, ledger, (), communes_beside(asked, catalogue))
    return publish(tables, folder, {"observations": parts}, asked)


def test_every_commune_is_in_one_part_and_parts_follow_each_other(catalogue: Catalogue) -> None:
    communes = packaged_communes() - catalogue.territories.keys()
    parts = divided(communes, catalogue, {"24067": "Le Bugue"})
    assert sum(len(part.communes) for part in parts) == len(communes)
    assert parts[-1].below == ""
    for before, after in pairwise(parts):
        assert max(before.communes) < before.below <= min(after.communes)
    names = {code: one.name for part in parts for code, one in part.catalogue.territories.items()}
    assert (names["24067"], names["30321"]) == ("Le Bugue", "Commune 30321")


def test_rows_stand_in_the_order_of_their_keys(built: Path) -> None:
    release = open_release(built, current_id(built))
    areas = release.table("observations")["ref_area"].tolist()
    assert areas == sorted(areas)
    assert {code for code in areas if len(code) == 5} >= {*SEVERAL, "94041"}


def test_figures_are_those_of_the_census(built: Path) -> None:
    observations = open_release(built, current_id(built)).table("observations")
    census = packaged_rows("com", SEVERAL).groupby("com")[["pop", "logements_vacants", "logements"]].sum()
    for code, row in census.iterrows():
        mine = observations[observations["ref_area"] == code].set_index("indicator")["obs_value"]
        assert mine["population"] == row["pop"]
        assert mine["vacancy_rate_percent"] == pytest.approx(100 * row["logements_vacants"] / row["logements"])
        assert "population_density_inhabitants_per_km2" not in mine


def test_the_communes_of_the_catalogue_have_the_figures_they_have_alone(built: Path, releases: Path) -> None:
    alone = open_release(releases, current_id(releases))
    beside = open_release(built, current_id(built), {"94041", "94022", "94074", "94081", "26362"})
    pd.testing.assert_frame_equal(beside.table("observations"), alone.table("observations"))
    pd.testing.assert_frame_equal(beside.table("territories"), alone.table("territories"))


def test_readers_hold_the_communes_they_ask_for_and_what_lies_in_no_one(built: Path) -> None:
    release = open_release(built, current_id(built), {"2A041"})
    areas = set(release.table("territories")["ref_area"])
    assert {code for code in areas if code[0].isdigit()} == {"2A041", *packaged_rows("com", ["2A041"])["iris"]}
    assert {"seine-amont", "network-9403C"} <= areas
    assert set(release.table("observations")["ref_area"]) <= areas
    assert len(release.table("programmes")) == 149


def test_the_same_again_gives_the_same_release_however_it_is_parted(
    built: Path, catalogue: Catalogue, ledger: Ledger, tmp_path: Path
) -> None:
    again = _publish(tmp_path, catalogue, ledger)
    whole, parted = (
        open_release(folder, name).table("observations")
        for folder, name in ((tmp_path, again), (built, current_id(built)))
    )
    pd.testing.assert_frame_equal(whole, parted)
    first = (tmp_path / again / "observations.parquet").read_bytes()
    assert _publish(tmp_path / "twice", catalogue, ledger) == again
    assert (tmp_path / "twice" / again / "observations.parquet").read_bytes() == first


def test_row_groups_say_which_areas_they_hold(built: Path) -> None:
    with pq.ParquetFile(built / current_id(built) / "observations.parquet") as file:
        groups = [file.metadata.row_group(number).column(0).statistics for number in range(file.num_row_groups)]
    assert len(groups) > 3
    assert all(before.max < after.min for before, after in pairwise(groups))


def test_large_releases_are_compared_stretch_by_stretch_with_the_same_result(
    built: Path, releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = current_id(releases), current_id(built)
    for folder, name in zip((releases, built), names, strict=True):
        (tmp_path / name).symlink_to(folder / name, target_is_directory=True)
    communes = {"94041", "94022", "94074", "94081", "26362"}
    (whole,) = compared(tmp_path, open_both(tmp_path, *names, communes), communes)
    monkeypatch.setattr("etl.compare.LARGE_ROWS", 0)
    parts = pd.concat(compared(tmp_path, open_both(tmp_path, *names, communes), communes), ignore_index=True)
    order = ["table", "key", "column"]
    pd.testing.assert_frame_equal(
        parts.sort_values(order).reset_index(drop=True),
        whole.sort_values(order).reset_index(drop=True),
        check_dtype=False,
    )
    assert (whole["change"] == "added").sum() > 1000
