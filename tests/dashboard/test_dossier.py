"""The briefing file: drafts, provenance of numbers, the accessible PDF as other tools read it, what changed since."""

import io
import json
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from dashboard.dossier import editing, pdf
from dashboard.dossier.blocks import Bullets, Document, Grid, Paragraph, Picture, Said, Section
from dashboard.dossier.compose import compose, page_titles
from dashboard.dossier.draft import (
    LONGEST_NOTE,
    MOST_SECTIONS,
    Draft,
    DraftError,
    SectionChoice,
    from_file,
    from_preset,
    presets,
    section_of,
    to_file,
)
from dashboard.dossier.making import Ready, prepare, write
from dashboard.dossier.notes import Provenance, numbers_in
from dashboard.dossier.numbers import from_json, to_json
from dashboard.dossier.plain import plain
from dashboard.dossier.recheck import compared, recheck
from dashboard.dossier.setting import STAND_IN, PdfError
from dashboard.formats import number as format_number
from dashboard.messages import message
from dashboard.view import View, district_slugs
from data.frames import rows_of
from data.release import Release

ODD = "Note \x00\x1b avec عربي, 中文, 😀, «\u00a0guillemets\u00a0», <b>balise</b> #let x = 1 $a$ [crochets]\u202e"


def draft_of(city: View, *pages: str, **more: object) -> Draft:
    sections = tuple(SectionChoice(page=page) for page in pages)
    return Draft(commune=city.commune, sections=sections).model_copy(update=more)


@pytest.fixture(scope="module")
def preset(city: View) -> Draft:
    slugs = tuple(district_slugs(city.release, city.commune))
    return from_preset(presets()["conference-climat"], city.commune, slugs, "fr", "Conférence climat")


@pytest.fixture(scope="module")
def ready(city: View, preset: Draft) -> Ready:
    return prepare(city, preset)


@pytest.fixture(scope="module")
def made(ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("briefing") / "dossier.pdf"
    path.write_bytes(write(ready, "pdf"))
    return path


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")


def _same(number: str) -> str:
    return re.sub(r"[\u202f\u00a0\u2009 ]", "", number)


# --- drafts


def test_a_draft_comes_back_from_its_file(preset: Draft) -> None:
    assert from_file(to_file(preset)) == preset
    noted = editing.noted(preset, 0, ODD)
    assert from_file(to_file(noted)) == noted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[1]", "no draft"),
        ('{"kind": "other", "commune": "94041"}', "kind"),
        ('{"version": 2, "commune": "94041"}', "version"),
        ('{"commune": "94041", "sections": [{"page": "logement", "colour": "red"}]}', "sections.0.colour"),
        ('{"commune": "94041", "audience": "everybody"}', "audience"),
        (json.dumps({"commune": "94041", "note": "x" * (LONGEST_NOTE + 1)}), "note"),
        (json.dumps({"commune": "94041", "sections": [{"page": ""}] * (MOST_SECTIONS + 1)}), "sections"),
    ],
)
def test_a_file_that_is_no_draft_says_where(text: str, said: str) -> None:
    with pytest.raises(DraftError, match=re.escape(said)):
        from_file(text)


@pytest.mark.parametrize(
    ("address", "section"),
    [
        ("https://ville.example/logement?quartier=ivry-port", SectionChoice(page="logement", district="ivry-port")),
        ("https://ville.example/observatoire/", SectionChoice(page="observatoire")),
        ("/programmes?hypotheses=delay.2&annee=2032", SectionChoice(page="programmes", hypotheses="delay.2")),
        ("mobilite#carte-mobility-operations", SectionChoice(page="mobilite", figure="carte-mobility-operations")),
        ("https://ville.example", SectionChoice(page="")),
    ],
)
def test_a_view_is_taken_by_its_address(address: str, section: SectionChoice) -> None:
    assert section_of(address) == section


def test_sections_are_moved_taken_out_and_added(city: View) -> None:
    draft = draft_of(city, "logement", "mobilite", "objectifs")
    pages = [one.page for one in editing.moved(draft, 2, -1).sections]
    assert pages == ["logement", "objectifs", "mobilite"]
    assert [one.page for one in editing.moved(draft, 0, -1).sections] == ["logement", "mobilite", "objectifs"]
    assert [one.page for one in editing.without(draft, 1).sections] == ["logement", "objectifs"]
    assert editing.added(draft, SectionChoice(page="")).sections[-1].page == ""
    with pytest.raises(DraftError):
        editing.added(draft, *[SectionChoice(page="")] * MOST_SECTIONS)


