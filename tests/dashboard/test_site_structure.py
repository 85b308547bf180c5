"""How each kind of page of the published site is written: what assistive techniques find in it."""

from itertools import pairwise
from pathlib import Path

import pytest

from dashboard.messages import message
from data.release import Release
from tests.dashboard.html_tree import Document, Element, read_document

KINDS = (
    "",
    "logement/",
    "espaces-verts/",
    "geothermie/",
    "mobilite/",
    "objectifs/",
    "logement/simple/",
    "quartiers/",
    "quartiers/ivry-port/",
    "quartiers/ivry-port/logement/",
    "quartiers/petit-ivry/portrait/",
    "indicateurs/",
    "indicateurs/vacancy-rate-percent/",
    "programmes/",
    "programmes/liste/",
    "programmes/quais-d-ivry/",
    "changements/",
    "chiffres/",
    "rapprochements/",
    "sources/",
    "integrer/",
    "plan-du-site/",
    "accessibilite/",
    "accessibilite/grille/",
    "vie-privee/",
    "contact/",
)
# Figures by themselves and the wall screen are whole documents without the header and footer of a page.
FIGURES = ("integrer/ville/carte-housing-vacancy-rate-percent/", "integrer/ville/housing-series/")
WALL = "affichage/"
ONLY_LOOKS = {"font", "center", "big", "tt", "strike", "marquee", "blink", "basefont", "u"}
LOOKS = {"align", "bgcolor", "border", "cellpadding", "cellspacing", "color", "face", "valign", "background"}


@pytest.fixture(scope="module")
def documents(site: Path, release: Release) -> dict[str, Document]:
    found = (*KINDS, *FIGURES, f"{FIGURES[0]}{release.release_id}/", WALL)
    return {path: read_document((site / path / "index.html").read_text(encoding="utf-8")) for path in found}


def _elements(documents: dict[str, Document], *tags: str) -> list[tuple[str, Element]]:
    found = [(path, element) for path, document in documents.items() for element in document.root.all(*tags)]
    assert found
    return found


def test_every_page_is_a_whole_document(documents: dict[str, Document]) -> None:
    for path, document in documents.items():
        assert document.doctype == "doctype html"
        assert document.faults == (), path
        (html,) = document.root.children
        assert html.attributes["lang"] == "fr"
        assert [element.tag for element in html.children] == ["head", "body"]
        assert len(html.all("main")) == 1, path
        ids = [element.attributes["id"] for element in html.walk() if "id" in element.attributes]
        assert len(ids) == len(set(ids)), path
        for element in html.walk():
            assert element.tag not in ONLY_LOOKS, path
            assert element.tag != "path" or element.attributes["d"], path
            assert not LOOKS & element.attributes.keys() or any(one.tag == "svg" for one in (element, *element.up()))
            assert int(element.attributes.get("tabindex", "0")) <= 0, path


def test_pages_have_header_menu_content_and_footer_in_that_order(documents: dict[str, Document]) -> None:
    for path in KINDS:
        (html,) = documents[path].root.children
        parts = [element.tag for element in html.children[1].children]
        wanted = ["a", "header", *(["nav"] if parts.count("nav") else []), "main", "footer", "script"]
        assert parts == wanted, path
        names = [nav.attributes["aria-label"] for nav in html.all("nav")]
        assert len(names) == len(set(names)) >= 2, path


def test_the_first_link_leads_to_the_content(documents: dict[str, Document]) -> None:
    for path in KINDS:
        first = documents[path].root.all("a")[0].attributes["href"]
        (main,) = documents[path].root.all("main")
        assert first == f"#{main.attributes['id']}"


def test_headings_follow_each_other_without_gaps(documents: dict[str, Document]) -> None:
    for path, document in documents.items():
        headings = document.root.all("h1", "h2", "h3", "h4", "h5", "h6")
        levels = [int(heading.tag[1]) for heading in headings]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        assert all(heading.text for heading in headings), path


