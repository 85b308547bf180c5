"""Map layers in GeoJSON: attributes as written, shapes that can be trusted; the rest is named, nothing is lost."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UnreadableFileError
from etl.outlines import LAMBERT_93, WGS84, projected
from etl.reading import layers, vector
from etl.reading.vector import Features, read_features
from tests.etl.connectors.mutating import steady
from tests.etl.drawing import collection, feature, square

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
