"""A release outlives the code that wrote it: what did not exist yet is empty, anything else is damage."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import ReleaseDamagedError
from data.release import content_id, current_id, open_newest_sound, open_release
from data.rules.differences import differences
from data.schemas import TABLES
from tests.older_releases import publish_as_older

Tables = dict[str, pd.DataFrame]
WITHOUT: dict[str, tuple[str, ...]] = {
    "targets": (),
    "observations": ("reading", "obs_value_max", "state"),
    "indicators": ("decimals",),
}


@pytest.fixture
def older(tables: Tables, tmp_path: Path) -> tuple[Path, str]:
    """Return a folder with a release that has no targets, no readings of figures and no decimals."""
    folder = tmp_path / "older"
    first = tables["observations"]["reading"] == ""
    return folder, publish_as_older({**tables, "observations": tables["observations"][first]}, folder, WITHOUT)


def _rewritten(folder: Path, release_id: str, name: str, table: pa.Table) -> str:
    """Write another file in the place of a table, with manifest, checksum and identifier that agree with it."""
    place = folder / release_id
    pq.write_table(table, place / f"{name}.parquet")
    manifest = json.loads((place / "datapackage.json").read_text(encoding="utf-8"))
    for resource in manifest["resources"]:
        resource["hash"] = f"sha256:{sha256((place / resource['path']).read_bytes()).hexdigest()}"
    (place / "datapackage.json").write_text(json.dumps(manifest), encoding="utf-8")
    renamed = content_id(manifest["resources"])
    place.rename(folder / renamed)
    return renamed


def test_what_older_code_did_not_write_is_empty(older: tuple[Path, str]) -> None:
    release = open_release(*older)
    assert release.absent == {
        "targets",
        "indicators.decimals",
        *(f"observations.{name}" for name in ("reading", "obs_value_max", "state")),
    }
    assert set(release.tables) == set(TABLES)
    for name, table in TABLES.items():
        assert list(release.table(name).columns) == table.schema.names
    assert release.table("targets").empty
    assert set(release.table("observations")["reading"]) == {""}
    assert release.table("observations")["obs_value_max"].isna().all()
    assert release.table("indicators")["decimals"].isna().all()
    assert release.table("observations")["obs_value"].notna().any()


def test_it_is_served_where_it_is_the_current_one(older: tuple[Path, str]) -> None:
    folder, release_id = older
    release, damaged = open_newest_sound(folder)
    assert (release.release_id, damaged) == (release_id, "")


def test_a_release_of_today_lacks_nothing(releases: Path) -> None:
    assert open_release(releases, current_id(releases)).absent == frozenset()


def test_the_schema_that_grew_is_told_as_method(older: tuple[Path, str], tables: Tables) -> None:
    old = open_release(*older)
    found = differences(old.tables, tables, old.absent)
    assert set(found.loc[found["table"] == "targets", "reason"]) == {"method"}
    assert set(found.loc[found["column"] == "state", "reason"]) == {"method"}
    assert set(found.loc[found["column"] == "decimals", "reason"]) == {"method"}


@pytest.mark.parametrize("name", sorted({"phases", "sources"}))
def test_a_column_nobody_knows_is_damage(own_releases: Path, name: str) -> None:
    release_id = current_id(own_releases)
    table = pq.read_table(own_releases / release_id / f"{name}.parquet")
    grown = table.append_column("colour", pa.array(["red"] * table.num_rows))
    renamed = _rewritten(own_releases, release_id, name, grown)
    with pytest.raises(ReleaseDamagedError, match=f"{name}.parquet: columns differ"):
        open_release(own_releases, renamed)


def test_a_column_of_another_type_is_damage(own_releases: Path) -> None:
    release_id = current_id(own_releases)
    table = pq.read_table(own_releases / release_id / "checks.parquet")
    place = table.schema.get_field_index("result")
    renamed = _rewritten(
        own_releases, release_id, "checks", table.set_column(place, "result", pa.array([1.0] * table.num_rows))
    )
    with pytest.raises(ReleaseDamagedError, match=r"checks\.parquet: columns differ"):
        open_release(own_releases, renamed)


def test_a_table_nobody_knows_is_damage(own_releases: Path) -> None:
    release_id = current_id(own_releases)
    place = own_releases / release_id
    shutil.copyfile(place / "checks.parquet", place / "budgets.parquet")
    manifest = json.loads((place / "datapackage.json").read_text(encoding="utf-8"))
    (checks,) = (resource for resource in manifest["resources"] if resource["name"] == "checks")
    manifest["resources"].append({**checks, "name": "budgets", "path": "budgets.parquet"})
    (place / "datapackage.json").write_text(json.dumps(manifest), encoding="utf-8")
    renamed = content_id(manifest["resources"])
    place.rename(own_releases / renamed)
    with pytest.raises(ReleaseDamagedError, match="does not describe this release"):
        open_release(own_releases, renamed)


def test_a_manifest_of_nothing_is_damage(own_releases: Path) -> None:
    empty = own_releases / content_id([])
    empty.mkdir()
    (empty / "datapackage.json").write_text('{"resources": []}', encoding="utf-8")
    with pytest.raises(ReleaseDamagedError, match="does not describe this release"):
        open_release(own_releases, empty.name)
