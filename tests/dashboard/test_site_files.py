"""The published site as files: links, heads, sizes, downloads, what servers say of them; published twice, the same."""

import csv
import gzip
import io
import itertools
import json
import os
import re
import struct
import subprocess
import sys
from datetime import date
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import brotli
import pytest

from dashboard.exports import export
from dashboard.messages import LANGUAGES
from dashboard.publication import edition, pictures
from dashboard.publication.edition import Order
from dashboard.publication.writing import write_site
from dashboard.view import View, the_view
from data.release import Release
from data.settings import ROOT
from tests.conftest import SITE_BASE, SITE_DAY
from tests.dashboard.site_reading import PageRead, read_pages
from tests.dashboard.small_site import publish_small
from tests.nginx import Site, serving_folder

FIGURE = re.compile(r"<figure ([^>]*)>\s*<figcaption>(.*?)</figcaption>", re.DOTALL)
# Elements that say how words are meant, and hold none.
WORDLESS = re.compile(r"<(b|i|em|strong|small|mark|u|s)(?:\s[^>]*)?>\s*</\1>")
LARGEST_PAGE_BYTES = 100_000
COMPRESSED = (".gz", ".br")
EMPTY_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect/></svg>'
# Where the site stands below another path, as it may on the city's own host.
BASES = ("https://host.example/", "https://host.example/observatoire/")


@pytest.fixture(scope="module")
def folder(site: Path) -> Path:
    return site.resolve()


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, PageRead]:
    return read_pages(folder)


@pytest.fixture(scope="module")
def files(folder: Path) -> set[str]:
    return _names(folder)


def test_figures_are_named_as_their_captions_and_no_element_is_there_for_its_looks(folder: Path) -> None:
    figures = 0
    for path in folder.rglob("index.html"):
        text = path.read_text(encoding="utf-8")
        assert not WORDLESS.search(text), path
        for attributes, caption in FIGURE.findall(text):
            label = re.search(r'aria-label="([^"]*)"', attributes)
            assert label, path
            assert 'role="figure"' in attributes
            assert unescape(label[1]).split() == unescape(re.sub(r"<[^>]+>", " ", caption)).split()
            figures += 1
        assert text.count("<figure") == len(FIGURE.findall(text)), path
    assert figures > 300


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _fault(base: str, path: str, address: str, pages: dict[str, PageRead], files: set[str]) -> str:
    """Return what is wrong with a link of a page; nothing where it leads to something of the site, or out of it."""
    there = urljoin(base + path, address)
    if not there.startswith(base):
        return "" if urlsplit(address).scheme in {"https", "http", "mailto"} else "leads out of the site"
    target, _, fragment = unquote(there.removeprefix(base)).partition("#")
    target = target.partition("?")[0]
    if target in pages:
        return "" if not fragment or fragment in pages[target].ids else "no such place on the page"
    return "" if target in files else "leads nowhere"


def _faults(base: str, pages: dict[str, PageRead], files: set[str]) -> list[str]:
    """Return what is wrong with links of pages; those of the page for what is not there begin at the host."""
    found = {
        f"{path}: {address} {fault}"
        for path, page in pages.items()
        if not path.endswith("404.html")
        for address in page.links + page.loaded
        if (fault := _fault(base, path, address, pages, files))
    }
    return sorted(found)


@pytest.mark.parametrize("base", BASES)
def test_all_links_and_fragments_inside_the_site_resolve(
    base: str, pages: dict[str, PageRead], files: set[str]
) -> None:
    assert _faults(base, pages, files) == []
    assert sum(len(page.links) for page in pages.values()) > 20 * len(pages)


