"""Harvesters ask the running server and the static site: addresses, checksums, parts, what is gone, what is damaged."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from rdflib import RDF, Graph
from rdflib.namespace import DCAT

from data.release import current_id
from data.schemas import TABLES
from etl.publish import publish
from tests.conftest import SITE_BASE, Tables
from tests.nginx import Site
from tests.serving import Observatory, serving

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
PUBLIC = "https://ville.example/observatoire/"
DOCUMENTS = {"/catalogue.jsonld": "application/ld+json", "/datapackage.json": "application/json"}
PARQUET = "application/vnd.apache.parquet"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_documents_are_sent_once_for_each_release(observatory: Observatory, path: str) -> None:
    first = observatory.get(path)
    assert (first.status, first.headers["content-type"]) == (200, DOCUMENTS[path])
    assert first.headers["access-control-allow-origin"] == "*"
    again = observatory.get(path, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_every_file_of_the_package_is_where_it_says(observatory: Observatory) -> None:
    package = json.loads(observatory.get("/datapackage.json").body)
    assert {entry["name"] for entry in package["resources"]} == set(TABLES)
    for entry in package["resources"]:
        answer = observatory.get(f"/{entry['path']}")
        assert (answer.status, answer.headers["content-type"]) == (200, PARQUET)
        assert (len(answer.body), f"sha256:{sha256(answer.body).hexdigest()}") == (entry["bytes"], entry["hash"])
        assert "immutable" in answer.headers["cache-control"]
        assert observatory.get(f"/{entry['path']}", If_None_Match=answer.headers["etag"]).status == 304


def test_parts_of_a_file_can_be_asked_for(observatory: Observatory) -> None:
    path = f"/donnees/{current_id(observatory.releases)}/observations.parquet"
    part = observatory.get(path, Range="bytes=0-3")
    assert (part.status, part.body) == (206, b"PAR1"), "readers of Parquet take the footer first"


@pytest.mark.parametrize(
    "name", ["current", "../current", "..%2Fcurrent", "publications.jsonl", "observations.csv", "%2e%2e/current"]
)
def test_nothing_else_of_the_folder_is_given(observatory: Observatory, name: str) -> None:
    assert observatory.get(f"/donnees/{current_id(observatory.releases)}/{name}").status in {400, 404}


def test_an_unknown_release_is_not_there(observatory: Observatory) -> None:
    assert observatory.get("/donnees/0123456789abcdef/observations.parquet").status == 404
    assert observatory.get("/donnees/../observations.parquet").status in {400, 404}


def test_releases_of_before_stay_what_is_gone_or_damaged_is_said(own_releases: Path, tables: Tables) -> None:
    first = current_id(own_releases)
    changed = tables["observations"].assign(note_en="changed")
    second = publish({**tables, "observations": changed}, own_releases)
    third = publish({**tables, "observations": changed.assign(note_en="again")}, own_releases)
    shutil.rmtree(own_releases / second)
    with serving(own_releases, OBSERVATORY_PUBLIC_ADDRESS=PUBLIC) as server:
        assert server.get(f"/donnees/{first}/observations.parquet").status == 200
        assert server.get(f"/donnees/{second}/observations.parquet").status == 410
        said = Graph().parse(data=server.get("/catalogue.jsonld").body, format="json-ld", publicID="urn:nowhere")
        addresses = {str(said.value(node, DCAT.downloadURL)) for node in said.subjects(RDF.type, DCAT.Distribution)}
        assert addresses == {f"{PUBLIC}donnees/{third}/{name}.parquet" for name in TABLES}
        (own_releases / third / "phases.parquet").write_bytes(b"PAR1 no more")
        assert server.get(f"/donnees/{third}/phases.parquet").status == 503
        assert "phases.parquet failed its checksum" in server.log()


def test_the_static_site_has_the_same_files_at_its_own_address(site: Path, site_server: Site, releases: Path) -> None:
    release_id = current_id(releases)
    package = json.loads((site / "datapackage.json").read_bytes())
    for entry in package["resources"]:
        assert (site / entry["path"]).read_bytes() == (releases / release_id / f"{entry['name']}.parquet").read_bytes()
    said = Graph().parse(site / "catalogue.jsonld", format="json-ld")
    addresses = {str(said.value(node, DCAT.downloadURL)) for node in said.subjects(RDF.type, DCAT.Distribution)}
    assert addresses == {f"{SITE_BASE}donnees/{release_id}/{name}.parquet" for name in TABLES}
    assert not set(said.subjects(RDF.type, DCAT.DataService)), "a static site answers no questions"
    for page in set(said.objects(predicate=DCAT.landingPage)):
        path = str(page).removeprefix(SITE_BASE)
        assert (site / path / "index.html").is_file(), page
    sent = site_server.get("/catalogue.jsonld")
    assert sent.headers["content-type"].startswith("application/ld+json")
    sent = site_server.get(f"/donnees/{release_id}/phases.parquet")
    assert sent.headers["content-type"] == PARQUET
    assert "immutable" in sent.headers["cache-control"]
