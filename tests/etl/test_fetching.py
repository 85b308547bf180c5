"""Taking data sets from addresses like their publishers': every source that has one, parts, queries, error reports."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import httpx
import pytest

from data.definitions import Catalogue
from data.download_models import Download
from data.errors import BusyError, NoAddressError, RefusedDownloadError, TooLargeError, WrongAnswerError
from data.locking import only_writer
from data.models import Source
from etl.arrivals import Arrival, Inputs, address_of, fetch, fetchable
from etl.arrivals import ingest as take
from etl.ledger import Ledger
from etl.snapshots import Snapshot, snapshots
from tests.etl.connectors.mutating import FILES
from tests.etl.receiving import TODAY
from tests.etl.replaying import Replay, Reply, replaying
from tests.etl.test_answers import ODS, OVERPASS, WFS_2
from tests.etl.test_arrivals import QUICK

ZIP, JSON = "application/zip", "application/json"
SQUARE = [[2.38, 48.80], [2.39, 48.80], [2.39, 48.81], [2.38, 48.81], [2.38, 48.80]]


def _file(name: str) -> bytes:
    return (FILES / name).read_bytes()


def _zipped(**members: bytes) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def _wfs(**attributes: str) -> bytes:
    """Return the answer of a map service with one feature in Ivry, as GeoServer writes it."""
    feature = {"type": "Feature", "id": "a.1", "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
               "geometry_name": "geometrie", "properties": attributes}  # fmt: skip
    answer = {"type": "FeatureCollection", "features": [feature], "totalFeatures": 1, "numberMatched": 1,
              "numberReturned": 1, "timeStamp": "2026-11-20T08:00:00.000Z",
              "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}}  # fmt: skip
    return json.dumps(answer).encode()


def _census(name: str) -> bytes:
    return _zipped(**{f"{name}.CSV": _file(f"{name}.CSV"), f"meta_{name}.CSV": b"COD_VAR;LIB_VAR\nIRIS;Code\n"})


def _feed() -> bytes:
    return _zipped(**{path.name: path.read_bytes() for path in sorted((FILES / "gtfs").glob("*.txt"))})


# By data set the edition asked for and what its addresses answer: realistic bytes in the publisher's layout, and type.
ANSWERS: dict[str, tuple[str, list[tuple[bytes, str]]]] = {
    "commune_boundaries": ("2026", [(_wfs(code_insee="94041", nom_officiel="Ivry-sur-Seine"), JSON)]),
    "contours_iris": ("2026", [(_wfs(code_iris="940410101", code_insee="94041", nom_iris="A"), JSON)]),
    "green_space_osm": ("2026-11-20", [(_file("overpass-espaces-verts.json"), JSON)]),
    "gtfs": ("2026-03-01", [(_feed(), "application/octet-stream")]),
    "heat_networks": ("2026", [(_file("arrete-dpe-2026.csv"), "text/plain; charset=utf-8")]),
    "insee_census_iris": ("2021", [(_census("base-ic-evol-struct-pop-2021"), ZIP),
                                   (_census("base-ic-logement-2021"), "application/x-zip-compressed")]),
    "insee_population": ("2021", [(_file("population-municipale-communes-2021.csv"), "text/csv")]),
    "local_emissions": ("2018", [(_file("igt-pouvoir-de-rechauffement-global.csv"), "text/csv")]),
    "local_energy": ("2024", [(_file("consommation-electricite-gaz-communes-2024.csv"), "text/csv")]),
    "lovac": ("2025", [(_file("lovac_opendata_communes.csv"), "application/octet-stream")]),
    "sitadel": ("2024", [(_file("sitadel-communes-2024.csv"), "text/csv;charset=UTF-8")]),
    "sitadel_permits": ("2026-06", [(_file("sitadel-permis-logements-2026-06.csv"), "text/csv")]),
}  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with replaying() as replay:
        yield replay


@pytest.fixture
def inputs(catalogue: Catalogue, ledger: Ledger, tmp_path: Path) -> Inputs:
    return Inputs(catalogue, ledger, tmp_path / "raw", TODAY)


def _at(inputs: Inputs, server: Replay, dataset: str, *offered: Download) -> Inputs:
    """Return inputs whose data set is offered on the loopback: as its TOML says, or as given."""
    source = inputs.catalogue.sources[dataset]

    def moved(one: Download) -> Download:
        host, path = one.address.partition("://")[2].split("/", 1)
        assert host
        return one.model_copy(update={"address": f"{server.address}/{path}"})

    here = [moved(one) for one in offered or source.offered]
    parts = {"downloads": tuple(here), "download": None} if here[0].part else {"downloads": (), "download": here[0]}
    changed: Source = source.model_copy(update=parts)
    return replace(inputs, catalogue=replace(inputs.catalogue, sources={**inputs.catalogue.sources, dataset: changed}))


def _answer(server: Replay, here: Inputs, dataset: str, edition: str, *replies: Reply) -> None:
    """Let each address of a data set answer."""
    for offered, reply in zip(here.catalogue.sources[dataset].offered, replies, strict=True):
        server.at(httpx.URL(address_of(offered, edition, "94041")).raw_path.decode(), reply)


def _fetch(here: Inputs, dataset: str, edition: str, **more: str) -> list[Arrival | Snapshot]:
    return list(fetch(dataset, edition, "94041", here, lambda _received, _whole: None, QUICK, **more))


def test_every_source_with_an_address_is_answered_here(catalogue: Catalogue) -> None:
    assert set(fetchable(catalogue)) == set(ANSWERS)


@pytest.mark.parametrize("dataset", sorted(ANSWERS))
def test_every_source_with_an_address_is_fetched_from_it(inputs: Inputs, server: Replay, dataset: str) -> None:
    edition, answers = ANSWERS[dataset]
    here = _at(inputs, server, dataset)
    _answer(server, here, dataset, edition, *(Reply(body=body, media_type=kind) for body, kind in answers))
    found = _fetch(here, dataset, edition)
    assert len(found) == len(answers)
    for arrival, (body, _) in zip(found, answers, strict=True):
        assert isinstance(arrival, Arrival)
        assert arrival.loaded.read == arrival.loaded.loaded + arrival.loaded.quarantined + arrival.loaded.out_of_scope
        assert arrival.loaded.loaded > 0
        assert arrival.snapshot.path.read_bytes() == body
        assert "{" not in arrival.snapshot.address + arrival.snapshot.file
    assert len(snapshots(here.raw)) == len(answers)


def test_parts_are_fetched_together_or_one_by_one_and_told_apart(inputs: Inputs, server: Replay) -> None:
    here = _at(inputs, server, "insee_census_iris")
    replies = [Reply(body=body, media_type=kind, headers={"ETag": f'"{number}"'})
               for number, (body, kind) in enumerate(ANSWERS["insee_census_iris"][1])]  # fmt: skip
    _answer(server, here, "insee_census_iris", "2021", *replies)
    (homes,) = _fetch(here, "insee_census_iris", "2021", part="dwellings")
    assert isinstance(homes, Arrival)
    assert homes.snapshot.part == "dwellings"
    assert "dwellings" in set(homes.loaded.observations["indicator"])
    both = _fetch(here, "insee_census_iris", "2021")
    assert [one.snapshot.part for one in both if isinstance(one, Arrival)] == ["population", "dwellings"]
    assert server.asked[-1][1]["if-none-match"] == '"1"'
    assert "if-none-match" not in server.asked[-2][1]
    with pytest.raises(NoAddressError, match="its parts: population, dwellings"):
        _fetch(here, "insee_census_iris", "2021", part="incomes")


def test_an_address_that_is_good_for_one_edition_is_not_asked_for_another(inputs: Inputs, server: Replay) -> None:
    here = _at(inputs, server, "insee_census_iris")
    with pytest.raises(NoAddressError, match="are those of 2021, not of 2022"):
        _fetch(here, "insee_census_iris", "2022")
    assert server.asked == []


def test_parameters_are_escaped_and_filled_in(inputs: Inputs, server: Replay) -> None:
    here = _at(inputs, server, "green_space_osm")
    _answer(
        server, here, "green_space_osm", "2026-11-20", Reply(body=_file("overpass-espaces-verts.json"), media_type=JSON)
    )
    _fetch(here, "green_space_osm", "2026-11-20")
    path = server.asked[0][0]
    assert not set(" \"'<>{}|\\^\n") & set(path)
    query = dict(httpx.QueryParams(path.partition("?")[2]))
    assert 'area["ref:INSEE"="94041"]["boundary"="administrative"]->.c;' in query["data"]
    assert query["data"].startswith("[out:json][timeout:180];")


def test_an_export_of_a_portal_is_asked_for_by_its_query_and_called_as_it_says(inputs: Inputs, server: Replay) -> None:
    export = Download(
        address="https://portal/api/explore/v2.1/catalog/datasets/conso-elec-gaz/exports/csv?delimiter=%3B",
        query={"where": 'code_commune="{commune}" and annee>=2011'}, media_types=("text/csv",), largest_mb=1,
    )  # fmt: skip
    here = _at(inputs, server, "local_energy", export)
    # Header lines are sent as Latin-1: the bytes are UTF-8, as many servers write them.
    name = 'attachment; filename="../conso élec {gaz}.csv"'.encode().decode("latin-1")
    reply = Reply(body=_file("consommation-electricite-gaz-communes-2024.csv"), headers={"Content-Disposition": name})
    _answer(server, here, "local_energy", "2024", reply)
    (found,) = _fetch(here, "local_energy", "2024")
    assert isinstance(found, Arrival)
    assert found.snapshot.path.parent.parent == here.raw / "local_energy"
    assert found.snapshot.file.startswith("conso_")
    assert found.snapshot.file.endswith(".csv")
    assert dict(httpx.QueryParams(server.asked[0][0].partition("?")[2])) == {
        "delimiter": ";", "where": 'code_commune="94041" and annee>=2011',
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "reply", "error", "words"),
    [
        ("commune_boundaries", Reply(body=WFS_2, media_type="application/xml"), WrongAnswerError, "iris unknown"),
        ("commune_boundaries", Reply(body=WFS_2, media_type="text/xml"), WrongAnswerError, "iris unknown"),
        ("commune_boundaries", Reply(body=WFS_2, media_type=JSON), WrongAnswerError, "iris unknown"),
        ("commune_boundaries", Reply(400, WFS_2, media_type="application/xml"), RefusedDownloadError, "iris unknown"),
        ("green_space_osm", Reply(body=OVERPASS, media_type=JSON), WrongAnswerError, "Query timed out"),
        ("local_energy", Reply(400, ODS, media_type=JSON), RefusedDownloadError, "ODSQLError: ODSQL query"),
        ("local_energy", Reply(body=ODS, media_type=JSON), WrongAnswerError, "Unknown field: codgeo"),
        ("local_energy", Reply(403, b"\0" * 100, media_type="text/csv"), RefusedDownloadError, "answers 403: correct"),
        ("commune_boundaries", Reply(body=b"<a/>", media_type="text/xml"), WrongAnswerError, "gives text/xml instead"),
        ("local_energy", Reply(404, media_type="text/plain", endless=True), RefusedDownloadError, "answers 404"),
    ],
)  # fmt: skip
def test_an_error_report_is_told_in_the_servers_words_and_not_kept(
    inputs: Inputs, server: Replay, dataset: str, reply: Reply, error: type[Exception], words: str
) -> None:
    here = _at(inputs, server, dataset)
    _answer(server, here, dataset, ANSWERS[dataset][0], reply)
    with pytest.raises(error) as raised:
        _fetch(here, dataset, ANSWERS[dataset][0])
    assert words in str(raised.value)
    assert "ingest" in str(raised.value)
    assert not here.raw.exists()
    assert len(server.asked) == 1


def test_features_that_were_left_out_stop_the_fetch(inputs: Inputs, server: Replay) -> None:
    here = _at(inputs, server, "contours_iris")
    body = ANSWERS["contours_iris"][1][0][0].replace(b'"numberMatched": 1', b'"numberMatched": 22')
    _answer(server, here, "contours_iris", "2026", Reply(body=body, media_type=JSON))
    with pytest.raises(WrongAnswerError, match="only 1 of 22 features"):
        _fetch(here, "contours_iris", "2026")


def test_a_server_that_packs_its_answer_all_the_same_is_understood(inputs: Inputs, server: Replay) -> None:
    here = _at(inputs, server, "heat_networks")
    body = _file("arrete-dpe-2026.csv")
    _answer(
        server, here, "heat_networks", "2026", Reply(body=gzip.compress(body), headers={"Content-Encoding": "gzip"})
    )
    (found,) = _fetch(here, "heat_networks", "2026")
    assert isinstance(found, Arrival)
    assert found.snapshot.path.read_bytes() == body
    assert server.asked[0][1]["accept-encoding"] == "identity"


def test_a_packed_answer_that_swells_is_stopped_at_the_limit(inputs: Inputs, server: Replay) -> None:
    here = _at(inputs, server, "heat_networks")
    bomb = gzip.compress(b"0" * 50_000_000)
    _answer(server, here, "heat_networks", "2026", Reply(body=bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(TooLargeError, match="does not stop"):
        _fetch(here, "heat_networks", "2026")


@pytest.mark.parametrize(
    ("dataset", "first"),
    [
        ("gtfs", Reply(500)),
        ("green_space_osm", Reply(429, headers={"Retry-After": "0"})),
        ("green_space_osm", Reply(504, b"<html>The server is probably too busy", media_type="text/html")),
        ("commune_boundaries", Reply(body=ANSWERS["commune_boundaries"][1][0][0], media_type=JSON, cut_after=200)),
        ("insee_population", Reply(302, headers={"Location": "/static/population.csv"})),
    ],
)
def test_new_sources_are_asked_again_like_the_others(
    inputs: Inputs, server: Replay, dataset: str, first: Reply
) -> None:
    here = _at(inputs, server, dataset)
    edition, ((body, kind),) = ANSWERS[dataset]
    whole = Reply(body=body, media_type=kind)
    (offered,) = here.catalogue.sources[dataset].offered
    server.at(httpx.URL(address_of(offered, edition, "94041")).raw_path.decode(), first, whole)
    server.at("/static/population.csv", whole)
    (found,) = _fetch(here, dataset, edition)
    assert isinstance(found, Arrival)
    assert found.snapshot.path.read_bytes() == body
    assert len(server.asked) == 2


def test_an_archive_of_the_census_is_taken_as_it_is_and_placed_in_it(inputs: Inputs, tmp_path: Path) -> None:
    path = tmp_path / "base-ic-evol-struct-pop-2021_csv.zip"
    path.write_bytes(_census("base-ic-evol-struct-pop-2021"))
    zipped = take("insee_census_iris", path, "2021", "94041", inputs)
    bare = take("insee_census_iris", FILES / "base-ic-evol-struct-pop-2021.CSV", "2021", "94041", inputs)
    assert zipped.loaded.observations.equals(bare.loaded.observations)
    assert zipped.loaded.file == f"{path.name}/base-ic-evol-struct-pop-2021.CSV"
    assert zipped.absent == ()


def test_an_indicator_whose_column_was_renamed_is_missed_aloud(inputs: Inputs, tmp_path: Path) -> None:
    path = tmp_path / "renamed.CSV"
    text = _file("base-ic-logement-2021.CSV")
    assert text.count(b"P21_LOGVAC") == 1
    path.write_bytes(text.replace(b"P21_LOGVAC", b"P21_LOG_VACANTS"))
    assert take("insee_census_iris", path, "2021", "94041", inputs).absent == ("vacant_dwellings",)


def test_a_file_is_not_kept_while_another_process_keeps_one(
    inputs: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.arrivals.PATIENCE_SECONDS", 0.2)
    inputs.raw.mkdir()
    with only_writer(inputs.raw), pytest.raises(BusyError):
        take("heat_networks", FILES / "arrete-dpe-2026.csv", "2026", "94041", inputs)
    assert list(inputs.raw.iterdir()) == []
    assert take("heat_networks", FILES / "arrete-dpe-2026.csv", "2026", "94041", inputs).loaded.read