def test_a_commune_without_districts_has_a_site_too(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition, "open_ordered", lambda _order: release)
    monkeypatch.setattr(edition, "picture", lambda _preview: b"PNG")
    monkeypatch.setattr(pictures, "_svg", lambda _specification: EMPTY_PICTURE)
    order = Order(release.release_id, "26362", date.fromisoformat(SITE_DAY), SITE_BASE)
    write_site(tmp_path / "site", order, lambda _what, _total: lambda _count: None, processes=1)
    folder = (tmp_path / "site").resolve()
    found = read_pages(folder)
    assert found[""].title == "Observatoire urbain de Valence"
    assert "quartiers/ivry-port/" not in found
    assert _faults(BASES[0], found, _names(folder)) == []


def _is_figure(path: str) -> bool:
    """Tell whether a page is a figure by itself: shown in frames of other sites, it leads back by whole addresses."""
    plain = path.removeprefix("en/")
    return plain.startswith("integrer/") and plain.count("/") > 2


def test_links_between_pages_are_relative(pages: dict[str, PageRead]) -> None:
    absolute = {
        f"{path}: {address}"
        for path, page in pages.items()
        for address in (page.loaded if _is_figure(path) else page.links + page.loaded)
        if address.startswith((SITE_BASE, "//")) or (address.startswith("/") and not path.endswith("404.html"))
    }
    assert absolute == set()


def test_every_page_says_what_it_is(pages: dict[str, PageRead]) -> None:
    for path, page in pages.items():
        assert page.language in LANGUAGES, path
        assert page.title.strip(), path
        assert page.metas.get("description", "").strip() or not page.is_indexed, path
        assert page.metas["viewport"] == "width=device-width, initial-scale=1", path
        assert page.headings.count("h1") == 1, path
        assert page.headings[0] == "h1", path
        assert len(page.ids) == len(set(page.ids)), path
        levels = [int(heading[1]) for heading in page.headings]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), path
    indexed = [page for page in pages.values() if page.is_indexed]
    assert len({page.title for page in indexed}) == len(indexed)


def test_indexed_pages_name_their_address_and_their_preview(pages: dict[str, PageRead], folder: Path) -> None:
    for path, page in pages.items():
        if _is_figure(path):
            assert page.canonical.startswith(SITE_BASE), path
            assert "#" in page.canonical, path
            continue
        assert page.canonical == (SITE_BASE + path if page.is_indexed else ""), path
        if page.is_indexed:
            assert page.metas["og:url"] == SITE_BASE + path
            assert page.metas["og:title"]
            assert page.metas["og:description"]
            picture = page.metas["og:image"]
            assert picture.startswith(SITE_BASE)
            content = (folder / picture.removeprefix(SITE_BASE)).read_bytes()
            assert content.startswith(b"\x89PNG")
            assert struct.unpack(">II", content[16:24]) == (1200, 630)


def test_the_site_map_lists_what_is_indexed(pages: dict[str, PageRead], folder: Path, release: Release) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    entries = ElementTree.fromstring((folder / "sitemap.xml").read_bytes()).findall(f"{space}url")
    listed = [entry.findtext(f"{space}loc") for entry in entries]
    assert sorted(listed) == sorted(SITE_BASE + path for path, page in pages.items() if page.is_indexed)
    assert {entry.findtext(f"{space}lastmod") for entry in entries} == {release.published}
    assert f"Sitemap: {SITE_BASE}sitemap.xml" in (folder / "robots.txt").read_text()


def test_nothing_comes_from_elsewhere_and_no_script_stands_in_a_page(pages: dict[str, PageRead], folder: Path) -> None:
    for path, page in pages.items():
        assert [address for address in page.loaded if urlsplit(address).netloc] == [], path
        assert page.handlers == [], path
        assert page.inline_scripts == 0, path
    for style in folder.rglob("*.css"):
        addresses = re.findall(r"url\(\"?([^)\"]+)", style.read_text())
        assert all((style.parent / address).is_file() for address in addresses), style


def test_every_page_is_small(folder: Path) -> None:
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*.html.gz")}
    assert {name: size for name, size in sizes.items() if size > LARGEST_PAGE_BYTES} == {}


