"""Heat networks as France Chaleur Urbaine publishes them: a network a row, its year of operation, and its trace.

GeoJSON (Lambert-93, stated by `crs`), the Shapefile of the same table, the archive that holds both, or a workbook
without traces. 0 stands for what is not known, except beside a total that is. A network over several communes is one
row, and stays so. No row says its year: the edition does. Renewable share and CO₂ content are copied from the decree
(`heat_networks`) without its reference year, and are read there.
"""

import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from data.errors import UnreadableFileError
from data.rules.unit_conversions import KM
from etl.connectors.heat_networks import reason_of
from etl.intake import Extracted, Loaded, Rejection, Scope, edition_year
from etl.judging import Observed, Row, Wrong, framed, numbers_in
from etl.network_columns import (
    DELIVERED,
    DELIVERY_POINTS,
    GEOTHERMAL,
    IDENTIFIER,
    LENGTH,
    PRODUCED,
    TO_HOMES,
    TO_SERVICES,
    full_names,
)
from etl.placing import SKETCHED
from etl.reading.archives import members, unpacked
from etl.reading.cells import number_of
from etl.reading.vector import read_features
from etl.reading.workbooks import read_sheet

LENGTH_INSIDE = "heat_network_length_in_area_km"
INDICATORS = {
    DELIVERED: "heat_network_delivered_mwh",
    TO_HOMES: "heat_network_delivered_residential_mwh",
    PRODUCED: "heat_network_production_mwh",
    GEOTHERMAL: "heat_network_geothermal_production_mwh",
    LENGTH: "heat_network_length_km",
    DELIVERY_POINTS: "heat_network_delivery_points",
}
GIVES = (*INDICATORS.values(), LENGTH_INSIDE)
# A part is known only beside its total; the publisher rounds each to a whole number.
TOTAL_OF = {TO_HOMES: DELIVERED, TO_SERVICES: DELIVERED, GEOTHERMAL: PRODUCED}
ROUNDING = 1.0
WANTED = (IDENTIFIER, DELIVERED)
LAYERS = ("reseaux_de_chaleur.geojson", "reseaux_de_chaleur_sans_traces.geojson")
UNKNOWN = (
    "La source écrit 0, qui y vaut «\u00a0non connu\u00a0».",
    "The source writes 0, which there means “not known”.",
)
CUT = (
    "Le Shapefile coupe le nom de ses colonnes, et rien n’y dit laquelle est la géothermie\u202f: prendre le GeoJSON.",
    "The Shapefile cuts the names of its columns, and nothing tells which is geothermal heat: take the GeoJSON.",
)
# Nobody brings lengths up to date with the yearly survey: their year is only that of the edition.
UNDATED = (
    "Longueur connue à la publication\u202f: la source ne la date pas.",
    "Length known at publication: the source does not date it.",
)
TRACES = (
    "Longueur des tracés de réseaux connus à la publication\u202f; un réseau sans tracé n’y est pas.",
    "Length of the traces of networks known at publication; a network without a trace is not in it.",
)
LOST_TRACES = (
    "Des tracés du fichier n’ont pas pu être lus\u202f: la longueur peut être plus grande.",
    "Some traces of the file could not be read: the length may be greater.",
)
_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


@dataclass(frozen=True, eq=False)
class _Found:
    """What is known of the networks of a file: rows that are about the scope, and where their traces lie.

    `pieces` : `row` (label in `rows`), `ref_area`, `length_m`; `rejected` : why rows cannot be used, by label.
    """

    rows: pd.DataFrame
    pieces: pd.DataFrame
    rejected: dict[int, list[Wrong]]


def _from_archive(path: Path) -> Extracted:
    """Read the heat networks of the whole archive: those with a trace and those without."""
    with tempfile.TemporaryDirectory(prefix="observatory-") as place:
        folder = Path(place).resolve()
        layers = [one for one in unpacked(path, folder) if one.name in LAYERS]
        parts = [_named(read_features(one), f"{path.name}/{one.relative_to(folder).as_posix()}") for one in layers]
    rejected = tuple(one for part in parts for one in part.rejected)
    return Extracted(path.name, pd.concat([part.frame for part in parts], ignore_index=True), rejected)


