"""The briefing file as a text document, opened with another library: styles, footnotes, tables, pictures."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from lxml import etree

from dashboard.content.pieces import Column
from dashboard.dossier.blocks import (
    Address,
    Block,
    Bullets,
    Document,
    Grid,
    GridGroup,
    Heading,
    Measure,
    Measures,
    Paragraph,
    Picture,
    Said,
    Section,
)
from dashboard.dossier.draft import DraftError, from_preset, presets
from dashboard.dossier.making import Ready, prepare, write
from dashboard.dossier.numbers import from_json
from dashboard.dossier.word import WordError, numbers_of, to_docx
from dashboard.view import View, district_slugs

TODAY = date(2026, 11, 23)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def ready(city: View) -> Ready:
    slugs = tuple(district_slugs(city.release, city.commune))
    return prepare(city, from_preset(presets()["conference-climat"], city.commune, slugs, "fr", "Conférence climat"))


@pytest.fixture(scope="module")
def content(ready: Ready) -> bytes:
    return write(ready, "docx")


def _small(*blocks: Block, title: str = "Un titre", address: Address | None = None) -> Document:
    section = Section("1", "Section", "housing", Said("Une phrase.", ("Une source",)), blocks, address or Address())
    return Document(title, "Sous-titre", "fr", "a" * 16, (("Préparé le", "23 novembre 2026"),), (section,), ())


def _open(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def _made(document: Document) -> bytes:
    return to_docx(document, "Ville", TODAY, b"{}")


def _footnotes(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        root = etree.fromstring(parts.read("word/footnotes.xml"))
    notes = [note for note in root if note.get(f"{W}type") is None]
    return ["".join(note.itertext()).strip() for note in notes]


def _cells(content: bytes) -> list[tuple[str, ...]]:
    """Return the rows of all tables, a merged cell once."""
    found = []
    for table in _open(content).tables:
        for row in table._tbl.tr_lst:
            cells = ["\n".join(one.text for one in cell.iter(qn("w:p"))) for cell in row.tc_lst]
            found.append(tuple(cells))
    return found


def test_sections_are_headings_in_order(ready: Ready, content: bytes) -> None:
    headings = [one.text for one in _open(content).paragraphs if one.style.name == "Heading 1"]
    assert headings == [section.name for section in ready.composed.document.parts()]


def test_every_row_of_every_table_is_there_cell_by_cell(ready: Ready, content: bytes) -> None:
    rows = set(_cells(content))
    grids = [
        block for section in ready.composed.document.parts() for block in section.blocks if isinstance(block, Grid)
    ]
    assert len(grids) > 40
    for grid in grids:
        assert tuple(column.label for column in grid.columns) in rows
        assert [row for row in grid.rows if row not in rows] == []
        assert [group.title for group in grid.groups if group.title and (group.title,) not in rows] == []


def _notes_of(document: Document) -> list[str]:
    found: list[str] = []
    for section in document.parts():
        found += section.title.notes
        for block in section.blocks:
            match block:
                case Paragraph():
                    found += block.said.notes
                case Picture() | Grid():
                    found += block.title.notes
                case Bullets():
                    found += [note for line in block.lines for note in line.notes]
                case Measures():
                    found += [one.note for one in block.measures if one.note]
    return found


def test_every_note_is_a_footnote_in_order(ready: Ready, content: bytes) -> None:
    notes = _footnotes(content)
    assert notes == _notes_of(ready.composed.document)
    assert len(notes) > 150
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = etree.fromstring(parts.read("word/document.xml"))
    marks = [one.get(f"{W}id") for one in body.iter(f"{W}footnoteReference")]
    assert marks == [str(number) for number in range(1, len(notes) + 1)]


def test_every_picture_has_its_alternative_text(ready: Ready, content: bytes) -> None:
    shapes = _open(content).inline_shapes
    found = [shape._inline.docPr.get("descr") for shape in shapes]
    assert found == [one.alternative for one in ready.composed.document.pictures()]


def test_wide_tables_lie_on_their_side_and_pages_stand_again() -> None:
    columns = tuple(Column(str(place), f"Colonne {place}") for place in range(8))
    wide = Grid(Said("Large"), columns, (GridGroup("", (tuple("abcdefgh"),)),))
    opened = _open(_made(_small(wide, Paragraph(Said("après")))))
    ways = [section.orientation for section in opened.sections]
    assert ways == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert opened.sections[1].page_width > opened.sections[1].page_height


def test_the_head_of_a_table_is_repeated_and_no_row_is_torn_apart() -> None:
    grid = Grid(Said("T"), (Column("a", "A"), Column("b", "B", numeric=True)), (GridGroup("G", (("x", "1"),)),))
    table = _open(_made(_small(grid))).tables[1]
    rows = table._tbl.tr_lst
    assert rows[0].find(f".//{W}tblHeader") is not None
    assert all(row.find(f".//{W}cantSplit") is not None for row in rows)
    assert table.cell(2, 1).paragraphs[0].alignment is not None


def test_codes_lead_where_they_say() -> None:
    address = Address("https://ville.example/logement", "https://ville.example/integrer/ville/carte/a/")
    content = _made(_small(address=address))
    opened = _open(content)
    targets = {one.target_ref for one in opened.part.rels.values() if one.is_external}
    assert targets == {address.live, address.frozen}
    assert [address.live in shape._inline.docPr.get("descr") for shape in opened.inline_shapes] == [True, False]


def test_the_list_travels_inside(ready: Ready, content: bytes) -> None:
    assert from_json(numbers_of(content)) == ready.numbers
    with pytest.raises(DraftError, match="not made by the observatory"):
        numbers_of(b"no document")


def test_the_same_draft_gives_the_same_bytes(ready: Ready, content: bytes) -> None:
    assert write(ready, "docx") == content


def test_it_says_what_it_is_and_in_which_language(ready: Ready, content: bytes) -> None:
    about = _open(content).core_properties
    assert about.title == ready.composed.document.title
    assert about.language == "fr"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b'w:val="fr-FR"' in parts.read("word/styles.xml")


def test_odd_words_make_a_sound_file() -> None:
    odd = "😀 عربي 中文 <w:p> & \u00a0fin"
    long = "mot " * 5000
    blocks = (Heading(odd), Paragraph(Said(odd, (odd,))), Bullets(odd, (Said(long),)),
              Measures((Measure("12", odd, odd, odd, odd),)))  # fmt: skip
    content = _made(_small(*blocks, title=odd * 30))
    words = [one.text for one in _open(content).paragraphs]
    assert odd in words
    assert long.strip() in [one.strip() for one in words]
    assert odd in _footnotes(content)


def test_two_hundred_sections() -> None:
    small = _small(Paragraph(Said("texte")))
    many = replace(small, sections=tuple(replace(small.sections[0], name=f"Section {n}") for n in range(200)))
    headings = [one.text for one in _open(_made(many)).paragraphs if one.style.name == "Heading 1"]
    assert headings == [f"Section {n}" for n in range(200)]


def test_a_picture_without_alternative_makes_no_document() -> None:
    with pytest.raises(WordError, match="'carte'"):
        _made(_small(Picture("carte", Said("Titre"), "", "", {})))
