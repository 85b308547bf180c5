"""Charts for narrow columns and small places: the same marks, with no room kept for what stands beside or beneath."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from dashboard.typeface import width_px as wide_px
from dashboard.typeface import wrapped

Part = dict[str, Any]
# What the axis of values takes of the width, and what is left free around a chart.
VALUES_PX, PADDING_PX = 50, 5
# Names of a timeline's rows, the height of a line of them, and what a letter of the words beside its bars takes.
NAME_SIZE_PX, NAME_LINE_PX, CHARACTER_PX = 12, 14, 5.8
# The names of lines, and how far from the ends of the lines they stand.
LABEL_SIZE_PX, LABEL_WEIGHT, LABEL_GAP_PX = 13, 600, 9


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


def with_own_years(specification: Part, width_px: int, names_in_full: bool = False) -> Part:
    """Return a chart whose years go from the first to the last of its data, names of lines in a word unless in full.

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
    if not names_in_full:
        for row in names:
            row["label"] = row["label"].split("\n")[0]
    first, last = min(years) - 0.5, max(years) + 0.5
    room = width_px - VALUES_PX - PADDING_PX
    for row in names:
        takes = LABEL_GAP_PX + max(wide_px(line, LABEL_SIZE_PX, LABEL_WEIGHT) for line in row["label"].split("\n"))
        # So many years that the name has room after its line.
        last = max(last, first + (row["year"] - first) * room / (room - takes))
    for place in drawn:
        if "scale" in place:
            place["scale"]["domain"] = [first, last]
    for place in ticks:
        place["axis"]["values"] = [year for year in place["axis"]["values"] if year <= max(years)]
        place["axis"]["labelSeparation"] = LABEL_GAP_PX
    return fitted


def without_empty_axis(specification: Part) -> Part:
    """Return a chart that keeps no room beside it for an axis without words: on pages it has that of the one above."""
    config = specification.get("config", {})
    beside = config.get("axisY", {})
    if beside.get("labels") is not False:
        return specification
    return {**specification, "config": {**config, "axisY": {**beside, "minExtent": 0, "maxExtent": 0}}}


def narrowed(specification: Part, width_px: int) -> Part:
    """Return a chart for a column as narrow as a phone: its own years, no empty axis by a timeline, smaller names."""
    fitted = without_empty_axis(with_own_years(specification, width_px))
    words: dict[str, tuple[Part, Part]] = {}
    for mark, holder in _marks(fitted, fitted):
        said, place = (mark.get("encoding", {}).get(channel, {}).get("field") for channel in ("text", "x"))
        if said == "words" and place in {"start", "end"}:
            words[place] = mark, holder
        elif said == "name":
            mark["mark"]["fontSize"] = NAME_SIZE_PX
            _wrap_names(fitted, mark, holder["data"]["values"], width_px - 2 * PADDING_PX)
    scales = [place["scale"]["domain"] for place in places(fitted, "x") if "scale" in place]
    if "start" in words and scales:
        _put_words_where_they_fit(words, scales[0], width_px)
    return fitted


def _wrap_names(fitted: Part, mark: Part, rows: list[Part], room_px: float) -> None:
    """Give each row the lines its name takes, and the chart the height for them."""
    lines = {row["row"]: wrapped(row["name"], NAME_SIZE_PX, room_px) for row in rows if "row" in row}
    most = max(map(len, lines.values()), default=1)
    if most == 1:
        return
    is_of_equal_rows = mark["encoding"]["y"]["type"] == "ordinal"
    for row in rows:
        before = [""] * (most - len(lines[row["row"]])) if is_of_equal_rows else []
        row["name"] = "\n".join(before + lines[row["row"]])
    mark["mark"]["lineBreak"] = "\n"
    if is_of_equal_rows:
        _make_every_row_taller(fitted, mark, len(rows), (most - 1) * NAME_LINE_PX)
    else:
        _make_rows_taller(fitted, rows, {row: (len(of) - 1) * NAME_LINE_PX for row, of in lines.items()})


def _make_every_row_taller(fitted: Part, names: Part, count: int, more_px: float) -> None:
    """Give every row more height; names keep to its top, all else to its foot."""
    fitted["height"] += count * more_px
    for mark, _ in _marks(fitted, fitted):
        offset = "dy" if mark["mark"]["type"] == "text" else "yOffset"
        mark["mark"][offset] += -more_px / 2 if mark is names else more_px / 2


def _make_rows_taller(fitted: Part, names: list[Part], more_px: dict[int, float]) -> None:
    """Give single rows more height; what stands in a row keeps to its foot, its name to its top."""
    (domain,) = (place["scale"]["domain"] for place in places(fitted, "y") if "scale" in place)
    rows_per_px = (domain[1] - domain[0]) / fitted["height"]
    tops = {row: row + sum(more_px[before] for before in more_px if before < row) * rows_per_px for row in more_px}
    named = {id(row) for row in names}
    for row in _rows(fitted):
        if "row" in row:
            row["row"] = tops[row["row"]] + (0 if id(row) in named else more_px[row["row"]] * rows_per_px)
    domain[1] += sum(more_px.values()) * rows_per_px
    fitted["height"] += sum(more_px.values())


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
