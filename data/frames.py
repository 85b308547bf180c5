"""Going through a frame row by row."""

from collections.abc import Iterator
from typing import Any

import pandas as pd


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a frame as named tuples, `Index` first; their fields are what the table's schema says."""
    yield from frame.itertuples()
