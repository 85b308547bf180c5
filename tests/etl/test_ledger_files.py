"""Files that change all together or not at all."""

from pathlib import Path

import pytest

from etl.ledger_files import MODE, replace_files


def test_files_are_replaced_and_made(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_bytes(b"before")
    replace_files({old: b"after", new: b"made"})
    assert (old.read_bytes(), new.read_bytes()) == (b"after", b"made")
    assert sorted(tmp_path.iterdir()) == [new, old]
    assert old.stat().st_mode & 0o777 == MODE


@pytest.mark.parametrize("existed", [True, False])
def test_a_file_that_was_replaced_is_put_back_where_the_next_cannot_be(tmp_path: Path, existed: bool) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "missing" / "b.csv"
    if existed:
        first.write_bytes(b"before")
    second.parent.mkdir()
    second.mkdir()
    with pytest.raises(OSError, match="b"):
        replace_files({first: b"after", second: b"after"})
    assert first.exists() == existed
    assert not existed or first.read_bytes() == b"before"


def test_nothing_changes_where_a_folder_is_missing(tmp_path: Path) -> None:
    first = tmp_path / "a.csv"
    first.write_bytes(b"before")
    with pytest.raises(FileNotFoundError):
        replace_files({first: b"after", tmp_path / "nowhere" / "b.csv": b"after"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert first.read_bytes() == b"before"