# --- content


def test_every_page_of_the_preset_is_one_that_can_be_shown(preset: Draft) -> None:
    assert {one.page for one in preset.sections} <= set(page_titles("fr"))


def test_what_a_draft_names_and_is_not_there_keeps_its_place_and_says_so(city: View) -> None:
    choices = (
        SectionChoice(page="logement", note="garder cette note"),
        SectionChoice(page="climat"),
        SectionChoice(page="logement", district="nulle-part"),
        SectionChoice(page="logement", figure="carte-perdue"),
        SectionChoice(page="programmes", hypotheses="delay.many"),
    )
    found = compose(city, Draft(commune=city.commune, sections=choices))
    assert len(found.document.sections) == len(choices)
    assert len(found.differences) == 4
    for name, words in zip(("climat", "nulle-part", "carte-perdue", "delay.many"), found.differences, strict=True):
        assert name in words
    assert "garder cette note" in str(found.document.sections[0].blocks)


def test_a_section_with_hypotheses_shows_them(city: View) -> None:
    draft = Draft(commune=city.commune, sections=(SectionChoice(page="programmes", hypotheses="delay.3"),))
    (section,) = compose(city, draft).document.sections
    said = str([block for block in section.blocks if isinstance(block, Bullets)])
    assert "Toutes les opérations" in said
    assert not compose(city, draft).differences


def test_one_figure_of_a_page_alone(city: View) -> None:
    draft = Draft(commune=city.commune, sections=(SectionChoice(page="geothermie", figure="timeline-geothermal"),))
    (section,) = compose(city, draft).document.sections
    assert [block.key for block in section.blocks if isinstance(block, Picture)] == ["timeline-geothermal"]


@pytest.mark.parametrize("audience", ["council", "public", "technical"])
def test_no_table_leaves_without_a_word(city: View, audience: str) -> None:
    def of(who: str) -> Section:
        return compose(city, draft_of(city, "mobilite", audience=who)).document.sections[0]

    whole, shown = of("council"), of(audience)
    grids = [sum(isinstance(block, Grid) for block in section.blocks) for section in (whole, shown)]
    left = grids[0] - grids[1]
    said = " ".join(block.said.text for block in shown.blocks if isinstance(block, Paragraph))
    assert (left > 0) == (audience == "public")
    words = "Un tableau long n’est pas repris ici" if left == 1 else f"{left} tableaux longs ne sont pas repris ici"
    assert (words in said) == (left > 0)


def test_a_small_number_is_not_taken_for_another_of_the_same_digits() -> None:
    known = Provenance("fr")
    known.add("3 éditions", "ligne 62")
    known.add("65\u202f064 habitant·es", "Insee")
    known.add("plus de 10 ha", "ligne 57")
    assert known.said("Sur 15 engagements, 3 sont réalisés.").notes == (message("briefing.counted", "fr"),)
    assert known.said("Ivry compte 65\u202f064 personnes.").notes == ("Insee",)
    assert known.said("plus de 10\u00a0ha d’espaces verts").notes == ("ligne 57",)
    assert known.said("en 2025").notes == (message("briefing.dated", "fr"),)
    assert known.said("sans nombre").notes == ()


def test_every_sentence_with_a_number_has_a_note(ready: Ready) -> None:
    def said() -> Iterator[Said]:
        for section in ready.composed.document.sections:
            yield section.title
            for block in section.blocks:
                if isinstance(block, Paragraph) and block.tone != "quiet":
                    yield block.said
                if isinstance(block, Picture):
                    yield block.title

    found = [one for one in said() if numbers_in(one.text)]
    assert len(found) > 40
    assert [one.text for one in found if not one.notes] == []


def test_words_are_kept_but_for_what_no_file_may_hold() -> None:
    assert plain("a\r\nb\tc\x00\x1b\u202e\ufffe\ud800é") == "a\nb cé"
    assert plain("e\u0301") == "é"
    assert plain("😀 中文 عربي") == "😀 中文 عربي"


# --- the PDF, as other tools read it


