"""What charts and maps show, in words for those who do not see them: computed from the very values that are drawn."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

import pandas as pd

from dashboard.charts.bands import Lane
from dashboard.charts.bars import Quantity
from dashboard.charts.gantt import Row
from dashboard.charts.lines import Line
from dashboard.formats import labelled, plural
from dashboard.maps.prepare import DistrictMap
from dashboard.messages import message
from dashboard.works import GLYPHS
from data.rules.dates import period_end, period_start

# Beyond so many, the highest and the lowest are named, and how many there are; the table has them all.
MOST_NAMED, MOST_OF_EACH = 12, 3


def spoken(title: str, alternative: str, language: str) -> str:
    """Return what a screen reader says of a figure: its sentence, what it shows, where the table is."""
    parts = (f"{title.removesuffix('.')}.", alternative, message("alt.see_table", language))
    return " ".join(part for part in parts if part)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _listed(parts: Iterable[str], language: str) -> str:
    return message("alternative.between", language).join(parts)


def _counted(key: str, count: int, language: str) -> str:
    form = plural(count, "one", "other", language)
    return message(f"alternative.{key}_{form}", language, count=count)


def of_points(name: str, frame: pd.DataFrame, language: str) -> str:
    """Return where a series begins, ends, stands highest and lowest, and which years have no value.

    Parameters
    ----------
    frame : columns `year`, `value`, `text` (date and value in words).
    """
    known = frame.dropna(subset="value").sort_values("year", kind="stable")
    if known.empty:
        return ""
    said, values = known["text"].tolist(), known["value"]
    if len(known) == 1:
        return message("alternative.point", language, name=name, point=said[0])
    low, high = (known.loc[values == bound, "text"].tolist() for bound in (values.min(), values.max()))
    words = message("alternative.ends", language, name=name, first=said[0], last=said[-1])
    if _is_broken(frame):
        words += " " + message("alternative.broken", language)
    elif len(low) == len(known):
        words = message("alternative.level", language, name=name, first=said[0], last=said[-1])
    else:
        words += " " + message("alternative.extremes", language, high=_few(high, language), low=_few(low, language))
    return words + _without(frame, language)


def _is_broken(frame: pd.DataFrame) -> bool:
    """Tell whether a series has a break, a gap between years or a new segment: values across it do not compare."""
    segments = frame["segment"].nunique() if "segment" in frame else 1
    return segments > 1 or bool((frame["value"].isna() & (frame["year"] % 1 != 0)).any())


def _few(points: list[str], language: str) -> str:
    shown = points[:MOST_OF_EACH]
    more = [_counted("more", len(points) - len(shown), language)] if len(points) > len(shown) else []
    return ", ".join([*shown, *more])


def _without(frame: pd.DataFrame, language: str) -> str:
    """Return the whole years that have no value; what lies between years only breaks a line."""
    years = frame.loc[frame["value"].isna() & (frame["year"] % 1 == 0), "year"]
    listed = ", ".join(f"{year:.0f}" for year in years)
    return " " + message("alternative.missing", language, years=listed) if listed else ""


def of_lines(lines: Sequence[Line], language: str) -> str:
    """Return how many lines a chart has and what each shows."""
    said = [words for line in lines if (words := of_points(line.name, line.frame, language))]
    return " ".join([_counted("lines", len(said), language), *said]) if said else ""


def of_quantities(quantities: Sequence[Quantity], language: str) -> str:
    """Return what each bar stands for, those that are promised apart."""
    said = []
    for key, is_planned in (("bars", False), ("bars_planned", True)):
        items = [f"{one.name}, {one.text}" for one in quantities if one.planned is is_planned]
        if items:
            said.append(_sentence(message(f"alternative.{key}", language, items=_listed(items, language))))
    return " ".join(said)


def of_lanes(lanes: Sequence[Lane], year: int, language: str) -> str:
    """Return what is possible in each place by a year."""
    items = _listed((f"{lane.name}, {lane.words.partition(': ')[2]}" for lane in lanes), language)
    return _sentence(message("alternative.lanes", language, year=year, items=items))


def of_situations(lanes: Sequence[Lane], language: str) -> str:
    """Return what is possible in each situation, at the years its words name."""
    items = _listed((f"{lane.name}, {lane.words}" for lane in lanes), language)
    return _sentence(message("alternative.situations", language, items=items))


def of_rows(rows: Sequence[Row], language: str) -> str:
    """Return how many operations or dates a timeline has, from when to when, and which are past, promised, undated."""
    bars = [bar for row in rows for bar in row.bars]
    words = _counted("rows", len(rows), language)
    if bars:
        first = min(period_start(bar.time_period).year for bar in bars)
        last = max(period_end(bar.time_period).year for bar in bars)
        key = "alternative.in_year" if first == last else "alternative.from_to"
        words += ", " + message(key, language, first=first, last=last)
    counts = {
        "past": sum(any(not bar.planned for bar in row.bars) for row in rows),
        "promised": sum(any(bar.planned and not bar.supposed for bar in row.bars) for row in rows),
        "supposed": sum(any(bar.supposed for bar in row.bars) for row in rows),
        "undated": sum(not row.bars for row in rows),
    }
    parts = [message(f"alternative.{key}", language, count=count) for key, count in counts.items() if count]
    return f"{_sentence(words)} {_sentence(_listed(parts, language) + _statuses(rows, language))}"


def _statuses(rows: Sequence[Row], language: str) -> str:
    """Return how many of the rows without date have each status, in the words of their lane without its sign."""
    found = Counter(row.lane.partition(" ")[2] for row in rows if row.lane)
    said = [message("alternative.status", language, words=words, count=count) for words, count in found.most_common()]
    return f" ({', '.join(said)})" if said else ""


def _status_words(counts: str, language: str) -> str:
    """Return how many operations have each status (`● 2  ○ 1`) in words; counts without a sign stay as they are."""
    for status, glyph in GLYPHS.items():
        counts = counts.replace(f"{glyph} ", labelled(message(f"status.{status}", language), "", language))
    return counts.replace("  ", ", ")


@lru_cache(maxsize=512)
def of_map(prepared: DistrictMap, language: str) -> str:
    """Return what each district is worth, the highest first, those without value last, stations, kind of outlines."""
    frame = prepared.frame
    if frame.empty:
        return ""
    valued = frame[frame["value"].notna()].sort_values(["value", "name"], ascending=[False, True])
    said = [
        (str(name), str(words) if prepared.indicator else _status_words(str(words), language))
        for name, words in zip(valued["name"], valued["value_text"], strict=True)
    ]
    sentences = [_counted("areas", len(frame), language) + "."]
    sentences += [_sentence(_areas(said, language))] if said else []
    rest = frame[frame["value"].isna()].sort_values(["state", "name"])
    for words, group in groupby(zip(rest["value_text"], rest["name"], strict=True), key=lambda pair: pair[0]):
        sentences.append(_sentence(labelled(words, ", ".join(name for _, name in group), language)))
    sentences += [message("alternative.stations", language)] if len(prepared.points) else []
    return " ".join([*sentences, message(f"boundary.{prepared.boundary}", language)])


def _areas(said: list[tuple[str, str]], language: str) -> str:
    """Return areas with their values, those of the same value together; of many only both ends."""
    together = [(words, sorted(name for name, _ in group)) for words, group in groupby(said, key=lambda pair: pair[1])]
    if len(said) <= MOST_NAMED:
        return _listed((f"{', '.join(names)}, {words}" for words, names in together), language)
    ends = {"highest": said[:MOST_OF_EACH], "lowest": said[-MOST_OF_EACH:]}
    named = {key: ", ".join(f"{name} ({words})" for name, words in found) for key, found in ends.items()}
    return _listed((message(f"alternative.{key}", language, items=items) for key, items in named.items()), language)
