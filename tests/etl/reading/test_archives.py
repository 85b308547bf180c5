"""Archives: what is in them is read; what would leave its folder, swell or hide is refused, whole and by name."""

import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UnreadableFileError
from etl.reading import archives
from etl.reading.archives import members, open_member, unpacked
from tests.etl.connectors.mutating import steady


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "feed.zip"


def _zip(path: Path, contents: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def test_members_are_named_in_order_with_their_sizes(file: Path) -> None:
    _zip(file, {"stops.txt": "stop_id\n1\n", "sous-dossier/": "", "sous-dossier/é.txt": "é"})
    assert members(file) == {"stops.txt": 10, "sous-dossier/é.txt": 2}
    assert open_member(file, lambda name: name.endswith("é.txt")) == "é".encode()


def test_what_a_system_adds_for_itself_is_left_out(file: Path) -> None:
    _zip(file, {"a.csv": "x", "__MACOSX/._a.csv": "junk"})
    assert open_member(file, lambda name: name.endswith(".csv")) == b"x"


def test_unpacked_members_lie_in_the_folder(file: Path, tmp_path: Path) -> None:
    _zip(file, {"a/b.txt": "b", "c.txt": "c"})
    folder = tmp_path / "out"
    folder.mkdir()
    found = unpacked(file, folder)
    assert [one.relative_to(folder).as_posix() for one in found] == ["a/b.txt", "c.txt"]
    assert [one.read_text() for one in found] == ["b", "c"]


@pytest.mark.parametrize(
    "name", ["../outside.txt", "a/../../outside.txt", "/etc/outside.txt", "C:\\outside.txt", "a\\..\\outside.txt",
             "\\\\server\\outside.txt"],
)  # fmt: skip
def test_a_name_that_leads_outside_is_refused(file: Path, tmp_path: Path, name: str) -> None:
    _zip(file, {"fine.txt": "fine", name: "bad"})
    folder = tmp_path / "out"
    folder.mkdir()
    for read in (lambda: members(file), lambda: unpacked(file, folder), lambda: open_member(file, "fine.txt".__eq__)):
        with pytest.raises(UnreadableFileError, match="outside its folder"):
            read()
    assert not list(folder.iterdir())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["feed.zip", "out"]


def test_a_link_is_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
    with pytest.raises(UnreadableFileError, match=r"'link\.txt' is a link"):
        members(file)


def test_an_encrypted_archive_is_refused(file: Path) -> None:
    data = bytearray(_zip(file, {"a.txt": "secret"}).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    file.write_bytes(bytes(data))
    with pytest.raises(UnreadableFileError, match="is encrypted"):
        members(file)


def test_a_bomb_is_refused_before_it_is_unpacked(file: Path) -> None:
    _zip(file, {"zeros.txt": bytes(30_000_000)})
    assert file.stat().st_size < 50_000
    with pytest.raises(UnreadableFileError, match="which no honest file does"):
        open_member(file, lambda name: True)


def test_many_bombs_together_are_one(file: Path) -> None:
    _zip(file, {f"{number}.txt": bytes(400_000) for number in range(40)})
    with pytest.raises(UnreadableFileError, match="16000000, which no honest file does"):
        members(file)


def test_blanks_of_a_small_file_are_no_bomb(file: Path) -> None:
    assert members(_zip(file, {"blanks.txt": b" " * 1_000_000})) == {"blanks.txt": 1_000_000}


def test_an_archive_too_large_to_unpack_is_refused(file: Path) -> None:
    _zip(file, {"a.txt": bytes(range(256)) * 10}, zipfile.ZIP_STORED)
    assert members(file, 2560) == {"a.txt": 2560}
    with pytest.raises(UnreadableFileError, match="unpacks to 2560 bytes, more than 2559"):
        members(file, 2559)
    with pytest.raises(UnreadableFileError, match="unpacks to 2560 bytes, more than 2559"):
        open_member(file, "a.txt".__eq__, 2559)


def test_too_many_members_are_refused(file: Path) -> None:
    _zip(file, {f"{number}": "" for number in range(archives.MOST_MEMBERS + 1)}, zipfile.ZIP_STORED)
    with pytest.raises(UnreadableFileError, match="has 10001 members"):
        members(file)


def test_a_member_that_declares_less_than_it_holds_is_refused(file: Path) -> None:
    data = _zip(file, {"a.txt": b"0123456789" * 10}, zipfile.ZIP_STORED).read_bytes()
    size = (100).to_bytes(4, "little")
    assert data.count(size) == 4
    file.write_bytes(data.replace(size, (50).to_bytes(4, "little")))
    with pytest.raises(UnreadableFileError, match="damaged"):
        open_member(file, lambda name: True)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_twice_is_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "one")
        archive.writestr("a.txt", "two")
    with pytest.raises(UnreadableFileError, match=r"'a\.txt' twice"):
        members(file)


def test_an_archive_inside_is_not_opened(file: Path) -> None:
    inner = BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("stops.txt", "stop_id")
    _zip(file, {"inner.zip": inner.getvalue()})
    assert members(file) == {"inner.zip": len(inner.getvalue())}
    with pytest.raises(UnreadableFileError, match=r"none of the files wanted: inner\.zip"):
        open_member(file, "stops.txt".__eq__)


def test_one_member_is_wanted(file: Path) -> None:
    _zip(file, {"a.csv": "", "b.csv": "", "c.txt": ""})
    with pytest.raises(UnreadableFileError, match=r"several files where one is wanted: a\.csv, b\.csv$"):
        open_member(file, lambda name: name.endswith(".csv"))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"stop_id\n1\n", b"7z\xbc\xaf\x27\x1c" + bytes(50)])
def test_what_is_no_archive_is_refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(UnreadableFileError, match=r"feed\.zip is no archive"):
        members(file)


def test_an_absent_file_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="No such file"):
        members(file)


def test_every_cut_of_an_archive_is_refused(file: Path) -> None:
    data = _zip(file, {"a.txt": "some text to pack", "b.txt": "more"}).read_bytes()
    for length in range(len(data)):
        file.write_bytes(data[:length])
        with pytest.raises(UnreadableFileError):
            open_member(file, "a.txt".__eq__)


@steady
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_damaged_archive_gives_its_content_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    data = bytearray(_zip(path, {"a.txt": "some text to pack " * 20, "b/c.txt": "more"}).read_bytes())
    for place, value in changes:
        data[place % len(data)] = value
    path.write_bytes(bytes(data))
    try:
        content = open_member(path, "a.txt".__eq__)
    except UnreadableFileError:
        return
    assert content == b"some text to pack " * 20
