"""A connector of the smallest kind, in the place of the real one: `commune;indicator;period;value;status`."""

from pathlib import Path

import pandas as pd

from data.errors import UnreadableFileError
from etl.intake import Extracted, Loaded, Rejection, Scope

GIVES = ("social_dwellings",)
COLUMNS = ["commune", "indicator", "period", "value", "status"]


def extract(path: Path) -> Extracted:
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines[:1] != [";".join(COLUMNS)]:
        raise UnreadableFileError(f"{path.name} has no header {';'.join(COLUMNS)}: take the publisher's file")
    frame = pd.DataFrame([line.split(";") for line in lines[1:]], columns=COLUMNS, dtype="str")
    return Extracted(path.name, frame.assign(line=range(2, len(frame) + 2)))


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    rows = extracted.frame
    mine = rows[rows["commune"].isin(scope.communes)]
    bad = ~mine["value"].str.fullmatch(r"\d*")
    rejected = tuple(
        Rejection(extracted.file, int(row["line"]), "value", str(row["value"]), "not_a_number")
        for _, row in mine[bad].iterrows()
    )
    good = mine[~bad]
    observations = pd.DataFrame(
        {
            "ref_area": good["commune"],
            "indicator": good["indicator"],
            "time_period": good["period"],
            "obs_value": pd.to_numeric(good["value"]).astype("float64"),
            "obs_status": good["status"],
            "conf_status": "F",
            "source": edition,
            "source_detail": [f"{extracted.file}, line {line}" for line in good["line"]],
            "note_fr": "",
            "note_en": "",
        }
    )
    return Loaded(extracted.file, observations, rejected, extracted.read, len(good), len(rows) - len(mine))
