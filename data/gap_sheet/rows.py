"""Which operations each tab of the gap sheet lists, what is known of them, and what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.frames import rows_of
from data.gap_sheet.layout import Tab
from data.gap_sheet.words import date_words, number_words, phase_words, say, status_words
from data.rules.gaps import MEASURES, gaps_of
from data.rules.phases import FACTS as LASTING
from data.rules.phases import newest_statements

Tables = Mapping[str, pd.DataFrame]
AND = " ; "


@dataclass(frozen=True)
class Row:
    """A row of a tab: the texts of its hidden and fixed columns, and the columns it asks, allows or does not ask."""

    texts: dict[str, str]
    asked: frozenset[str]
    allowed: frozenset[str]


def operations(tables: Tables, commune: str) -> pd.DataFrame:
    """Return the operations of a commune by place and name, with a column per fact that is missing.

    A party's proposals are left out: nobody can say when they open.
    """
    found = tables["programmes"].join(gaps_of(tables))
    mine = found[(found["commune"] == commune) & (found["status"] != "proposed")]
    return mine.sort_values(["ref_area", "name"])


@dataclass(frozen=True, eq=False)
class _Texts:
    """What the hidden and fixed columns say of an operation."""

    areas: pd.DataFrame
    sources: pd.DataFrame
    quantities: pd.DataFrame

    def of(self, row: Any) -> dict[str, str]:
        """Return the texts of one operation, by column."""
        return {
            "programme_id": row.programme_id,
            "name": row.name,
            "place": self._place(row),
            "status": status_words()[row.status],
            "said": said_words(row, self.sources),
            "known": self._known(row) if row.kind in MEASURES else "",
        }

    def _place(self, row: Any) -> str:
        district = str(self.areas.at[row.district, "name"]) if row.district else ""
        if self.areas.at[row.ref_area, "level"] != "operation":
            return district or say("nowhere")
        sector = str(self.areas.at[row.ref_area, "name"])
        return say("place", sector=sector, district=district) if district not in {"", sector} else sector

    def _known(self, row: Any) -> str:
        mine = self.quantities[self.quantities["programme_id"] == row.programme_id]
        parts = [known_words(mine[mine["quantity"].isin(MEASURES[row.kind])])]
        if pd.notna(row.dwellings_social_share):
            parts.append(say("known.social_share", value=number_words(row.dwellings_social_share * 100)))
        return AND.join(part for part in parts if part)


def said_words(row: Any, sources: pd.DataFrame) -> str:
    """Return where the source speaks of a row, and what it leaves open.

    Parameters
    ----------
    row : `source`, `source_detail` and `note_fr`.
    sources : the `sources` table by edition.
    """
    edition = sources.loc[row.source]
    words = str(edition["short_fr"])
    if edition["document"]:
        lines = ", ".join(part.split(":")[-1] for part in row.source_detail.split(";"))
        words = say("line" if lines.isdigit() else "lines", source=words, lines=lines)
    return f"{words}. {row.note_fr}".strip()


def known_words(quantities: pd.DataFrame) -> str:
    """Return what is known of one operation's quantities: its rows of the `quantities` table, in words."""
    parts = []
    for name, rows in quantities.groupby("quantity", sort=True):
        texts = [number_words(value) for value in sorted(rows["value"].dropna().unique())]
        text = say("known.either", low=texts[0], high=texts[-1]) if len(texts) > 1 else "".join(texts)
        words = say(f"known.{name}", value=text) if text else ""
        words = say("known.readings", words=words) if len(texts) > 1 else words
        for delivered in rows["delivered"].dropna().unique():
            key = "delivered" if words else "delivered_only"
            words = say(f"known.{key}", words=words, value=number_words(delivered))
        parts.append(words)
    return AND.join(parts)


def _missing_rows(tab: Tab, texts: _Texts, found: pd.DataFrame) -> list[Row]:
    """Return a row for each operation that misses a fact the tab asks for."""
    rows = []
    for row in rows_of(found[found["kind"].isin(tab.kinds)] if tab.kinds else found):
        columns = [column for column in tab.values if not column.kinds or row.kind in column.kinds]
        asked = frozenset(column.name for column in columns if getattr(row, column.fact))
        if asked:
            rows.append(Row(texts.of(row), asked, frozenset(column.name for column in columns)))
    return rows


def _promise_rows(tab: Tab, texts: _Texts, found: pd.DataFrame, phases: pd.DataFrame) -> list[Row]:
    """Return a row for each date that is promised and not yet said to have happened."""
    newest = newest_statements(phases)
    newest = newest[(newest["state"] == "planned") & ~newest["phase"].isin(list(LASTING))]
    everything = frozenset(column.name for column in tab.values)
    promises = {str(programme): mine.sort_values("date") for programme, mine in newest.groupby("programme_id")}
    rows = []
    for row in rows_of(found[found["programme_id"].isin(list(promises))]):
        for phase in rows_of(promises[row.programme_id]):
            promise = {
                "promise": f"{phase.phase}={phase.date}",
                "known_phase": phase_words()[phase.phase],
                "known_date": date_words(phase.date),
            }
            rows.append(Row(texts.of(row) | promise, everything, everything))
    return rows


def tab_rows(tab: Tab, tables: Tables, found: pd.DataFrame) -> list[Row]:
    """Return the rows of a tab; none for the tab whose operations the city names itself.

    Parameters
    ----------
    found : what `operations` returned.
    """
    texts = _Texts(
        tables["territories"].set_index("ref_area"), tables["sources"].set_index("source"), tables["quantities"]
    )
    if tab.is_free:
        return []
    if tab.name == "dates_known":
        return _promise_rows(tab, texts, found, tables["phases"])
    return _missing_rows(tab, texts, found)