def test_compressed_forms_say_the_same(folder: Path, files: set[str]) -> None:
    worth = {name for name in files if re.search(r"\.(html|css|js|svg|xml|csv|json|jsonld|txt|webmanifest)$", name)}
    for name in worth:
        content = (folder / name).read_bytes()
        assert gzip.decompress((folder / f"{name}.gz").read_bytes()) == content, name
        assert brotli.decompress((folder / f"{name}.br").read_bytes()) == content, name
    assert {name for name in files if name.endswith(COMPRESSED)} == {
        f"{name}{end}" for name in worth for end in COMPRESSED
    }


def test_the_manifest_lists_every_file(folder: Path, files: set[str], release: Release) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["release"], manifest["base"]) == (release.release_id, SITE_BASE)
    listed = {entry["path"]: entry for entry in manifest["files"]}
    assert set(listed) == {name for name in files if not name.endswith(COMPRESSED) and name != "manifest.json"}
    for name, entry in listed.items():
        content = (folder / name).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), sha256(content).hexdigest()), name


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / "telecharger" / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_downloads_hold_the_rows_of_the_release(folder: Path, city: View) -> None:
    cases = {
        "series-housing": ("series", {"theme": "housing"}),
        "programmes-housing": ("programmes", {"theme": "housing"}),
    }
    for stem, (name, parameters) in cases.items():
        for district in ("ville", "ivry-port"):
            view = the_view(city.release, city.commune, district, city.language, "light", city.today)
            text = (folder / "telecharger" / f"{stem}-{district}.csv").read_bytes().decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text)))
            expected = export(view, name, parameters)
            assert rows
            assert list(rows[0]) == list(expected.columns)
            assert len(rows) == len(expected)
    text = (folder / "telecharger" / "series-housing-ville.csv").read_bytes().decode("utf-8-sig")
    observed = city.release.table("observations").set_index(["ref_area", "indicator", "time_period", "source"])
    for row in csv.DictReader(io.StringIO(text)):
        key = (row["ref_area"], row["indicator"], row["time_period"], row["source"])
        assert float(row["obs_value"] or "nan") == pytest.approx(
            float(observed.loc[[key], "obs_value"].iloc[0]), nan_ok=True
        )


def test_a_frozen_figure_needs_nothing_that_changes(pages: dict[str, PageRead], release: Release) -> None:
    frozen = {path: page for path, page in pages.items() if path.endswith(f"/{release.release_id}/")}
    assert len(frozen) > 50
    for path, page in frozen.items():
        needed = {urljoin(SITE_BASE + path, address) for address in page.loaded}
        assert all(address.startswith(f"{SITE_BASE}fichiers/") for address in needed), path
        rows = [address for address in page.links if address.endswith(".csv")]
        assert {urljoin(path, address).rpartition("/")[0] + "/" for address in rows} <= {path}, path
    assert any(address.endswith(".csv") for page in frozen.values() for address in page.links)


def test_every_download_is_linked(pages: dict[str, PageRead], files: set[str]) -> None:
    linked = {
        urljoin(SITE_BASE + path, address).removeprefix(SITE_BASE)
        for path, page in pages.items()
        for address in page.links
    }
    rows = {name for name in files if name.startswith("telecharger/") and not name.endswith(COMPRESSED)}
    assert len(rows) > 30
    assert rows <= linked


def test_pages_are_the_same_whoever_makes_them_and_in_which_order(
    folder: Path, releases: Path, release: Release
) -> None:
    command = [sys.executable, "-m", "tests.dashboard.made_again", release.release_id, str(folder)]
    # Sets and names in another order than in the processes that published.
    variables = {**os.environ, "OBSERVATORY_RELEASES": str(releases), "PYTHONHASHSEED": "7"}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    *differ, pages_made, rows_made = done.stdout.split()
    assert differ == []
    assert int(pages_made) > 30
    assert int(rows_made) > 5


