"""Map layers: attributes as written, shapes that can be trusted; the rest is named, nothing is lost."""

import json
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from data.errors import UnreadableFileError
from etl import layers, vector
from etl.gdal_layers import recognised
from etl.outlines import LAMBERT_93, WGS84, projected
from etl.vector import Features, read_features
from tests.etl.connectors.mutating import steady
from tests.etl.drawing import collection, feature, square, write_geopackage, write_shapefile

IVRY = (2.384, 48.813)
POINT = {"type": "Point", "coordinates": [*IVRY]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "layer.geojson"


def _read(path: Path, text: str | bytes, **asked: Any) -> Features:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_features(path, **asked)


def _reasons(features: Features) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in features.rejected]


# GeoJSON


def test_attributes_are_what_the_file_writes(file: Path) -> None:
    text = (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": '
        '[2.384, 48.813]}, "properties": {"code": "01004", "taux": 12.50, "petit": 1e-7, "grand": 12345678901234567890,'
        ' "oui": true, "rien": null, "liste": [1.50, "é"], "nom": "Ivry"}}]}'
    )
    row = _read(file, text).frame.iloc[0].drop("geometry").to_dict()
    assert row == {"code": "01004", "taux": "12.50", "petit": "1e-7", "grand": "12345678901234567890", "oui": "true",
                   "rien": "", "liste": '[1.50, "é"]', "nom": "Ivry", "line": 1}  # fmt: skip


def test_an_attribute_that_a_feature_lacks_is_blank(file: Path) -> None:
    bare = {**feature({}, POINT), "properties": None}
    features = _read(file, collection(feature({"a": 1}, POINT), feature({"b": 2}, POINT), bare))
    assert features.frame[["a", "b", "line"]].to_numpy().tolist() == [["1", "", 1], ["", "2", 2], ["", "", 3]]


def test_a_byte_order_mark_changes_nothing(file: Path) -> None:
    text = collection(feature({"nom": "Évry"}, POINT))
    assert _read(file, b"\xef\xbb\xbf" + text.encode()).frame["nom"].tolist() == ["Évry"]


def test_another_encoding_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="not in UTF-8"):
        _read(file, collection(feature({"nom": "Évry"}, POINT)).encode("latin-1"))


def test_columns_are_found_whatever_their_case(file: Path) -> None:
    features = _read(file, collection(feature({"CODE_IRIS": "1", "Nom": "x"}, POINT)), columns=("code_iris",))
    assert features.frame.columns.tolist() == ["code_iris", "Nom", "line", "geometry"]


def test_a_missing_column_is_named_with_the_nearest(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"no column code_iris \(nearest to code_iris: codeiris\)"):
        _read(file, collection(feature({"codeiris": "1"}, POINT)), columns=("code_iris",))


def test_attributes_called_like_ours_hide_nothing(file: Path) -> None:
    features = _read(file, collection(feature({"line": "A", "geometry": "plate", "": 1}, POINT)))
    assert features.frame.columns.tolist() == [
        "line (column 1)",
        "geometry (column 2)",
        " (column 3)",
        "line",
        "geometry",
    ]
    assert features.frame["line"].tolist() == [1]


