"""Publishing: same content, same identifier and bytes; what is published is never touched again."""

import json
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.definitions import load_catalogue
from data.errors import SchemaMismatchError
from data.release import current_id, open_newest_sound, publications
from data.schemas import TABLES
from data.settings import CATALOGUE, LEDGER
from etl import publish as publish_module
from etl.build import build_tables
from etl.ledger import read_ledger
from etl.publish import is_stale, publish

Tables = dict[str, pd.DataFrame]


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _states(folder: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of change of every file."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}


def _without_a_check(tables: Tables) -> Tables:
    return {**tables, "checks": tables["checks"].iloc[1:]}


def test_same_inputs_give_the_same_release_byte_for_byte(releases: Path, tmp_path: Path) -> None:
    *_, (_, rebuilt) = build_tables(load_catalogue(CATALOGUE), read_ledger(LEDGER))
    release_id = publish(rebuilt, tmp_path)
    assert release_id == current_id(releases)
    assert _contents(tmp_path / release_id) == _contents(releases / release_id)


def test_the_order_of_rows_does_not_matter(releases: Path, tables: Tables, tmp_path: Path) -> None:
    reversed_tables = {name: frame.iloc[::-1] for name, frame in tables.items()}
    assert publish(reversed_tables, tmp_path) == current_id(releases)


def test_one_changed_value_gives_another_release(releases: Path, tables: Tables, tmp_path: Path) -> None:
    observations = tables["observations"].copy()
    observations.loc[observations["figure_id"] == "ivry-bike-stands", "obs_value"] = 723.0
    assert publish({**tables, "observations": observations}, tmp_path) != current_id(releases)


def test_publishing_again_rewrites_nothing(own_releases: Path, tables: Tables) -> None:
    place = own_releases / current_id(own_releases)
    before = _states(place)
    assert publish(tables, own_releases) == place.name
    assert _states(place) == before


def test_another_release_leaves_the_first_alone(own_releases: Path, tables: Tables) -> None:
    first = own_releases / current_id(own_releases)
    before = _states(first)
    second = publish(_without_a_check(tables), own_releases)
    assert second == current_id(own_releases) != first.name
    assert _states(first) == before


def test_a_release_folder_holds_its_tables_and_manifest_only(releases: Path) -> None:
    names = {path.name for path in (releases / current_id(releases)).iterdir()}
    assert names == {f"{name}.parquet" for name in TABLES} | {"datapackage.json"}
    assert {path.name for path in releases.iterdir()} == {current_id(releases), "current", "publications.jsonl"}


def test_a_damaged_copy_is_replaced_by_the_same_content(own_releases: Path, tables: Tables) -> None:
    place = own_releases / current_id(own_releases)
    sound = _contents(place)
    (place / "checks.parquet").write_bytes(b"PAR1")
    assert publish(tables, own_releases) == place.name
    assert _contents(place) == sound
    (aside,) = own_releases.glob(".damaged-*")
    assert (aside / "checks.parquet").read_bytes() == b"PAR1"


def test_the_manifest_tells_the_truth_about_every_file(releases: Path) -> None:
    place = releases / current_id(releases)
    manifest = json.loads((place / "datapackage.json").read_text(encoding="utf-8"))
    assert manifest["id"] == place.name
    assert {resource["path"] for resource in manifest["resources"]} == {path.name for path in place.glob("*.parquet")}
    for resource in manifest["resources"]:
        content = (place / resource["path"]).read_bytes()
        parquet = pq.ParquetFile(place / resource["path"])
        assert resource["rows"] == parquet.metadata.num_rows
        # The city has stated nothing yet, and no file was received.
        empty = {"statements", "spending", "intakes", "quarantine", "corrections"}
        assert resource["rows"] or resource["name"] in empty
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}"
        fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        assert list(fields) == parquet.schema_arrow.names
        assert set(resource["schema"]["primaryKey"]) <= set(fields)


def test_numbers_and_texts_are_declared_as_such(releases: Path) -> None:
    manifest = json.loads((releases / current_id(releases) / "datapackage.json").read_text(encoding="utf-8"))
    schemas = {resource["name"]: resource["schema"]["fields"] for resource in manifest["resources"]}
    types = {field["name"]: field["type"] for field in [*schemas["observations"], *schemas["indicators"]]}
    assert types["obs_value"] == "number"
    assert types["decimals"] == "integer"
    assert types["source"] == "string"
    assert types["district_class_bounds"] == "array"


def test_the_log_only_grows(own_releases: Path, tables: Tables) -> None:
    log = own_releases / "publications.jsonl"
    first = log.read_text(encoding="utf-8")
    second_id = publish(_without_a_check(tables), own_releases)
    first_id = publish(tables, own_releases)
    assert log.read_text(encoding="utf-8").startswith(first)
    assert [entry["release"] for entry in publications(own_releases)] == [first_id, second_id, first_id]


def test_a_line_cut_short_does_not_swallow_the_next(own_releases: Path, tables: Tables) -> None:
    with (own_releases / "publications.jsonl").open("a", encoding="utf-8") as log:
        log.write('{"release": "85a7')
    publish(tables, own_releases)
    assert len(publications(own_releases)) == 2


def test_times_of_publication_stay_outside_the_release(releases: Path) -> None:
    (entry,) = publications(releases)
    manifest = (releases / current_id(releases) / "datapackage.json").read_text(encoding="utf-8")
    assert entry["published"][:10] not in manifest


def test_tables_that_cannot_be_written_publish_nothing(own_releases: Path, tables: Tables) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in own_releases.iterdir()}
    repeated = {**tables, "sources": pd.concat([tables["sources"]] * 2)}
    with pytest.raises(SchemaMismatchError, match="sources"):
        publish(repeated, own_releases)
    assert {path.name: path.stat().st_mtime_ns for path in own_releases.iterdir()} == before


def test_a_release_is_stale_when_absent_damaged_or_made_from_other_inputs(
    own_releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_stale(tmp_path / "nothing")
    assert not is_stale(own_releases)
    with monkeypatch.context() as patch:
        patch.setattr(publish_module, "inputs_digest", lambda: "other inputs")
        assert is_stale(own_releases)
    (own_releases / current_id(own_releases) / "checks.parquet").unlink()
    assert is_stale(own_releases)


def test_a_release_without_log_is_stale_but_served(own_releases: Path) -> None:
    (own_releases / "publications.jsonl").unlink()
    assert is_stale(own_releases)
    release, _ = open_newest_sound(own_releases)
    assert release.published == ""