def test_the_numbers_of_the_pdf_are_those_of_its_list(made: Path, ready: Ready) -> None:
    text = _run("pdftotext", "-raw", str(made), "-")
    listed = {_same(number) for one in ready.numbers.entries for number in one.numbers}
    listed |= {_same(part) for one in ready.numbers.entries for part in re.findall(r"\d+", one.text)}
    # Marks of notes and page numbers are set by the page, not stated; a mark touches the number it is raised above.
    marks = {str(number) for number in range(1, 400)}
    known = listed | marks

    def is_told(word: str) -> bool:
        ends = range(1, len(word))
        return word in known or any(word[:end] in known and word[end:] in marks for end in ends)

    words = re.findall(r"\d+(?:[\u202f\u00a0]\d{3})*(?:,\d+)?", text)
    assert len(words) > 3000
    assert sorted({word for word in map(_same, words) if not is_told(word)}) == []


def _stated(city: View, *columns: str) -> set[str]:
    """Return every value of the release as pages write it, with the decimals of its indicator."""
    decimals = city.release.table("indicators").set_index("indicator")["decimals"]
    rows = city.release.table("observations")
    return {
        _same(format_number(getattr(row, column), int(decimals[row.indicator]), "fr"))
        for row in rows_of(rows)
        for column in columns
        if getattr(row, column) == getattr(row, column)
    }


def test_the_figures_in_large_are_values_of_the_release_or_counted(ready: Ready) -> None:
    counted = message("briefing.counted", "fr")
    stated = _stated(ready.city, "obs_value")
    large = [one for one in ready.numbers.entries
             if one.place.startswith("measure ") and " > " not in one.place and counted not in one.sources]  # fmt: skip
    assert len(large) > 40
    for one in large:
        numbers = [_same(number) for number in one.numbers]
        assert any(number in stated for number in numbers) or "à" in one.text, one


def test_the_pdf_is_tagged_and_says_what_a_reader_of_screens_needs(made: Path, ready: Ready) -> None:
    with pikepdf.open(made) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang).startswith("fr")
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == ready.composed.document.title
    tree = _run("pdfinfo", "-struct", str(made))
    figures = len(re.findall(r"^\s*Figure", tree, re.MULTILINE))
    codes = sum(bool(one.address.live) + bool(one.address.frozen) for one in ready.composed.document.parts())
    assert figures == len(list(ready.composed.document.pictures())) + codes
    assert len(re.findall(r"^\s*TH", tree, re.MULTILINE)) > 100
    assert tree.count("Note") >= 50
    assert re.search(r"^\s*H1", tree, re.MULTILINE)


def test_every_page_is_drawn_within_its_margins(made: Path, tmp_path: Path) -> None:
    _run("pdftoppm", "-r", "36", "-gray", str(made), str(tmp_path / "page"))
    pages = sorted(tmp_path.glob("page*.pgm"))
    assert len(pages) >= 40
    for path in pages:
        with Image.open(path) as page:
            inked = page.point(lambda shade: 255 if shade < 200 else 0).getbbox()
            assert inked is not None, f"{path.name} is empty"
            width, height = page.size
            # Margins of 20 mm at the sides, running titles within 12 mm of the edges: nothing is cut off.
            side, edge = 18 / 25.4 * 36, 8 / 25.4 * 36
            assert inked[0] >= side
            assert inked[2] <= width - side
            assert inked[1] >= edge
            assert inked[3] <= height - edge


def _alternatives(path: Path) -> list[str]:
    found: list[str] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == "/Figure":
                found.append(str(node.get("/Alt", "")))
            children = node.get("/K", [])
            for child in children if isinstance(children, pikepdf.Array) else [children]:
                walk(child)

    with pikepdf.open(path) as document:
        walk(document.Root.StructTreeRoot)
    return found


def test_every_picture_has_its_alternative_text(made: Path, ready: Ready) -> None:
    wanted = [one.alternative for one in ready.composed.document.pictures()]
    found = _alternatives(made)
    assert all(found)
    assert [words for words in wanted if words not in found] == []


def test_a_picture_without_alternative_text_makes_no_document(ready: Ready) -> None:
    document = ready.composed.document
    section = next(one for one in document.sections if any(isinstance(block, Picture) for block in one.blocks))
    blocks = tuple(replace(one, alternative=" ") if isinstance(one, Picture) else one for one in section.blocks)
    broken = replace(document, sections=(replace(section, blocks=blocks),), appendices=())
    for kind in ("pdf", "docx", "pptx"):
        with pytest.raises(Exception, match="alternative"):
            write(replace(ready, composed=replace(ready.composed, document=broken)), kind)


