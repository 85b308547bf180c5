"""The search of the whole observatory: every beginning of some queries as typed, beside a plain look at names."""

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from dashboard.content.findable import things
from dashboard.messages import LANGUAGES
from dashboard.search import answer, counts, kept_answers
from dashboard.search_index import words_of
from dashboard.view import WHOLE_CITY, View, the_view
from data.release import current_id, open_release
from data.settings import default_commune
from tests.bench.report import Row, quantile

# What readers look for: names, parts of names, the other language, codes, mistakes, and words that nothing holds.
QUERIES = (
    "logements vacants", "Population density", "T Zen 5", "école", "habitants de 65 ans", "geothermal energy", "94041",
    "réseau de chaleur d’Ivry-Port", "arceaux à vélo pour 1 000 habitants", "recensment", "stratgie bas carbone",
    "zzzzzzzz",
)  # fmt: skip
ROUNDS, GOAL_MS = 5, 30.0


def typed() -> list[str]:
    """Return the beginnings of every query that hold a word."""
    return [query[:end] for query in QUERIES for end in range(1, len(query) + 1) if words_of(query[:end])]


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _words(times: list[float]) -> str:
    return f"p50 {quantile(times, 0.5):.1f}, p95 {quantile(times, 0.95):.1f}, max {max(times):.1f} ms"


def _names(view: View) -> pd.Series:
    """Return the names that are searched, in both languages."""
    return pd.Series([name for thing in things(view) for name in (thing.label, thing.other, *thing.aliases) if name])


def searching(releases: Path) -> list[Row]:
    """Search every beginning, nothing kept from one round to the next, in turn with `str.contains` on the names."""
    release = open_release(releases, current_id(releases))
    view = the_view(release, default_commune(), WHOLE_CITY, LANGUAGES[0], "light", date.today())
    made_ms = _milliseconds(lambda: counts(view))
    names, own, reference = _names(view), [], []
    for _ in tqdm(range(ROUNDS), desc="searches", leave=False):
        kept_answers.cache_clear()
        for text in typed():
            own.append(_milliseconds(partial(answer, view, text)))
            reference.append(_milliseconds(partial(names.str.contains, text, case=False, regex=False)))
    numbers = {"p95_ms": quantile(own, 0.95), "max_ms": max(own), "reference_p95_ms": quantile(reference, 0.95),
               "reference_max_ms": max(reference), "index_ms": made_ms}  # fmt: skip
    found = f"{sum(counts(view).values())} things, {len(typed())} beginnings"
    return [
        Row(f"search as typed, {found}", _words(own), f"str.contains on {len(names)} names {_words(reference)}",
            f"max <= {GOAL_MS:.0f} ms", max(own) <= GOAL_MS, numbers),
        Row("the index, once a release and language", f"{made_ms:.0f} ms", numbers={"index_ms": made_ms}),
    ]  # fmt: skip
