"""Publishes one small release after another, each figure of which says which it is; run as a program by a test.

`python -m tests.dashboard.often_published FOLDER COUNT` publishes, after the release that is there, COUNT releases in
which every value of an indicator is `FIRST_VALUE` and the number of the release, and prints number and identifier.
"""

import sys
from pathlib import Path
from unittest import mock

import pandas as pd

from data.codec import Part, write_table
from data.release import current_id, open_release
from data.schemas import Table
from etl import publish as publisher

FIRST_VALUE = 31_000


def small_tables(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of a release about one commune: what makes it large is left out."""
    rows = tables["observations"]
    mine = rows["ref_area"].str.startswith("94041") & (rows["nature"] == "observed")
    return {**tables, "iris_structures": tables["iris_structures"].head(300), "observations": rows[mine]}


def numbered(tables: dict[str, pd.DataFrame], number: int) -> dict[str, pd.DataFrame]:
    """Return the tables with one value everywhere, which is that of the release with this number."""
    rows = tables["observations"]
    return {**tables, "observations": rows.assign(obs_value=float(FIRST_VALUE + number), obs_value_max=float("nan"))}


class KeptFiles:
    """Writes a table as the codec does, but copies its file where the very same rows were written before."""

    def __init__(self) -> None:
        self._written: dict[str, tuple[pd.DataFrame, bytes, int]] = {}

    def write_table(self, frame: pd.DataFrame, table: Table, path: Path, _parts: tuple[Part, ...]) -> int:
        before = self._written.get(table.name)
        if before and before[0] is frame:
            path.write_bytes(before[1])
            return before[2]
        rows = write_table(frame, table, path)
        self._written[table.name] = frame, path.read_bytes(), rows
        return rows


def _main(folder: Path, count: int) -> None:
    tables = dict(open_release(folder, current_id(folder)).tables)
    # What a release is made from stays the same here, and all tables but one: doing it all again takes too long.
    with (
        mock.patch.object(publisher, "inputs_digest", return_value="test"),
        mock.patch.object(publisher, "write_table", KeptFiles().write_table),
    ):
        for number in range(1, count + 1):
            print(number, publisher.publish(numbered(tables, number), folder), flush=True)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]))
