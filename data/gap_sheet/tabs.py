"""Writing one tab of the gap sheet: typed cells, drop-downs, locked sources, warnings while the city writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from textwrap import wrap
from typing import Any

from data.gap_sheet.layout import (
    BESIDE,
    FIRST_ROW,
    FREE_ROWS,
    HEADING_ROW,
    HELP_ROW,
    NAME_ROW,
    PARTS,
    STAMP,
    TITLE_ROW,
    Column,
    Tab,
    letter,
)
from data.gap_sheet.rows import Row
from data.gap_sheet.words import choices, number_words, say, seal, tab_titles

# Characters of the cells' size in a unit of column width, in a wide font.
_LINE_HEIGHT, _CHARACTERS_A_UNIT = 13, 1.2
_FIRST_DAY = date(1990, 1, 1)
# Where the hidden tab has its lists: from this column on, counted from 0.
FIRST_LIST = 3
_PROTECTION = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True}


@dataclass(frozen=True, eq=False)
class Writing:
    """What every tab is written with.

    `title` is what the workbook is called; `lists` are words to choose from that only this workbook has, by the name
    of the choice, in the order of the columns they take on the hidden tab; `ranges` are such words that stand on a tab.
    """

    book: Any
    formats: Mapping[str, Any]
    bounds: Mapping[str, tuple[float, float]]
    title: str
    lists: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, str] = field(default_factory=dict)

    def limits(self, column: Column) -> tuple[float, float]:
        """Return what a number may be: positions lie near the commune."""
        return self.bounds.get(column.name, (column.low, column.high))


def validation(column: Column, writing: Writing) -> dict[str, Any]:
    """Return what Excel lets into a cell of a column."""
    low, high = writing.limits(column)
    rules: dict[str, dict[str, Any]] = {
        "whole": {"validate": "integer", "criteria": "between", "minimum": int(low), "maximum": int(high)},
        "decimal": {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high},
        "date": {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": "=TODAY()"},
        "text": {"validate": "length", "criteria": "<=", "value": int(high)},
        "choice": {"validate": "list", "source": _source(column, writing) if column.choice else []},
    }
    message = say(f"error.{column.kind}", low=number_words(low), high=number_words(high))
    return rules[column.kind] | {"error_title": say("error.title"), "error_message": message}


def _source(column: Column, writing: Writing) -> list[str] | str:
    if column.choice in writing.ranges:
        return f"={writing.ranges[column.choice]}"
    if column.choice in writing.lists:
        place = letter(FIRST_LIST + list(writing.lists).index(column.choice))
        return f"={STAMP}!${place}$1:${place}${max(len(writing.lists[column.choice]), 1)}"
    return list(choices(column).values())


def _heading(sheet: Any, tab: Tab, writing: Writing, count: int) -> None:
    """Write the rows above the operations."""
    first = next(index for index, column in enumerate(tab.columns) if column.kind != "hidden")
    sheet.write_string(TITLE_ROW - 1, first, say(f"sheet.{tab.name}.heading", count=count), writing.formats["title"])
    sheet.set_row(TITLE_ROW - 1, 26)
    sheet.set_row(NAME_ROW - 1, None, None, {"hidden": True})
    sheet.set_row(HELP_ROW - 1, 38)
    sheet.set_row(HEADING_ROW - 1, 32)
    for index, column in enumerate(tab.columns):
        low, high = (number_words(bound) for bound in writing.limits(column))
        kind = "fixed" if not column.is_question else "source" if column in BESIDE else "question"
        sheet.write_string(NAME_ROW - 1, index, column.name)
        sheet.write_string(
            HELP_ROW - 1, index, say(f"column.{column.name}.help", low=low, high=high), writing.formats["help"]
        )
        sheet.write_string(
            HEADING_ROW - 1, index, say(f"column.{column.name}.title"), writing.formats[f"heading_{kind}"]
        )
        sheet.set_column(index, index, column.width or 10, None, {"hidden": column.kind == "hidden"})


def _height(tab: Tab, row: Row) -> float:
    """Return the height that shows every text of a row: spreadsheets do not all work it out by themselves."""
    texts = [(row.texts.get(column.name, ""), column.width) for column in tab.columns if column.kind != "hidden"]
    lines = max((len(wrap(text, int(width * _CHARACTERS_A_UNIT))) for text, width in texts), default=1)
    return _LINE_HEIGHT * max(1, lines) + 4


def _write_row(sheet: Any, tab: Tab, writing: Writing, place: int, row: Row) -> None:
    fixed = [row.texts[column.name] for column in tab.columns if column.name in row.texts]
    texts = row.texts | {"control": seal(fixed)} if fixed else {}
    sheet.set_row(place, _height(tab, row))
    for index, column in enumerate(tab.columns):
        if not column.is_question or column.name in row.texts:
            look = "name" if column.name in {"name", *tab.named[:1]} else "fixed"
            sheet.write_string(place, index, texts.get(column.name, ""), writing.formats[look])
            continue
        answers = column in BESIDE or column.name in row.allowed
        look = "source" if column in BESIDE else "asked" if column.name in row.asked else "known"
        sheet.write_blank(place, index, None, writing.formats[f"{look}_{column.kind}" if answers else "fixed"])


def _warn(sheet: Any, tab: Tab, writing: Writing, last: int) -> None:
    """Colour, while the city writes, an answer without its source and a part larger than its whole."""
    first, row = FIRST_ROW - 1, FIRST_ROW
    indexes = [tab.index(column.name) for column in tab.answers]
    filled = f"COUNTA(${letter(indexes[0])}{row}:${letter(indexes[-1])}{row})>0"
    asked = {column.name for column in tab.columns}
    for name in (one for one in ("as_of", "reference") if one in asked):
        index = tab.index(name)
        rule = f'=AND({filled},${letter(index)}{row}="",default_{name}="")'
        look = {"type": "formula", "criteria": rule, "format": writing.formats["faulty"]}
        sheet.conditional_format(first, index, last, index, look)
    for part, whole in PARTS:
        if {part, whole} <= asked:
            cells = [f"${letter(tab.index(name))}{row}" for name in (part, whole)]
            rule = f"=AND(ISNUMBER({cells[0]}),ISNUMBER({cells[1]}),{cells[0]}>{cells[1]})"
            look = {"type": "formula", "criteria": rule, "format": writing.formats["faulty"]}
            sheet.conditional_format(first, tab.index(part), last, tab.index(part), look)


def write_tab(tab: Tab, writing: Writing, rows: list[Row]) -> int:
    """Write a tab; return its last row, from 1."""
    sheet = writing.book.get_worksheet_by_name(tab_titles()[tab.name])
    _heading(sheet, tab, writing, len(rows))
    everything = frozenset(column.name for column in tab.values)
    shown = rows or [Row({}, everything, everything)] * FREE_ROWS
    for place, row in enumerate(shown, start=FIRST_ROW - 1):
        _write_row(sheet, tab, writing, place, row)
    last = FIRST_ROW - 2 + len(shown)
    for index, column in enumerate(tab.columns):
        if column.is_question:
            sheet.data_validation(FIRST_ROW - 1, index, last, index, validation(column, writing))
    _warn(sheet, tab, writing, last)
    visible = next(index for index, column in enumerate(tab.columns) if column.kind != "hidden")
    sheet.freeze_panes(HEADING_ROW, visible + 1)
    sheet.autofilter(HEADING_ROW - 1, visible, last, len(tab.columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW}:{letter(len(tab.columns) - 1)}{last + 1}"})
    is_list = all(column.is_question for column in tab.columns)
    sheet.protect("", _PROTECTION | {"insert_rows": is_list, "delete_rows": is_list})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HELP_ROW - 1, HEADING_ROW - 1)
    sheet.set_footer(f"&L{writing.title}&C&A&R{say('footer_page')} &P/&N")
    return last + 1