def _named(extracted: Extracted, file: str) -> Extracted:
    """Give columns their full names, and rows and rejections the file they stand in."""
    ours = {"line", "geometry"}
    columns = [str(one) for one in extracted.frame.columns if one not in ours]
    names = full_names(columns)
    missing = [name for name in WANTED if name not in names.values()]
    if missing or len(set(names.values())) < len(names):
        raise UnreadableFileError(
            f"{file} is no file of heat networks of France Chaleur Urbaine: it lacks {', '.join(missing) or 'nothing'}"
            f"{'' if missing else ' but names a column twice'}; it has {', '.join(columns)[:300]}"
        )
    frame = extracted.frame.rename(columns=names).assign(file=file)
    if "geometry" not in frame:
        frame["geometry"] = pd.Series(None, index=frame.index, dtype="object")
    return Extracted(file, frame, tuple(replace(one, file=file) for one in extracted.rejected))


def extract(path: Path) -> Extracted:
    """Read a file faithfully: a layer, the publisher's archive, or a workbook; `file` says where a row stands.

    Raises
    ------
    UnreadableFileError
        It is of another kind.
    """
    inside = members(path) if zipfile.is_zipfile(path) else {}
    if "xl/workbook.xml" in inside:
        return _named(read_sheet(path, WANTED), path.name)
    if any(Path(name).name in LAYERS for name in inside):
        return _from_archive(path)
    features = read_features(path)
    return _named(features, features.file)


def part_of(extracted: Extracted) -> str:
    """Return which of the files of an edition it is: networks with a trace, those without, or both."""
    kinds = {_is_line(one) for one in extracted.frame["geometry"]}
    return {frozenset({True}): "traced", frozenset({False}): "untraced"}.get(frozenset(kinds), "")


def _is_line(shape: object) -> bool:
    return isinstance(shape, shapely.Geometry) and shapely.get_type_id(shape) in _LINES


def _code_reason(text: str) -> str:
    # A network without a number in the register has no figures here, but may have a trace.
    return reason_of(text) if text else ""


