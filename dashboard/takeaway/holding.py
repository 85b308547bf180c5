"""What the rows of an export hold: observations or not, of which sources and indicators, what each column means."""

import re
from functools import lru_cache

import pandas as pd
from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

from dashboard.content.coverage import LEVELS
from dashboard.figures import sources
from dashboard.messages import message
from dashboard.view import View
from data.errors import ObservatoryError
from data.release import Release
from data.schemas import TABLES

OBSERVATION_COLUMNS = tuple(TABLES["observations"].schema.names)
# Between what a cell lists: identifiers of sources, keys of rows, parts of a sum.
_BETWEEN = re.compile(r"[;\[\]\s·]+")
_LANGUAGES_OF_COLUMNS = re.compile(r"_(fr|en)$")
_STATE = re.compile(r"status_([A-Z])")
_STATED = re.compile(r"(promised|replanned|actual)_(as_of|source|source_detail)")


class ImpossibleFormatError(ObservatoryError):
    """Raised when rows cannot be written in a format; `reason` names the words that say why to readers."""

    reason = ""


class NotObservationsError(ImpossibleFormatError):
    """Raised when rows that are no observations are to be written in a format that only these have."""

    reason = "no_sdmx"


def is_observations(frame: pd.DataFrame) -> bool:
    """Tell whether the rows are observations: values of indicators, with every column of their table."""
    return set(OBSERVATION_COLUMNS) <= set(frame.columns)


def is_text(column: "pd.Series[str]") -> bool:
    """Tell whether a column holds text, and not numbers, or yes and no."""
    return not is_numeric_dtype(column) and not is_bool_dtype(column)


def type_of(column: "pd.Series[str]") -> str:
    """Return the type of a column as Frictionless calls it."""
    if is_bool_dtype(column):
        return "boolean"
    if is_integer_dtype(column):
        return "integer"
    return "number" if is_numeric_dtype(column) else "string"


def indicators_of(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the catalogue rows of the indicators that rows name, in the order of the catalogue."""
    known = view.release.table("indicators")
    named = set(frame["indicator"]) if "indicator" in frame else set()
    return known[known["indicator"].isin(named)]


def _texts(frame: pd.DataFrame) -> set[str]:
    texts = {text for _, column in frame.items() if is_text(column) for text in column.unique().tolist()}
    return {word for text in texts if isinstance(text, str) for word in _BETWEEN.split(text)}


def _of_documents(release: Release, references: "pd.Series[str]") -> set[str]:
    """Return the sources whose documents are referred to: `002:27;57;003:13`."""
    documents = {row.document: name for name, row in sources(release).items() if row.document}
    numbers = {part.partition(":")[0] for text in references for part in text.split(";") if ":" in part}
    return {documents[number] for number in numbers if number in documents}


def _behind(release: Release, frame: pd.DataFrame) -> set[str]:
    """Return the sources of what rows are about where they name none: operations, indicators, quantities."""
    for column, tables in (("programme_id", ("programmes",)), ("indicator", ("observations", "context"))):
        if column in frame:
            rows = pd.concat([release.table(name)[[column, "source"]] for name in tables])
            named = rows.loc[rows[column].isin(set(frame[column])), "source"]
            return {source for text in named.drop_duplicates() for source in text.split(";")}
    if "quantity" in frame:
        return set(release.table("quantities")["source"])
    return set()


def sources_of(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the editions of sources that rows come from: those they name, else those of what they are about."""
    table = view.release.table("sources")
    found = _texts(frame) & set(table["source"])
    if "source_refs" in frame:
        found |= _of_documents(view.release, frame["source_refs"])
    if not found and len(frame):
        found = _behind(view.release, frame)
    return table[table["source"].isin(found)].reset_index(drop=True)


@lru_cache(maxsize=1024)
def column_words(name: str, language: str) -> str:
    """Return what a column means, in words.

    Raises
    ------
    KeyError
        Nobody has said what the column means.
    """
    if state := _STATE.fullmatch(name):
        return message("takeaway.values_of_state", language, state=message(f"state.{state[1]}", language))
    level = name.removesuffix("_areas")
    if level in LEVELS and level != name:
        return message("takeaway.areas_of_level", language, level=message(f"level.{level}", language))
    if stated := _STATED.fullmatch(name):
        words = message(f"takeaway.column_{stated[2]}", language)
        return message("takeaway.of_date", language, name=stated[1], words=words)
    if written := _LANGUAGES_OF_COLUMNS.search(name):
        words = message(f"takeaway.column_{name.removesuffix(written[0])}", language)
        return message(f"takeaway.in_{written[1]}", language, words=words)
    return message(f"takeaway.column_{name}", language)
