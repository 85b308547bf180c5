"""Cycle facilities in the national schema "aménagements cyclables" (0.3.0 to 0.3.5): lengths by side of the way.

A line (GeoJSON as published, or a layer made of it) says for its right (`_d`) and its left side (`_g`) in which commune
it lies, what there is (`ame`), in which directions one rides (`sens`) and whether it is in service (`statut`).

What is counted: each side that has a facility counts the length of the line once, in the commune of that side, however
many directions are ridden on it. A way of its own that is written on both sides (the same facility, a green way or in
both directions on both) is one thing told twice: its right side counts. The base is not exhaustive: no row, no figure.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from data.frames import rows_of
from data.rules.unit_conversions import KM
from etl.commune_rows import CommuneRows
from etl.intake import Extracted, Loaded, Rejection, Scope, edition_date
from etl.outlines import WGS84, metric_crs, projected
from etl.placing import SKETCHED
from etl.reading.cells import commune_reasons
from etl.reading.vector import read_features
from etl.whereabouts import lies_elsewhere

ALL, TRACKS = "cycle_lane_length_km", "cycle_track_length_km"
PAINTED, SHARED = "cycle_lane_painted_length_km", "cycle_shared_length_km"
PROVISIONAL, UNDER_WORKS = "cycle_lane_provisional_length_km", "cycle_lane_under_works_length_km"
GIVES = (ALL, TRACKS, PAINTED, SHARED, PROVISIONAL, UNDER_WORKS)
NOTHING, GREEN_WAY, BOTH_WAYS = "AUCUN", "VOIE VERTE", "BIDIRECTIONNEL"
KINDS = {
    "PISTE CYCLABLE": TRACKS,
    "DOUBLE SENS CYCLABLE PISTE": TRACKS,
    GREEN_WAY: TRACKS,
    "BANDE CYCLABLE": PAINTED,
    "DOUBLE SENS CYCLABLE BANDE": PAINTED,
    "DOUBLE SENS CYCLABLE NON MATERIALISE": SHARED,
    "VELO RUE": SHARED,
    "COULOIR BUS+VELO": SHARED,
    "AMENAGEMENT MIXTE PIETON VELO HORS VOIE VERTE": SHARED,
    "CHAUSSEE A VOIE CENTRALE BANALISEE": SHARED,
    "ACCOTEMENT REVETU HORS CVCB": SHARED,
    # Nothing to ride on, or nobody says what: in no length.
    "RAMPE": "",
    "GOULOTTE": "",
    "AUTRE": "",
    NOTHING: "",
}
# As schema 0.3.0 and the templates of its time spell them.
FORMER = {
    "DOUBLE SENS CYCLABLE": "DOUBLE SENS CYCLABLE NON MATERIALISE",
    "AMENAGEMENT MIXTES PIETON VELO HORS VOIE VERTE": "AMENAGEMENT MIXTE PIETON VELO HORS VOIE VERTE",
    "ACCOTEMENT REVENTU HORS CVCB": "ACCOTEMENT REVETU HORS CVCB",
}
WAYS = ("", "UNIDIRECTIONNEL", BOTH_WAYS)
STATES = {"": "", "EN SERVICE": "", "PROVISOIRE": PROVISIONAL, "EN TRAVAUX": UNDER_WORKS}
REQUIRED = ("id_local", "code_com_d", "ame_d", "code_com_g", "ame_g")
OPTIONAL = ("sens_d", "sens_g", "statut_d", "statut_g")
SIDES = ("d", "g")
LINES = (1, 5)
DETAIL = "aménagements cyclables, ame, sens et statut de chaque côté, longueur de la géométrie"
NOTE = (
    "La base n’est pas exhaustive\u202f: ce qui n’y figure pas peut exister.",
    "The base is not exhaustive: what is not in it may exist.",
)
OUTSIDE = (
    "Dont {length} km sans quartier connu\u202f: la somme des quartiers est plus petite.",
    "{length} km of it in no known district: the districts add up to less.",
)


def extract(path: Path) -> Extracted:
    """Read a file faithfully.

    Raises
    ------
    UnreadableFileError
        It is no layer, or not in the national schema from 0.3.0 on.
    """
    found = read_features(path, REQUIRED)
    spelled = {str(name).strip().casefold(): name for name in found.frame.columns}
    optional = {name: found.frame[spelled[name]] if name in spelled else "" for name in OPTIONAL}
    frame = found.frame[[*REQUIRED, "line", "geometry"]].assign(**optional)
    return Extracted(found.file, frame, found.rejected)


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return lengths by commune (the code of each side) and district (the part of the line inside).

    Raises
    ------
    UnknownEditionError
        The edition names no date.
    """
    period = edition_date(edition, "cycle-lanes")
    rows = _understood(extracted.frame)
    table = CommuneRows(extracted.file, extracted.read, rows, 0, list(extracted.rejected))
    for side in SIDES:
        codes = rows[f"code_com_{side}"]
        reasons = commune_reasons(codes).reindex(rows.index, fill_value="")
        table.reject(f"code_com_{side}", reasons.where(rows[f"kind_{side}"].ne(NOTHING) | codes.ne(""), ""))
    table.drop_rejected()
    is_mine = _is_about(table.rows, scope)
    table.out_of_scope = int((~is_mine).sum())
    table.rows = table.rows[is_mine]
    _check(table, scope)
    lengths = _lengths(_sides_of(table.rows, scope), scope)
    return table.loaded(_observed(lengths, scope, period, edition))