def _cut_traces(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return what lies in communes and districts of the scope: `row`, `ref_area`, `length_m`."""
    lines = frame[frame["geometry"].map(_is_line).to_numpy(dtype=bool) & ~frame[IDENTIFIER].str.endswith("F")]
    pieces = [pd.DataFrame(columns=["row", "ref_area", "length_m"])]
    for level in ("commune", "district") if len(lines) else ():
        cut = scope.outlines.cut(lines["geometry"].to_numpy(dtype=object), level)
        cut["row"] = lines.index.to_numpy()[cut["shape"].to_numpy(dtype="int64")]
        pieces.append(cut.loc[cut["length_m"] > 0, ["row", "ref_area", "length_m"]])
    found = pd.concat([one for one in pieces if len(one)] or pieces, ignore_index=True)
    owners = scope.outlines.frame.set_index("ref_area")["commune"]
    return found[found["ref_area"].map(owners).isin(scope.communes)]


def _wrong_in(row: Row) -> tuple[dict[str, float], list[Wrong]]:
    """Return the numbers of a row that are known, and what is wrong with it."""
    columns = [column for column in (*INDICATORS, TO_SERVICES) if column in row]
    numbers, wrong = numbers_in(row, columns, number_of)
    for total in (DELIVERED, PRODUCED):
        parts = sum(numbers.get(part, 0.0) for part, whole in TOTAL_OF.items() if whole == total)
        if numbers.get(total) and parts > numbers[total] + ROUNDING:
            wrong.append(Wrong(total, "parts_above_total"))
    return numbers, wrong


def _found(extracted: Extracted, scope: Scope) -> _Found:
    """Choose the rows of networks in scope and those whose trace crosses it, and judge them."""
    frame = extracted.frame
    codes = frame[IDENTIFIER]
    reasons = {code: _code_reason(code) for code in codes.unique()}
    pieces = _cut_traces(frame, scope)
    is_bad = codes.map(reasons).ne("").to_numpy(dtype=bool)
    is_mine = (codes.isin(scope.networks) & ~codes.str.endswith("F")) | frame.index.isin(pieces["row"])
    is_twice = codes.ne("") & codes.duplicated(keep=False)
    rejected = {place: [Wrong(IDENTIFIER, reasons[codes[place]])] for place in frame.index[is_bad]}
    for place in frame.index[is_mine.to_numpy(dtype=bool) & ~is_bad]:
        wrong = [Wrong(IDENTIFIER, "duplicate_key")] if is_twice[place] else _wrong_in(frame.loc[place].to_dict())[1]
        if wrong:
            rejected[place] = wrong
    return _Found(frame[is_mine.to_numpy(dtype=bool) | is_bad], pieces, rejected)


def _figure(column: str, numbers: dict[str, float], row: Row) -> tuple[float | None, tuple[str, str]]:
    """Return what a row says of a column, and what is to be said of it."""
    if column not in row:
        return None, CUT
    value, total = numbers.get(column), TOTAL_OF.get(column)
    if value == 0 and not (total and numbers.get(total)):
        return None, UNKNOWN
    return value, UNDATED if column == LENGTH and value is not None else ("", "")


def _of_network(row: Row, edition: str, year: int) -> list[Observed]:
    numbers, _ = _wrong_in(row)
    is_cut = GEOTHERMAL not in row and any(str(column).casefold().startswith("prod_mwh_") for column in row)
    found = []
    for column, indicator in INDICATORS.items():
        if column not in row and not (column == GEOTHERMAL and is_cut):
            continue
        value, (french, english) = _figure(column, numbers, row)
        detail = f"France Chaleur Urbaine, {year} edition, {column}"
        area, status = f"network-{row[IDENTIFIER]}", "O" if value is None else "A"
        found.append(Observed(area, indicator, str(year), value, edition, detail, status, "F", french, english))
    return found


def _lengths(found: _Found, edition: str, year: int, scope: Scope, *, is_whole: bool) -> list[Observed]:
    """Return the length of traces in each area; none where a row that cannot be used has a part of its trace."""
    lost = set(found.pieces.loc[found.pieces["row"].isin(list(found.rejected)), "ref_area"])
    kept = found.pieces[~found.pieces["ref_area"].isin(lost)]
    observed = []
    for area, metres in kept.groupby("ref_area")["length_m"].sum().items():
        is_sure = scope.outlines.is_official(str(area))
        said = [TRACES, *([] if is_whole else [LOST_TRACES]), *([] if is_sure else [SKETCHED])]
        french, english = (" ".join(words[place] for words in said) for place in (0, 1))
        status = "A" if is_sure and is_whole else "E"
        detail = f"France Chaleur Urbaine, {year} edition, geometry"
        value = float(metres) * KM["m"]
        observed.append(
            Observed(str(area), LENGTH_INSIDE, str(year), value, edition, detail, status, "F", french, english)
        )
    return observed


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return the figures of networks in scope, and the length of traces in communes and districts.

    Raises
    ------
    UnknownEditionError
        The edition names no year.
    """
    year = edition_year(edition, "france-chaleur-urbaine")
    found = _found(extracted, scope)
    rejected = list(extracted.rejected)
    observed = _lengths(found, edition, year, scope, is_whole=not extracted.rejected)
    for place, cells in found.rows.iterrows():
        row = {str(column): value for column, value in cells.items()}
        wrong = found.rejected.get(int(str(place)), [])
        rejected += [
            Rejection(row["file"], int(row["line"]), one.column, str(row[one.column]), one.reason) for one in wrong
        ]
        if not wrong and row[IDENTIFIER] in scope.networks:
            observed += _of_network(row, edition, year)
    loaded = len(found.rows) - len(found.rejected)
    observations = framed(observed)
    is_undated = observations["indicator"].isin([INDICATORS[LENGTH], LENGTH_INSIDE]).to_numpy(dtype=bool)
    observations["time_basis"] = np.where(is_undated, "document_date", "stated")
    others = len(extracted.frame) - len(found.rows)
    return Loaded(extracted.file, observations, tuple(sorted(rejected)), extracted.read, loaded, others)
