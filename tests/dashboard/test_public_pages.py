"""Static pages and figures to embed from the running server: the same as published, framed by those who may."""

import gzip
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

import pytest

from dashboard.framing import EmbeddersError, checked_embedders
from dashboard.publication.live import FigureAsked, figure_asked
from dashboard.publication.sharing import embeddables, find
from dashboard.publication.trees import views
from dashboard.view import WHOLE_CITY, the_view
from data.release import Release, current_id
from data.settings import default_commune
from etl.publish import publish
from tests.conftest import SITE_BASE, SITE_DAY, SITE_EMBEDDER, Tables
from tests.nginx import Site
from tests.serving import Observatory, serving

FIGURE = "integrer/ville/housing-series/"
PATHS = (
    "",
    "logement/",
    "quartiers/",
    "quartiers/ivry-port/espaces-verts/",
    "logement/simple/",
    "indicateurs/vacancy-rate-percent/",
    "programmes/quais-d-ivry/",
    "accessibilite/",
    "plan-du-site/",
    FIGURE,
    "integrer/ivry-port/timeline-housing/",
    "integrer/ville/indicateur-vacancy-rate-percent-carte/",
)


def _plain(html: str, base: str) -> str:
    """Return a page without what depends on who serves it: its address, where downloads are and in which formats."""
    html = re.sub(r'( · )?<a href="[^"]*telecharger/[^"]*" download>[^<]*</a>', "", html.replace(base, SITE_BASE))
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("path", PATHS)
def test_the_server_shows_what_is_published(observatory: Observatory, site_server: Site, path: str) -> None:
    live, published = observatory.get(f"/public/{path}"), site_server.get(f"/{path}")
    assert live.status == published.status == 200
    assert live.headers["content-type"] == "text/html; charset=utf-8"
    assert _plain(live.text, f"{observatory.address}/public/") == _plain(published.text, SITE_BASE)


def test_every_link_of_a_live_page_is_answered(observatory: Observatory) -> None:
    seen: set[str] = set()
    for path in ("logement/", FIGURE, "programmes/quais-d-ivry/"):
        for link in re.findall(r'(?:href|src)="([^"#]+)', observatory.get(f"/public/{path}").text):
            if not link.startswith(("http", "mailto:", "data:")):
                seen.add(_resolved(f"/public/{path}", link.replace("&amp;", "&")))
    assert len(seen) > 40
    assert any(link.startswith("/telecharger/") for link in seen)
    assert [link for link in sorted(seen) if observatory.get(link).status != 200] == []


def _resolved(page: str, link: str) -> str:
    return urljoin(page, link)


def test_a_download_of_a_live_page_holds_the_rows_of_the_published_one(
    observatory: Observatory, site_server: Site
) -> None:
    live = re.findall(r'href="([^"]*telecharger/series\.csv[^"]*)"', observatory.get("/public/logement/").text)
    published = re.findall(r'href="([^"]*telecharger/series-[^"]*)"', site_server.get("/logement/").text)
    rows = observatory.get(_resolved("/public/logement/", live[0].replace("&amp;", "&"))).body
    assert rows == site_server.get(_resolved("/logement/", published[0])).body
    assert rows.count(b"\n") > 20


def test_what_the_browser_has_is_not_sent_again(observatory: Observatory) -> None:
    first = observatory.get("/public/logement/", Accept_Encoding="gzip")
    assert first.headers["content-encoding"] == "gzip"
    assert gzip.decompress(first.body).startswith(b"<!doctype html>")
    assert len(first.body) <= 100_000
    again = observatory.get("/public/logement/", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    style = re.search(r'href="\.\./(fichiers/site\.[0-9a-f]+\.css)"', gzip.decompress(first.body).decode())
    assert style
    assert "immutable" in observatory.get(f"/public/{style[1]}").headers["cache-control"]


@pytest.mark.parametrize("path", ["logement", "quartiers/ivry-port", "integrer/ville/housing-series"])
def test_an_address_without_its_slash_leads_to_the_page(observatory: Observatory, path: str) -> None:
    assert observatory.get(f"/public/{path}").text == observatory.get(f"/public/{path}/").text


@pytest.mark.parametrize(
    "path",
    ["nulle-part/", "quartiers/nulle-part/", "apercus/nulle-part.png", "fichiers/site.css", "de/", "logement//"],
)
def test_what_is_not_there_is_answered_by_a_page_of_the_site(observatory: Observatory, path: str) -> None:
    answer = observatory.get(f"/public/{path}")
    assert answer.status == 404
    assert "Cette page n’existe pas" in answer.text
    assert 'class="site-header"' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "integrer/ville/nulle-part/",
        "integrer/nulle-part/housing-series/",
        f"{FIGURE}0123456789abcdef/",
        "integrer/ville/indicateur-nulle-part-carte/",
        "integrer/ivry-port/%3Cscript%3E/",
    ],
)
def test_an_unknown_figure_is_answered_in_a_frame_of_its_size(observatory: Observatory, path: str) -> None:
    answer = observatory.get(f"/public/{path}")
    assert answer.status == 404
    assert "Cette figure n’est pas disponible" in answer.text
    assert len(answer.body) < 2_000
    assert "<script" not in answer.text
    assert "<nav" not in answer.text


