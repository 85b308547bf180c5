"""What differs between two releases: every cell, old and new, and why it changed."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from data.rules.reasons import with_reasons
from data.schemas import TABLES, Table

# What a difference is; `row` holds the values of the key one by one, the others are written out as they stand.
COLUMNS = ("table", "key", "column", "old", "new", "change", "reason")
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
SEPARATOR = " · "
# No text holds the unit separator: it is a control character.
_BETWEEN = "\x1f"


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))


def shown(value: Any) -> str:
    """Return a cell as text: numbers without loss, a geometry as `contour` with the start of its checksum."""
    if _is_empty(value):
        return ""
    if isinstance(value, bytes):
        return f"contour {sha256(value).hexdigest()[:8]}"
    if isinstance(value, np.ndarray | list | tuple):
        return " ; ".join(shown(part) for part in value)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _comparable(value: Any) -> Any:
    if _is_empty(value):
        return ""
    return tuple(value) if isinstance(value, np.ndarray | list) else value


def joined(row: Sequence[str]) -> str:
    """Return the values of a key as one text, as `by_key` indexes rows."""
    return _BETWEEN.join(row)


def by_key(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a table of a release indexed by the values of its key, joined."""
    keys, *others = (frame[name].fillna("").astype(str) for name in table.key)
    for other in others:
        keys = keys + _BETWEEN + other
    return frame.set_axis(pd.Index(keys, dtype=object), axis=0)


def _row(key: str) -> tuple[str, ...]:
    return tuple(key.split(_BETWEEN))


def _differing(old: pd.Series, new: pd.Series, kind: pa.DataType) -> "pd.Series[bool]":
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return (old != new) & ~(old.isna() & new.isna())
    if kind == pa.string():
        return old.fillna("") != new.fillna("")
    return old.map(_comparable) != new.map(_comparable)


def _changed_cells(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> list[dict[str, Any]]:
    """Return the cells that differ between rows of the same keys, in the same order."""
    found = []
    for field in table.schema:
        if field.name in table.key:
            continue
        differing = _differing(old[field.name], new[field.name], field.type).to_numpy()
        pairs = zip(old.index[differing], old[field.name][differing], new[field.name][differing], strict=True)
        found += [
            {"row": _row(key), "column": field.name, "old": shown(before), "new": shown(after), "change": CHANGED}
            for key, before, after in pairs
        ]
    return found


def _whole_rows(rows: pd.DataFrame, table: Table, change: str) -> list[dict[str, Any]]:
    """Return rows that only one release has: one difference each, with all that they say."""
    names = [name for name in table.schema.names if name not in table.key]
    found = []
    for key, values in zip(rows.index, rows[names].astype(object).itertuples(index=False, name=None), strict=True):
        texts = [(name, shown(value)) for name, value in zip(names, values, strict=True)]
        words = "; ".join(f"{name}={text}" for name, text in texts if text)
        old, new = ("", words) if change == ADDED else (words, "")
        found.append({"row": _row(key), "column": "", "old": old, "new": new, "change": change})
    return found


def _of_table(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> list[dict[str, Any]]:
    if old.equals(new):
        return []
    before, after = by_key(old, table), by_key(new, table)
    common = after.index[after.index.isin(before.index)]
    found = [
        *_changed_cells(before.loc[common], after.loc[common], table),
        *_whole_rows(after[~after.index.isin(before.index)], table, ADDED),
        *_whole_rows(before[~before.index.isin(after.index)], table, REMOVED),
    ]
    place = {name: number for number, name in enumerate(table.schema.names)}
    found.sort(key=lambda cell: (cell["row"], place.get(cell["column"], 0)))
    return [{"table": table.name, "key": SEPARATOR.join(filter(None, cell["row"])), **cell} for cell in found]


def differences(
    old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame], absent: Collection[str] = ()
) -> pd.DataFrame:
    """Return every difference between the tables of two releases.

    Parameters
    ----------
    old, new : tables by name; one that is not there counts as empty.
    absent : tables, and columns as `table.column`, that one of the releases has not because older code wrote it.

    Returns
    -------
    One row per cell of a row that both have and that differs, and one per row that only one of them has (`column` is
    then empty and the text lists its cells), in the order of the tables and their keys, with `COLUMNS` and `row`.
    `change` is `added`, `removed` or `changed`; `reason` is `new_data`, `correction` or `method`.
    """
    found: list[dict[str, Any]] = []
    for name, table in TABLES.items():
        empty = table.schema.empty_table().to_pandas()
        found += _of_table(old.get(name, empty), new.get(name, empty), table)
    missing = {*absent, *(TABLES.keys() - old.keys()), *(TABLES.keys() - new.keys())}
    return with_reasons(pd.DataFrame(found, columns=["row", *COLUMNS[:-1]]), old, new, missing)
