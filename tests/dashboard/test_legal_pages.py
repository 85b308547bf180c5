"""Legal pages: they say what the configuration says, that it says nothing, and the rates of the grid; no more."""

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard import publish
from dashboard.formats import number
from dashboard.legal import compliance, findings, grid, legal
from dashboard.publication.legal_pages import legal_pages, missing_fields
from dashboard.publication.pages import SitePage
from dashboard.publication.place import Place
from dashboard.publication.writing import Published
from dashboard.view import View
from data.accessibility_models import PARTS
from data.legal import FaultyLegalError, read_legal
from data.settings import CATALOGUE

PLACE = Place("https://ville.example/", lambda _view, _export, _kind: "")
MISSING = "Non renseigné par la collectivité."
FILLED = """
[publisher]
name = "Ville d’Essai"
address = "1 place Haute, 99999 Essai"
telephone = "01 99 00 00 00"
registration = "219900001"
director = "Camille Essai, maire"
[host]
name = "Hébergeur d’Essai"
address = "2 place Basse, 99999 Essai"
telephone = "01 99 00 00 01"
[rights]
data_licence = "Licence d’Essai"
data_protection_officer = "dpo@essai.example"
[accessibility]
established_on = 2026-11-02
plan = "https://essai.example/plan"
actions = "https://essai.example/actions"
derogations = ["Les plans anciens : les redessiner coûterait trop."]
"""
AUDIT = '[accessibility.audit]\nby = "Cabinet d’Essai"\nmade_on = {day}\nrate_percent = {rate}\n'


