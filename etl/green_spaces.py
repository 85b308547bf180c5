"""From the surfaces of green spaces to figures of communes and districts: area, number, who lives near one."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.rules.access import covered_shares
from etl.intake import Extracted, Loaded, Rejection, Scope
from etl.outlines import WGS84, metric_crs, projected
from etl.placing import SKETCHED, points_of

GIVES = (
    "green_area_ha",
    "green_spaces",
    "green_area_m2_per_inhabitant",
    "population_near_green_space",
    "population_near_green_space_share_percent",
)
# The World Health Organization's rule of thumb (Urban green spaces: a brief for action, 2017): a public green space of
# at least half a hectare within 300 metres, in a straight line, of one's home.
DISTANCE_M, SMALLEST_M2 = 300, 5_000
# Less than this in an area is the edge of a neighbour's space more often than not, and would be shown as zero.
SMALLEST_AREA_M2 = 500
# A space of which this much lies within a larger one is drawn inside it (a garden in a park), or drawn twice.
_WITHIN = 0.95
_SQUARE_METRES_A_HECTARE = 10_000
_NEAR = (
    "Habitant·es du recensement de {year}. {basis} Un espace vert d’une commune voisine qui n’est pas dans le fichier "
    "n’est pas compté.",
    "Inhabitants of the {year} census. {basis} A green space of a neighbouring commune that is not in the file is not "
    "counted.",
)
_BY_OUTLINE = (
    "La population de chaque îlot statistique (IRIS) est supposée répartie également sur sa surface.",
    "The population of each statistical unit (IRIS) is supposed to be spread evenly over its surface.",
)
_BY_CENTRE = (
    "Chaque îlot statistique (IRIS) compte en entier ou pas du tout, selon son centre.",
    "Each statistical unit (IRIS) counts in full or not at all, by its centre.",
)
INCOMPLETE = (
    "Des espaces verts du fichier n’ont pas pu être lus\u202f: le chiffre peut être trop petit.",
    "Green spaces of the file could not be read: the figure may be too small.",
)
_PER_HEAD = ("Population du recensement de {year}.", "Population of the {year} census.")


@dataclass(frozen=True)
class Told:
    """What is the same for all figures of a file: its period, its edition, what the source calls a green space.

    `is_incomplete` : whether some of its green spaces could not be used.
    """

    time_period: str
    source: str
    source_detail: str
    is_incomplete: bool = False


class _Figures:
    """The observations of one commune and its districts, as they are found."""

    def __init__(self, commune: str, scope: Scope, told: Told) -> None:
        self.commune, self.scope, self.told = commune, scope, told
        self.records: list[dict[str, Any]] = []
        self.missing = INCOMPLETE if told.is_incomplete else ("", "")
        frame = scope.outlines.frame
        self.official = set(frame.loc[frame["boundary"] == "official", "ref_area"])

    def add(
        self, area: str, indicator: str, value: float, note: tuple[str, str], is_sure: bool, basis: str = ""
    ) -> None:
        """Note a figure; nothing found is no figure, since what is not drawn may be there."""
        if value <= 0:
            return
        is_drawn = area in self.official
        notes = [one for one in (note, self.missing, ("", "") if is_drawn else SKETCHED) if one[0]]
        is_sure = is_sure and is_drawn and not self.told.is_incomplete
        self.records.append({
            "ref_area": area, "indicator": indicator, "time_period": self.told.time_period, "obs_value": value,
            "obs_status": "A" if is_sure else "E", "conf_status": "F", "source": self.told.source,
            "source_detail": self.told.source_detail, "derived_from": basis,
            "note_fr": " ".join(french for french, _ in notes), "note_en": " ".join(english for _, english in notes),
        })  # fmt: skip


def _is_surface(shapes: np.ndarray) -> np.ndarray:
    return np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)


def _are_inside_others(shapes: np.ndarray) -> np.ndarray:
    """Return which surfaces lie within a larger one, or repeat one before them."""
    areas = shapely.area(shapes)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    is_larger = (areas[other] > areas[one]) | ((areas[other] == areas[one]) & (other < one))
    one, other = one[is_larger], other[is_larger]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    found = np.zeros(len(shapes), dtype=bool)
    found[one[shared >= _WITHIN * areas[one]]] = True
    return found


def _home(pieces: pd.DataFrame, areas: pd.Series) -> pd.DataFrame:
    """Return the piece of each surface that is the largest, where nothing larger of it lies elsewhere."""
    largest = pieces.sort_values(["area_m2", "ref_area"]).drop_duplicates("shape", keep="last")
    elsewhere = (
        areas[largest["shape"]].to_numpy() - pieces.groupby("shape")["area_m2"].sum()[largest["shape"]].to_numpy()
    )
    return largest[largest["area_m2"].to_numpy() >= elsewhere]


def _measure(figures: _Figures, pieces: pd.DataFrame, homes: pd.DataFrame) -> dict[str, float]:
    """Note area and number of each area; return the areas in square metres."""
    found = {}
    for area, group in pieces.groupby("ref_area"):
        drawn = float(shapely.area(shapely.unary_union(group["geometry"].to_numpy(dtype=object))))
        if drawn < SMALLEST_AREA_M2:
            continue
        found[str(area)] = drawn
        figures.add(str(area), "green_area_ha", found[str(area)] / _SQUARE_METRES_A_HECTARE, ("", ""), is_sure=True)
        number = float((homes["ref_area"] == area).sum())
        figures.add(str(area), "green_spaces", number, ("", ""), is_sure=True)
    return found


def _shares_near(figures: _Figures, shapes: np.ndarray) -> tuple[pd.Series, tuple[str, str]] | None:
    """Return the part of each statistical unit that lies near a green space, and on what basis; none if unknown."""
    crs, scope = metric_crs(figures.commune), figures.scope
    units = scope.residents.of(figures.commune)
    parts = shapely.get_parts(shapely.unary_union(shapes))
    large = parts[shapely.area(parts) >= SMALLEST_M2]
    if units.empty or not len(large):
        return None
    zone = shapely.buffer(shapely.unary_union(large), DISTANCE_M)
    drawn = scope.outlines.of_level("iris").set_index("ref_area")["geometry"].reindex(units["iris"])
    if drawn.notna().all():
        places, basis = drawn.to_numpy(dtype=object), _BY_OUTLINE
    elif units[["longitude", "latitude"]].notna().all(axis=None):
        places, basis = points_of(units["longitude"], units["latitude"]), _BY_CENTRE
    else:
        return None
    return pd.Series(covered_shares(projected(places, WGS84, crs), zone), index=units["iris"]), basis


def _people(figures: _Figures, shapes: np.ndarray, areas_m2: dict[str, float]) -> None:
    """Note area per inhabitant, and who lives near a green space."""
    residents = figures.scope.residents
    basis = f"population@{residents.period}[{residents.source}]"
    units = residents.of(figures.commune)
    everyone = residents.by_area(figures.commune, pd.Series(1.0, index=units["iris"]))
    year = residents.period
    per_head = (_PER_HEAD[0].format(year=year), _PER_HEAD[1].format(year=year))
    for area, population in everyone["population"].items():
        if population > 0:
            rate = areas_m2.get(str(area), 0.0) / float(population)
            is_sure = str(area) == figures.commune
            figures.add(str(area), "green_area_m2_per_inhabitant", rate, per_head, is_sure, f"green_area_ha; {basis}")
    found = _shares_near(figures, shapes)
    if found is None:
        return
    shares, how = found
    words = [text.format(year=year, basis=reason) for text, reason in zip(_NEAR, how, strict=True)]
    note = (words[0], words[1])
    for area, row in residents.by_area(figures.commune, shares).iterrows():
        figures.add(str(area), "population_near_green_space", float(row["counted"]), note, False, f"{basis}")
        share = 100 * float(row["counted"]) / float(row["population"]) if row["population"] else 0.0
        figures.add(str(area), "population_near_green_space_share_percent", min(share, 100.0), note, False, f"{basis}")


def _of_commune(
    commune: str, drawn: np.ndarray, pieces: dict[str, pd.DataFrame], scope: Scope, told: Told
) -> list[dict[str, Any]]:
    """Return the observations of a commune and its districts.

    Parameters
    ----------
    drawn : all green spaces of the file, those of other communes too (EPSG:4326).
    pieces : what lies in communes and in districts (`Outlines.cut`), by level.
    """
    figures = _Figures(commune, scope, told)
    inside = pieces["commune"][pieces["commune"]["ref_area"] == commune]
    if inside.empty:
        return []
    shapes = projected(drawn, WGS84, metric_crs(commune))
    is_counted, areas = ~_are_inside_others(shapes), pd.Series(shapely.area(shapes))
    homes = _home(pieces["commune"], areas)
    homes = homes[(homes["ref_area"] == commune) & is_counted[homes["shape"].to_numpy()]]
    areas_m2 = _measure(figures, inside, homes)
    districts = scope.outlines.districts_of(commune)
    parts = pieces["district"][pieces["district"]["ref_area"].isin(districts)]
    largest = parts[parts["shape"].isin(homes["shape"])].sort_values(["area_m2", "ref_area"])
    areas_m2 |= _measure(figures, parts, largest.drop_duplicates("shape", keep="last"))
    _people(figures, shapes, areas_m2)
    return figures.records


def measured(extracted: Extracted, is_counted: pd.Series, scope: Scope, told: Told) -> Loaded:
    """Return the figures that green spaces give, and what became of the rows.

    A surface counts once, however many spaces are drawn over it. A space drawn inside a larger one, or twice, is one
    space; it belongs to the commune and the district in which the largest part of it lies. Where nothing is drawn there
    is no figure, and no zero.

    Parameters
    ----------
    extracted : `geometry` (shapely, EPSG:4326) and, optional, `fault`: why a row has none.
    is_counted : which rows are green spaces open to the public; the others are out of scope.
    """
    frame = extracted.frame[is_counted.to_numpy(dtype=bool)]
    shapes = frame["geometry"].to_numpy(dtype=object)
    fault = frame["fault"] if "fault" in frame else pd.Series("", index=frame.index)
    is_bad = (fault != "").to_numpy(dtype=bool) | ~_is_surface(shapes)
    rejected = [
        Rejection(extracted.file, int(line), "geometry", "", reason or "not_a_surface")
        for line, reason in zip(frame["line"][is_bad], fault[is_bad], strict=True)
    ]
    drawn, told = shapes[~is_bad], replace(told, is_incomplete=bool(rejected or extracted.rejected))
    pieces = {level: scope.outlines.cut(drawn, level) for level in ("commune", "district")}
    pieces["commune"] = pieces["commune"][pieces["commune"]["ref_area"].isin(scope.communes)]
    pieces = {level: cut[cut["area_m2"] > 0] for level, cut in pieces.items()}
    records = [record for commune in sorted(scope.communes)
               for record in _of_commune(commune, drawn, pieces, scope, told)]  # fmt: skip
    columns = ["ref_area", "indicator", "time_period", "obs_value", "obs_status", "conf_status", "source",
               "source_detail", "derived_from", "note_fr", "note_en"]  # fmt: skip
    loaded = pieces["commune"]["shape"].nunique()
    bad = len({(one.file, one.line) for one in (*extracted.rejected, *rejected)})
    return Loaded(
        extracted.file,
        pd.DataFrame.from_records(records, columns=columns).astype({"obs_value": "float64"}),
        tuple(sorted({*extracted.rejected, *rejected})),
        extracted.read,
        loaded,
        extracted.read - loaded - bad,
    )
