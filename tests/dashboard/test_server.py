"""The server over HTTP: health, language, 404, downloads, damaged and missing releases."""

import io
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from dashboard.content import common, housing
from dashboard.view import View
from data.gap_sheet.writer import gap_sheet_of
from data.release import current_id
from tests.serving import Observatory, serving


@pytest.fixture(scope="module")
def server(observatory: Observatory) -> Observatory:
    return observatory


@pytest.mark.parametrize(
    "path", ["", "quartier", "logement", "espaces-verts", "geothermie", "mobilite", "chiffres", "sources"]
)
def test_pages_answer_in_french(server: Observatory, path: str) -> None:
    answer = server.get(f"/{path}")
    assert answer.status == 200
    assert '<html lang="fr"' in answer.text


@pytest.mark.parametrize(("asked", "language"), [("en", "en"), ("fr", "fr"), ("de", "fr"), ("", "fr")])
def test_the_shell_says_the_language_that_is_asked_for(server: Observatory, asked: str, language: str) -> None:
    assert f'<html lang="{language}"' in server.get(f"/logement?quartier=ivry-port&langue={asked}").text


def test_unknown_paths_answer_in_the_language_that_is_asked_for(server: Observatory) -> None:
    answer = server.get("/xyz?langue=en")
    assert answer.status == 404
    assert "This page does not exist" in answer.text


@pytest.mark.parametrize("path", ["xyz", "logement/2023", "Logement", "wp-login.php", "quartier/ivry-port"])
def test_unknown_paths_answer_404_in_french(server: Observatory, path: str) -> None:
    answer = server.get(f"/{path}")
    assert answer.status == 404
    assert "Cette page n’existe pas" in answer.text


def test_csv_equals_what_the_page_shows(server: Observatory, city: View) -> None:
    answer = server.get(f"/telecharger/series.csv?theme=housing&version={city.release.release_id}")
    frame = pd.read_csv(io.BytesIO(answer.body), dtype={"time_period": str, "as_of": str})
    shown = housing.series_rows(city)
    assert list(frame["obs_value"].fillna(-1)) == list(shown["obs_value"].fillna(-1))
    assert list(frame["time_period"]) == list(shown["time_period"])


def test_parquet_equals_what_the_district_page_shows(server: Observatory, ivry_port: View) -> None:
    answer = server.get("/telecharger/programmes.parquet?theme=green_space&quartier=ivry-port")
    frame = pd.read_parquet(io.BytesIO(answer.body))
    shown = common.programme_export(ivry_port, "green_space")
    assert list(frame["programme_id"]) == list(shown["programme_id"])
    assert set(frame["district"]) == {"94041-ivry-port"}


def test_the_gap_sheet_is_the_one_the_command_writes(server: Observatory, city: View) -> None:
    answer = server.get(f"/telecharger/manques.xlsx?version={city.release.release_id}")
    assert answer.status == 200
    assert answer.body == gap_sheet_of(city.release, "94041").content
    assert load_workbook(io.BytesIO(answer.body)).sheetnames[:2] == ["Mode d’emploi", "Dates"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("series.csv?theme=nothing", 404),
        ("carte.csv?indicateur=nothing", 400),
        ("carte.exe", 404),
        ("carte.xlsx?indicateur=nothing", 400),
        ("sources.sdmx.csv", 404),
        ("manques.xlsx?version=0000000000000000", 404),
        ("nothing.csv", 404),
        ("series.csv?theme=housing&quartier=nulle-part", 400),
        ("series.csv?theme=housing&version=0000000000000000", 404),
        ("..%2f..%2fetc%2fpasswd", 400),
        ("series.csv?theme=housing&version=../current", 404),
    ],
)
def test_bad_downloads_are_refused_plainly(server: Observatory, address: str, status: int) -> None:
    answer = server.get(f"/telecharger/{address}")
    assert answer.status == status
    assert "Traceback" not in answer.text


def test_the_log_holds_no_reader_and_no_address_they_asked(releases: Path) -> None:
    with serving(releases) as server:
        server.get("/chiffres?recherche=dupont")
        server.get("/telecharger/series.csv?theme=housing")
        assert "dupont" not in server.log()
        assert "GET" not in server.log()
        assert "127.0.0.1:" not in server.log().split("Uvicorn running on")[0]


def test_no_release_is_told_and_the_server_lives(tmp_path: Path) -> None:
    with serving(tmp_path / "nothing") as server:
        assert server.get("/_stcore/health").status == 200
        assert server.get("/logement").status == 200
        assert server.get("/telecharger/series.csv?theme=housing").status == 404


def test_a_damaged_release_is_logged_with_the_file_that_failed(own_releases: Path) -> None:
    damaged = own_releases / current_id(own_releases) / "observations.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-100])
    with serving(own_releases) as server:
        assert server.get("/_stcore/health").status == 200
    assert "observations.parquet failed its checksum" in server.log()
