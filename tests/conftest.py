"""Catalogue, ledger, tables, published releases and sites; what takes time is made once for the whole session."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue, load_catalogue
from data.locking import only_writer
from data.release import Release, current_id, open_release
from data.settings import CATALOGUE, LEDGER, ROOT
from etl.build import build_tables
from etl.ledger import Ledger, read_ledger
from etl.publish import publish
from tests.nginx import Site, serving_folder
from tests.serving import Observatory, serving

Tables = dict[str, pd.DataFrame]
# The running server, which it is compared with, speaks on the day of today.
SITE_BASE, SITE_DAY = "https://ville.example/", date.today().isoformat()
# An origin that may show figures of the site in a frame; every other may not.
SITE_EMBEDDER = "http://localhost:*"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(CATALOGUE)


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    return read_ledger(LEDGER)


@pytest.fixture(scope="session")
def tables(catalogue: Catalogue, ledger: Ledger) -> Tables:
    """Return the tables of a release before they are written; not to be changed."""
    *_, (_, built) = build_tables(catalogue, ledger)
    return built


@pytest.fixture(scope="session")
def releases(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one published release; not to be changed."""
    folder = tmp_path_factory.mktemp("releases")
    publish(tables, folder)
    return folder


@pytest.fixture(scope="session")
def release(releases: Path) -> Release:
    return open_release(releases, current_id(releases))


@pytest.fixture(scope="session")
def observations(release: Release) -> pd.DataFrame:
    return release.table("observations")


@pytest.fixture
def own_releases(releases: Path, tmp_path: Path) -> Path:
    """Return a copy of the folder of releases that a test may change."""
    return Path(shutil.copytree(releases, tmp_path / "releases"))


@pytest.fixture
def own_ledger(tmp_path: Path) -> Path:
    """Return a copy of the ledger that a test may change."""
    return Path(shutil.copytree(LEDGER, tmp_path / "ledger"))


@pytest.fixture
def own_catalogue(tmp_path: Path) -> Path:
    """Return a copy of the catalogue that a test may change."""
    return Path(shutil.copytree(CATALOGUE, tmp_path / "catalogue"))


@pytest.fixture(scope="session")
def observatory(releases: Path) -> Iterator[Observatory]:
    """Return a running server of the published release."""
    with serving(releases, OBSERVATORY_EMBEDDERS=SITE_EMBEDDER) as server:
        yield server


def publishing_command(out: Path, releases: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command that publishes the site of a folder of releases, and its environment."""
    command = [sys.executable, "-m", "dashboard.publish", str(out), "--base-url", SITE_BASE, "--date", SITE_DAY]
    return command, {**os.environ, "OBSERVATORY_RELEASES": str(releases)}


def publish_site(out: Path, releases: Path) -> None:
    """Publish the site of a folder of releases by the command line."""
    command, variables = publishing_command(out, releases)
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def site(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the published site of the release, a link as the publisher leaves it; not to be changed."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # all workers of a session share it: the same content has the same release
    shared = folder / "shared-site"
    shared.mkdir(exist_ok=True)
    with only_writer(shared, patience_seconds=900):
        if not (shared / "site").exists():
            publish_site(shared / "site", releases)
    return shared / "site"


@pytest.fixture(scope="session")
def site_server(site: Path) -> Iterator[Site]:
    """Return nginx serving the published site."""
    with serving_folder(site, SITE_EMBEDDER) as server:
        yield server