def test_nginx_serves_pages_compressed_and_with_their_headers(site_server: Site, folder: Path) -> None:
    answer = site_server.get("/logement/", Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.body == (folder / "logement" / "index.html.gz").read_bytes()
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert "set-cookie" not in answer.headers
    again = site_server.get("/logement/", Accept_Encoding="gzip", If_None_Match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert site_server.get("/logement").headers["location"] == "/logement/"
    assert site_server.get("/logement/").body == (folder / "logement" / "index.html").read_bytes()


@pytest.mark.parametrize(
    ("pattern", "media"),
    [
        ("fichiers/site.*.css", "text/css; charset=utf-8"),
        ("fichiers/site.*.js", "text/javascript; charset=utf-8"),
        ("fichiers/*.svg", "image/svg+xml"),
        ("fichiers/*.woff2", "font/woff2"),
        ("apercus/accueil.png", "image/png"),
        ("telecharger/series-housing-ville.csv", "text/csv; charset=utf-8"),
        ("sitemap.xml", "application/xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("manifest.json", "application/json; charset=utf-8"),
    ],
)
def test_nginx_says_what_files_are_and_how_long_they_keep(
    pattern: str, media: str, site_server: Site, folder: Path
) -> None:
    (path,) = folder.glob(pattern)
    answer = site_server.get(f"/{path.relative_to(folder).as_posix()}")
    assert (answer.status, answer.headers["content-type"]) == (200, media)
    lasting = "public, max-age=31536000, immutable"
    assert answer.headers["cache-control"] == (lasting if pattern.startswith("fichiers/") else "no-cache")


@pytest.mark.parametrize(
    "path", ["/nulle-part/", "/logement/nulle-part", "/fichiers/", "/fichiers/site.000.css", "/404.html"]
)
def test_what_is_not_there_is_answered_by_a_page_of_the_site(path: str, site_server: Site) -> None:
    answer = site_server.get(path)
    assert (answer.status, answer.headers["cache-control"]) == (404, "no-cache")
    assert "Cette page n’existe pas" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.text)
    assert site_server.get(style).status == 200


def test_figures_may_be_framed_by_those_named_and_frozen_ones_keep_for_ever(tmp_path: Path, release: Release) -> None:
    publish_small(tmp_path / "site", release)
    frozen = f"/integrer/ville/figure/{release.release_id}/"
    with serving_folder(tmp_path / "site", "https://www.ville.example https://voisine.example") as server:
        answers = {path: server.get(path) for path in ("/page/", "/integrer/ville/figure/", frozen)}
        frames = [answer.headers["content-security-policy"] for answer in answers.values()]
        named = "frame-ancestors 'self' https://www.ville.example https://voisine.example"
        assert frames == ["frame-ancestors 'self'", named, named]
        kept = [answer.headers["cache-control"] for answer in answers.values()]
        assert kept == ["no-cache", "no-cache", "public, max-age=31536000, immutable"]
        for path in ("/integrer/ville/nulle-part/", "/integrer/ville/figure/0123456789abcdef/", "/integrer/"):
            answer = server.get(path)
            assert (answer.status, answer.headers["cache-control"]) == (404, "no-cache")
            assert answer.headers["content-security-policy"] == named
            assert "Cette figure n’est pas disponible" in answer.text
            assert len(answer.body) < 2000
    with serving_folder(tmp_path / "site") as server:
        assert server.get(frozen).headers["content-security-policy"].strip() == "frame-ancestors 'self'"


def test_the_site_may_stand_below_a_path(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "observatoire").symlink_to(folder)
    with serving_folder(tmp_path, path="/observatoire") as server:
        assert server.get("/observatoire/logement/").status == 200
        assert server.get("/observatoire/logement").headers["location"] == "/observatoire/logement/"
        assert "Cette page n’existe pas" in server.get("/observatoire/nulle-part/").text
        (style,) = folder.glob("fichiers/site.*.css")
        assert "immutable" in server.get(f"/observatoire/fichiers/{style.name}").headers["cache-control"]
