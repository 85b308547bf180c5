"""Outlines of the districts of a commune as its city publishes them: one file a commune, a district a feature, by name.

GeoJSON, zipped Shapefile or GeoPackage; no national layout exists, so the column of the name may be called as cities
usually call it. Districts are taken all together or not at all: with one of them missing, what lies in it would be
counted as in none, or in its neighbours.
"""

from difflib import get_close_matches
from pathlib import Path

import pandas as pd
import shapely

from data.errors import UnreadableFileError
from etl.boundary_files import AREA, column_named, is_surface, measured
from etl.intake import Extracted, Loaded, Scope, edition_date
from etl.judging import Observed, framed
from etl.reading.vector import read_features
from etl.slugs import slug_of

GIVES = (AREA,)
NAMES = (
    "quartier",
    "nom_quartier",
    "nom_quart",
    "nom_qua",
    "l_qu",
    "lib_quartier",
    "nom",
    "name",
    "libelle",
    "libellé",
)
# What the published outline must share with the one that is known, sketched or official, to be of the same commune.
LEAST_COVERED = 0.5


def extract(path: Path) -> Extracted:
    """Read a file faithfully.

    Raises
    ------
    UnreadableFileError
        It is no map layer, or lacks a column for the name or its reference system.
    """
    features = read_features(path)
    column_named(features, NAMES, "the name of a district")
    return features


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Turn outlines into areas in hectares (legal projection) and outlines of the districts of the scope's one commune.

    Raises
    ------
    UnreadableFileError
        The scope is not one commune; a feature cannot be used; districts are missing, unknown, twice there, overlapping
        or elsewhere.
    """
    if len(scope.communes) != 1:
        raise UnreadableFileError(f"{extracted.file} holds the districts of one commune: say which with --commune")
    (commune,) = scope.communes
    names = column_named(extracted, NAMES, "the name of a district")
    _refuse_rejected(extracted)
    frame = extracted.frame.assign(**{_CODE: [f"{commune}-{slug_of(name)}" for name in extracted.frame[names]],
                                      _COMMUNE: commune})  # fmt: skip
    _refuse_shapes(extracted.file, frame, names)
    known = scope.outlines.frame[scope.outlines.frame["ref_area"].isin(scope.outlines.districts_of(commune))]
    _refuse_others(extracted.file, frame[_CODE].tolist(), dict(zip(known["ref_area"], known["name"], strict=True)))
    # The name in the file is that of whoever drew it; what the texts and pages say stays as it is.
    said = dict(zip(known["ref_area"], known["name"], strict=True))
    frame[names] = [said.get(code, name) for code, name in zip(frame[_CODE], frame[names], strict=True)]
    period = edition_date(edition, "district-boundaries")
    observed = [Observed(code, AREA, period, None, edition, "surface du contour du quartier") for code in frame[_CODE]]
    loaded = Loaded(extracted.file, framed(observed), (), extracted.read, len(frame), 0)
    given = Extracted(extracted.file, frame)
    found = measured(loaded, given, {"ref_area": _CODE, "name": names, "commune": _COMMUNE}, "district", edition)
    _refuse_elsewhere(extracted.file, found.outlines, scope, commune)
    return found


_CODE, _COMMUNE = "line of the code", "line of the commune"


def _refuse_rejected(extracted: Extracted) -> None:
    if extracted.rejected:
        one = extracted.rejected[0]
        raise UnreadableFileError(
            f"{extracted.file}, feature {one.line}: {one.reason} ({one.value!r}). The districts of a commune are taken "
            "all together or not at all: ask the city for a corrected file"
        )


def _refuse_shapes(file: str, frame: pd.DataFrame, names: str) -> None:
    for line, name, shape in zip(frame["line"], frame[names], frame["geometry"], strict=True):
        if not slug_of(name):
            raise UnreadableFileError(f"{file}, feature {line}: the column {names} gives it no name: {name!r}")
        if not is_surface(shape):
            raise UnreadableFileError(f"{file}, feature {line} ({name}): {shape.geom_type}, where a surface is wanted")
    twice = frame.loc[frame.duplicated(_CODE), names]
    if len(twice):
        raise UnreadableFileError(f"{file} has the district {twice.iloc[0]} twice: join its parts into one feature")
    if frame.empty:
        raise UnreadableFileError(f"{file} holds no district: take the city's file again")


def _refuse_others(file: str, codes: list[str], known: dict[str, str]) -> None:
    """Refuse districts that are not those the commune is known to have; where none is known, any."""
    if not known:
        return
    missing = [code for code in known if code not in codes]
    unknown = [code for code in codes if code not in known]
    faults = []
    for code in unknown:
        near = get_close_matches(code, missing or list(known), n=1, cutoff=0.0)
        faults.append(f"{code} is not known (nearest: {near[0]}, {known[near[0]]})")
    faults += [f"{code} ({known[code]}) is missing" for code in missing]
    if faults:
        raise UnreadableFileError(
            f"{file}: {'; '.join(faults)}. If the city renamed or redrew its districts, change "
            "district_sketch_rings.csv, places_named.csv and iris_district_shares.csv of its ledger first"
        )


def _refuse_elsewhere(file: str, outlines: pd.DataFrame, scope: Scope, commune: str) -> None:
    drawn = scope.outlines.of_level("commune").set_index("ref_area")["geometry"]
    if commune not in drawn.index:
        return
    whole = shapely.union_all(outlines["geometry"].to_numpy(dtype=object))
    shared = shapely.area(shapely.intersection(whole, drawn[commune])) / max(shapely.area(whole), 1e-12)
    if shared < LEAST_COVERED:
        raise UnreadableFileError(f"{file}: only {shared:.0%} of its districts lie in {commune}: check --commune")
