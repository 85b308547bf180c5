"""The files of harvesters: a valid DCAT-AP catalogue and data package, licences as sources have them, same bytes."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin

import pyarrow.parquet as pq
import pyshacl
import pytest
from frictionless import Package, Resource, Schema
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF

from dashboard.harvest.catalogue import catalogue
from dashboard.harvest.offered import Offer
from dashboard.harvest.package import package
from dashboard.view import View
from data.harvest import read_harvest
from data.release import Release, manifest_of
from data.schemas import TABLES
from data.settings import CATALOGUE
from tests.older_releases import publish_as_older

# What rdflib and pyshacl say of each other's older parts.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl")
SHAPES = Path(__file__).with_name("dcat_ap_3.ttl")
ROOT = "https://ville.example/observatoire/"
SPDX = Namespace("http://spdx.org/rdf/terms#")
# Of a large table frictionless looks at every so many rows: all of them take it a minute.
ROWS_LOOKED_AT = 2_000


def _offer(view: View, releases: Path, root: str = ROOT) -> Offer:
    return Offer(view, releases, root, lambda page: f"{root}{page}", f"{root}api/v1")


def _graph(content: bytes, address: str = f"{ROOT}catalogue.jsonld") -> Graph:
    return Graph().parse(data=content, format="json-ld", publicID=address)


def _validate(graph: Graph) -> tuple[list[str], list[str]]:
    """Return the properties that violate the shapes, and those that are recommended and absent."""
    _, results, _ = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES), allow_warnings=True)
    sh = Namespace("http://www.w3.org/ns/shacl#")
    found: dict[URIRef, list[str]] = {sh.Violation: [], sh.Warning: []}
    for result in results.subjects(RDF.type, sh.ValidationResult):
        path = graph.namespace_manager.qname(results.value(result, sh.resultPath))
        found[results.value(result, sh.resultSeverity)].append(f"{results.value(result, sh.focusNode)} {path}")
    return found[sh.Violation], found[sh.Warning]


@pytest.fixture(scope="module")
def graph(city: View, releases: Path) -> Graph:
    return _graph(catalogue(_offer(city, releases)))


def test_the_catalogue_is_valid_and_lacks_only_what_nobody_said(graph: Graph) -> None:
    violations, absent = _validate(graph)
    assert violations == []
    # No contact, no licence of the publisher's own, no period of lists: none is made up.
    said = {line.removeprefix(f"{ROOT}catalogue.jsonld#") for line in absent}
    datasets = {"commitments", "indicators", "places", "programmes", "provenance", "structures"}
    assert said == {
        "catalogue dct:license", "places dct:temporal", "provenance dct:temporal",
        "indicators-indicators dct:license", "places-iris_weights dct:license",
        "provenance-sources dct:license", "provenance-intakes dct:license",
        "provenance-quarantine dct:license", "provenance-corrections dct:license",
        "programmes-statements dct:license", "commitments-spending dct:license",
        *(f"{name} dcat:contactPoint" for name in datasets),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "predicate"),
    [("catalogue", DCTERMS.publisher), ("indicators", DCTERMS.title), ("indicators-observations", DCAT.accessURL),
     ("indicators-observations-checksum", SPDX.checksumValue), ("api", DCAT.endpointURL), ("publisher", FOAF.name)],
)  # fmt: skip
def test_the_shapes_notice_what_is_missing(graph: Graph, subject: str, predicate: URIRef) -> None:
    spoilt = Graph() + graph
    node = URIRef(f"{ROOT}catalogue.jsonld#{subject}")
    assert (node, predicate, None) in spoilt
    spoilt.remove((node, predicate, None))
    assert any(f"#{subject} " in line for line in _validate(spoilt)[0])


def test_the_catalogue_offers_every_table_with_its_size_and_checksum(
    graph: Graph, releases: Path, release: Release
) -> None:
    offered = {}
    for node in graph.subjects(RDF.type, DCAT.Distribution):
        checksum = graph.value(node, SPDX.checksum)
        address = str(graph.value(node, DCAT.downloadURL))
        offered[address] = (int(graph.value(node, DCAT.byteSize)), str(graph.value(checksum, SPDX.checksumValue)))
    folder = f"{ROOT}donnees/{release.release_id}/"
    files = {name: (releases / release.release_id / f"{name}.parquet").read_bytes() for name in TABLES}
    assert {address: (size, digest.lower()) for address, (size, digest) in offered.items()} == {
        f"{folder}{name}.parquet": (len(content), sha256(content).hexdigest()) for name, content in files.items()
    }


def test_everything_is_said_in_french_and_english(graph: Graph) -> None:
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DataService, DCAT.Distribution):
        for node in graph.subjects(RDF.type, kind):
            for predicate in (DCTERMS.title, DCTERMS.description):
                said = [value for value in graph.objects(node, predicate) if isinstance(value, Literal)]
                assert sorted(value.language or "" for value in said) == ["en", "fr"], node


def test_licences_are_those_of_the_sources(graph: Graph, release: Release) -> None:
    known = set(release.table("sources")["licence"])
    said = {str(title) for node in graph.subjects(RDF.type, DCTERMS.LicenseDocument)
            for title in graph.objects(node, DCTERMS.title)}  # fmt: skip
    single = said & known
    assert "Licence Ouverte" in single
    for words in said - known:
        assert any(licence in words for licence in known)
        assert all(source in set(release.table("sources")["source"]) for source in _editions(words, known))


def _editions(words: str, licences: set[str]) -> Iterator[str]:
    """Yield the editions that a statement of several licences names."""
    for licence in sorted(licences, key=len, reverse=True):
        _, found, rest = words.partition(licence)
        if found:
            listed = rest.lstrip("\u202f\xa0: ").split(";")[0]
            yield from (name.strip() for name in listed.replace("\u202f", "").replace("\xa0", "").split(","))


def test_the_publisher_is_the_one_of_the_legal_pages(
    city: View, releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legal = tmp_path / "legal.toml"
    legal.write_text('[publisher]\nname = "Ville d’Exemple"\n[rights]\ndata_licence = "Licence d’exemple"\n', "utf-8")
    monkeypatch.setenv("OBSERVATORY_LEGAL", str(legal))
    monkeypatch.setenv("OBSERVATORY_CONTACT", "donnees@ville.example")
    said = _graph(catalogue(_offer(city, releases)))
    assert [str(name) for name in said.objects(predicate=FOAF.name)] == ["Ville d’Exemple"]
    violations, absent = _validate(said)
    assert violations == []
    assert sorted(line.rpartition(" ")[2] for line in absent) == ["dct:temporal"] * 2
    assert URIRef("mailto:donnees@ville.example") in set(said.objects())


def test_without_an_address_everything_is_told_from_where_the_catalogue_stands(city: View, releases: Path) -> None:
    content = catalogue(_offer(city, releases, ""))
    assert b"http://localhost" not in content
    assert set(_graph(content, f"{ROOT}catalogue.jsonld")) == set(_graph(catalogue(_offer(city, releases))))


def test_the_same_release_gives_the_same_bytes(city: View, english: View, releases: Path) -> None:
    assert catalogue(_offer(city, releases)) == catalogue(_offer(english, releases))
    assert package(_offer(city, releases)) == package(_offer(english, releases))


def test_an_older_release_offers_the_tables_it_has(city: View, release: Release, tmp_path: Path) -> None:
    older = publish_as_older(release.tables, tmp_path, {"spending": (), "iris_structures": (), "targets": ("path",)})
    view = View(Release(older, "", release.tables), "94041", "ville", "fr", "light", city.today)
    said = _graph(catalogue(_offer(view, tmp_path)))
    assert _validate(said)[0] == []
    assert len(set(said.subjects(RDF.type, DCAT.Distribution))) == len(TABLES) - 2
    assert URIRef(f"{ROOT}catalogue.jsonld#structures") not in set(said.subjects())


@pytest.fixture(scope="module")
def descriptor(city: View, releases: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads(package(_offer(city, releases)))
    return content


def test_the_data_package_is_one_and_keeps_what_the_release_says(
    descriptor: dict[str, object], releases: Path, release: Release
) -> None:
    assert list(Package.metadata_validate(descriptor)) == []
    own = {entry["name"]: entry for entry in manifest_of(releases, release.release_id)["resources"]}
    told = {entry["name"]: entry for entry in descriptor["resources"]}  # type: ignore[attr-defined]
    assert set(told) == set(TABLES)
    for name, entry in told.items():
        assert entry["path"] == f"donnees/{release.release_id}/{name}.parquet"
        assert {key: entry[key] for key in own[name] if key != "path"} == {
            key: value for key, value in own[name].items() if key != "path"
        }
    assert urljoin(f"{ROOT}datapackage.json", str(told["observations"]["path"])).startswith(f"{ROOT}donnees/")


@pytest.mark.parametrize("name", sorted(TABLES))
def test_frictionless_finds_every_file_as_described(
    descriptor: dict[str, object], releases: Path, release: Release, name: str
) -> None:
    entry = next(one for one in descriptor["resources"] if one["name"] == name)  # type: ignore[attr-defined]
    folder = releases / release.release_id
    # Frictionless counts no bytes of a file that it reads as Parquet: bytes and checksum are those of a plain file.
    plain = {key: entry[key] for key in ("name", "hash", "bytes")} | {"path": f"{name}.parquet", "type": "file"}
    report = Resource.from_descriptor(plain, basepath=str(folder)).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert report.tasks[0].stats["sha256"] == entry["hash"].removeprefix("sha256:")
    assert pq.read_metadata(folder / f"{name}.parquet").num_rows == entry["rows"]
    rows = pq.read_table(folder / f"{name}.parquet").to_pylist()
    looked_at = rows[:: max(1, len(rows) // ROWS_LOOKED_AT)]
    if not looked_at:
        return
    table = Resource(data=looked_at, schema=Schema.from_descriptor(entry["schema"]))
    checked = table.validate()
    assert checked.valid, checked.flatten(["type", "note"])[:3]
    assert checked.stats["tasks"] == 1


def test_frictionless_notices_a_changed_file(
    descriptor: dict[str, object], releases: Path, release: Release, tmp_path: Path
) -> None:
    entry = next(one for one in descriptor["resources"] if one["name"] == "phases")  # type: ignore[attr-defined]
    content = bytearray((releases / release.release_id / "phases.parquet").read_bytes())
    content[100] ^= 1
    (tmp_path / "phases.parquet").write_bytes(bytes(content))
    plain = {key: entry[key] for key in ("name", "hash", "bytes")} | {"path": "phases.parquet", "type": "file"}
    assert not Resource.from_descriptor(plain, basepath=str(tmp_path)).validate().valid


def test_every_table_is_in_one_family() -> None:
    families = read_harvest(CATALOGUE / "harvest.toml").families.values()
    assert sorted(table for family in families for table in family.tables) == sorted(TABLES)
