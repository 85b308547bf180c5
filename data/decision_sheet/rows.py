"""The rows of the tab of decisions: what is known of each commitment of a commune, and what the city may add."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.decision_sheet.layout import ADDED, DECISIONS, FREE_DECISIONS
from data.frames import rows_of
from data.gap_sheet.rows import AND, Row, said_words
from data.gap_sheet.words import choices, date_words, say, theme_words
from data.register_sheet.places import operation_places
from data.rules.commitments import listed

Tables = Mapping[str, pd.DataFrame]


def _known(row: Any, names: Mapping[str, str]) -> str:
    """Return what is known of a commitment beside its name, theme and place."""
    statuses = choices(DECISIONS.column("stated_status"))
    told = {
        "edition": row.edition,
        "carrier": row.carrier_fr,
        "deadline": date_words(row.deadline) if row.deadline else "",
        "status": statuses[row.stated_status] if row.stated_status else "",
        "programmes": ", ".join(names[name] for name in listed(row.programme_ids)),
        "measure": row.lacking_fr.rstrip("."),
    }
    return AND.join(say(f"known_decision.{name}", value=value) for name, value in told.items() if value)


def _asked(row: Any) -> frozenset[str]:
    """Return the columns of what is not known of a commitment."""
    found = {"edition": row.edition, "carrier": row.carrier_fr, "stated_status": row.stated_status}
    missing = {name for name, value in found.items() if not value}
    return frozenset(missing | (set() if row.deadline else {name for name in ADDED if name.startswith("deadline")}))


def decision_rows(tables: Tables, commune: str) -> list[Row]:
    """Return a row for each commitment of a commune, in the order of the ledger, then blank ones.

    What is known of edition and carrier is closed; a deadline and a status may change.
    """
    areas, found = tables["territories"], tables["commitments"]
    names = dict(zip(tables["programmes"]["programme_id"], tables["programmes"]["name"], strict=True))
    called = dict(zip(areas["ref_area"], areas["name"], strict=True)) | operation_places(areas, commune)
    sources = tables["sources"].set_index("source")
    rows = []
    for row in rows_of(found[found["commune"] == commune]):
        texts = {
            "commitment_id": row.commitment_id,
            "decision": row.label_fr,
            "decision_theme": theme_words()[row.theme],
            "decision_place": called[row.ref_area],
            "said": said_words(row, sources),
            "known": _known(row, names),
        }
        asked = _asked(row)
        rows.append(Row(texts, asked, asked | (set(ADDED) - {"edition", "carrier"})))
    everything = frozenset(column.name for column in DECISIONS.values)
    return [*rows, *[Row({}, everything, everything)] * FREE_DECISIONS]