def _understood(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what codes mean, spaces around and case left aside: `kind_d` (newest spelling), `ways_d`, `state_d`, …"""
    columns = {"kind": "ame", "ways": "sens", "state": "statut"}
    found = {f"{name}_{side}": frame[f"{column}_{side}"].str.strip(" ").str.upper()
             for name, column in columns.items() for side in SIDES}  # fmt: skip
    found |= {name: found[name].replace(FORMER) for name in ("kind_d", "kind_g")}
    return frame.assign(**found)


def _is_about(rows: pd.DataFrame, scope: Scope) -> pd.Series:
    """Tell which lines have a facility in a commune in scope, or are in one and have nothing on either side."""
    here = {side: rows[f"code_com_{side}"].isin(scope.communes) for side in SIDES}
    has_some = {side: rows[f"kind_{side}"].ne(NOTHING) for side in SIDES}
    is_empty = ~has_some["d"] & ~has_some["g"]
    return (here["d"] & (has_some["d"] | is_empty)) | (here["g"] & (has_some["g"] | is_empty))


def _check(table: CommuneRows, scope: Scope) -> None:
    """Reject the lines in scope that cannot be used."""
    rows = table.rows
    is_named = rows["id_local"].ne("")
    table.reject_where("id_local", is_named & rows["id_local"].duplicated(keep=False), "duplicate_identifier")
    geometries = rows["geometry"].to_numpy(dtype=object)
    is_line = np.isin(shapely.get_type_id(geometries), LINES)
    for line, shape in zip(rows["line"][~is_line], geometries[~is_line], strict=True):
        table.rejected.append(Rejection(table.file, int(line), "geometry", shape.geom_type, "not_a_line"))
    for side in SIDES:
        table.reject_where(f"ame_{side}", ~rows[f"kind_{side}"].isin(list(KINDS)), "unknown_code")
        table.reject_where(f"sens_{side}", ~rows[f"ways_{side}"].isin(WAYS), "unknown_code")
        table.reject_where(f"statut_{side}", ~rows[f"state_{side}"].isin(list(STATES)), "unknown_code")
        is_away = lies_elsewhere(geometries, rows[f"code_com_{side}"], scope)
        has_some = rows[f"kind_{side}"].ne(NOTHING)
        table.reject_where(f"code_com_{side}", is_line & has_some & is_away, "position_elsewhere")
    table.drop_rejected()


def _sides_of(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return the sides that count: `commune`, `geometry`, `indicator` (what there is; its state where not lasting)."""
    is_told_twice = rows["kind_d"].eq(rows["kind_g"]) & (
        rows["kind_d"].eq(GREEN_WAY) | (rows["ways_d"].eq(BOTH_WAYS) & rows["ways_g"].eq(BOTH_WAYS))
    )
    sides = []
    for side in SIDES:
        told = rows if side == "d" else rows[~is_told_twice]
        state, kind = told[f"state_{side}"].map(STATES), told[f"kind_{side}"].map(KINDS)
        sides.append(pd.DataFrame({"commune": told[f"code_com_{side}"], "geometry": told["geometry"],
                                   "indicator": kind.mask(kind.ne("") & state.ne(""), state)}))  # fmt: skip
    both = pd.concat(sides, ignore_index=True)
    both = both[both["indicator"].ne("") & both["commune"].isin(scope.communes)]
    lasting = both[both["indicator"].isin([TRACKS, PAINTED, SHARED])]
    return pd.concat([both, lasting.assign(indicator=ALL)], ignore_index=True)


def _lengths(sides: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return `ref_area`, `indicator`, `length_m`, and of communes `outside_m`: what lies in none of their districts."""
    key = ["ref_area", "indicator"]
    shapes = sides["geometry"].to_numpy(dtype=object)
    whole = sides.assign(ref_area=sides["commune"], length_m=_lengths_m(shapes, sides["commune"]))
    communes = whole.groupby(key, as_index=False)["length_m"].sum()
    pieces = scope.outlines.cut(shapes, "district")
    told = sides.iloc[pieces["shape"].to_numpy(dtype="int64")]
    pieces = pieces.assign(commune=told["commune"].to_numpy(), indicator=told["indicator"].to_numpy())
    owner = scope.outlines.of_level("district").set_index("ref_area")["commune"]
    pieces = pieces[pieces["commune"] == pieces["ref_area"].map(owner)]
    inside = pieces.groupby(["commune", "indicator"])["length_m"].sum()
    inside = inside.reindex(communes.set_index(key).index, fill_value=0.0)
    has_districts = communes["ref_area"].map(lambda one: bool(scope.outlines.districts_of(one))).astype(bool)
    communes["outside_m"] = (communes["length_m"] - inside.to_numpy()).where(has_districts, 0.0)
    districts = pieces.groupby(key, as_index=False)["length_m"].sum().assign(outside_m=0.0)
    return pd.concat([communes, districts[districts["length_m"] > 0]], ignore_index=True)


def _observed(lengths: pd.DataFrame, scope: Scope, period: str, edition: str) -> pd.DataFrame:
    """Return observations, in kilometres."""
    records = []
    for row in rows_of(lengths):
        is_estimate = row.ref_area not in scope.communes and not scope.outlines.is_official(row.ref_area)
        notes = [SKETCHED, NOTE] if is_estimate else [NOTE]
        outside_km = f"{row.outside_m * KM['m']:.1f}"
        if outside_km != "0.0":
            notes.append((OUTSIDE[0].format(length=outside_km.replace(".", ",")), OUTSIDE[1].format(length=outside_km)))
        records.append({
            "ref_area": row.ref_area, "indicator": row.indicator, "time_period": period,
            "obs_value": round(row.length_m * KM["m"], 6), "obs_status": "E" if is_estimate else "A",
            "conf_status": "F", "source": edition, "source_detail": DETAIL,
            "note_fr": " ".join(french for french, _ in notes), "note_en": " ".join(english for _, english in notes),
        })  # fmt: skip
    columns = ["ref_area", "indicator", "time_period", "obs_value", "obs_status", "conf_status", "source",
               "source_detail", "note_fr", "note_en"]  # fmt: skip
    return pd.DataFrame.from_records(records, columns=columns).astype({"obs_value": "float64"})


def _lengths_m(shapes: np.ndarray, communes: pd.Series) -> np.ndarray:
    """Return the lengths of lines in metres, in the projection of the commune of each."""
    lengths = np.zeros(len(shapes))
    systems = communes.map({code: metric_crs(str(code)) for code in communes.unique()}).to_numpy(dtype=object)
    for crs in sorted(set(systems)):
        mine = np.flatnonzero(systems == crs)
        lengths[mine] = shapely.length(projected(shapes[mine], WGS84, crs))
    return lengths