def test_every_picture_has_a_text_of_its_own(documents: dict[str, Document]) -> None:
    for path, picture in _elements(documents, "svg"):
        assert picture.attributes["aria-hidden"] == "true", path
        named = [one for one in picture.up() if one.attributes.get("role") == "img"]
        assert [one.attributes["aria-label"].strip() != "" for one in named] == [True] or path == WALL, path
    for path, document in documents.items():
        labels = [one.attributes["aria-label"] for one in document.root.walk() if one.attributes.get("role") == "img"]
        assert path == WALL or len(labels) == len(set(labels)), path


def test_every_figure_has_its_table(documents: dict[str, Document]) -> None:
    for path, figure in _elements(documents, "figure"):
        assert [table for table in figure.all("table") if table.all("td")], path


def test_no_text_is_put_into_a_picture(documents: dict[str, Document]) -> None:
    for path, document in documents.items():
        assert document.root.all("img", "canvas", "image", "object", "embed", "video", "audio", "iframe") == [], path
    letters = [one.text for _, picture in _elements(documents, "svg") for one in picture.all("text")]
    assert "Ivry-Port" in letters


def test_every_table_says_what_it_is_and_how_its_rows_are_grouped(documents: dict[str, Document]) -> None:
    grouped = 0
    for path, table in _elements(documents, "table"):
        caption = table.children[0]
        assert caption.tag == "caption", path
        assert caption.text, path
        has_groups = any(cell.attributes.get("scope") == "rowgroup" for cell in table.all("th"))
        assert caption.text.endswith(message("table.grouped", "fr")) == has_groups, path
        grouped += has_groups
    assert grouped
    for path, document in documents.items():
        tables = {(table.children[0].text, table.text) for table in document.root.all("table")}
        assert len(tables) == len({caption for caption, _ in tables}), f"{path}: two tables with one title"


def test_every_column_and_row_of_a_table_has_a_header(documents: dict[str, Document]) -> None:
    for path, table in _elements(documents, "table"):
        (head,) = table.all("thead")
        columns = head.all("th")
        assert columns, path
        assert all(cell.attributes["scope"] == "col" and cell.text for cell in columns), path
        for row in (row for body in table.all("tbody") for row in body.all("tr")):
            first, *others = row.children
            assert (first.tag, first.attributes["scope"]) in {("th", "row"), ("th", "rowgroup")}, path
            assert first.text, path
            assert all(cell.tag == "td" for cell in others), path
            assert len(row.children) == len(columns) or first.attributes["colspan"] == str(len(columns)), path


def test_every_link_has_words(documents: dict[str, Document]) -> None:
    for path, link in _elements(documents, "a"):
        assert link.text, path
        assert link.attributes["href"], path


def test_no_link_opens_a_window(documents: dict[str, Document]) -> None:
    assert {link.attributes.get("target", "") for _, link in _elements(documents, "a")} == {"", "_top"}


def test_lists_hold_items_alone(documents: dict[str, Document]) -> None:
    for path, one in _elements(documents, "ul", "ol"):
        assert {child.tag for child in one.children} == {"li"}, path
    for path, one in _elements(documents, "li"):
        assert one.parent is not None, path
        assert one.parent.tag in {"ul", "ol"}, path
    for path, one in _elements(documents, "dl"):
        tags = [child.tag for part in one.children for child in (part.children if part.tag == "div" else [part])]
        assert set(tags[0::2]) == {"dt"}, path
        assert set(tags[1::2]) == {"dd"}, path


def test_every_field_has_a_label(documents: dict[str, Document]) -> None:
    assert not [one for document in documents.values() for one in document.root.all("input", "select", "button")]
    for path, one in _elements(documents, "textarea"):
        (label,) = [
            label for label in documents[path].root.all("label") if label.attributes["for"] == one.attributes["id"]
        ]
        assert label.text, path
