"""Charts for narrow columns and small places: the same marks, with no room kept for what stands beside or beneath."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Part = dict[str, Any]
# What the axis of values takes of the width, and what the names of lines take at their ends.
VALUES_PX, NAMES_PX = 50, 84
# Names of a timeline's rows, and what a letter of the words beside its bars takes.
NAME_SIZE_PX, CHARACTER_PX = 12, 5.8


def _marks(part: Part, data: Part) -> Iterator[tuple[Part, Part]]:
    """Yield each layer that draws something, with the part of the chart that holds its data."""
    holder = part if "data" in part else data
    for layer in part.get("layer", ()):
        yield from _marks(layer, holder)
    if "mark" in part:
        yield part, holder


def places(specification: Part, channel: str) -> list[Part]:
    """Return what places the marks of a chart along a channel (`x`, `y`), layer by layer."""
    marks = _marks(specification, specification)
    return [mark["encoding"][channel] for mark, _ in marks if channel in mark.get("encoding", {})]


def _rows(specification: Part) -> list[Part]:
    holders = {id(holder): holder for _, holder in _marks(specification, specification) if "data" in holder}
    return [row for holder in holders.values() for row in holder["data"]["values"]]


def with_own_years(specification: Part, width_px: int) -> Part:
    """Return a chart whose years go from the first to the last of its data, names of lines in a word.

    On pages its axis is that of the timeline beneath, which may go on for years. A chart without years stays as it is.
    """
    fitted = deepcopy(specification)
    drawn = [place for place in places(fitted, "x") if place.get("field") == "year"]
    rows = _rows(fitted)
    years = [row["year"] for row in rows if row.get("value") is not None and "year" in row]
    ticks = [place for place in drawn if (place.get("axis") or {}).get("values")]
    if not ticks or not years:
        return fitted
    names = [row for row in rows if "label" in row]
    for row in names:
        row["label"] = row["label"].split("\n")[0]
    first, last = min(years) - 0.8, max(years) + 0.8
    if names:
        last += (last - first) * NAMES_PX / (width_px - VALUES_PX - NAMES_PX)
    for place in drawn:
        if "scale" in place:
            place["scale"]["domain"] = [first, last]
    for place in ticks:
        place["axis"]["values"] = [year for year in place["axis"]["values"] if year <= max(years)]
    return fitted


def narrowed(specification: Part, width_px: int) -> Part:
    """Return a chart for a column as narrow as a phone: its own years, no empty axis by a timeline, smaller names."""
    fitted = with_own_years(specification, width_px)
    beside = fitted.get("config", {}).get("axisY", {})
    if beside.get("labels") is False:
        beside |= {"minExtent": 0, "maxExtent": 0}
    words: dict[str, tuple[Part, Part]] = {}
    for mark, holder in _marks(fitted, fitted):
        said, place = (mark.get("encoding", {}).get(channel, {}).get("field") for channel in ("text", "x"))
        if said == "words" and place in {"start", "end"}:
            words[place] = mark, holder
        elif said == "name":
            mark["mark"]["fontSize"] = NAME_SIZE_PX
    scales = [place["scale"]["domain"] for place in places(fitted, "x") if "scale" in place]
    if "start" in words and scales:
        _put_words_where_they_fit(words, scales[0], width_px)
    return fitted


def _put_words_where_they_fit(words: dict[str, tuple[Part, Part]], domain: list[float], width_px: int) -> None:
    """Place the words of each bar to its right, but for those that only have room to its left."""
    px = width_px / (domain[1] - domain[0])

    def only_left(bar: Part) -> bool:
        takes = len(bar["words"]) * CHARACTER_PX
        return (domain[1] - bar["end"]) * px < takes <= (bar["start"] - domain[0]) * px

    mark, holder = words["start"]
    bars = [bar for _, data in words.values() for bar in data["data"]["values"]]
    if "end" in words:
        holder["data"]["values"] = [bar for bar in bars if only_left(bar)]
        words["end"][1]["data"]["values"] = [bar for bar in bars if not only_left(bar)]
    elif not any(map(only_left, bars)):
        mark["mark"] |= {"align": "left", "dx": -mark["mark"]["dx"]}
        mark["encoding"]["x"]["field"] = "end"
