"""Rows as plain files: CSV that spreadsheets read as it is meant, Parquet as the release has it."""

import io

import pandas as pd

from dashboard.spreadsheet import would_run
from dashboard.takeaway.holding import is_text
from data.codec import frame_to_parquet_bytes

APOSTROPHE = "'"


def neutral(words: object) -> object:
    """Return a text so that no spreadsheet runs it: with an apostrophe before what begins like a formula."""
    return APOSTROPHE + words if isinstance(words, str) and would_run(words) else words


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return rows as CSV: UTF-8 with a byte order mark, so that spreadsheets read accents; numbers as they are."""
    texts = {name: frame[name].map(neutral) for name in frame.columns if is_text(frame[name])}
    text = io.StringIO()
    frame.assign(**texts).to_csv(text, index=False, lineterminator="\r\n")
    return text.getvalue().encode("utf-8-sig")


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return rows as Parquet, typed and unchanged."""
    return frame_to_parquet_bytes(frame)
