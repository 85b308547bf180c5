"""The slides of a briefing file: every row and source is in them, nothing overlaps, a city's template is checked."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

from dashboard.content.pieces import Column
from dashboard.dossier.blocks import (
    Address,
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
)
from dashboard.dossier.compose import compose
from dashboard.dossier.draft import DraftError, from_preset, presets
from dashboard.dossier.numbers import list_of, to_json
from dashboard.dossier.slides import SlidesError, numbers_of, to_pptx
from dashboard.typeface import drawn_folder
from dashboard.view import View, district_slugs
from tests.dashboard.slide_reading import (
    NUMBERS,
    TODAY,
    assert_apart,
    chart,
    document,
    grid,
    made,
    notes,
    opened,
    rows_on,
    section,
    titles,
    words,
)

OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def briefing(city: View) -> Document:
    districts = tuple(district_slugs(city.release, city.commune))[:2]
    draft = from_preset(presets()["conference-climat"], city.commune, districts, "fr", "Conférence climat")
    return compose(city, draft).document


@pytest.fixture(scope="module")
def deck(briefing: Document) -> Deck:
    return opened(to_pptx(briefing, "Ville d’Ivry-sur-Seine", TODAY, NUMBERS))


def test_sections_stand_in_order_each_block_after_its_sentence(briefing: Document, deck: Deck) -> None:
    layouts = [(slide.slide_layout.name, title) for slide, title in zip(deck.slides, titles(deck), strict=True)]
    opening = [title for layout, title in layouts if layout == "Section"]
    assert [one.split(" (")[0] for one in opening] == [
        one.title.text.split(" (")[0] for one in briefing.parts() if one.key != "methodes"
    ]
    assert layouts[0] == ("Couverture", "Conférence climat")
    made_of = made(section("A", Heading("Suite"), Paragraph(Said("Un mot.")), chart(), grid(2)), section("B"))
    assert titles(made_of) == ["Dossier d’essai", "A compte 12 lieux.", "Suite", "Deux barres", "Les lieux",
                               "B compte 12 lieux."]  # fmt: skip


def test_every_row_of_every_table_is_on_a_slide_cell_by_cell(briefing: Document, deck: Deck) -> None:
    shown = Counter(rows_on(deck))
    for part in briefing.parts():
        for one in (block for block in part.blocks if isinstance(block, Grid) and part.key != "methodes"):
            for row in one.rows if len(one.rows) <= 45 else one.rows[:27]:
                assert shown[tuple(cell.replace("\n", "\v") for cell in row)], row


def test_a_slide_holds_nine_rows_and_a_group_that_goes_on_says_so() -> None:
    deck = made(section("A", grid(24, group=12)))
    counts = [sum(row.cells[0].text.startswith("Lieu") for row in list(shape.table.rows)[1:])
              for slide in deck.slides for shape in slide.shapes if shape.has_table]  # fmt: skip
    assert sum(counts) == 24
    assert max(counts) <= 9
    assert "Groupe 0 (suite)" in [row[0] for row in rows_on(deck)]
    assert titles(deck)[2:] == ["Les lieux", "Les lieux (suite, 2/3)", "Les lieux (suite, 3/3)"]


def test_a_long_table_says_how_many_rows_are_elsewhere() -> None:
    rows = rows_on(made(section("A", grid(45))))
    assert len(rows) == 45
    rows = rows_on(made(section("A", grid(46))))
    assert [row[0] for row in rows[:-1]] == [f"Lieu {place}" for place in range(27)]
    assert "27" in rows[-1][0]
    assert "46" in rows[-1][0]


def test_a_row_higher_than_a_slide_goes_on_over_several() -> None:
    columns = (Column("a", "A"), Column("b", "B"))
    long = " ".join(f"mot{place}" for place in range(1500))
    deck = made(section("A", Grid(Said("Long"), columns, (GridGroup("", (("court", long),)),))))
    assert_apart(deck)
    told = " ".join(row[1].replace("\v", " ") for row in rows_on(deck))
    assert told.split() == long.split()


def test_notes_hold_sources_alternatives_and_what_qualifies_a_table(briefing: Document, deck: Deck) -> None:
    told = "\n".join(map(notes, deck.slides))
    assert all(notes(slide).strip() for slide in deck.slides)
    for part in briefing.parts():
        for one in part.blocks:
            if isinstance(one, Picture):
                assert one.alternative in told
                assert all(note in told for note in one.title.notes)
            if isinstance(one, Bullets):
                assert all(note in told for line in one.lines for note in line.notes)
            if isinstance(one, Grid) and part.key != "methodes":
                assert one.note in told
    slide = made(section("A", grid(3))).slides[2]
    assert "Texte 2, ligne 14" in notes(slide)
    assert "Les surfaces sont arrondies." in notes(slide)


def test_pictures_tables_and_codes_have_an_alternative(deck: Deck) -> None:
    address = Address("https://ville.example/espaces-verts?quartier=a&b=1", "https://ville.example/f/1")
    coded = made(section("A", chart(), address=address))
    kinds = Counter()
    for slide in (*deck.slides, *coded.slides):
        for shape in slide.shapes:
            if shape._element.tag.endswith(("}pic", "}graphicFrame")):
                kinds[shape._element.tag.rpartition("}")[2]] += 1
                assert shape._element._nvXxPr.cNvPr.get("descr", "").strip()
    assert kinds["pic"] > 20
    assert kinds["graphicFrame"] > 20
    codes = [shape for shape in coded.slides[1].shapes if shape._element.tag.endswith("}pic")]
    assert [code.click_action.hyperlink.address for code in codes] == [address.live, address.frozen]
    assert all(address in code._element._nvXxPr.cNvPr.get("descr") for code, address in
               zip(codes, (address.live, address.frozen), strict=True))  # fmt: skip
    assert_apart(coded)


def test_no_slide_is_made_of_a_picture_without_alternative() -> None:
    with pytest.raises(SlidesError, match="'muette'"):
        made(section("A", chart("  ", "muette")))


def test_nothing_overlaps_or_leaves_its_slide(deck: Deck) -> None:
    assert_apart(deck)


def test_titles_are_there_once_each_and_are_read_first(deck: Deck) -> None:
    found = titles(deck)
    assert all(title.strip() for title in found)
    assert [title for title, count in Counter(found).items() if count > 1] == []
    for slide in deck.slides:
        names = [shape.name for shape in slide.shapes]
        assert names[0] == "Titre"
        tail = [name for name in names if name in {"Source", "Numéro", "Filet"}]
        assert names[-len(tail) :] == tail


def test_a_title_that_two_sections_share_names_its_section() -> None:
    found = titles(made(section("A", grid(10)), section("B", grid(2))))
    assert found[2:4] == ["Les lieux (A)", "Les lieux (A) (suite, 2/2)"]
    assert found[-1] == "Les lieux (B)"


def test_runs_are_in_french_and_lists_are_never_small(deck: Deck) -> None:
    for slide in deck.slides:
        runs = slide.shapes._spTree.iter("{*}rPr")
        assert {run.get("lang") for run in runs} == {"fr-FR"}
        if slide.slide_layout.name == "Message et liste":
            body = [shape for shape in slide.placeholders if shape.name == "Texte"]
            sizes = [run.font.size for shape in body for line in shape.text_frame.paragraphs for run in line.runs]
            assert all(size >= Pt(14) for size in sizes)


def test_a_list_has_six_lines_a_slide_and_loses_none() -> None:
    lines = tuple(Said(f"Action {place}.", (f"Texte, ligne {place}",)) for place in range(13))
    deck = made(section("A", Bullets("Actions", lines)))
    shown = [[line.text for line in shape.text_frame.paragraphs]
             for slide in deck.slides for shape in slide.placeholders
             if shape.name == "Texte" and slide.slide_layout.name == "Message et liste"]  # fmt: skip
    assert [line for slide in shown for line in slide] == [said.text for said in lines]
    assert max(map(len, shown)) <= 6
    assert "Texte, ligne 12" in notes(deck.slides[4])


def test_a_note_of_20000_letters_is_on_slides_to_the_last() -> None:
    spoken = " ".join(f"mot{place}" for place in range(2200))[:20_000]
    unbroken = "x" * 3_000 + "fin"
    deck = made(section("A", Bullets("Note", (Said(spoken), Said(unbroken)))))
    lists = [slide for slide in deck.slides if slide.slide_layout.name == "Message et liste"]
    told = [shape.text_frame.text for slide in lists for shape in slide.placeholders if shape.name == "Texte"]
    assert " ".join(told).replace("\n", " ").split()[: len(spoken.split())] == spoken.split()
    assert "".join("".join(told).split()).endswith(unbroken)
    assert_apart(deck)


def test_a_heading_that_nothing_follows_is_not_lost() -> None:
    assert "Seul" in titles(made(section("A", Heading("Seul"), Heading("Autre"), chart())))
    assert "Autre" in words(made(section("A", Heading("Seul"), Heading("Autre"), chart())).slides[3])


def test_figures_in_large_stand_four_a_slide_with_their_source() -> None:
    found = tuple(Measure(f"{place}", "%", f"part {place}", "en 2021", f"Insee, tableau {place}") for place in range(6))
    slides = made(section("A", Measures(found))).slides
    assert [sum(shape.name.startswith("Chiffre") for shape in slide.shapes) for slide in slides] == [0, 0, 4, 2]
    assert all(f"Insee, tableau {place}" in words(slides[2]) + words(slides[3]) for place in range(6))
    long = Measure("de 7\u202f154 à 8\u202f552", "logements", "mot " * 90, "détail " * 90, "source " * 40)
    deck = made(section("A", Measures((long,))))
    assert "…" in words(deck.slides[2])
    assert ("détail " * 90).strip() in notes(deck.slides[2])


def test_a_long_timeline_is_shared_out_its_axis_above_each_part(deck: Deck) -> None:
    axes = [slide for slide in deck.slides if any(shape.name == "Axe" for shape in slide.shapes)]
    assert axes
    for slide in axes:
        axis, rows = (shape for shape in slide.shapes if shape._element.tag.endswith("}pic"))
        assert axis.crop_top == 0
        assert rows.crop_top > axis.crop_bottom - 1
        assert abs(axis.top + axis.height - rows.top) <= 2
        assert "(suite," in slide.shapes.title.text_frame.text


def test_what_people_paste_is_shown_and_harms_nothing() -> None:
    odd = "<b>&amp;\x00\x0b\ud800 \u202eא 中文 😀 {title} %s " + "http://a.example/" + "y" * 400
    deck = made(
        section(odd, Heading(odd), Paragraph(Said(odd, (odd,))), Bullets(odd, (Said(odd),)), grid(2, name=odd),
                Measures((Measure(odd, odd, odd, odd, odd),)), chart(odd), title=odd,
                address=Address("https://ville.example/" + "z" * 900))
    )  # fmt: skip
    assert "<b>&amp; א 中文 😀 {title} %s" in words(deck.slides[3]).replace("\v", " ")
    assert len(set(titles(deck))) == len(titles(deck))
    assert_apart(deck)


def test_200_sections_each_have_their_slide() -> None:
    deck = made(
        *(section(f"Section {place}", Paragraph(Said("Un mot.")), title="Même phrase.") for place in range(200))
    )
    assert [slide.slide_layout.name for slide in deck.slides].count("Section") == 200
    assert len(set(titles(deck))) == len(deck.slides)


def test_the_list_of_numbers_travels_inside(briefing: Document) -> None:
    draft = from_preset(presets()["conference-climat"], "94041", (), "fr", "Essai")
    numbers = to_json(list_of(briefing, draft, TODAY))
    content = to_pptx(document(section("A")), "Ville", TODAY, numbers)
    assert numbers_of(content) == numbers
    opened(content)
    with pytest.raises(DraftError, match="hold no"):
        numbers_of(to_pptx(document(section("A")), "Ville", TODAY, b""))
    with pytest.raises(DraftError, match="no presentation"):
        numbers_of(b"PK, but not much of one")


def test_the_same_content_gives_the_same_bytes_and_no_clock() -> None:
    one = to_pptx(document(section("A", chart(), grid(12))), "Ville", TODAY, NUMBERS)
    assert one == to_pptx(document(section("A", chart(), grid(12))), "Ville", TODAY, NUMBERS)
    assert {entry.date_time[0] for entry in zipfile.ZipFile(io.BytesIO(one)).infolist()} == {1980}
    held = opened(one).core_properties
    assert (held.title, held.author, held.language) == ("Dossier d’essai", "Ville", "fr-FR")
    assert held.created.date() == held.modified.date() == TODAY  # type: ignore[union-attr]
    assert one != to_pptx(document(section("A", chart(), grid(12))), "Ville", date(2026, 11, 24), NUMBERS)


def test_progress_names_each_section_in_order() -> None:
    told: list[str] = []
    made(section("A", chart()), section("B"), progress=told.append)
    assert told == ["A", "B"]


def drawn_words(pdf: Path) -> Iterator[list[tuple[str, float, float, float, float]]]:
    """Yield the words of each page with where they are drawn; the room between lines is left out of their height."""
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    page = re.compile(r"<page .*?</page>", re.DOTALL)
    word = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
    for found in page.findall(subprocess.run(command, check=True, capture_output=True, text=True).stdout):
        boxed = []
        for *edges, text in word.findall(found):
            left, top, right, bottom = map(float, edges)
            spare = (bottom - top) * 0.2
            boxed.append((text, left + 0.5, top + spare, right - 0.5, bottom - spare))
        yield boxed


@pytest.mark.skipif(OFFICE is None or not shutil.which("pdftotext"), reason="LibreOffice or poppler is not installed")
def test_libreoffice_draws_every_slide_and_no_word_on_another(briefing: Document, tmp_path: Path) -> None:
    fonts = tmp_path / "fonts.conf"
    same = (
        "<match target='pattern'><test name='family'><string>Source Sans 3</string></test>"
        "<edit name='family' mode='assign' binding='strong'><string>Source Sans</string></edit></match>"
    )
    include = "<include ignore_missing='yes'>/etc/fonts/fonts.conf</include>"
    fonts.write_text(f"<?xml version='1.0'?><fontconfig>{include}<dir>{drawn_folder()}</dir>{same}</fontconfig>")
    content = to_pptx(replace(briefing, sections=briefing.sections[:4]), "Ville", TODAY, NUMBERS)
    (tmp_path / "dossier.pptx").write_bytes(content)
    command = [str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "dossier.pptx")], check=True,
                   capture_output=True, timeout=180, env={**os.environ, "FONTCONFIG_FILE": str(fonts)})  # fmt: skip
    pages = list(drawn_words(tmp_path / "dossier.pdf"))
    assert len(pages) == len(opened(content).slides)
    for number, found in enumerate(pages, start=1):
        assert found
        for at, one in enumerate(found):
            assert one[1] >= 0 and one[3] <= 960 and one[4] <= 540, (number, one)  # noqa: PT018
            for other in found[at + 1 :]:
                apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
                assert apart, (number, one, other)