def test_heights_are_dropped(file: Path) -> None:
    shape = {"type": "LineString", "coordinates": [[2.38, 48.81, 35.2], [2.39, 48.82, 36]]}
    line = _read(file, collection(feature({}, shape))).frame["geometry"].iloc[0]
    assert not line.has_z
    assert list(line.coords) == [(2.38, 48.81), (2.39, 48.82)]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "geometry_missing"),
        ({"type": "Polygon", "coordinates": []}, "geometry_missing"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_missing"),
        ({"type": "Point", "coordinates": [48.813, 2.384]}, "coordinates_swapped"),
        ({"type": "Point", "coordinates": [-21, 55.5]}, "coordinates_swapped"),
        ({"type": "Point", "coordinates": [13.4, 52.5]}, "coordinates_outside_france"),
        ({"type": "Point", "coordinates": [0, 0]}, "coordinates_outside_france"),
        ({"type": "LineString", "coordinates": [[2.38, 48.81], [23.8, 48.81]]}, "coordinates_outside_france"),
        ({"type": "Polygon", "coordinates": [[[2, 48], [3, 48], [3, 49], [2, 49]]]}, "geometry_invalid"),
        ({"type": "Polygon", "coordinates": [[[2, 48], [3, 48], [2, 48]]]}, "geometry_invalid"),
        ({"type": "Polygon", "coordinates": [[[2, 48], [3, 48], [4, 48], [2, 48]]]}, "geometry_invalid"),
        ({"type": "Polygon", "coordinates": [[[2, 48], [3, 49], [3, 48], [2, 49], [2, 48]]]}, "geometry_invalid"),
        ({"type": "LineString", "coordinates": [[2.38, 48.81]]}, "geometry_invalid"),
        ({"type": "Point", "coordinates": ["2.384", "48.813"]}, "geometry_invalid"),
        ({"type": "Point", "coordinates": [True, 48.813]}, "geometry_invalid"),
        ({"type": "Point", "coordinates": [2.384]}, "geometry_invalid"),
        ({"type": "Point", "coordinates": [None, None]}, "geometry_invalid"),
        ({"type": "Circle", "coordinates": [2.384, 48.813]}, "geometry_invalid"),
        ({"type": "Point"}, "geometry_invalid"),
        ("POINT (2.384 48.813)", "geometry_invalid"),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_used_is_rejected_at_its_number(file: Path, shape: Any, reason: str) -> None:
    features = _read(file, collection(feature({"n": 1}, POINT), feature({"n": 2}, shape)))
    assert features.frame["n"].tolist() == ["1"]
    assert _reasons(features) == [(2, reason)]
    assert features.read == 2


def test_a_number_beyond_all_bounds_is_not_finite(file: Path) -> None:
    text = collection(feature({}, POINT), feature({}, POINT)).replace("48.813", "1e999", 1)
    assert _reasons(_read(file, text)) == [(1, "geometry_not_finite")]


def test_what_is_no_feature_is_rejected(file: Path) -> None:
    strange = [None, 3, {"type": "Point", "coordinates": [2.3, 48.8]}, {**feature({}, POINT), "properties": [1]}]
    features = _read(file, collection(feature({}, POINT), *strange))
    assert _reasons(features) == [(number, "malformed_feature") for number in (2, 3, 4, 5)]
    assert features.read == 5


def test_a_crossing_too_small_to_matter_is_mended(file: Path) -> None:
    ring = [[2.0, 48.0], [2.1, 48.0], [2.1, 48.1], [2.05, 48.1], [2.0500001, 48.1000001], [2.0499999, 48.1000001],
            [2.05, 48.1], [2.0, 48.1], [2.0, 48.0]]  # fmt: skip
    given_shape = shapely.Polygon(ring)
    assert not given_shape.is_valid
    shape = _read(file, collection(feature({}, {"type": "Polygon", "coordinates": [ring]}))).frame["geometry"].iloc[0]
    assert shape.is_valid
    assert shape.area == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize(
    "where", [(55.45, -20.88), (-61.5, 16.25), (-61.0, 14.6), (-52.3, 4.9), (45.2, -12.8), (8.7, 41.9), (-5.1, 48.46)]
)
def test_france_reaches_far(file: Path, where: tuple[float, float]) -> None:
    features = _read(file, collection(feature({}, {"type": "Point", "coordinates": [*where]})))
    assert features.rejected == ()


def test_an_older_file_may_name_its_system(file: Path) -> None:
    x, y = shapely.get_coordinates(projected(shapely.points([IVRY]), WGS84, LAMBERT_93))[0]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    features = _read(file, collection(feature({}, {"type": "Point", "coordinates": [x, y]}), crs=crs))
    assert shapely.get_coordinates(features.frame["geometry"])[0] == pytest.approx(IVRY, abs=1e-9)


@pytest.mark.parametrize(
    "crs", [{"type": "link", "properties": {"href": "http://example.invalid/crs"}}, "EPSG:4326", {"type": "name"}]
)
def test_a_system_that_is_not_named_is_refused(file: Path, crs: Any) -> None:
    with pytest.raises(UnreadableFileError, match="names no reference system"):
        _read(file, collection(feature({}, POINT), crs=crs))


def test_an_unknown_system_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="none that is known \\('EPSG:999999'\\)"):
        _read(file, collection(feature({}, POINT), crs={"type": "name", "properties": {"name": "EPSG:999999"}}))


