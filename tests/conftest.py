"""Catalogue, ledger, tables and published releases; what takes time is made once for the whole session."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue, load_catalogue
from data.release import Release, current_id, open_release
from data.settings import CATALOGUE, LEDGER
from etl.build import build_tables
from etl.ledger import Ledger, read_ledger
from etl.publish import publish
from tests.serving import Observatory, serving

Tables = dict[str, pd.DataFrame]


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
    with serving(releases) as server:
        yield server
