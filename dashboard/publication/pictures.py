"""Charts and twins of maps as SVG that stands inside a page: light in its attributes, dark by the style sheet."""

import json
import re
from dataclasses import dataclass, field, fields
from functools import lru_cache
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import vl_convert
from altair import SCHEMA_VERSION

from dashboard.charts.narrow import narrowed
from dashboard.maps.prepare import DistrictMap
from dashboard.maps.twin import twin
from dashboard.theme import FONT
from dashboard.typeface import DRAWING_FAMILY, measure_with_it

SVG = "http://www.w3.org/2000/svg"
# Two renditions of each chart, since the text of a picture does not flow: one for phones and narrow columns.
NARROW_PX, WIDE_PX = 320, 760
WIDE_MAP_PX, SMALL_MAP_PX = (560, 460), (288, 256)
_VERSION = ".".join(SCHEMA_VERSION.removeprefix("v").split(".")[:2])
# Letters are measured many times over, and each time every family that is named is looked for: name the one we bring.
_FAMILIES, _FAMILY = json.dumps(FONT), json.dumps(DRAWING_FAMILY)
# Words that stand beside a map, not in its picture.
_BESIDE = frozenset({"title", "subtitle"})
_NOISE = ("role", "class", "pointer-events", "font-family", "stroke-miterlimit")

ElementTree.register_namespace("", SVG)


def _with_own_names(svg: str, specification: str) -> str:
    """Name what a picture refers to (clips) by the picture: the renderer counts on, from one picture to the next."""
    picture = sha256(specification.encode()).hexdigest()[:8]
    found = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    names = {name: f"p{picture}-{count}" for count, name in enumerate(found)}
    return re.sub(r'(?<=\bid=")[^"]+|(?<=url\(#)[^)]+', lambda name: names[name[0]], svg)


@lru_cache(maxsize=4096)
def _svg(specification: str) -> str:
    measure_with_it()
    svg = vl_convert.vegalite_to_svg(specification.replace(_FAMILIES, _FAMILY), vl_version=_VERSION)
    return _with_own_names(str(svg), specification)


def _is_empty(element: ElementTree.Element) -> bool:
    name, path = element.tag.rpartition("}")[2], element.get("d", "")
    return (name == "path" and (not path or path == "M0,0h0v0h0Z" or element.get("display") == "none")) or (
        name == "g" and not len(element)
    )


def _prune(element: ElementTree.Element) -> None:
    """Take out what draws nothing and what screen readers would read out mark by mark, in English."""
    for child in list(element):
        _prune(child)
        if _is_empty(child):
            element.remove(child)
    for name in list(element.attrib):
        if name in _NOISE or name.startswith("aria-"):
            del element.attrib[name]


def inline(svg: str, kind: str) -> str:
    """Return a picture made to stand in a page: no ground of its own, its width in units that grow with the text.

    Parameters
    ----------
    kind : class names of the picture, which the style sheet knows.
    """
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    _prune(root)
    ground = root.find(f"{{{SVG}}}rect")
    if ground is not None:
        root.remove(ground)
    for name in ("version", "width", "height"):
        root.attrib.pop(name, None)
    root.attrib |= {"class": kind, "viewBox": f"0 0 {width:g} {height:g}", "aria-hidden": "true", "focusable": "false"}
    root.set("style", f"width: {width / 16:g}rem")
    return re.sub(r"(\d\.\d{2})\d+", r"\1", ElementTree.tostring(root, encoding="unicode"))


def chart_svg(specification: dict[str, Any], width_px: int) -> str:
    """Return a chart as a picture of a width, on its own ground; that of phones is drawn anew, others as they come."""
    drawn = narrowed(specification, width_px) if width_px == NARROW_PX else specification
    return _svg(json.dumps({**drawn, "width": width_px, "autosize": {"type": "fit-x", "contains": "padding"}}))


def chart_picture(specification: dict[str, Any], width_px: int, kind: str) -> str:
    """Return a chart as an inline picture of a width."""
    return inline(chart_svg(specification, width_px), f"obs-picture obs-chart {kind}")


@dataclass(frozen=True)
class _Drawn:
    """A prepared map by what is drawn of it: pages of many areas show the same."""

    shown: tuple[Any, ...]
    prepared: DistrictMap = field(compare=False)


@lru_cache(maxsize=256)
def _twin(drawn: _Drawn, width_px: int, height_px: int) -> str:
    return json.dumps(twin(drawn.prepared, width_px, height_px).to_dict(validate=False))


def _rows(frame: pd.DataFrame) -> tuple[tuple[Any, ...], ...]:
    """Return a frame as values that can be compared, those that are missing too; which area is chosen is not drawn."""
    kept = frame.drop(columns="selected", errors="ignore").astype(object)
    return tuple(map(tuple, kept.where(kept.notna(), None).to_numpy()))


def _drawn(prepared: DistrictMap) -> _Drawn:
    """Return a map by all that it holds but the words beside it: maps that differ in anything are never one."""
    held = (getattr(prepared, part.name) for part in fields(prepared) if part.name not in _BESIDE)
    return _Drawn(tuple(_rows(part) if isinstance(part, pd.DataFrame) else part for part in held), prepared)


def _map_svg(drawn: _Drawn, size_px: tuple[int, int]) -> str:
    return _svg(_twin(drawn, *size_px))


def map_svg(prepared: DistrictMap, size_px: tuple[int, int]) -> str:
    """Return the twin of a map as a picture of a size, on its own ground."""
    return _map_svg(_drawn(prepared), size_px)


def map_picture(prepared: DistrictMap, size_px: tuple[int, int]) -> str:
    """Return the twin of a map as an inline picture of a size."""
    return inline(map_svg(prepared, size_px), "obs-picture obs-map")


def map_pictures(prepared: DistrictMap) -> str:
    """Return the twin of a map as inline pictures, for columns of a page and for phones: words keep their size."""
    drawn = _drawn(prepared)
    sizes = ((WIDE_MAP_PX, "broad"), (SMALL_MAP_PX, "small"))
    return "".join(inline(_map_svg(drawn, size_px), f"obs-picture obs-map {kind}") for size_px, kind in sizes)
