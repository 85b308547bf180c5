"""A register whose files a small connector reads: what tests of received files share."""

import importlib.util
import sys
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue
from data.download_models import Download
from data.models import EditionTemplate, Text
from data.settings import ROOT
from etl import connectors
from etl.arrivals import Inputs
from etl.build import build_tables
from etl.editions import with_editions
from etl.ledger import Ledger
from etl.snapshots import snapshots

FOLDER = ROOT / "tests" / "etl" / "example_connectors"
HEADER = "commune;indicator;period;value;status"
TODAY = date(2026, 11, 23)
TEMPLATE = EditionTemplate(
    identifier="rpls-{edition}",
    title=Text(fr="RPLS au 1er janvier {edition}", en="RPLS on 1 January {edition}"),
    short=Text(fr="SDES, RPLS {edition}", en="SDES, RPLS {edition}"),
    date="{edition}-01-01",
)


def use_example_connector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the example connector stand in the place of all real ones."""
    spec = importlib.util.spec_from_file_location("etl.connectors.rpls", FOLDER / "rpls.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(connectors, "__path__", [str(FOLDER)])
    monkeypatch.setitem(sys.modules, "etl.connectors.rpls", module)


@dataclass
class Register:
    """The register as it is received: catalogue with its template, ledger, store."""

    catalogue: Catalogue
    ledger: Ledger
    place: Path
    today: date = TODAY
    written: int = field(default=0)

    @property
    def raw(self) -> Path:
        """Return the store of snapshots."""
        return self.place / "raw"

    @property
    def inputs(self) -> Inputs:
        """Return what a file is read against."""
        return Inputs(self.catalogue, self.ledger, self.raw, self.today)

    def file(self, *rows: str, header: str = HEADER) -> Path:
        """Write a file of the register."""
        self.written += 1
        path = self.place / f"rpls-{self.written}.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    def build(self) -> dict[str, pd.DataFrame]:
        """Build the tables from the ledger and all that was received."""
        kept = snapshots(self.raw)
        *_, (_, tables) = build_tables(with_editions(self.catalogue, kept), self.ledger, kept)
        return tables


def register_of(catalogue: Catalogue, ledger: Ledger, place: Path, address: str = "") -> Register:
    """Return the register with a template for editions to come, and an address where one is given."""
    offered = None
    if address:
        offered = Download(address=address, file="rpls-{edition}.csv", media_types=("text/csv",), largest_mb=1)
    changed = catalogue.sources["rpls"].model_copy(update={"template": TEMPLATE, "download": offered})
    return Register(replace(catalogue, sources=catalogue.sources | {"rpls": changed}), ledger, place)
