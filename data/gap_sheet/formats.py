"""How the cells of the gap sheet look: blue for what is asked, white for what is known, grey for what is fixed."""

from typing import Any

_INK, _QUIET, _LINE, _PANEL = "#1b1b1f", "#55555f", "#d9d9de", "#f7f6f3"
_ASKED, _SOURCE = "#d8eafe", "#ebf3fd"
_QUESTION, _DARK = "#1f6cb0", "#034173"
_FAULTY, _FAULTY_INK = "#fce3c8", "#5a3702"

_NUMBER_FORMATS = {"choice": "@", "whole": "0", "decimal": "#,##0.######", "date": "dd/mm/yyyy", "text": "@"}
_CELL = {"border": 1, "border_color": _LINE, "valign": "top", "text_wrap": True, "font_color": _INK, "font_size": 10}
_HEADING = _CELL | {"bold": True, "valign": "vcenter"}

_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": _INK, "valign": "vcenter"},
    "text": {"text_wrap": True, "valign": "top", "font_color": _INK},
    "beside": {"text_wrap": True, "valign": "vcenter", "font_color": _INK, "indent": 1},
    "section": {"bold": True, "font_size": 12, "font_color": _DARK, "bottom": 1, "bottom_color": _LINE},
    "label": {"bold": True, "valign": "vcenter", "font_color": _INK},
    "quiet": {"font_size": 9, "font_color": _QUIET},
    "help": {"italic": True, "font_size": 9, "font_color": _QUIET, "text_wrap": True, "valign": "bottom"},
    "heading_fixed": _HEADING | {"bg_color": _LINE},
    "heading_question": _HEADING | {"bg_color": _QUESTION, "font_color": "#ffffff"},
    "heading_source": _HEADING | {"bg_color": _DARK, "font_color": "#ffffff"},
    "fixed": _CELL | {"bg_color": _PANEL},
    "name": _CELL | {"bg_color": _PANEL, "bold": True},
    "count": _CELL | {"num_format": "0", "align": "right"},
    "faulty": {"bg_color": _FAULTY, "font_color": _FAULTY_INK},
    "faulty_sample": _CELL | {"bg_color": _FAULTY, "font_color": _FAULTY_INK},
    "link": _CELL | {"font_color": _QUESTION, "underline": 1},
}
_OPEN = {"asked": _ASKED, "source": _SOURCE, "known": "#ffffff"}


def formats(book: Any) -> dict[str, Any]:
    """Return the formats of a workbook by name; those the city writes in are `asked_`, `source_` or `known_` a kind."""
    found = {name: book.add_format(look) for name, look in _LOOKS.items()}
    for name, colour in _OPEN.items():
        for kind, number_format in _NUMBER_FORMATS.items():
            look = _CELL | {"bg_color": colour, "num_format": number_format, "locked": False}
            look |= {"align": "left"} if kind == "date" else {}
            found[f"{name}_{kind}"] = book.add_format(look)
    return found
