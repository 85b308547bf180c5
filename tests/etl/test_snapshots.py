"""The store of received files: nothing changes in it, nothing leaves it, what was tampered with is noticed."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import SameBytesError, SnapshotDamagedError, UnknownIntakeError
from etl.snapshots import LONGEST_NAME, RECORD, Origin, newest, read_snapshot, safe_name, snapshots, store, verified

ORIGIN = Origin("rpls-2025", "Licence Ouverte", "2026-11-23", "https://data.example/rpls.csv", "text/csv",
                etag='"v1"', last_modified="Mon, 02 Nov 2026 08:00:00 GMT")  # fmt: skip
LATER = Origin("rpls-2025", "Licence Ouverte", "2026-12-01")
BYTES = "DEPCOM;Logements\r\n94041;11 948\r\n".encode("cp1252")


def _states(root: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in root.rglob("*") if path.is_file()}  # fmt: skip


def _spoil(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def test_a_file_is_kept_untouched_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    kept = store(tmp_path, "rpls", BYTES, "RPLS 2025 (communes).csv", ORIGIN)
    digest = sha256(BYTES).hexdigest()
    assert kept.folder == tmp_path / "rpls" / f"2026-11-23-{digest[:8]}"
    assert kept.path.read_bytes() == BYTES
    record = json.loads((kept.folder / RECORD).read_text(encoding="utf-8"))
    assert record == {
        "dataset": "rpls", "edition": "rpls-2025", "commune": "", "bytes": len(BYTES), "part": "",
        "sha256": digest, "address": "https://data.example/rpls.csv", "licence": "Licence Ouverte",
        "retrieved": "2026-11-23", "media_type": "text/csv", "etag": '"v1"',
        "last_modified": "Mon, 02 Nov 2026 08:00:00 GMT", "rank": 1, "file": "RPLS_2025_communes_.csv",
    }  # fmt: skip
    assert snapshots(tmp_path) == [kept] == [read_snapshot(kept.folder)]
    assert not kept.path.stat().st_mode & 0o222


def test_the_same_bytes_again_change_nothing(tmp_path: Path) -> None:
    first = store(tmp_path / "raw", "rpls", BYTES, "rpls.csv", ORIGIN)
    before = _states(tmp_path)
    (tmp_path / "again.csv").write_bytes(BYTES)
    assert store(tmp_path / "raw", "rpls", tmp_path / "again.csv", "again.csv", LATER) == first
    (tmp_path / "again.csv").unlink()
    assert _states(tmp_path) == before
    assert [path.name for path in (tmp_path / "raw" / "rpls").iterdir()] == [first.folder.name]


def test_what_came_last_is_what_holds_even_on_one_day(tmp_path: Path) -> None:
    stored = [store(tmp_path, "rpls", BYTES + b"%d" % number, "rpls.csv", ORIGIN) for number in range(8)]
    other = store(tmp_path, "rpls", b"2024", "rpls.csv", Origin("rpls-2024", "", "2026-11-23"))
    assert newest(snapshots(tmp_path)) == [other, stored[-1]]


def test_files_of_two_communes_hold_beside_each_other(tmp_path: Path) -> None:
    both = [store(tmp_path, "osm", code.encode(), "a.json", Origin("osm-2026", "ODbL", "2026-11-23", commune=code))
            for code in ("26362", "94041")]  # fmt: skip
    assert newest(snapshots(tmp_path)) == both


def test_the_parts_of_an_edition_hold_beside_each_other(tmp_path: Path) -> None:
    both = [store(tmp_path, "census", part.encode(), "a.csv", Origin("census-2021", "", "2026-11-23", part=part))
            for part in ("dwellings", "population")]  # fmt: skip
    assert newest(snapshots(tmp_path)) == both


def test_the_same_bytes_are_not_two_editions(tmp_path: Path) -> None:
    store(tmp_path, "rpls", BYTES, "rpls.csv", ORIGIN)
    before = _states(tmp_path)
    with pytest.raises(SameBytesError, match="rpls-2025"):
        store(tmp_path, "rpls", BYTES, "rpls.csv", Origin("rpls-2026", "", "2026-11-23"))
    assert _states(tmp_path) == before


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    kept = store(tmp_path, "rpls", BYTES, "rpls.csv", ORIGIN)
    assert verified(kept) == kept
    _spoil(kept.path, BYTES.replace(b"11", b"12"))
    with pytest.raises(SnapshotDamagedError, match=r"rpls\.csv was changed"):
        verified(kept)
    with pytest.raises(SnapshotDamagedError):
        store(tmp_path, "rpls", BYTES, "rpls.csv", ORIGIN)
    kept.path.unlink()
    with pytest.raises(SnapshotDamagedError, match="is gone"):
        verified(kept)


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"dataset": "lovac"},
        {"retrieved": "2020-01-01"},
        {"file": "../../../data/ledger/94041/figures.csv"},
        {"file": "/etc/passwd"},
        {"bytes": "12"},
        {"edition": None},
        {"more": "keys"},
    ],
)
def test_a_changed_record_is_noticed(tmp_path: Path, change: dict[str, object]) -> None:
    kept = store(tmp_path, "rpls", BYTES, "rpls.csv", ORIGIN)
    record = json.loads((kept.folder / RECORD).read_text(encoding="utf-8"))
    _spoil(kept.folder / RECORD, json.dumps(record | change).encode())
    with pytest.raises(SnapshotDamagedError, match="remove"):
        snapshots(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_a_record_that_is_none_is_noticed(tmp_path: Path, content: bytes) -> None:
    kept = store(tmp_path, "rpls", BYTES, "rpls.csv", ORIGIN)
    _spoil(kept.folder / RECORD, content)
    with pytest.raises(SnapshotDamagedError):
        snapshots(tmp_path)


def test_a_draft_that_was_left_behind_is_no_snapshot(tmp_path: Path) -> None:
    kept = store(tmp_path, "rpls", BYTES, "rpls.csv", ORIGIN)
    (tmp_path / "rpls" / ".draft-abc").mkdir()
    (tmp_path / "rpls" / ".draft-abc" / "rpls.csv").write_bytes(b"half")
    assert snapshots(tmp_path) == [kept]
    assert snapshots(tmp_path / "nowhere") == []


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store(tmp_path, "rpls", tmp_path / "gone.csv", "gone.csv", ORIGIN)
    assert list((tmp_path / "rpls").iterdir()) == []


@pytest.mark.parametrize("dataset", ["../rpls", "", "rpls/a", "RPLS", "."])
def test_a_data_set_cannot_be_a_way_out(tmp_path: Path, dataset: str) -> None:
    with pytest.raises(UnknownIntakeError):
        store(tmp_path / "raw", dataset, BYTES, "a.csv", ORIGIN)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../x", "x"),
        ("..\\..\\x.csv", "x.csv"),
        ("/etc/passwd", "passwd"),
        ("..", "data-"),
        ("", "data-"),
        (".htaccess", "htaccess"),
        ("snapshot.json", "data-snapshot.json"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("données 2025.csv", "données_2025.csv"),
        ("x" * 300 + ".csv", "x" * 100 + ".csv"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_no_name_leaves_the_folder_hides_or_grows(name: str) -> None:
    safe = safe_name(name)
    assert safe == Path(safe).name != ""
    assert not safe.startswith(".")
    assert len(safe.encode()) <= LONGEST_NAME + len("data-")
    assert safe != RECORD
    assert safe_name(safe) == safe


@given(name=st.text(max_size=300), content=st.binary(max_size=50))
def test_whatever_a_file_is_called_it_is_found_again(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes
) -> None:
    root = tmp_path_factory.mktemp("store")
    kept = store(root, "rpls", content, name, ORIGIN)
    assert kept.path.read_bytes() == content
    assert kept.path.parent.parent == root / "rpls"
    assert snapshots(root) == [verified(kept)]
