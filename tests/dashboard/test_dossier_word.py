"""The briefing file as a text document, opened with another library: styles, footnotes, tables, pictures."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pikepdf
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm
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

OFFICE = shutil.which("soffice")
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


def test_a_section_after_a_wide_table_begins_on_a_page_that_stands() -> None:
    columns = tuple(Column(str(place), f"Colonne {place}") for place in range(7))
    wide = Grid(Said("Large"), columns, (GridGroup("", (tuple("abcdefg"),)),))
    small = _small(wide)
    body = _open(_made(replace(small, sections=small.sections * 2))).element.body
    # What ends pages of a kind stands after them: of two sections, each begins upright and ends lying.
    ways = [one.get(qn("w:orient"), "portrait") for one in body.iter(qn("w:pgSz"))]
    assert ways == ["portrait", "landscape", "portrait", "landscape"]


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


def _row(row: etree._Element) -> tuple[str, ...]:
    return tuple("\n".join(one.text for one in cell.iter(qn("w:p"))) for cell in row.tc_lst)


def test_each_table_holds_the_cells_of_its_grid_in_place(ready: Ready, content: bytes) -> None:
    grids = [one for section in ready.composed.document.parts() for one in section.blocks if isinstance(one, Grid)]
    tables = [table for table in _open(content).tables if table.style.name == "Table Grid"]
    assert len(tables) == len(grids)
    for table, grid in zip(tables, grids, strict=True):
        wanted: list[tuple[str, ...]] = [tuple(column.label for column in grid.columns)]
        for group in grid.groups:
            wanted += [(group.title,)] if group.title else []
            wanted += group.rows
        assert [_row(row) for row in table._tbl.tr_lst] == wanted


def test_each_part_of_a_table_stands_where_the_format_wants_it(content: bytes) -> None:
    """Word refuses files whose properties keep another order; the order is that of ECMA-376, 17.4.59."""
    order = ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = etree.fromstring(parts.read("word/document.xml"))
    found = [[etree.QName(one).localname for one in each] for each in body.iter(f"{W}tblPr")]
    assert any("tblBorders" in names for names in found)
    assert [names for names in found if names != sorted(names, key=order.index)] == []


def test_words_stand_out_by_a_style_that_can_be_changed_in_one_place(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = etree.fromstring(parts.read("word/document.xml"))
        styles = etree.fromstring(parts.read("word/styles.xml"))
    assert list(body.iter(f"{W}b")) == []
    (strong,) = (one for one in styles.iter(f"{W}style") if one.get(f"{W}styleId") == "Strong")
    assert strong.find(f"{W}rPr/{W}b") is not None
    assert {one.get(f"{W}val") for one in body.iter(f"{W}rStyle")} >= {"Strong", "FootnoteReference"}


def test_a_table_stays_with_the_words_above_it_and_figures_in_large_stay_whole() -> None:
    measure = Measure("12", "ha", "Surface", "détail", "Source")
    grid = Grid(Said("T"), (Column("a", "A"),), (GridGroup("", (("x",),)),), note="À propos")
    opened = _open(_made(_small(Measures((measure,) * 4), grid)))
    (note,) = (one for one in opened.paragraphs if one.text == "À propos")
    assert note.paragraph_format.keep_with_next is True
    rows = opened.tables[1]._tbl.tr_lst
    assert len(rows) == 2
    assert all(row.find(f".//{W}cantSplit") is not None for row in rows)


def test_no_figures_in_large_make_no_table() -> None:
    assert len(_open(_made(_small(Measures(())))).tables) == 1


def test_pages_are_numbered_at_the_right_edge() -> None:
    foot = _open(_made(_small())).sections[0].footer.paragraphs[0]
    said = [one.text.strip() for one in foot._p.iter(f"{W}instrText")]
    assert said == ["PAGE", "NUMPAGES"]
    assert max(stop.position for stop in foot.paragraph_format.tab_stops) == pytest.approx(Cm(17), abs=400)


def test_a_picture_taller_than_a_page_is_made_to_fit() -> None:
    tall = {"width": 100, "height": 2000, "data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {}}
    (shape,) = _open(_made(_small(Picture("t", Said("Titre"), "", "Un point.", tall)))).inline_shapes
    ratio = shape.height / shape.width
    assert shape.height <= Cm(21)
    assert ratio > 2


def test_a_code_has_its_text_too() -> None:
    address = Address("https://ville.example/logement", "https://ville.example/integrer/ville/carte/a/")
    said = [one._inline.docPr.get("descr") for one in _open(_made(_small(address=address))).inline_shapes]
    assert len(said) == 2
    assert all("code à scanner, qui mène à https://ville.example/" in words for words in said)


# A zero, a bell, a vertical tab, an escape, half a pair, two that are no characters, one that turns what follows.
REFUSED = "\x00\x07\x0b\x1b\ud800\ufffe\uffff\u202e"


def test_what_no_document_may_hold_is_left_out_wherever_it_stands() -> None:
    odd = f"dé{REFUSED}but 😀 عربي <&>"
    fit = "début 😀 عربي <&>"
    said = Said(odd, (odd,))
    grid = Grid(said, (Column("a", odd),), (GridGroup(odd, ((odd,),)),), odd)
    measures = Measures((Measure("1", odd, odd, odd, odd),))
    blocks = (Heading(odd), Paragraph(said), Bullets(odd, (said,)), grid, measures)
    document = replace(_small(*blocks, title=odd), subtitle=odd, about=((odd, odd),))
    document = replace(document, sections=(replace(document.sections[0], name=odd, title=said),))
    content = to_docx(document, odd, TODAY, b"{}")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                text = "".join(etree.fromstring(parts.read(name)).itertext())
                assert [sign for sign in REFUSED if sign in text] == [], name
    opened = _open(content)
    assert (fit,) in _cells(content)
    assert opened.core_properties.title == opened.core_properties.author == fit
    assert set(_footnotes(content)) == {fit}


def test_a_note_of_twenty_thousand_signs_is_kept_whole() -> None:
    long = "abcdefghi " * 2000
    assert _footnotes(_made(_small(Paragraph(Said("mots", (long,))))))[-1] == long.strip()


@pytest.mark.skipif(OFFICE is None or not shutil.which("pdftotext"), reason="LibreOffice or poppler is not installed")
def test_libreoffice_opens_it_and_sets_every_section_and_note(ready: Ready, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "dossier.docx").write_bytes(content)
    command = [str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "dossier.docx")], check=True,
                   capture_output=True, timeout=180)  # fmt: skip
    with pikepdf.open(tmp_path / "dossier.pdf") as pdf:
        lying = [page.mediabox[2] > page.mediabox[3] for page in pdf.pages]
    assert any(lying)
    assert not all(lying)
    words = ["pdftotext", "-layout", str(tmp_path / "dossier.pdf"), "-"]
    pages = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split("\f")[: len(lying)]
    assert [number for number, page in enumerate(pages, start=1) if f"{number} / {len(lying)}" not in page] == []
    # Each section begins on a page of its own, after the contents: none is empty but for the running titles.
    assert [number for number, page in enumerate(pages, start=1) if len(page.split()) < 20] == []
    text = " ".join(" ".join(pages[2:]).split())
    assert [one.name for one in ready.composed.document.parts() if " ".join(one.name.split()) not in text] == []
    numbers = {line.split()[0] for page in pages for line in page.splitlines() if line.split()}
    assert {str(number) for number in range(1, len(_footnotes(content)) + 1)} <= numbers