def test_a_wrong_system_is_refused_with_the_likely_one(file: Path) -> None:
    metres = [{"type": "Point", "coordinates": [654_800 + step, 6_857_200]} for step in range(3)]
    with pytest.raises(
        UnreadableFileError, match=r"none of its 3 shapes lies in France .* \(they would in Lambert-93\)"
    ):
        _read(file, collection(*(feature({}, one) for one in metres)))


@pytest.mark.parametrize(
    ("members", "held"),
    [({"numberMatched": 24, "numberReturned": 2}, 24), ({"totalFeatures": 3}, 3), ({"totalFeatures": "unknown"}, 0),
     ({"numberMatched": 2, "numberReturned": 2}, 0)],
)  # fmt: skip
def test_an_answer_that_is_cut_is_refused(file: Path, members: dict[str, Any], held: int) -> None:
    text = collection(feature({}, POINT), feature({}, POINT), **members)
    if not held:
        assert _read(file, text).read == 2
        return
    with pytest.raises(UnreadableFileError, match=f"holds 2 of the {held} features .* ask for all"):
        _read(file, text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"), ("[]", "no GeoJSON"), ('{"type": "Feature"}', "no GeoJSON"),
        ('{"type": "FeatureCollection"}', "no list of features"), ('{"type": "Topology", "objects": {}}', "no GeoJSON"),
        (collection(feature({}, POINT))[:-1], "sound JSON"), ("<wfs:FeatureCollection/>", "XML"),
        (collection(feature({"a": 1}, POINT)).replace("1}", "NaN}"), "NaN is no number"),
        (collection(feature({"a": 1}, POINT)).replace('"a": 1', '"a": 1, "a": 2'), "'a' comes twice"),
        (collection(feature({"a": 1, "A": 1}, POINT)), "the column A twice"),
    ],
)  # fmt: skip
def test_what_is_no_layer_is_refused(file: Path, text: str, why: str) -> None:
    with pytest.raises(UnreadableFileError, match=why):
        _read(file, text)


def test_too_many_features_or_columns_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableFileError, match="501 columns"):
        _read(file, collection(feature({f"c{number}": 1 for number in range(501)}, POINT)))
    monkeypatch.setattr(layers, "MOST_FEATURES", 1)
    with pytest.raises(UnreadableFileError, match="has 2 features, more than 1"):
        _read(file, collection(feature({}, POINT), feature({}, POINT)))


def test_a_layer_without_features_is_empty(file: Path) -> None:
    features = _read(file, collection())
    assert (features.read, len(features.frame)) == (0, 0)
    assert features.frame.columns.tolist() == ["line", "geometry"]


# Shapefile

COLUMNS = {"NOM_IRIS": ["Évry – Saint-Just", "L'Haÿ"], "CODE_IRIS": ["010040101", "940410102"], "AIRE": [1.25, 2.0]}
SHAPES = [shapely.box(2.38, 48.81, 2.39, 48.82), shapely.box(2.39, 48.81, 2.40, 48.82)]


def test_a_shapefile_as_ign_offers_it(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "iris.zip", COLUMNS, SHAPES, encoding="cp1252")
    with zipfile.ZipFile(path) as archive:
        assert "livraison/layer.cpg" not in archive.namelist()
        assert b"AUTHORITY" not in archive.read("livraison/layer.prj")
    features = read_features(path, ("code_iris",))
    assert features.file == "iris.zip/livraison/layer.shp"
    assert features.frame["NOM_IRIS"].tolist() == ["Évry – Saint-Just", "L'Haÿ"]
    assert features.frame["code_iris"].tolist() == ["010040101", "940410102"]
    assert features.frame["AIRE"].tolist() == ["1.25", "2"]
    assert not shapely.has_z(features.frame["geometry"]).any()
    for shape, drawn in zip(features.frame["geometry"], SHAPES, strict=True):
        assert shapely.symmetric_difference(shape, drawn).area < 1e-12


