"""The template of slides a city can replace: what it needs is named, its look and places are taken."""

from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

from dashboard.dossier.blocks import Bullets, Said
from dashboard.dossier.slide_model import default_template
from dashboard.dossier.slide_template import DEFAULT, LAYOUTS, TemplateError
from data.settings import slides_template
from tests.dashboard.slide_reading import assert_apart, chart, grid, made, rows_on, section, titles


def test_the_committed_template_is_what_the_code_makes() -> None:
    assert DEFAULT.read_bytes() == default_template()


def changed(folder: Path, change: Any) -> Path:
    """Return the template of the observatory after a change, as a file."""
    template = Presentation(str(DEFAULT))
    change(template)
    template.save(str(folder / "ville.pptx"))
    return folder / "ville.pptx"


def test_a_template_without_layouts_or_placeholders_is_refused_naming_all(tmp_path: Path) -> None:
    def spoil(template: Deck) -> None:
        template.slide_layouts.get_by_name("Chiffres")._element.cSld.set("name", "Figures")  # type: ignore[union-attr]
        template.slide_layouts.remove(template.slide_layouts.get_by_name("Section"))  # type: ignore[arg-type]
        layout = template.slide_layouts.get_by_name("Message et tableau")
        for shape in [one for one in layout.placeholders if one.name in {"Tableau", "Source"}]:  # type: ignore[union-attr]
            shape._element.getparent().remove(shape._element)

    with pytest.raises(TemplateError) as error:
        made(section("A"), template=changed(tmp_path, spoil))
    said = str(error.value)
    for part in (
        "'Chiffres'",
        "'Section'",
        "'Message et tableau'",
        "'Tableau' (table)",
        "'Source' (text)",
        "'Figures'",
    ):
        assert part in said
    assert "layout 'Message et liste' has" not in said
    empty = tmp_path / "vide.pptx"
    Presentation().save(str(empty))
    with pytest.raises(TemplateError) as error:
        made(section("A"), template=empty)
    assert all(repr(name) in str(error.value) for name in (*LAYOUTS, "Title Slide"))


def test_a_placeholder_too_small_or_off_the_slide_is_refused(tmp_path: Path) -> None:
    def squeeze(template: Deck) -> None:
        for shape in template.slide_layouts.get_by_name("Message et figure").placeholders:  # type: ignore[union-attr]
            if shape.name == "Figure":
                shape.left, shape.top, shape.width, shape.height = Pt(900), Pt(170), Pt(320), Pt(40)

    with pytest.raises(TemplateError, match=r"'Figure'.*320 × 40.*beyond the slide"):
        made(section("A"), template=changed(tmp_path, squeeze))


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04broken", None])
def test_a_file_that_is_no_presentation_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ville.pptx"
    if content is None:
        WordDocument().save(str(path))
    else:
        path.write_bytes(content)
    with pytest.raises(TemplateError, match=r"ville\.pptx"):
        made(section("A"), template=path)
    with pytest.raises(TemplateError, match="absent"):
        made(section("A"), template=tmp_path / "absent.pptx")


def test_a_template_of_the_city_gives_look_and_places_and_not_its_examples(tmp_path: Path) -> None:
    def own(template: Deck) -> None:
        template.slides.add_slide(template.slide_layouts[2]).shapes.title.text = "Exemple"  # type: ignore[union-attr]
        for layout in template.slide_layouts:
            for shape in layout.placeholders:
                shape.left, shape.width = shape.left + Pt(20), int(shape.width * 0.9)
                if shape.name == "Source":
                    shape.name = "SOURCE "

    blocks = (chart(), grid(20), Bullets("Liste", tuple(Said(f"Une ligne {place} " * 9) for place in range(9))))
    deck = made(section("A", *blocks), template=changed(tmp_path, own))
    assert "Exemple" not in titles(deck)
    assert {slide.shapes.title.left for slide in deck.slides} == {Pt(62)}
    assert len([row for row in rows_on(deck) if row[0].startswith("Lieu")]) == 20
    assert_apart(deck)


def test_the_setting_names_the_template(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OBSERVATORY_SLIDES_TEMPLATE", raising=False)
    assert slides_template() is None
    monkeypatch.setenv("OBSERVATORY_SLIDES_TEMPLATE", "/srv/ville.pptx")
    assert slides_template() == Path("/srv/ville.pptx")
