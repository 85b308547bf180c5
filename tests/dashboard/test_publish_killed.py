"""A publication that is killed, or finds the disk full, at any write: the old site is served, the next one works."""

import itertools
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from dashboard.publication.files import is_whole
from dashboard.publication.versions import versions_folder
from dashboard.publication.writing import WriteFailedError
from data.release import Release
from data.settings import ROOT
from tests.conftest import publishing_command
from tests.dashboard.small_site import NEXT_DAY, SITE, changes_a_site, publish_small
from tests.dashboard.test_publish import tree

# Folders, files with two compressed forms each, links, a switch: fewer points would mean some go unseen.
FEWEST_POINTS = 45
_failing: dict[str, Any] = {}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, release: Release) -> Path:
    """Return a folder with a published small site; not to be changed."""
    folder = tmp_path_factory.mktemp("first")
    publish_small(folder / SITE, release)
    return folder


def _program(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "tests.dashboard.small_site", *map(str, arguments)]


def test_a_publication_killed_at_every_write_leaves_the_old_site(
    first: Path, tmp_path: Path, releases: Path, release: Release
) -> None:
    subprocess.run(_program("points", first, tmp_path, releases), cwd=ROOT, check=True, timeout=300)
    folders = sorted(tmp_path.iterdir(), key=lambda path: int(path.name))
    assert len(folders) > FEWEST_POINTS
    served = [(folder / SITE).readlink().name for folder in folders]
    old, new = served[0], served[-1]
    assert old == (first / SITE).readlink().name != new
    # Until the link is switched readers see the old site, from then on the new one: never anything else.
    assert [name == new for name in served] == sorted(name == new for name in served)
    assert served[-2] in {old, new}
    assert set(served) == {old, new}
    whole = tree(folders[-1] / SITE)
    for folder, name in zip(folders, served, strict=True):
        assert tree(folder / SITE) == (whole if name == new else tree(first / SITE)), folder.name
    for folder in (folders[1], folders[len(folders) // 2], folders[-2]):
        publish_small(folder / SITE, release, NEXT_DAY)
        assert tree(folder / SITE) == whole
        assert {path.name for path in versions_folder(folder / SITE).iterdir()} == {old, new}


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    if "folder" in _failing and changes_a_site(event, arguments) and _failing["folder"] in str(arguments[0]):
        number = next(_failing["count"])
        if number == _failing["number"]:
            _failing["failed"] = True
            raise OSError(28, "No space left on device", str(arguments[0]))


sys.addaudithook(_on_event)


def _fails(folder: Path, release: Release) -> str:
    """Publish, and return what the publisher says when it fails."""
    try:
        publish_small(folder / SITE, release, NEXT_DAY)
    except WriteFailedError as error:
        return str(error)
    finally:
        _failing.pop("folder", None)
    return ""


def test_a_disk_that_fills_up_at_any_write_publishes_nothing(first: Path, tmp_path: Path, release: Release) -> None:
    before, failures, folder = tree(first), 0, tmp_path / "copy"
    for number in itertools.count():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(first, folder, symlinks=True)
        _failing.update(folder=str(folder), count=itertools.count(), number=number, failed=False)
        said = _fails(folder, release)
        if said:
            failures += 1
            assert "No space left on device. Nothing was published" in said
            assert tree(folder) == before, f"write {number}"
        else:
            # A link that cannot be made is a copy instead, an old version that cannot be removed stays.
            assert is_whole(folder / SITE)
            assert (folder / SITE).readlink() != (first / SITE).readlink()
        if not _failing["failed"]:
            break
    assert failures > FEWEST_POINTS - 20


def test_a_file_the_system_refuses_to_write_in_full_publishes_nothing(
    first: Path, tmp_path: Path, releases: Path
) -> None:
    folder = Path(shutil.copytree(first, tmp_path / "copy", symlinks=True))
    done = subprocess.run(_program("limited", folder, releases, 2000), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "WriteFailedError" in done.stderr
    assert "File too large. Nothing was published" in done.stderr
    assert tree(folder) == tree(first)


@contextmanager
def _publishing(folder: Path, releases: Path) -> Iterator[subprocess.Popen[str]]:
    """Publish the whole site by the command line; the block begins when a page is written."""
    command, variables = publishing_command(folder / SITE, releases)
    with subprocess.Popen(command, cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True) as process:
        while not list(versions_folder(folder / SITE).glob(".draft-*/quartiers/**/*.html")):
            assert process.poll() is None
            time.sleep(0.05)
        yield process
        process.kill()


def _helpers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def test_a_publisher_killed_while_others_help_it_leaves_nobody_writing(
    first: Path, tmp_path: Path, releases: Path, release: Release
) -> None:
    folder = Path(shutil.copytree(first, tmp_path / "copy", symlinks=True))
    with _publishing(folder, releases) as process:
        helpers = _helpers(process)
        process.kill()
    assert helpers
    assert tree(folder / SITE) == tree(first / SITE)
    assert psutil.wait_procs(helpers, timeout=30)[1] == []
    published = publish_small(folder / SITE, release, NEXT_DAY)
    assert {path.name for path in versions_folder(folder / SITE).iterdir()} == {
        published.name, (first / SITE).readlink().name,
    }  # fmt: skip


def test_a_helper_that_is_killed_ends_the_publication(first: Path, tmp_path: Path, releases: Path) -> None:
    folder = Path(shutil.copytree(first, tmp_path / "copy", symlinks=True))
    with _publishing(folder, releases) as process:
        for helper in _helpers(process):
            if "spawn_main" in " ".join(helper.cmdline()):
                helper.kill()
        said = process.communicate(timeout=120)[1]
    assert process.returncode == 1
    assert "HelperLostError: a process that makes pages ended early (exit code -9)" in said
    assert tree(folder) == tree(first)