def test_only_figures_may_be_framed_by_the_sites_that_are_named(observatory: Observatory) -> None:
    for path in ("/", "/logement", "/public/", "/public/logement/", "/affichage/", "/nulle-part", "/public/integrer/"):
        assert observatory.get(path).headers["content-security-policy"].endswith("; frame-ancestors 'self'"), path
    for path in (FIGURE, f"{FIGURE}0123456789abcdef/", "integrer/ville/nulle-part/"):
        policy = observatory.get(f"/public/{path}").headers["content-security-policy"]
        assert policy.endswith(f"; frame-ancestors 'self' {SITE_EMBEDDER}")
    answer = observatory.get("/public/logement/")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "origin",
    ["https://www.ville.example", "https://*.ville.example", "http://localhost:*", "http://127.0.0.1:8080"],
)
def test_origins_are_taken_as_they_are_written(origin: str) -> None:
    assert checked_embedders((origin,)) == (origin,)


@pytest.mark.parametrize(
    "origin",
    ["*", "https:", "ville.example", "https://ville.example/page", "https://Ville.example", "'none'", "https://a;b",
     "ftp://ville.example", "https://ville.example:"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_by_name(origin: str) -> None:
    with pytest.raises(EmbeddersError, match="OBSERVATORY_EMBEDDERS"):
        checked_embedders((origin,))


def test_a_server_with_a_faulty_list_of_sites_does_not_start(releases: Path) -> None:
    said = r"(?s)ended at once.*EmbeddersError: OBSERVATORY_EMBEDDERS: 'ville\.example' is no origin"
    with (
        pytest.raises(RuntimeError, match=said),
        serving(releases, OBSERVATORY_EMBEDDERS="https://a.example ville.example"),
    ):
        pass


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("integrer/ville/a-b/", FigureAsked("ville", "a-b", "")),
        ("integrer/ville/a-b/0123456789abcdef/", FigureAsked("ville", "a-b", "0123456789abcdef")),
        ("integrer/ville/a-b", None),
        ("integrer/", None),
        ("integrer/ville/a-b/0123/", None),
        ("logement/", None),
    ],
)
def test_a_path_says_which_figure_it_asks_for(path: str, asked: FigureAsked | None) -> None:
    assert figure_asked(path) == asked


def test_each_figure_is_found_by_its_area_and_key(release: Release) -> None:
    city = the_view(release, default_commune(), WHOLE_CITY, "fr", "light", date.fromisoformat(SITE_DAY))
    counts = {}
    for view in views(city):
        known = embeddables(view)  # two of the same key would be refused
        assert all(find(view, key) is one for key, one in known.items())
        counts[view.district] = len(known)
    assert counts[WHOLE_CITY] > 50
    assert min(counts.values()) >= 1


@pytest.fixture(scope="module")
def moved_on(releases: Path, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observatory]:
    """Return a server of two releases: the first is that of the session, the second has other notes of a source."""
    folder = Path(shutil.copytree(releases, tmp_path_factory.mktemp("moved") / "releases"))
    sources = tables["sources"].copy()
    sources.loc[sources.index[0], "title_fr"] += " (corrigé)"
    publish({**tables, "sources": sources}, folder)
    with serving(folder) as server:
        yield server


def test_a_frozen_figure_stays_when_a_release_comes_and_says_when_it_has_gone(
    moved_on: Observatory, observatory: Observatory, release: Release
) -> None:
    folder = moved_on.releases
    frozen = f"/public/{FIGURE}{release.release_id}/"
    assert current_id(folder) != release.release_id
    before = observatory.get(frozen)
    after = moved_on.get(frozen)
    assert before.status == after.status == 200
    assert after.text.replace(moved_on.address, "") == before.text.replace(observatory.address, "")
    assert f"version {release.release_id}" in after.text
    shutil.rmtree(folder / release.release_id)
    with serving(folder) as restarted:
        gone = restarted.get(frozen)
        assert gone.status == 410
        assert "n’est plus conservée" in gone.text
        assert '<a href="../">' in gone.text
        assert restarted.get(f"/public/{FIGURE}").status == 200
        assert restarted.get(f"/public/integrer/ville/nulle-part/{release.release_id}/").status == 404


def test_without_a_release_a_plain_page_asks_again(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        for path in ("/public/", f"/public/{FIGURE}"):
            answer = server.get(path)
            assert answer.status == 503
            assert "Aucune donnée n’est encore publiée" in answer.text
            assert 'http-equiv="refresh"' in answer.text
            assert answer.headers["cache-control"] == "no-store"


def test_an_impossible_address_of_the_server_ends_it_before_a_reader_comes(releases: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="cannot be the address of a site"),
        serving(releases, OBSERVATORY_PUBLIC_ADDRESS="ville.example"),
    ):
        pass


def test_links_to_share_lead_to_the_address_readers_know(releases: Path) -> None:
    with serving(releases, OBSERVATORY_PUBLIC_ADDRESS="https://observatoire.ville.example") as server:
        text = server.get("/public/logement/").text
    assert "src=&#34;https://observatoire.ville.example/public/integrer/ville/housing-series/&#34;" in text
    assert server.address not in text