@pytest.fixture(autouse=True)
def no_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OBSERVATORY_CONTACT", "OBSERVATORY_LEGAL", "OBSERVATORY_AUDIENCE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of a configuration that a test writes."""
    path = tmp_path / "legal.toml"
    monkeypatch.setenv("OBSERVATORY_LEGAL", str(path))
    return path


def _pages(city: View, place: Place = PLACE) -> dict[str, SitePage]:
    return {page.path: page for page in legal_pages(city, place)}


def _said(page: SitePage) -> str:
    return html.unescape(re.sub(r"\s*<[^>]+>\s*", "|", page.body())).replace("\u00a0", " ").replace("\u202f", " ")


def test_what_was_not_filled_in_is_said_to_be_missing(city: View) -> None:
    pages = _pages(city)
    assert set(pages) == {"accessibilite/", "accessibilite/grille/", "vie-privee/", "contact/"}
    assert _said(pages["contact/"]).count(MISSING) == 9
    assert "Adresse de contact : non renseignée par la collectivité." in _said(pages["contact/"])
    assert _said(pages["accessibilite/"]).count(MISSING) == 3
    assert "Le nom de cet organisme n’est pas renseigné par la collectivité" in _said(pages["accessibilite/"])
    assert _said(pages["vie-privee/"]).count(MISSING) == 1
    assert len(missing_fields()) == 13
    assert {"publisher.name", "host.address", "OBSERVATORY_CONTACT"} <= set(missing_fields())


def test_the_shipped_configuration_names_nobody() -> None:
    shipped = legal().model_dump()
    assert all(not value for table in shipped.values() for value in table.values())


def test_what_was_filled_in_is_said(city: View, configured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configured.write_text(FILLED, encoding="utf-8")
    monkeypatch.setenv("OBSERVATORY_CONTACT", "observatoire@essai.example")
    pages = _pages(city)
    said = "".join(_said(page) for page in pages.values())
    assert MISSING not in said
    assert "renseign" not in said
    assert missing_fields() == ()
    for line in FILLED.splitlines():
        if words := line.partition("=")[2].strip(' "[]'):
            assert (words if line[:5] != "estab" else "2 novembre 2026") in said, line
    assert "Ville d’Essai s’engage à rendre ce site accessible" in said
    assert 'href="mailto:observatoire@essai.example"' in pages["contact/"].body()
    assert 'href="mailto:observatoire@essai.example"' in pages["accessibilite/"].body()
    assert "Aucune dérogation" not in said


@pytest.mark.parametrize(
    ("day", "rate", "state", "title"),
    [
        ("2026-10-01", 100, "total", "Accessibilité : totalement conforme"),
        ("2026-10-01", 99.96, "partial", "Accessibilité : partiellement conforme"),
        ("2026-10-01", 50, "partial", "Accessibilité : partiellement conforme"),
        ("2026-10-01", 49.9, "none", "Accessibilité : non conforme"),
        ("2023-11-20", 100, "none", "Accessibilité : non conforme"),
        ("2024-02-29", 100, "total", "Accessibilité : totalement conforme"),
        ("2026-11-27", 100, "none", "Accessibilité : non conforme"),
    ],
)
def test_only_a_valid_audit_lets_the_site_claim_to_comply(
    city: View, configured: Path, day: str, rate: float, state: str, title: str
) -> None:
    configured.write_text(FILLED + AUDIT.format(day=day, rate=rate), encoding="utf-8")
    view = replace(city, today=date(2026, 11, 26))
    assert compliance(view.today) == state
    page = _pages(view)["accessibilite/"]
    assert page.title.replace("\u00a0", " ") == title
    assert page.in_footer, "the state is told at the foot of every page"
    is_relied_on = day.startswith(("2026-10", "2024"))
    assert ("Audit de conformité réalisé par Cabinet d’Essai" in _said(page)) == is_relied_on


def test_without_an_audit_the_site_does_not_comply_whatever_it_finds_itself(city: View) -> None:
    page = _pages(city)["accessibilite/"]
    assert page.title == "Accessibilité\u00a0: non conforme"
    said = _said(page)
    assert "n’est pas conforme au référentiel" in said
    assert "Ce n’est pas un audit." in said
    assert "formulaire.defenseurdesdroits.fr" in said
    assert "Libre réponse 71120, 75342 Paris CEDEX 07" in said


def test_the_rates_printed_are_those_of_the_grid(city: View) -> None:
    pages = _pages(city)
    for part in PARTS:
        rate = grid().rate(part)
        percent = number(round(100 * rate.met / rate.applicable, 1), 1, "fr", minimum=0)
        words = f"{percent} % des critères applicables sont respectés, soit {rate.met} sur {rate.applicable}."
        assert words in _said(pages["accessibilite/"])
        assert f"{percent} %" in _said(pages["accessibilite/grille/"])


def test_the_statement_lists_every_criterion_that_is_not_met_and_every_finding(city: View) -> None:
    page = _pages(city)["accessibilite/"]
    said = _said(page)
    for name, criterion in grid().criteria.items():
        faulty = [part for part in PARTS if criterion.of(part).state in {"not_met", "not_tested"}]
        words = f"|{name} {criterion.asks['fr']}|".replace("\u00a0", " ").replace("\u202f", " ")
        assert said.count(words) == len(faulty), name
    assert findings().findings
    for one in findings().findings.values():
        assert one.words["fr"].replace("\u00a0", " ").replace("\u202f", " ") in said
    assert page.body().count(">Lire la version statique</a>") == len(findings().findings)


def test_the_grid_shows_every_criterion_with_its_evidence(city: View) -> None:
    body = _pages(city)["accessibilite/grille/"].body()
    assert body.count('<th scope="row"><b>') == 106
    shown = re.findall(r"<code>([^<]+)</code>", body)
    assert sorted(shown) == sorted(
        test for one in grid().criteria.values() for part in PARTS for test in one.of(part).tests
    )


def test_only_the_running_server_can_say_whether_it_counts(
    city: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = replace(PLACE, is_live=True)
    assert "sa propre page « Vie privée » dit ce qu’il fait" in _said(_pages(city)["vie-privee/"])
    assert "rien n’est compté" in _said(_pages(city, served)["vie-privee/"])
    monkeypatch.setenv("OBSERVATORY_AUDIENCE", str(tmp_path))
    assert "les ouvertures de pages sont comptées" in _said(_pages(city, served)["vie-privee/"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[publisher]\nname = 3\n", "legal.toml:2: column 'publisher.name', value '3'"),
        ("[publisher]\nnom = 'Ville'\n", "legal.toml:2: column 'publisher.nom'"),
        ("[accessibility]\nplan = 'javascript:alert(1)'\n", "legal.toml:2: column 'accessibility.plan'"),
        ("[accessibility.audit]\nby = 'X'\n", "accessibility.audit.made_on"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_faulty_configuration_names_file_line_key_and_value(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "legal.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FaultyLegalError, match=re.escape(said)):
        read_legal(path)


def test_an_absent_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(FaultyLegalError, match="cannot be read"):
        read_legal(tmp_path / "nowhere.toml")
    assert read_legal(CATALOGUE / "legal.toml") == legal()


def test_publishing_names_what_is_missing_and_nothing_where_all_is_there(
    configured: Path, releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(releases))
    monkeypatch.setenv("OBSERVATORY_COMMUNE", "94041")
    monkeypatch.setattr(publish, "write_site", lambda *_: Published("v", 1, 1, True))
    command = [str(tmp_path / "site"), "--base-url", "https://ville.example/"]
    configured.write_text("", encoding="utf-8")
    told = CliRunner().invoke(publish.app, command).stderr
    assert "publisher.name, publisher.address" in told
    assert "OBSERVATORY_CONTACT" in told
    filled = tmp_path / "filled.toml"
    filled.write_text(FILLED, encoding="utf-8")
    monkeypatch.setenv("OBSERVATORY_LEGAL", str(filled))
    monkeypatch.setenv("OBSERVATORY_CONTACT", "observatoire@essai.example")
    assert CliRunner().invoke(publish.app, command).stderr == ""
