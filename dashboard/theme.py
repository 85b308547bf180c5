"""Colours, inks and the look of charts: the one place they come from."""

from functools import lru_cache
from typing import Any, Literal

from data.definitions import load_catalogue
from data.settings import CATALOGUE

Mode = Literal["light", "dark"]

FONT = '"Source Sans", "Source Sans 3", sans-serif'
INKS: dict[Mode, dict[str, str]] = {
    "light": {
        "ink": "#1b1b1f",
        "secondary": "#55555f",
        "hairline": "#d9d9de",
        "ground": "#ffffff",
        "panel": "#f7f6f3",
        "missing": "#ececef",
        "water": "#a9cbe8",
        "rail": "#6f6f78",
        "peer": "#8f8f99",
    },
    "dark": {
        "ink": "#f2f2f4",
        "secondary": "#b4b4be",
        "hairline": "#34373f",
        "ground": "#0e1117",
        "panel": "#181b22",
        "missing": "#2a2d35",
        "water": "#2f5b80",
        "rail": "#9a9aa4",
        "peer": "#64646d",
    },
}


@lru_cache
def _theme_colours() -> dict[str, tuple[str, ...]]:
    return {name: theme.colours for name, theme in load_catalogue(CATALOGUE).themes.items()}


def classes(theme: str) -> tuple[str, ...]:
    """Return the five classes of a theme, light to dark."""
    return _theme_colours()[theme]


def mark(theme: str, mode: Mode) -> str:
    """Return the colour of a theme's marks: class 4 on white, class 3 on dark."""
    return classes(theme)[3 if mode == "light" else 2]


def tint(theme: str, mode: Mode) -> str:
    """Return a quiet ground of a theme's hue."""
    return classes(theme)[0 if mode == "light" else 4]


def rgb(colour: str) -> list[int]:
    """Return a hexadecimal colour as three numbers."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def text_on(colour: str) -> str:
    """Return the ink, near-black or white, that reads best on a ground."""
    channels = [c / 255 for c in rgb(colour)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return INKS["light"]["ink"] if luminance > 0.22 else "#ffffff"


def chart_config(mode: Mode, language: str) -> dict[str, Any]:
    """Return the Vega-Lite configuration every chart shares: ink, one typeface, few gridlines."""
    inks = INKS[mode]
    text = {
        "labelColor": inks["secondary"],
        "titleColor": inks["secondary"],
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
    }
    return {
        "background": inks["ground"],
        "font": FONT,
        "view": {"stroke": None},
        # A chart has a text of its own and a table; its marks would be read out one by one, in English.
        "mark": {"aria": False},
        "axis": {
            "aria": False,
            **text,
            "gridColor": inks["hairline"],
            "domainColor": inks["secondary"],
            "tickColor": inks["secondary"],
        },
        "legend": text,
        "text": {"fontSize": 13, "color": inks["ink"]},
        "locale": {"number": NUMBER_LOCALES[language]},
    }


NUMBER_LOCALES: dict[str, dict[str, Any]] = {
    "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}
