"""Shapefile and GeoPackage: read where they are whole, whatever they were made with; damage and doubt are refused."""

import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from data.errors import UnreadableFileError
from etl.outlines import LAMBERT_93
from etl.reading.gdal_layers import recognised
from etl.reading.vector import Features, read_features
from tests.etl.connectors.mutating import steady
from tests.etl.drawing import collection, feature, write_geopackage, write_shapefile

POINT = {"type": "Point", "coordinates": [2.384, 48.813]}


def _reasons(features: Features) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in features.rejected]


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
