"""What each operation and each district brings under hypotheses, as tables and as rows to take away."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from dashboard.content.assumptions import bounds_words, localised_label, operation_names, window_words
from dashboard.content.pieces import Column, Table
from dashboard.content.scenario import INHABITANTS, YEARS, Tables, quantities, scenario
from dashboard.figures import source_line
from dashboard.messages import message
from dashboard.view import WHOLE_CITY, View, the_view
from dashboard.works import district_name
from data.frames import rows_of
from data.hypotheses import Hypotheses, to_text
from data.rules.consequences import Interval
from data.rules.operations import SOCIAL


@lru_cache(maxsize=8)
def _sources(view: View) -> dict[tuple[str, str], str]:
    """Return where the number announced by each operation comes from, by programme and quantity."""
    return {
        (row.programme_id, row.quantity): source_line(view.release, row.source, row.source_detail, view.language)
        for row in rows_of(view.release.table("quantities"))
    }


@lru_cache(maxsize=512)
def operation_table(view: View, hypotheses: Hypotheses, year: int) -> Table:
    """Return what each operation of the area brings by the end of a year, and what is supposed of it."""
    language, one = view.language, scenario(view.release, view.commune, hypotheses)
    rows = one.of_operations(year)
    if not view.is_city:
        rows = rows[rows["district"] == view.ref_area]
    told = _sources(view)
    cells = []
    for row in rows_of(rows[rows["quantity"] != SOCIAL]):
        spec = quantities()[row.quantity]
        said = hypotheses.of(row.programme_id)
        words = window_words(view, said, hypotheses.delay_years) or message("programmes.nothing", language)
        cells.append(
            (
                operation_names(view)[row.programme_id],
                district_name(view, row.district),
                bounds_words(view, Interval(row.announced_low, row.announced_high), spec.decimals, spec.unit),
                words,
                bounds_words(view, Interval(row.low, row.high), spec.decimals, spec.unit),
                told[row.programme_id, row.quantity],
            )
        )
    columns = (
        *(
            Column(name, message(f"programmes.column_{name}", language, year=year))
            for name in ("operation", "district", "announced", "said", "delivered")
        ),
        Column("source", message("programmes.column_source", language)),
    )
    export = f"hypotheses-operations.{{format}}?{export_query(hypotheses)}"
    return Table(message("programmes.by_operation", language, count=len(cells)), columns, tuple(cells), export)


@lru_cache(maxsize=64)
def areas(view: View) -> tuple[tuple[str, str], ...]:
    """Return the districts of the commune and, where operations have none, what is without district."""
    named = tuple((str(row.ref_area), str(row.name)) for row in rows_of(view.districts))
    return (*named, ("", message("place.no_district", view.language)))


@lru_cache(maxsize=256)
def district_table(view: View, hypotheses: Hypotheses, year: int) -> Table:
    """Return every quantity by district at the end of a year; the city is their sum."""
    language, one = view.language, scenario(view.release, view.commune, hypotheses)
    names = list(quantities())
    rows = []
    for code, label in (*areas(view), (view.commune, message("bar.whole_city", language))):
        found = [one.interval(code, name, year) for name in names]
        if not code and not any(found):
            continue
        rows.append((label, *(_quantity_words(view, name, item) for name, item in zip(names, found, strict=True))))
    columns = (
        Column("district", message("table.district", language)),
        *(Column(name, localised_label(view, name)) for name in names),
    )
    title = message("programmes.by_district", language, year=year)
    export = f"hypotheses.{{format}}?{export_query(hypotheses)}"
    return Table(title, columns, tuple(rows), export)


def _quantity_words(view: View, name: str, interval: Interval | None) -> str:
    if interval is None:
        return message("programmes.no_operation", view.language)
    return bounds_words(view, interval, quantities()[name].decimals)


def export_query(hypotheses: Hypotheses) -> str:
    """Return the parameter of an address that carries hypotheses."""
    return f"hypotheses={to_text(hypotheses)}"


def _long(tables: Tables, names: Iterable[str]) -> pd.DataFrame:
    """Return bounds as rows: `district`, `quantity`, `year`, `low`, `high`; an upper bound that is open is missing."""
    wanted = set(names)
    frames = [
        pd.DataFrame({"district": area, "quantity": name, "year": YEARS, "low": band.low,
                      "high": np.where(np.isfinite(band.high), band.high, np.nan)})
        for (area, name), band in tables.items()
        if name in wanted
    ]  # fmt: skip
    if not frames:  # no operation of the commune brings anything that is counted
        kinds = {"district": "str", "quantity": "str", "year": "int64", "low": "float64", "high": "float64"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    return pd.concat(frames, ignore_index=True)


def export_rows(view: View, hypotheses: Hypotheses) -> pd.DataFrame:
    """Return every band by district, quantity and year, marked as a hypothesis: never a figure of a release."""
    one = scenario(view.release, view.commune, hypotheses)
    city: View = the_view(view.release, view.commune, WHOLE_CITY, view.language, view.mode, view.today)
    names = dict(areas(city))
    frames = [_long(one.delivered, quantities()), _long(one.added, [INHABITANTS])]
    frame = pd.concat(frames, ignore_index=True).replace({INHABITANTS: "inhabitants_added_since_census"})
    if not view.is_city:
        frame = frame[frame["district"] == view.ref_area]
    frame = _as_hypothesis(view, frame)
    return frame.assign(district_name=frame["district"].map(names))


def export_operations(view: View, hypotheses: Hypotheses) -> pd.DataFrame:
    """Return what each operation of the area has delivered by the end of each year, marked as a hypothesis."""
    one = scenario(view.release, view.commune, hypotheses)
    frame = pd.concat([one.of_operations(int(year)) for year in YEARS], ignore_index=True)
    if not view.is_city:
        frame = frame[frame["district"] == view.ref_area]
    frame = _as_hypothesis(view, frame)
    return frame.assign(name=frame["programme_id"].map(operation_names(view)))


def _as_hypothesis(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    unit = {name: spec.unit for name, spec in quantities().items()}
    units = frame["quantity"].map(unit).fillna("inhabitant")
    return frame.assign(nature="hypothesis", unit=units, release=view.release.release_id)
