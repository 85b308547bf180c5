"""Publishing a site: what is refused and why, what is kept, what is switched; on a small site, in a moment."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from dashboard.publication.place import BaseAddressError, checked_base
from dashboard.publication.versions import TargetInUseError, versions_folder
from dashboard.publish import main
from dashboard.typeface import web_font
from data.errors import BusyError
from data.locking import only_writer
from data.release import Release
from tests.dashboard.small_site import BASE, FIRST_DAY, NEXT_DAY, SITE, changes_a_site, publish_small

FIGURE = "integrer/ville/figure"


@pytest.fixture
def out(tmp_path: Path, release: Release) -> Path:
    """Return a published small site that a test may change."""
    publish_small(tmp_path / SITE, release)
    return tmp_path / SITE


def tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files of a folder, and where its links lead."""
    return {
        path.relative_to(folder).as_posix(): os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def _run(monkeypatch: pytest.MonkeyPatch, releases: Path, *words: str) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(releases))
    monkeypatch.setenv("OBSERVATORY_COMMUNE", "94041")  # the command sets it, for good
    monkeypatch.setattr(sys, "argv", ["publish", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "https://"),
        ("ville.example", "https://"),
        ("//ville.example/", "https://"),
        ("ftp://ville.example/", "https://"),
        ("file:///srv/site", "https://"),
        ("javascript:alert(1)", "https://"),
        ("/observatoire/", "https://"),
        ("https://", "no host"),
        ("https:///observatoire", "no host"),
        ("https://user:secret@ville.example/", "name or password"),
        ("https://ville.example/?page=1", "question mark"),
        ("https://ville.example/#haut", "question mark"),
        ("https://ville.example/?", "question mark"),
        ("https://ville.example:0/", "port is 0"),
        ("https://ville.example:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://ville.example/a b/", "characters"),
        ('https://ville.example/"><script>', "characters"),
        ("https://ville.example/été/", "characters"),
        ("https://ville.example/../", "characters"),
        ("https://ville.example/\n", "characters"),
    ],
)
def test_an_impossible_base_address_is_refused(address: str, words: str) -> None:
    with pytest.raises(BaseAddressError, match=words):
        checked_base(address)


