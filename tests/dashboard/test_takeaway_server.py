"""Downloads over HTTP: every format answers with its type and name; what cannot be had is refused with its reason."""

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from starlette.requests import Request

from dashboard.downloads import download
from dashboard.exports import kinds_of
from dashboard.messages import message
from dashboard.view import View
from data.decision_sheet.writer import decision_sheet_of
from tests.dashboard.taking import opened, records
from tests.serving import Observatory

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "sdmx.csv": "application/vnd.sdmx.data+csv; version=2.0.0",
    "geojson": "application/geo+json",
    "zip": "application/zip",
}
SERIES = "/telecharger/series.{kind}?theme=housing"


@pytest.mark.parametrize(("kind", "media"), TYPES.items())
def test_every_format_answers_with_its_type_and_name(
    observatory: Observatory, city: View, kind: str, media: str
) -> None:
    answer = observatory.get(SERIES.format(kind=kind))
    assert answer.status == 200
    assert answer.headers["content-type"] == media
    name = f'filename="series-ville-{city.release.release_id[:8]}.{kind}"'
    assert name in answer.headers["content-disposition"]
    assert answer.body == observatory.get(SERIES.format(kind=kind)).body


def test_words_come_in_the_language_that_is_asked_for(observatory: Observatory) -> None:
    answer = observatory.get(SERIES.format(kind="zip") + "&langue=en&quartier=ivry-port")
    files = opened(answer.body)
    assert "The columns" in files["README.txt"].decode("utf-8-sig")
    assert "-en.zip" in answer.headers["content-disposition"]
    link = json.loads(files["datapackage.json"]).get("homepage", "")
    assert link == ""  # the address readers reach the server at is not known here
    assert "/telecharger/series.zip?theme=housing&quartier=ivry-port" in files["README.txt"].decode("utf-8-sig")
    french = opened(observatory.get(SERIES.format(kind="zip")).body)
    assert records(french["data.csv"]) == records(files["data.csv"])
    assert "Les colonnes" in french["README.txt"].decode("utf-8-sig")


def test_a_language_there_is_none_of_is_told(observatory: Observatory) -> None:
    answer = observatory.get(SERIES.format(kind="csv") + "&langue=de")
    assert answer.status == 400
    assert "«\u00a0de\u00a0»" in answer.text
    assert "fr, en" in answer.text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("couverture", "sdmx.csv", "no_sdmx"),
        ("sources", "geojson", "no_geometry"),
        ("series", "geojson", "no_geometry"),
    ],
)
def test_a_format_that_cannot_be_is_refused_with_the_reason_and_the_others(
    observatory: Observatory, city: View, name: str, kind: str, reason: str, language: str
) -> None:
    parameters = {"theme": "geothermal"} if name == "series" else {}
    query = "&".join(f"{key}={value}" for key, value in {**parameters, "langue": language}.items())
    answer = observatory.get(f"/telecharger/{name}.{kind}?{query}")
    assert answer.status == 404
    assert f'<html lang="{language}"' in answer.text
    assert message(f"takeaway.{reason}", language) in answer.text.replace("&#39;", "'")
    offered = kinds_of(city, name, parameters)
    assert kind not in offered
    assert all(f".{one}" in answer.text for one in offered)


def test_the_sheet_of_commitments_to_fill_in_moved_and_the_table_took_its_place(
    observatory: Observatory, city: View
) -> None:
    sheet = observatory.get("/telecharger/fiche-engagements.xlsx")
    assert sheet.body == decision_sheet_of(city.release, "94041")
    table = load_workbook(io.BytesIO(observatory.get("/telecharger/engagements.xlsx").body))
    assert message("takeaway.sheet_rows", "fr") in table.sheetnames
    page = observatory.get("/telecharger/fiche-engagements.csv")
    assert page.status == 404


@pytest.mark.parametrize(
    "address",
    ["series.xls?theme=housing", "series?theme=housing", ".csv", "series.csv.zip?theme=housing", "manques.sdmx",
     "fiche-manques.xlsx"],
)  # fmt: skip
def test_what_is_no_format_or_no_export_is_no_page(observatory: Observatory, address: str) -> None:
    answer = observatory.get(f"/telecharger/{address}")
    assert answer.status == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("address", "link"),
    [("https://ville.example/obs", "https://ville.example/obs/telecharger/series.zip?"), ("", "/telecharger/")],
)
def test_a_file_says_where_it_can_be_had_again(
    releases: Path, monkeypatch: pytest.MonkeyPatch, address: str, link: str
) -> None:
    monkeypatch.setenv("OBSERVATORY_PUBLIC_ADDRESS", address)
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(releases))
    asked = Request({"type": "http", "method": "GET", "query_string": b"theme=housing", "headers": [],
                     "path_params": {"name": "series.zip"}})  # fmt: skip
    files = opened(bytes(download(asked).body))
    assert f" {link}" in files["README.txt"].decode("utf-8-sig")
    assert json.loads(files["datapackage.json"]).get("homepage", "").startswith("https") == address.startswith("https")
