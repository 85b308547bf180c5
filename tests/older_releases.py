"""Releases as older code wrote them: with fewer tables and columns than today's, and sound all the same."""

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pandas as pd
import pyarrow as pa

from data.schemas import TABLES
from etl import publish as publish_module
from etl.publish import publish


@contextmanager
def older_schema(without: Mapping[str, tuple[str, ...]]) -> Iterator[None]:
    """Make the publisher know fewer tables (no columns given) or columns, as it once did."""
    tables = {}
    for name, table in TABLES.items():
        columns = without.get(name, ("",))
        if columns:
            kept = pa.schema([field for field in table.schema if field.name not in columns])
            key = tuple(column for column in table.key if column not in columns)
            tables[name] = dataclasses.replace(table, schema=kept, key=key)
    with mock.patch.object(publish_module, "TABLES", tables):
        yield


def publish_as_older(tables: Mapping[str, pd.DataFrame], folder: Path, without: Mapping[str, tuple[str, ...]]) -> str:
    """Publish a release without some tables and columns."""
    frames = {name: frame.drop(columns=list(without.get(name, ()))) for name, frame in tables.items()}
    with older_schema(without):
        return publish(frames, folder)
