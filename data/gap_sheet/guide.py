"""The first tab of the gap sheet: how to fill it, where the answers come from, what each tab asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from xlsxwriter.utility import quote_sheetname

from data.gap_sheet.layout import DEFAULT_CELLS, FIRST_ROW, FREE_ROWS, GUIDE, PROVENANCE, Tab, letter
from data.gap_sheet.tabs import Writing, validation
from data.gap_sheet.words import date_words, say, tab_titles


@dataclass(frozen=True)
class GuideWords:
    """Which words a guide is made of: those below a key of the sheets' words, and the file's name.

    `sections` are the last ones, each with its number of lines; `colours` what is explained of the cells.
    """

    key: str
    file: str
    sections: tuple[tuple[str, int], ...] = (("rules", 6), ("example", 3), ("next", 3))
    colours: tuple[tuple[str, str], ...] = (
        ("asked", "asked_text"),
        ("known", "known_text"),
        ("fixed", "fixed"),
        ("faulty", "faulty_sample"),
    )

    def say(self, name: str, **values: object) -> str:
        """Return the words of a name."""
        return say(f"{self.key}.{name}", **values)


_WIDTHS = (2, 26, 62, 10, 14)
_LAST = len(_WIDTHS) - 1
_CHARACTERS_A_LINE, _LINE_HEIGHT = 118, 15


def _paragraph(sheet: Any, writing: Writing, row: int, words: str) -> int:
    """Write a paragraph over the whole width, from row 0 on; return the next row."""
    sheet.merge_range(row, 1, row, _LAST, words, writing.formats["text"])
    sheet.set_row(row, _LINE_HEIGHT * ceil(len(words) / _CHARACTERS_A_LINE) + 2)
    return row + 1


def _section(sheet: Any, writing: Writing, row: int, words: str) -> int:
    for column in range(1, _LAST + 1):
        sheet.write_blank(row, column, None, writing.formats["section"])
    sheet.write_string(row, 1, words, writing.formats["section"])
    sheet.set_row(row, 22)
    return row + 1


def _defaults(sheet: Any, writing: Writing, row: int, words: GuideWords) -> int:
    """Write the cells that hold the date and the reference of every answer."""
    row = _paragraph(sheet, writing, _section(sheet, writing, row, words.say("sources")), words.say("sources_help"))
    guide = quote_sheetname(say(f"sheet.{GUIDE}.title"))
    for column in PROVENANCE[:2]:
        cell = DEFAULT_CELLS[column.name]
        sheet.write_string(row, 1, say(f"column.{column.name}.title"), writing.formats["label"])
        sheet.write_blank(cell, None, writing.formats[f"asked_{column.kind}"])
        sheet.write_string(row, 3, say(f"column.{column.name}.help"), writing.formats["quiet"])
        sheet.data_validation(cell, validation(column, writing))
        sheet.set_row(row, 20)
        writing.book.define_name(f"default_{column.name}", f"={guide}!${cell[0]}${cell[1:]}")
        row += 1
    return row + 1


def _filled(tab: Tab, last: int) -> str:
    """Return the formula that counts the answers of a tab."""
    indexes = [tab.index(column.name) for column in tab.answers]
    cells = f"{letter(indexes[0])}{FIRST_ROW}:{letter(indexes[-1])}{last}"
    return f"=COUNTA({quote_sheetname(tab_titles()[tab.name])}!{cells})"


def _tabs(sheet: Any, writing: Writing, row: int, lasts: Mapping[Tab, int], words: GuideWords) -> int:
    row = _section(sheet, writing, row, words.say("tabs"))
    for column, name in enumerate(("tab", "about", "rows", "filled"), start=1):
        sheet.write_string(row, column, words.say(name), writing.formats["heading_fixed"])
    for tab, last in lasts.items():
        row += 1
        title = tab_titles()[tab.name]
        sheet.write_url(row, 1, f"internal:{quote_sheetname(title)}!A1", writing.formats["link"], title)
        sheet.write_string(row, 2, say(f"sheet.{tab.name}.about"), writing.formats["fixed"])
        sheet.write_number(row, 3, FREE_ROWS if tab.is_free else last - FIRST_ROW + 1, writing.formats["count"])
        sheet.write_formula(row, 4, _filled(tab, last), writing.formats["count"], 0)
    return row + 2


def _colours(sheet: Any, writing: Writing, row: int, words: GuideWords) -> int:
    row = _section(sheet, writing, row, words.say("colours"))
    for name, look in words.colours:
        sheet.write_string(row, 1, words.say(f"colour_{name}"), writing.formats[look])
        sheet.merge_range(row, 2, row, _LAST, words.say(f"colour_{name}_help"), writing.formats["beside"])
        sheet.set_row(row, 21)
        row += 1
    return row + 1


def write_guide(
    writing: Writing, lasts: Mapping[Tab, int], city: str, stamp: Mapping[str, str], words: GuideWords
) -> None:
    """Write the first tab.

    Parameters
    ----------
    lasts : the last row of each tab, from 1.
    stamp : what the hidden tab says of this sheet.
    words : what the guide says, with the name the file is expected to bear when it comes back.
    """
    sheet = writing.book.get_worksheet_by_name(say(f"sheet.{GUIDE}.title"))
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 1, writing.title, writing.formats["title"])
    sheet.set_row(0, 28)
    _paragraph(sheet, writing, 1, words.say("intro", city=city))
    row = _defaults(sheet, writing, 3, words)
    row = _colours(sheet, writing, _tabs(sheet, writing, row, lasts, words), words)
    for section, lines in words.sections:
        name = section.removesuffix("s") if section == "rules" else section
        row = _section(sheet, writing, row, words.say(section))
        for line in range(1, lines + 1):
            paragraph = words.say(f"{name}_{line}", file=words.file, commune=stamp["commune"])
            row = _paragraph(sheet, writing, row, paragraph)
        row += 1
    made = say(
        "guide.made", version=stamp["template_version"], release=stamp["release"], created=date_words(stamp["created"])
    )
    sheet.write_string(row, 1, made, writing.formats["quiet"])
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.activate()