@pytest.mark.parametrize(
    ("encoding", "without"), [("UTF-8", ()), ("UTF-8", (".cpg",)), ("ISO-8859-1", ()), ("ISO-8859-1", (".cpg",))]
)
def test_accents_survive_whatever_encoding_is_stated(tmp_path: Path, encoding: str, without: tuple[str, ...]) -> None:
    columns = {"NOM": ["Évry", "L'Haÿ-les-Roses"]}
    path = write_shapefile(tmp_path / "a.zip", columns, SHAPES, encoding=encoding, without=without)
    assert read_features(path).frame["NOM"].tolist() == columns["NOM"]


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _again(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_a_cell_in_another_encoding_than_stated_is_rejected(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.zip", {"NOM": ["Évry", "Ivry"]}, SHAPES)
    _again(path, {**_parts(path), "livraison/layer.cpg": b"UTF-8"})
    features = read_features(path)
    assert features.frame["NOM"].tolist() == ["Ivry"]
    assert features.frame["line"].tolist() == [2]
    assert _reasons(features) == [(1, "not_utf8")]
    assert features.read == 2


@pytest.mark.parametrize("said", ["1252", "ANSI 1252", "windows-1252", "CP1252", "ISO 8859-1", "88591", "latin1"])
def test_encodings_have_many_names(tmp_path: Path, said: str) -> None:
    path = write_shapefile(tmp_path / "a.zip", {"NOM": ["Évry", "Ivry"]}, SHAPES)
    _again(path, {**_parts(path), "livraison/layer.CPG": said.encode()})
    assert read_features(path).frame["NOM"].tolist() == ["Évry", "Ivry"]


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.zip", {"NOM": ["Évry", "Ivry"]}, SHAPES)
    _again(path, {**_parts(path), "livraison/layer.cpg": b"klingon"})
    with pytest.raises(UnreadableFileError, match="'klingon', which is none that is known"):
        read_features(path)


def test_names_are_cut_to_ten_characters(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.zip", {"livraisons": ["1", "2"], "prod_MWh_g": ["3", "4"]}, SHAPES)
    features = read_features(path, ("livraisons_totale_MWh",))
    assert features.frame.columns.tolist() == ["livraisons_totale_MWh", "prod_MWh_g", "line", "geometry"]
    with pytest.raises(UnreadableFileError, match="has no column prod_MWh_geothermie, prod_MWh_gaz"):
        read_features(path, ("prod_MWh_geothermie", "prod_MWh_gaz"))


def test_a_shapefile_without_prj_is_refused_unless_its_system_is_known(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.zip", COLUMNS, SHAPES, without=(".prj",))
    with pytest.raises(UnreadableFileError, match="does not say its reference system"):
        read_features(path)
    assert read_features(path, crs="EPSG:2154").read == 2
    with pytest.raises(UnreadableFileError, match=r"none of its 2 shapes .* WGS 84 \(they would in Lambert-93\)"):
        read_features(path, crs="EPSG:4326")


def test_what_the_file_states_holds_over_what_is_expected(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.zip", COLUMNS, SHAPES, crs="EPSG:4326")
    frame = read_features(path, crs="EPSG:2154").frame
    assert frame["geometry"].iloc[0].equals(SHAPES[0])


@pytest.mark.parametrize("code", ["EPSG:27572", "EPSG:3949", "EPSG:32631", "EPSG:3857"])
def test_other_systems_are_taken_at_their_word(tmp_path: Path, code: str) -> None:
    path = write_shapefile(tmp_path / "a.zip", COLUMNS, SHAPES, crs=code)
    features = read_features(path)
    assert features.read == len(features.frame) == 2
    assert features.frame["geometry"].iloc[0].hausdorff_distance(SHAPES[0]) < 1e-4


def test_lambert_93_is_known_without_its_code() -> None:
    legal = CRS.from_user_input(LAMBERT_93)
    numbers = "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80"
    unnamed = CRS.from_proj4(numbers)
    assert unnamed != legal
    assert recognised(unnamed) == legal
    assert recognised(CRS.from_user_input("EPSG:3949")) == CRS.from_user_input("EPSG:3949")
    assert recognised(CRS.from_user_input("EPSG:27572")) == CRS.from_user_input("EPSG:27572")


@pytest.mark.parametrize("part", [".dbf", ".shx"])
def test_a_shapefile_without_one_of_its_parts_is_refused(tmp_path: Path, part: str) -> None:
    path = write_shapefile(tmp_path / "a.zip", COLUMNS, SHAPES, without=(part,))
    with pytest.raises(UnreadableFileError, match=f"comes without its \\{part}"):
        read_features(path)


@pytest.mark.parametrize("part", [".shp", ".dbf", ".shx"])
@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_a_part_that_is_cut_is_refused(tmp_path: Path, part: str, share: float) -> None:
    path = write_shapefile(tmp_path / "a.zip", COLUMNS, SHAPES)
    parts = _parts(path)
    name = f"livraison/layer{part}"
    _again(path, {**parts, name: parts[name][: int(len(parts[name]) * share)]})
    with pytest.raises(UnreadableFileError, match=r"cut short|damaged"):
        read_features(path)


def test_one_part_of_a_shapefile_is_no_layer(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "a.zip", COLUMNS, SHAPES)
    bare = tmp_path / "layer.shp"
    bare.write_bytes(_parts(path)["livraison/layer.shp"])
    with pytest.raises(UnreadableFileError, match=r"archive \.shp, \.shx, \.dbf and \.prj together"):
        read_features(bare)


def test_of_two_layers_one_is_named(tmp_path: Path) -> None:
    communes = _parts(write_shapefile(tmp_path / "a.zip", {"NOM": ["Ivry", "Vitry"]}, SHAPES, stem="COMMUNE"))
    iris = _parts(write_shapefile(tmp_path / "b.zip", COLUMNS, SHAPES, stem="IRIS"))
    both = _again(tmp_path / "both.zip", communes | iris)
    with pytest.raises(UnreadableFileError, match=r"one layer alone .*: livraison/COMMUNE\.shp, livraison/IRIS\.shp"):
        read_features(both)
    assert read_features(both, layer="commune").frame["NOM"].tolist() == ["Ivry", "Vitry"]
    with pytest.raises(UnreadableFileError, match="does not hold a layer 'quartier'"):
        read_features(both, layer="quartier")


def test_an_archive_may_hold_geojson(tmp_path: Path) -> None:
    path = _again(
        tmp_path / "a.zip", {"a.geojson": collection(feature({"n": 1}, POINT)).encode(), "lisez-moi.txt": b""}
    )
    features = read_features(path)
    assert (features.file, features.read) == ("a.zip/a.geojson", 1)


@pytest.mark.parametrize("parts", [{}, {"a.txt": b""}, {"inner.zip": b"PK\x03\x04"}], ids=["empty", "text", "archive"])
def test_an_archive_without_a_layer_is_refused(tmp_path: Path, parts: dict[str, bytes]) -> None:
    with pytest.raises(UnreadableFileError, match=r"does not hold one layer alone|no archive"):
        read_features(_again(tmp_path / "a.zip", {**parts, "lisez-moi.txt": b""}))


def test_another_archive_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.7z"
    path.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(40))
    with pytest.raises(UnreadableFileError, match="is a 7z archive: unpack it"):
        read_features(path)


# GeoPackage


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return write_geopackage(tmp_path / "a.gpkg", {"iris_ge": (COLUMNS, SHAPES)})


def test_a_geopackage_is_read_whatever_it_is_called(package: Path) -> None:
    for path in (package, shutil.copyfile(package, package.with_suffix(".dat"))):
        features = read_features(path, ("code_iris", "nom_iris"))
        assert features.frame["code_iris"].tolist() == ["010040101", "940410102"]
        assert features.frame["nom_iris"].tolist() == ["Évry – Saint-Just", "L'Haÿ"]
        assert features.frame["AIRE"].tolist() == ["1.25", "2"]
        assert features.frame["geometry"].iloc[0].hausdorff_distance(SHAPES[0]) < 1e-9


def test_of_two_layers_of_a_geopackage_one_is_named(tmp_path: Path) -> None:
    path = write_geopackage(tmp_path / "a.gpkg", {"commune": ({"nom": ["Ivry", "Vitry"]}, SHAPES),
                                                  "iris_ge": (COLUMNS, SHAPES)})  # fmt: skip
    with pytest.raises(UnreadableFileError, match="does not have one layer alone; it has commune, iris_ge"):
        read_features(path)
    assert read_features(path, layer="COMMUNE").frame["nom"].tolist() == ["Ivry", "Vitry"]
    with pytest.raises(UnreadableFileError, match="does not have a layer 'quartier'"):
        read_features(path, layer="quartier")


def test_a_geopackage_whose_layer_is_a_view_is_refused(package: Path) -> None:
    with sqlite3.connect(package) as database:
        database.execute("ALTER TABLE iris_ge RENAME TO other")
        database.execute(
            "CREATE VIEW iris_ge AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT * FROM n"
        )
        database.execute("UPDATE gpkg_contents SET table_name = 'iris_ge'")
    database.close()
    with pytest.raises(UnreadableFileError, match=r"'iris_ge' is no plain table|no GeoPackage"):
        read_features(package)


def test_a_geopackage_that_is_cut_is_refused(package: Path) -> None:
    data = package.read_bytes()
    for share in (0.02, 0.2, 0.5, 0.9):
        package.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(UnreadableFileError):
            read_features(package)


def test_another_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE notes (text)")
    database.close()
    with pytest.raises(UnreadableFileError, match="no GeoPackage, or a damaged one"):
        read_features(path)


# Damage

VALID = collection(
    feature({"code": "01004", "nom": "Ambérieu-en-Bugey", "taux": 12.5}, square(5.35, 45.95)),
    feature({"code": "94041", "nom": "Ivry-sur-Seine", "taux": None}, POINT),
    feature({"code": "94041", "nom": "Quais"}, {"type": "LineString", "coordinates": [[2.38, 48.81], [2.39, 48.82]]}),
).encode()
PIECES = (b"", b"0", b"-", b"e9", b"e999", b"[", b"]", b"{", b"}", b",", b'"', b"null", b"NaN", b"true", b"\\ud800",
          b"\xff", b"\xc3", b"[]", b'"type"', b"Polygon", b"MultiPolygon", b"48.81, 2.38", b"<")  # fmt: skip


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    data = VALID
    for _ in range(draw(st.integers(1, 4))):
        place, length = draw(st.integers(0, len(data))), draw(st.integers(0, 6))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=3))
        data = data[:place] + piece + data[place + length :]
    return data


@steady
@given(data=_mutated())
def test_damage_is_refused_or_counted(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.geojson"
    path.write_bytes(data)
    try:
        features = read_features(path)
    except UnreadableFileError:
        return
    assert features.read == len(json.loads(data)["features"])
    shapes = features.frame["geometry"].to_numpy()
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert vector._is_inside(shapely.bounds(shapes).reshape(-1, 4)).all()


@pytest.mark.parametrize("kind", ["shapefile", "geopackage"])
def test_damaged_binaries_are_refused_or_counted(tmp_path: Path, kind: str) -> None:
    if kind == "shapefile":
        whole = write_shapefile(tmp_path / "a.zip", COLUMNS, SHAPES)
        parts = _parts(whole)
    else:
        whole = write_geopackage(tmp_path / "a.gpkg", {"iris_ge": (COLUMNS, SHAPES)})
        parts = {"": whole.read_bytes()}

    @settings(steady, max_examples=60)
    @given(st.sampled_from(sorted(parts)), st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), min_size=1,
                                                   max_size=4))  # fmt: skip
    def damage(name: str, changes: list[tuple[int, int]]) -> None:
        data = bytearray(parts[name])
        for place, value in changes:
            data[place % len(data)] = value
        if kind == "shapefile":
            _again(whole, {**parts, name: bytes(data)})
        else:
            whole.write_bytes(bytes(data))
        try:
            features = read_features(whole)
        except UnreadableFileError:
            return
        assert features.read == 2
        assert shapely.is_valid(features.frame["geometry"].to_numpy()).all()

    damage()