def test_typst_itself_refuses_a_picture_without_alternative(ready: Ready) -> None:
    files = pdf.files_of(ready.composed.document, "Ville")
    data = json.loads(files["data.json"])
    for section in data["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "picture":
                block["alternative"] = None
    with pytest.raises(PdfError, match="alt"):
        pdf.accessible({**files, "data.json": json.dumps(data).encode()}, ready.city.today)


def test_the_same_draft_gives_the_same_bytes(ready: Ready, made: Path) -> None:
    assert write(ready, "pdf") == made.read_bytes()


def test_several_readers_at_once_each_get_their_file(city: View) -> None:
    ready = prepare(city, draft_of(city, "objectifs"))
    alone = write(ready, "pdf")
    with ThreadPoolExecutor(4) as readers:
        assert set(readers.map(lambda _: write(ready, "pdf"), range(8))) == {alone}


def test_odd_notes_give_an_accessible_file_that_says_them(city: View, tmp_path: Path) -> None:
    sections = (SectionChoice(page="objectifs", note=ODD), SectionChoice(page="objectifs", note="long " * 3999))
    draft = Draft(commune=city.commune, note=ODD, title=ODD, sections=sections)
    path = tmp_path / "odd.pdf"
    path.write_bytes(write(prepare(city, draft), "pdf"))
    text = " ".join(_run("pdftotext", str(path), "-").split())
    assert "<b>balise</b> #let x = 1 $a$ [crochets]" in text
    assert STAND_IN in text  # signs that no typeface of ours has
    assert text.count("long long") > 1000


def test_two_hundred_sections(city: View, tmp_path: Path) -> None:
    pages = ("objectifs", "geothermie", "quartier", "")
    sections = tuple(SectionChoice(page=pages[place % 4]) for place in range(200))
    path = tmp_path / "many.pdf"
    path.write_bytes(write(prepare(city, Draft(commune=city.commune, sections=sections)), "pdf"))
    with pikepdf.open(path) as document, document.open_outline() as outline:
        assert len(outline.root) == 200 + 2  # the appendices too


# --- the list of numbers


def test_the_list_travels_inside_the_pdf(made: Path, ready: Ready) -> None:
    assert from_json(pdf.numbers_of(made.read_bytes())) == ready.numbers
    assert from_json(to_json(ready.numbers)) == ready.numbers
    keys = [one.key for one in ready.numbers.entries]
    assert len(keys) == len(set(keys))


def test_a_file_without_a_list_says_so() -> None:
    stream = io.BytesIO()
    with pikepdf.new() as blank:
        blank.add_blank_page()
        blank.save(stream)
    with pytest.raises(DraftError, match="not made by the observatory"):
        pdf.numbers_of(stream.getvalue())
    with pytest.raises(DraftError, match="no PDF"):
        pdf.numbers_of(b"no pdf")
    with pytest.raises(DraftError, match="no list"):
        from_json(b"{}")


def _with_population(city: View, added: float) -> View:
    rows = city.release.table("observations").copy()
    mine = (rows["ref_area"] == "94041") & (rows["indicator"] == "population") & (rows["time_period"] == "2023")
    rows.loc[mine, "obs_value"] += added
    newer = Release("e" * 16, "2026-12-24", {**city.release.tables, "observations": rows})
    return replace(city, release=newer)


def test_on_the_same_release_nothing_has_changed(city: View) -> None:
    printed = prepare(city, draft_of(city, "", "logement", "conference-climat")).numbers
    assert recheck(printed, city).changes == ()


def test_each_number_that_changed_is_named_and_no_other(city: View) -> None:
    printed = prepare(city, draft_of(city, "", "geothermie")).numbers
    found = recheck(printed, _with_population(city, 1000.0)).changes
    said = [change for change in found if "65\u202f064" in change.before and "66\u202f064" in change.now]
    assert said
    sections = {change.section for change in found}
    assert sections <= {"1-accueil-ville", "cover"}
    # the same numbers stand unchanged beside it
    assert not any("16 quartiers" in change.before for change in found)


def test_words_that_are_gone_or_new_are_named(city: View) -> None:
    first, second = (prepare(city, draft_of(city, page)).numbers.entries for page in ("geothermie", "mobilite"))
    changes = compared(first, second)
    assert any(change.now == "" for change in changes)
    assert any(change.before == "" for change in changes)
    assert isinstance(prepare(city, draft_of(city)).composed.document, Document)
