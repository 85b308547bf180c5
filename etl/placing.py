"""From rows that lie somewhere to figures of communes and districts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from etl.intake import Scope

SKETCHED = (
    "Réparti d’après l’esquisse des quartiers, à 100 m près.",
    "Placed by the sketch of the districts, good to about 100 m.",
)
UNPLACED = (
    "Dont {count} sans quartier connu\u202f: la somme des quartiers est plus petite.",
    "{count} of them in no known district: the districts add up to less.",
)
# For microdata, where the number would be one more cell to protect.
SOME_UNPLACED = (
    "Une partie n’a pas de quartier connu\u202f: la somme des quartiers est plus petite.",
    "Some are in no known district: the districts add up to less.",
)


def points_of(longitudes: pd.Series, latitudes: pd.Series) -> np.ndarray:
    """Return points (shapely, EPSG:4326); an empty one where either coordinate is missing."""
    coordinates = np.column_stack([longitudes.to_numpy(dtype="float64"), latitudes.to_numpy(dtype="float64")])
    known = ~np.isnan(coordinates).any(axis=1)
    points = np.full(len(coordinates), shapely.Point(), dtype=object)
    points[known] = shapely.points(coordinates[known])
    return points


def place(points: np.ndarray, scope: Scope, communes: pd.Series | None = None) -> pd.DataFrame:
    """Say which commune and district each point (shapely, EPSG:4326) belongs to.

    Parameters
    ----------
    communes : what the publisher says, by row; where it says nothing ("", or no series at all) the outline decides.

    Returns
    -------
    DataFrame (index of `communes`, else 0…) : `commune`, "" outside the scope; `district`, "" where it is not known.
        A point that lies in a district of another commune than the publisher says has no district.
    """
    drawn = scope.outlines.locate(points, "commune")
    said = pd.Series("", index=drawn.index) if communes is None else communes.reset_index(drop=True)
    commune = said.where(said != "", drawn)
    commune = commune.where(commune.isin(scope.communes), "")
    district = scope.outlines.locate(points, "district")
    owner = scope.outlines.of_level("district").set_index("ref_area")["commune"]
    district = district.where(district.map(owner) == commune, "")
    frame = pd.DataFrame({"commune": commune.astype("str"), "district": district.astype("str")})
    return frame if communes is None else frame.set_axis(communes.index)


@dataclass(frozen=True)
class Said:
    """What is the same for all figures of a file: period, edition, how the source calls what was counted, notes."""

    time_period: str
    source: str
    source_detail: str
    note_fr: str = ""
    note_en: str = ""


def totals(
    rows: pd.DataFrame,
    indicators: tuple[str, ...],
    scope: Scope,
    said: Said,
    *,
    is_whole: bool,
    is_microdata: bool = False,
) -> pd.DataFrame:
    """Add up placed rows to observations of communes and districts.

    Parameters
    ----------
    rows : `commune`, `district` (of `place`), `indicator`, `value`; rows of a commune "" are left out. Of microdata
        also `contributor`, where several rows may be of the same household or establishment.
    indicators : those that are given for every commune of `rows`.
    is_whole : whether the file lists all there is of its kind in a commune it has rows of. If so an area without rows
        has zero; if not (a map that volunteers draw) it has no figure, since what is not listed may be there.
    is_microdata : whether figures must be protected: they get `contributors` and `largest_share`, and no note has
        a number of rows.

    Returns
    -------
    Observations: of communes with status A; of districts E where their outline is a sketch, with a note that says so.
        A commune of which the file has no row at all, whatever its kind, gets none.
    """
    inside = rows[rows["commune"] != ""]
    communes = sorted(set(inside["commune"]))
    records: list[dict[str, object]] = []
    sums = {level: inside.groupby([level, "indicator"])["value"].sum() for level in ("commune", "district")}
    unplaced = inside[inside["district"] == ""].groupby(["commune", "indicator"]).size()
    for commune in communes:
        districts = scope.outlines.districts_of(commune)
        for indicator in indicators:
            count = int(unplaced.get((commune, indicator), 0)) if districts else 0
            notes = _unplaced(count, is_microdata)
            records += _record(sums["commune"], commune, indicator, said, "A", notes, is_whole)
            for district in districts:
                is_sure = scope.outlines.is_official(district)
                notes = ("", "") if is_sure else SKETCHED
                records += _record(
                    sums["district"], district, indicator, said, "A" if is_sure else "E", notes, is_whole
                )
    columns = ["ref_area", "indicator", "time_period", "obs_value", "obs_status", "conf_status", "source",
               "source_detail", "note_fr", "note_en"]  # fmt: skip
    found = pd.DataFrame.from_records(records, columns=columns).astype({"obs_value": "float64"})
    return _with_contributors(found, inside) if is_microdata else found


def _unplaced(count: int, is_microdata: bool) -> tuple[str, str]:
    """Return what is said of a commune some of whose rows have no district."""
    if is_microdata and count:
        return SOME_UNPLACED
    return (UNPLACED[0].format(count=count), UNPLACED[1].format(count=count)) if count else ("", "")


def _with_contributors(found: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Add how many stand behind each figure, and what part of it the largest of them holds."""
    told = rows if "contributor" in rows else rows.assign(contributor=range(len(rows)))
    behind = []
    for level in ("commune", "district"):
        keys = [level, "indicator"]
        each = told[told[level] != ""].groupby([*keys, "contributor"], as_index=False)["value"].sum()
        cells = each.groupby(keys)["value"]
        frame = pd.DataFrame({"contributors": cells.size(), "largest_share": cells.max() / cells.sum()})
        behind.append(frame.rename_axis(["ref_area", "indicator"]).reset_index())
    joined = found.merge(pd.concat(behind, ignore_index=True), on=["ref_area", "indicator"], how="left")
    return joined.assign(contributors=joined["contributors"].fillna(0.0))


def _record(
    sums: pd.Series, area: str, indicator: str, said: Said, status: str, notes: tuple[str, str], is_whole: bool
) -> list[dict[str, object]]:
    if (area, indicator) not in sums.index and not is_whole:
        return []
    value = float(sums.get((area, indicator), 0.0))
    note_fr, note_en = f"{said.note_fr} {notes[0]}".strip(), f"{said.note_en} {notes[1]}".strip()
    return [{"ref_area": area, "indicator": indicator, "time_period": said.time_period, "obs_value": value,
             "obs_status": status, "conf_status": "F", "source": said.source, "source_detail": said.source_detail,
             "note_fr": note_fr, "note_en": note_en}]  # fmt: skip