@pytest.mark.parametrize(
    "address", ["https://ville.example", "http://127.0.0.1:8080/observatoire", "https://xn--vlle-1ra.example/a/b/"]
)
def test_a_possible_one_ends_with_a_slash(address: str) -> None:
    assert checked_base(address) == address.rstrip("/") + "/"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--base-url", "ville.example"), "BaseAddressError"),
        (("--base-url", BASE, "--release", "0123456789abcdef"), "ReleaseMissingError"),
        (("--base-url", BASE, "--date", "2026-02-30"), "NoDateError"),
        (("--base-url", BASE, "--date", "hier"), "NoDateError"),
        (("--base-url", BASE, "--commune", "99999"), "UnknownAreaError"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[2:]),
)
def test_what_cannot_be_published_is_said_and_changes_nothing(
    words: tuple[str, ...], error: str, out: Path, releases: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = tree(out.parent)
    _run(monkeypatch, releases, str(out), *words)
    assert f"{error}: " in capsys.readouterr().err
    assert tree(out.parent) == before
    _run(monkeypatch, releases, str(out.parent / "new"), *words)
    assert not versions_folder(out.parent / "new").exists()
    assert tree(out.parent) == before


def test_nothing_to_publish(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(out.parent)
    _run(monkeypatch, tmp_path / "none", str(out), "--base-url", BASE)
    assert "ReleaseMissingError" in capsys.readouterr().err
    assert tree(out.parent) == before


def test_a_damaged_release_is_not_published_nor_replaced_by_another(
    out: Path, own_releases: Path, release: Release, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = tree(out.parent / f"{SITE}.versions")
    damaged = own_releases / release.release_id / "observations.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    shutil.copytree(own_releases / release.release_id, own_releases / "0123456789abcdef")
    _run(monkeypatch, own_releases, str(out), "--base-url", BASE)
    assert f"ReleaseDamagedError: release {release.release_id}: observations.parquet" in capsys.readouterr().err
    assert tree(out.parent / f"{SITE}.versions") == before


def test_a_folder_in_use_is_left_alone(tmp_path: Path, release: Release) -> None:
    for name in ("full", "empty", "elsewhere"):
        (tmp_path / name).mkdir()
    (tmp_path / "full" / "index.html").write_text("another site")
    (tmp_path / "file").write_text("a file")
    (tmp_path / "link").symlink_to("elsewhere")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "odd.versions").write_text("a file")
    before = tree(tmp_path)
    for name in ("full", "file", "link", "dangling", "odd"):
        with pytest.raises(TargetInUseError, match="nothing was changed"):
            publish_small(tmp_path / name, release)
    assert tree(tmp_path) == before
    publish_small(tmp_path / "empty", release)
    assert (tmp_path / "empty" / "index.html").is_file()


def test_two_publishers_do_not_meet(out: Path, release: Release) -> None:
    before = tree(out.parent)
    with only_writer(versions_folder(out)), pytest.raises(BusyError, match="another process"):
        publish_small(out, release, NEXT_DAY)
    assert tree(out.parent) == before


def test_the_site_is_a_link_and_the_version_before_is_kept(out: Path, release: Release) -> None:
    first = out.readlink()
    assert first.parent == Path(f"{SITE}.versions")
    assert not publish_small(out, release).changed
    second = publish_small(out, release, NEXT_DAY)
    assert second.changed
    assert out.readlink().name == second.name
    assert {path.name for path in versions_folder(out).iterdir()} == {first.name, second.name}
    third = publish_small(out, release, NEXT_DAY, "https://ville.example/observatoire/")
    assert {path.name for path in versions_folder(out).iterdir()} == {second.name, third.name}
    assert publish_small(out, release, NEXT_DAY).name == second.name


def test_published_into_two_places_it_is_the_same(out: Path, tmp_path: Path, release: Release) -> None:
    publish_small(tmp_path / "again", release)
    assert tree((tmp_path / "again").resolve()) == tree(out.resolve())
    assert (tmp_path / "again").readlink().name == out.readlink().name


def test_what_stayed_the_same_keeps_its_time(out: Path, release: Release) -> None:
    first = out.resolve()
    for path in first.rglob("*"):
        os.utime(path, (1, 1))
    publish_small(out, release, NEXT_DAY)
    times = {path.relative_to(out.resolve()).as_posix(): path.stat().st_mtime for path in out.resolve().rglob("*.*")}
    assert {name for name, time in times.items() if time != 1 and not name.endswith((".gz", ".br"))} == {
        "index.html", "page/index.html", f"{FIGURE}/index.html", "manifest.json",
    }  # fmt: skip


def test_frozen_figures_and_what_they_load_are_carried_over_and_never_rewritten(out: Path, release: Release) -> None:
    frozen = f"{FIGURE}/{release.release_id}/index.html"
    rows = f"{FIGURE}/{release.release_id}/series-housing-ville.csv"
    old = f"{FIGURE}/0123456789abcdef/index.html"
    for path in (old, "fichiers/site.0123456789ab.css", f"{FIGURE}/notes/index.html"):
        (out / path).parent.mkdir(exist_ok=True)
        (out / path).write_text("as it was")
    (out / rows).write_text("rows as they were")
    before = (out / frozen).read_bytes()
    for day, base in ((NEXT_DAY, BASE), (FIRST_DAY, "https://ville.example/observatoire/")):
        publish_small(out, release, day, base)
        assert (out / frozen).read_bytes() == before
        assert (out / rows).read_text() == "rows as they were"
        assert (out / old).read_text() == "as it was"
        assert (out / "fichiers/site.0123456789ab.css").read_text() == "as it was"
    assert not (out / FIGURE / "notes").exists()
    assert str(NEXT_DAY) not in (out / FIGURE / "index.html").read_text()


def test_a_version_that_was_damaged_since_is_written_anew(out: Path, release: Release) -> None:
    whole = tree(out.resolve())
    (out / "index.html").write_text("damaged")
    assert publish_small(out, release).changed
    assert tree(out.resolve()) == whole


def test_links_of_the_page_for_what_is_not_there_begin_at_the_host(tmp_path: Path, release: Release) -> None:
    publish_small(tmp_path / SITE, release, base="https://ville.example/observatoire/")
    text = (tmp_path / SITE / "404.html").read_text()
    assert 'href="/observatoire/fichiers/site.' in text
    assert 'href="./' not in text
    assert 'href="../' not in text


def test_a_publication_writes_into_its_own_folders_alone(tmp_path: Path, release: Release) -> None:
    written: set[str] = set()

    def on_event(event: str, arguments: tuple[object, ...]) -> None:
        if listening and changes_a_site(event, arguments):
            written.update(str(path) for path in arguments[:2] if isinstance(path, str | os.PathLike))

    web_font()  # letters are cut once for all, elsewhere
    listening = True
    sys.addaudithook(on_event)
    publish_small(tmp_path / SITE, release)
    listening = False
    own = (str(tmp_path / SITE), f"{SITE}.versions/")
    assert len(written) > 30
    assert {path for path in written if not path.startswith(own) and path not in {"r", "w", "wb", "xb"}} == set()
