"""Views of the release, and the playlists, that the tests share."""

from datetime import date

import pytest

from dashboard.definitions import definitions
from dashboard.messages import LANGUAGES
from dashboard.view import View, the_view
from data.release import Release
from data.settings import CATALOGUE
from data.wall import read_wall
from data.wall_models import Wall

TODAY = date(2026, 11, 23)
DISTRICTS = (
    "centre-ville",
    "ivry-port",
    "louis-bertrand-mirabeau",
    "marat-parmentier",
    "monmousseau-verollot",
    "petit-ivry",
)


@pytest.fixture(scope="session")
def city(release: Release) -> View:
    return the_view(release, "94041", "ville", "fr", "light", TODAY)


@pytest.fixture(scope="session")
def english(release: Release) -> View:
    """Return the whole city as English readers see it."""
    return the_view(release, "94041", "ville", "en", "light", TODAY)


@pytest.fixture(scope="session", params=LANGUAGES)
def city_in(request: pytest.FixtureRequest, release: Release) -> View:
    """Return the whole city in each language."""
    return the_view(release, "94041", "ville", request.param, "light", TODAY)


@pytest.fixture(scope="session")
def ivry_port(release: Release) -> View:
    return the_view(release, "94041", "ivry-port", "fr", "light", TODAY)


@pytest.fixture(scope="session", params=DISTRICTS)
def district(request: pytest.FixtureRequest, release: Release) -> View:
    return the_view(release, "94041", request.param, "fr", "light", TODAY)


@pytest.fixture(scope="session")
def shipped() -> Wall:
    """Return the playlists of the wall screen as they are shipped."""
    return read_wall(CATALOGUE / "wall.toml", definitions())
