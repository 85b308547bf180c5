"""Small multiples over time: one panel an area, all on the same scales."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.charts.panels import panel_chart
from dashboard.charts.specifications import specification_of
from dashboard.content.pieces import Chart
from dashboard.desk.shared import domain_of, gaps_of, hollow_words, with_gaps, year_of
from dashboard.desk.sight import Sight
from dashboard.formats import labelled, listed, separated
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.side_by_side import BREAK


@dataclass(frozen=True, eq=False)
class Multiples:
    """Panels under one sentence. `panels` have a title of their own, nothing else is said of each."""

    key: str
    title: str
    subtitle: str
    panels: tuple[Chart, ...]
    source: str
    kinds: tuple[str, ...]
    export: str = ""


# A series of an area: one row a year.
YEARLY = ("ref_area", "name", "year", "value", "words", "is_estimated", "is_break")


def yearly(sights: dict[str, Sight]) -> pd.DataFrame:
    """Return the values of all areas by year.

    Returns
    -------
    Columns `YEARLY` (`is_break`: the value begins a new series); periods that are no year are left out.
    """
    parts = []
    for period, seen in sights.items():
        year = year_of(period)
        if year is not None:
            frame = seen.frame[["ref_area", "short_name", "value", "words"]].rename(columns={"short_name": "name"})
            parts.append(with_states(frame.assign(year=year), seen.frame["status"]))
    return one_a_year(parts)


def with_states(frame: pd.DataFrame, statuses: "pd.Series[str]") -> pd.DataFrame:
    """Return rows with what their SDMX status says of the points and lines they are drawn as."""
    return frame.assign(is_estimated=(statuses == "E").to_numpy(), is_break=(statuses == BREAK).to_numpy())


def one_a_year(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return yearly rows together: where a day and its year are both there, the later in the order of time counts."""
    if not parts:
        return pd.DataFrame(columns=list(YEARLY))
    return pd.concat(parts, ignore_index=True).drop_duplicates(["ref_area", "year"], keep="last")


def _lines_with_gaps(known: pd.DataFrame) -> pd.DataFrame:
    """Return all series by the code of their area (`name`, `year`, `value`), interrupted as `gaps_of` says."""
    gaps = [
        pd.DataFrame({"ref_area": code, "year": gaps_of(rows["year"], rows.loc[rows["is_break"], "year"])})
        for code, rows in known.groupby("ref_area")
    ]
    whole = pd.concat([known[["ref_area", "year", "value"]], *(one for one in gaps if len(one))])
    return whole.rename(columns={"ref_area": "name"}).sort_values(["name", "year"], ignore_index=True)


def remarks(language: str, chosen: pd.DataFrame, nature: str) -> str:
    """Return what hollow points and interrupted lines of the chosen areas mean; nothing where there are none."""
    known = chosen.dropna(subset="value")
    hollow = hollow_words((nature,), bool(known["is_estimated"].any()), language)
    broken = [str(year) for year in sorted(set(known.loc[known["is_break"], "year"]))]
    words = message("desk.broken", language, years=listed(broken, language)) if broken else ""
    return " ".join(filter(None, (hollow, words)))


def panels(
    view: View, key: str, data: pd.DataFrame, chosen: Sequence[str], theme: str, decimals: int, is_planned: bool
) -> tuple[Chart, ...]:
    """Return one panel an area, in the order given; areas without any value have none.

    Parameters
    ----------
    data : see `yearly`; areas that are not chosen are drawn in grey behind each.
    """
    known = data.dropna(subset="value")
    if known.empty:
        return ()
    years = (float(known["year"].min()) - 0.6, float(known["year"].max()) + 0.6)
    values = domain_of(known["value"], decimals)
    background, found = _lines_with_gaps(known), []
    for code in chosen:
        own = known[known["ref_area"] == code].sort_values("year")
        if own.empty:
            continue
        texts = [labelled(str(row.year), str(row.words), view.language) for row in rows_of(own)]
        drawn = with_gaps(own[["year", "value", "is_estimated", "is_break"]].assign(text=texts))
        peers = background[background["name"] != code]
        chart = panel_chart(drawn, peers, (years, values), theme, view.mode, view.language, is_planned)
        name = str(own["name"].iloc[0])
        found.append(
            Chart(f"{key}-{code}", name, "", specification_of(chart), separated(texts, view.language), "")
        )  # fmt: skip
    return tuple(found)
