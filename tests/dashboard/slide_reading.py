"""Small documents made into slides, and what stands on them."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from pptx import Presentation
from pptx.presentation import Presentation as Deck

from dashboard.content.pieces import Column
from dashboard.dossier.blocks import Address, Block, Document, Grid, GridGroup, Picture, Said, Section
from dashboard.dossier.slides import to_pptx

TODAY = date(2026, 11, 23)
NUMBERS = '{"kind": "un essai", "é": 1}'.encode()


def section(name: str, *blocks: Block, title: str = "", address: Address | None = None) -> Section:
    said = Said(title or f"{name} compte 12 lieux.", ("Bilan de mandat, ligne 3",))
    return Section(name, name, "green_space", said, tuple(blocks), address or Address())


def document(*sections: Section, title: str = "Dossier d’essai") -> Document:
    return Document(title, "Observatoire urbain", "fr", "abc123", (("Préparé le", "23 novembre"),), sections, ())


def chart(alternative: str = "Une barre de 3 et une de 5.", key: str = "barres", rows: int = 2) -> Picture:
    values = [{"name": f"ligne {place}", "value": place + 3} for place in range(rows)]
    axes = {"x": {"field": "value", "type": "quantitative"}, "y": {"field": "name", "type": "nominal"}}
    drawn = {"data": {"values": values}, "mark": "bar", "encoding": axes, "width": "container"}
    return Picture(key, Said("Deux barres", ("Insee, 2021",)), "Lieux, 2021", alternative, drawn)


def grid(rows: int, group: int = 0, name: str = "Les lieux") -> Grid:
    columns = (Column("name", "Lieu"), Column("value", "Surface", numeric=True), Column("source", "Source"))
    cells = [(f"Lieu {place}", f"{place}\u202f000 m²", f"Texte {place}, ligne {place * 7}") for place in range(rows)]
    step = group or max(1, rows)
    groups = (GridGroup(f"Groupe {at}" if group else "", tuple(cells[at : at + step])) for at in range(0, rows, step))
    return Grid(Said(name), columns, tuple(groups), "Les surfaces sont arrondies.")


def opened(content: bytes) -> Deck:
    return Presentation(io.BytesIO(content))


def made(*sections: Section, **more: Any) -> Deck:
    return opened(to_pptx(document(*sections), "Ville d’essai", TODAY, NUMBERS, **more))


def words(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def notes(slide: Any) -> str:
    return str(slide.notes_slide.notes_text_frame.text)


def titles(deck: Deck) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def rows_on(deck: Deck) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row.cells)
            for slide in deck.slides for shape in slide.shapes if shape.has_table
            for row in list(shape.table.rows)[1:]]  # fmt: skip


def boxes(slide: Any) -> Iterator[tuple[str, float, float, float, float]]:
    for shape in slide.shapes:
        height = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
        yield shape.name, shape.left, shape.top, shape.left + shape.width, shape.top + height


def assert_apart(deck: Deck) -> None:
    """Assert that no shape of a deck leaves its slide or lies on another; lines have no area."""
    for number, slide in enumerate(deck.slides, start=1):
        placed = list(boxes(slide))
        for name, left, top, right, bottom in placed:
            assert min(left, top, deck.slide_width - right, deck.slide_height - bottom) >= 0, (number, name)
        for at, one in enumerate(placed):
            for other in placed[at + 1 :]:
                across = min(one[3], other[3]) - max(one[1], other[1])
                along = min(one[4], other[4]) - max(one[2], other[2])
                assert min(across, along) <= 2, (number, one, other)
