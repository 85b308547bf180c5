"""Outlines of IRIS, communes and districts, in the layouts they are offered in; whoever draws them, an area is one."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from data.errors import UnreadableFileError
from etl.connectors import commune_boundaries, contours_iris, district_boundaries
from etl.intake import Loaded, Scope
from etl.outlines import COLUMNS, Outlines
from tests.etl.connectors.mutating import FILES, arrives, steady
from tests.etl.drawing import collection, feature, square, write_geopackage, write_shapefile

# What the map service of the national geoportal answers for IRIS... GE, shortened to five of them.
ANSWER = FILES / "iris-ge-wfs.geojson"
VALID = ANSWER.read_text(encoding="utf-8")
IRIS = frozenset({"940410101", "940410102", "940410103", "940410104"})
SCOPE = Scope(frozenset({"94041", "26362"}), IRIS)
LINE = {"type": "LineString", "coordinates": [[2.37, 48.8], [2.38, 48.81]]}
SWAPPED = {"type": "Polygon", "coordinates": [[[48.80, 2.37], [48.81, 2.37], [48.81, 2.38], [48.80, 2.37]]]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[2.37, 48.8], [2.38, 48.81], [2.38, 48.8], [2.37, 48.81], [2.37, 48.8]]]}
BOX = shapely.box(2.38, 48.80, 2.39, 48.81)
EDITIONS: dict[ModuleType, str] = {contours_iris: "contours-iris-2025", commune_boundaries: "commune-boundaries-2025",
                                   district_boundaries: "district-boundaries-2026-03"}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "areas.geojson"


def _taken(connector: ModuleType, path: Path, text: str = "", scope: Scope = SCOPE) -> Loaded:
    if text:
        path.write_text(text, encoding="utf-8")
    loaded: Loaded = connector.transform(connector.extract(path), EDITIONS[connector], scope)
    return loaded


def _reasons(loaded: Loaded) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.reason) for one in loaded.rejected]


def _changed(number: int, **changes: Any) -> str:
    """Return the answer with attributes, or the geometry, of one feature changed."""
    answer = json.loads(VALID)
    one = answer["features"][number - 1]
    if "geometry" in changes:
        one["geometry"] = changes.pop("geometry")
    one["properties"] |= changes
    return json.dumps(answer)


# IRIS


def test_an_answer_gives_areas_and_outlines_of_our_iris() -> None:
    loaded = _taken(contours_iris, ANSWER)
    assert (loaded.read, loaded.loaded, loaded.out_of_scope, loaded.rejected) == (5, 4, 1, ())
    figures = loaded.observations.set_index("ref_area")
    # On the ellipsoid, whatever the projection: Lambert-93 makes areas three ten-thousandths smaller at this latitude.
    ground = [
        abs(Geod(ellps="GRS80").geometry_area_perimeter(shape)[0]) / 10_000 for shape in loaded.outlines["geometry"]
    ]
    assert figures["obs_value"].tolist() == pytest.approx(np.array(ground) * 0.9997, rel=2e-5)
    assert figures["obs_value"].tolist() == pytest.approx([39.2, 39.2, 39.2, 39.2], abs=0.05)
    assert set(figures["time_period"]) == {"2025"}
    assert set(figures["obs_status"]) == {"A"}
    outlines = loaded.outlines
    assert outlines.columns.tolist() == list(COLUMNS)
    assert outlines["name"].tolist() == ["Plateau Sud", "Monmousseau", "Centre Ville Ouest", "Fort"]
    assert set(outlines["boundary"]) == {"official"}
    assert set(outlines["commune"]) == {"94041"}
    assert set(outlines["level"]) == {"iris"}
    assert contours_iris.part_of(contours_iris.extract(ANSWER)) == "94"


def test_the_same_iris_as_a_shapefile_of_ign(tmp_path: Path) -> None:
    columns = {"INSEE_COM": ["94041", "26362"], "NOM_COM": ["Ivry-sur-Seine", "Valence"], "IRIS": ["0101", "0101"],
               "CODE_IRIS": ["940410101", "263620101"], "NOM_IRIS": ["Plateau Sud", "Centre Ville-Hugo Préfecture"],
               "TYP_IRIS": ["H", "H"]}  # fmt: skip
    shapes = [BOX, shapely.box(4.88, 44.92, 4.89, 44.93)]
    path = write_shapefile(tmp_path / "iris.zip", columns, shapes, stem="CONTOURS-IRIS")
    scope = Scope(SCOPE.communes, IRIS | {"263620101"})
    loaded = _taken(contours_iris, path, scope=scope)
    assert loaded.outlines["name"].tolist() == ["Centre Ville-Hugo Préfecture", "Plateau Sud"]
    assert contours_iris.part_of(contours_iris.extract(path)) == "26-94"


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"code_iris": "9404101"}, "code_iris", "malformed_code"),
        ({"code_iris": " 940410101"}, "code_iris", "space_in_code"),
        ({"code_iris": 10040101}, "code_iris", "leading_zero_lost"),
        ({"code_iris": None}, "code_iris", "malformed_code"),
        ({"code_insee": "94081"}, "code_insee", "commune_of_another_code"),
        ({"geometry": LINE}, "code_iris", "not_a_surface"),
        ({"geometry": None}, "geometry", "geometry_missing"),
        ({"geometry": SWAPPED}, "geometry", "coordinates_swapped"),
        ({"geometry": BOW_TIE}, "geometry", "geometry_invalid"),
    ],
)  # fmt: skip
def test_an_iris_that_cannot_be_used_is_rejected_alone(
    file: Path, changes: dict[str, Any], column: str, reason: str
) -> None:
    loaded = _taken(contours_iris, file, _changed(1, **changes))
    assert _reasons(loaded) == [(1, column, reason)]
    assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (5, 3, 1)
    assert set(loaded.observations["ref_area"]) == IRIS - {"940410101"}
    assert set(loaded.outlines["ref_area"]) == IRIS - {"940410101"}


def test_an_iris_twice_is_rejected_twice(file: Path) -> None:
    loaded = _taken(contours_iris, file, _changed(2, code_iris="940410101"))
    assert _reasons(loaded) == [(1, "code_iris", "duplicate_key"), (2, "code_iris", "duplicate_key")]


def test_iris_that_overlap_are_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"940410101 and 940410102 overlap by [0-9.]+% of the smaller one"):
        _taken(contours_iris, file, _changed(1, geometry=square(2.372, 48.802, 0.009)))


def test_an_answer_that_is_cut_or_none_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="holds 5 of the 22 features"):
        _taken(contours_iris, file, VALID.replace('"numberMatched":5', '"numberMatched":22'))
    with pytest.raises(UnreadableFileError, match="says: 'Unknown namespace'"):
        _taken(contours_iris, file, "<ows:ExceptionReport><ows:Exception><ows:ExceptionText>Unknown namespace"
                                    "</ows:ExceptionText></ows:Exception></ows:ExceptionReport>")  # fmt: skip


@pytest.mark.parametrize(("column", "what"), [("code_iris", "the code"), ("nom_iris", "the name"),
                                              ("code_insee", "the commune")])  # fmt: skip
def test_a_column_that_was_renamed_is_named(file: Path, column: str, what: str) -> None:
    with pytest.raises(UnreadableFileError, match=f"has no column for {what} .*; it has cleabs"):
        _taken(contours_iris, file, VALID.replace(f'"{column}"', '"autre"'))


# Communes


def test_communes_of_an_older_and_of_a_newer_edition(tmp_path: Path) -> None:
    attributes = {"ID": ["C1"], "NOM": ["Ivry-sur-Seine"], "NOM_M": ["IVRY-SUR-SEINE"], "INSEE_COM": ["94041"]}
    older = write_shapefile(tmp_path / "communes.zip", attributes, [BOX])
    columns = {"cleabs": ["C1", "C2"], "nom_officiel": ["Ivry-sur-Seine", "Paris"], "code_insee": ["94041", "75056"]}
    departments = {"cleabs": ["D1"], "nom_officiel": ["Val-de-Marne"], "code_insee": ["94"]}
    newer = write_geopackage(tmp_path / "ade.gpkg", {"commune": (columns, [BOX, shapely.box(2.3, 48.85, 2.31, 48.86)]),
                                                     "departement": (departments, [BOX])})  # fmt: skip
    for path, read in ((older, 1), (newer, 2)):
        loaded = _taken(commune_boundaries, path)
        assert (loaded.read, loaded.loaded, loaded.out_of_scope) == (read, 1, read - 1)
        assert loaded.names == {"94041": "Ivry-sur-Seine"}
        row = loaded.outlines.iloc[0]
        assert (row["ref_area"], row["commune"], row["level"]) == ("94041", "94041", "commune")
        assert loaded.observations["obs_value"].item() == pytest.approx(81.7, abs=0.2)


def test_areas_are_measured_in_the_legal_projection_of_the_department(file: Path) -> None:
    side = 0.01
    text = collection(feature({"code_insee": "97411", "nom_officiel": "Saint-Denis"}, square(55.45, -20.90, side)))
    loaded = _taken(commune_boundaries, file, text, Scope(frozenset({"97411"}), frozenset()))
    # On the ellipsoid, 0.01 degrees are 1040.6 m of longitude and 1107.1 m of latitude there.
    assert loaded.observations["obs_value"].item() == pytest.approx(104.06 * 1.1071, rel=0.002)


def test_a_postcode_is_no_commune(file: Path) -> None:
    text = collection(feature({"code_insee": "94200", "nom": "Ivry"}, square(2.38, 48.8)))
    assert _reasons(_taken(commune_boundaries, file, text)) == [(1, "code_insee", "postcode_not_commune")]


# Districts


def _districts(*names: str, **shapes: Any) -> str:
    drawn = {name: shapes.get(name, square(2.37 + 0.01 * place, 48.80)) for place, name in enumerate(names)}
    return collection(
        *(feature({"Nom": name, "id": place}, shape) for place, (name, shape) in enumerate(drawn.items()))
    )


def _scope(*known: str) -> Scope:
    """Return a scope that is about Ivry alone, with districts known there."""
    rows = [(f"94041-{name.lower()}", "district", name, "94041", "sketch", "x", shapely.box(2.37, 48.80, 2.39, 48.81))
            for name in known]  # fmt: skip
    rows += [("94041", "commune", "", "94041", "sketch", "x", shapely.box(2.37, 48.80, 2.39, 48.81))] if known else []
    outlines = Outlines(pd.DataFrame.from_records(rows, columns=list(COLUMNS)))
    return Scope(frozenset({"94041"}), IRIS, outlines=outlines)


def test_districts_have_the_codes_of_their_names(file: Path) -> None:
    loaded = _taken(district_boundaries, file, _districts("Nord", "L'Île – Saint-Étienne"), _scope())
    assert loaded.outlines["ref_area"].tolist() == ["94041-l-ile-saint-etienne", "94041-nord"]
    assert set(loaded.observations["time_period"]) == {"2026-03"}
    assert set(loaded.observations["obs_status"]) == {"A"}
    assert (loaded.read, loaded.loaded) == (2, 2)


@pytest.mark.parametrize(
    ("text", "known", "words"),
    [
        (_districts("Nord", "Sud"), (), ""), (_districts("nord", "SUD"), ("Nord", "Sud"), ""),
        (_districts("Nord"), ("Nord", "Sud"), r"94041-sud \(Sud\) is missing"),
        (_districts("Nord", "Sudd"), ("Nord", "Sud"), r"94041-sudd is not known \(nearest: 94041-sud, Sud\)"),
        (_districts("Nord", "Sud", "Est"), ("Nord", "Sud"), "94041-est is not known"),
        (_districts("Nord", ""), (), "feature 2: the column Nom gives it no name"),
        (_districts("Nord", "Sud", Sud=None), (), "feature 2: geometry_missing .*all together or not at all"),
        (_districts("Nord", "Sud", Sud=LINE), (), "LineString, where a surface"),
        (_districts("Nord", "Sud", Sud=square(2.375, 48.80)), (), "94041-nord and 94041-sud overlap by 50"),
        (_districts("Nord", "nord"), (), "has the district nord twice"), (collection(), (), "has no column for"),
        (_districts("Nord", "Sud", Nord=square(4.8, 44.9), Sud=square(4.9, 44.9)), ("Nord", "Sud"), "only 0% of"),
        (_districts("Nord").replace("Nom", "Appellation"), (), "has no column for the name"),
    ],
)  # fmt: skip
def test_districts_are_taken_all_together_or_not_at_all(
    file: Path, text: str, known: tuple[str, ...], words: str
) -> None:
    if not words:
        assert _taken(district_boundaries, file, text, _scope(*known)).loaded == 2
        return
    with pytest.raises(UnreadableFileError, match=words):
        _taken(district_boundaries, file, text, _scope(*known))


def test_the_commune_of_districts_has_to_be_said(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="say which with --commune"):
        _taken(district_boundaries, file, _districts("Nord"), SCOPE)


# Damage

PIECES = ("", "0", "-", "e9", "[", "]", "{", "}", ",", '"', "null", "940410101", "94041", "2.38,48.8", "\\u0000", "é")


@st.composite
def _damaged(draw: st.DrawFn, text: str) -> bytes:
    for _ in range(draw(st.integers(1, 3))):
        place, length = draw(st.integers(0, len(text))), draw(st.integers(0, 9))
        text = text[:place] + draw(st.sampled_from(PIECES) | st.text(max_size=2)) + text[place + length :]
    return text.encode("utf-8", "surrogatepass")


@settings(steady, max_examples=150)
@given(data=_damaged(VALID))
def test_damaged_iris_are_refused_or_counted(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "iris.geojson"
    loaded = arrives(contours_iris, path, data, EDITIONS[contours_iris], SCOPE)
    assert loaded is None or loaded.outlines["ref_area"].tolist() == sorted(loaded.observations["ref_area"])


@settings(steady, max_examples=150)
@given(data=_damaged(_districts("Nord", "Sud", "Est")))
def test_damaged_districts_are_refused_or_whole(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "districts.geojson"
    loaded = arrives(district_boundaries, path, data, EDITIONS[district_boundaries], _scope())
    assert loaded is None or loaded.read == loaded.loaded == len(loaded.outlines) > 0
