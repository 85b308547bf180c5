"""The gap sheet of Ivry as it is sent out, and what it is read against."""

from pathlib import Path

import pytest

from data.gap_sheet.writer import gap_sheet_of
from data.models import ProgrammeRow
from data.release import Release
from etl.city_sheet.template import Expected
from etl.ledger import Ledger
from tests.etl.filling import TODAY


@pytest.fixture(scope="session")
def blank(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the gap sheet of Ivry as it is sent out; not to be changed."""
    path = tmp_path_factory.mktemp("sheet") / "manques.xlsx"
    path.write_bytes(gap_sheet_of(release, "94041").content)
    return path


@pytest.fixture(scope="session")
def expected(ledger: Ledger) -> Expected:
    names = {row.programme_id: row.name for entry, row in ledger.rows("programmes.csv", ProgrammeRow)
             if entry.folder == "94041"}  # fmt: skip
    return Expected("94041", names, TODAY)
