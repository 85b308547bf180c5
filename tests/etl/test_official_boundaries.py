"""Official outlines in the place of the sketch: what is placed and shared out follows them, and adds up."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import shapely
from pyproj import Geod

from data.definitions import Catalogue
from data.errors import MissingOutlinesError, UnreadableFileError
from data.release import Release
from etl.areas import outlines_of
from etl.arrivals import Arrival, ingest
from etl.build import build_country
from etl.editions import with_editions
from etl.ledger import Ledger
from etl.shares import shares_by_overlap
from etl.snapshots import snapshots
from tests.etl import official_ivry
from tests.etl.drawing import collection, feature, square
from tests.etl.official_ivry import IVRY, area_ha, by_area
from tests.etl.receiving import Register

Tables = dict[str, pd.DataFrame]
DISTRICTS = 6


def _take(register: Register, dataset: str, path: Path, edition: str, commune: str = IVRY) -> Arrival:
    return ingest(dataset, path, edition, commune, register.inputs)


@pytest.fixture(scope="module")
def received(catalogue: Catalogue, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Register:
    register = Register(catalogue, ledger, tmp_path_factory.mktemp("official"))
    _take(
        register, "district_boundaries", official_ivry.write_districts(register.place / "quartiers.zip", ledger), "2026"
    )
    _take(register, "contours_iris", official_ivry.write_iris(register.place / "iris.gpkg", ledger), "2025")
    answer = register.place / "commune.geojson"
    answer.write_text(official_ivry.commune_answer(ledger), encoding="utf-8")
    _take(register, "commune_boundaries", answer, "2025")
    return register


@pytest.fixture(scope="module")
def built(received: Register) -> Tables:
    return received.build()


def test_all_of_the_files_is_counted(built: Tables) -> None:
    counts = built["intakes"].set_index("dataset")[["read", "loaded", "quarantined", "out_of_scope"]]
    assert counts.loc["district_boundaries"].tolist() == [6, 6, 0, 0]
    assert counts.loc["contours_iris"].tolist() == [23, 22, 0, 1]
    assert counts.loc["commune_boundaries"].tolist() == [1, 1, 0, 0]


def test_the_sketch_of_the_commune_is_gone(built: Tables, ledger: Ledger) -> None:
    areas = built["territories"].set_index("ref_area")
    mine = areas[areas["commune"].eq(IVRY) & areas["level"].isin(["commune", "district", "iris"])]
    assert mine.groupby("level").size().to_dict() == {"commune": 1, "district": DISTRICTS, "iris": 22}
    assert set(mine["boundary"]) == {"official"}
    assert mine.groupby("level")["boundary_source"].agg(set).to_dict() == {
        "commune": {"commune-boundaries-2025"}, "district": {"district-boundaries-2026"},
        "iris": {"contours-iris-2025"},
    }  # fmt: skip
    drawn = official_ivry.districts(ledger)
    for row in mine[mine["level"] == "district"].itertuples():
        shape = shapely.from_wkb(row.geometry)
        assert shape.hausdorff_distance(drawn[row.name]) < 1e-7
        assert shape.contains(shapely.Point(row.label_longitude, row.label_latitude))
    context = built["map_context"]
    assert set(context.loc[context["commune"] == IVRY, "kind"]) == {"label"}


def test_other_communes_keep_what_they_had(built: Tables, release: Release) -> None:
    before, after = (one.set_index("ref_area") for one in (release.table("territories"), built["territories"]))
    others = before.index[before["commune"].isin(["94081", "26362"])]
    pd.testing.assert_frame_equal(before.loc[others].sort_index(), after.loc[others].sort_index(), check_dtype=False)


def test_districts_keep_the_names_and_codes_the_texts_use(built: Tables, release: Release) -> None:
    names = [one[one["level"] == "district"].set_index("ref_area")["name"].to_dict()
             for one in (release.table("territories"), built["territories"])]  # fmt: skip
    assert names[0] == names[1]


def test_weights_of_each_iris_are_the_parts_of_its_area(built: Tables, ledger: Ledger) -> None:
    weights = built["iris_weights"]
    assert weights.groupby("iris")["weight"].sum().tolist() == pytest.approx([1] * 22, abs=1e-12)
    assert (weights["area_share"] >= 0.001).all()
    assert (weights["area_share"] <= 1 + 1e-9).all()
    units, sectors = official_ivry.iris(ledger), official_ivry.districts(ledger)
    code, name = "940410103", "Centre-ville"
    expected = area_ha(units[code].intersection(sectors[name])) / area_ha(units[code])
    share = weights.set_index(["iris", "district"]).loc[(code, "94041-centre-ville"), "area_share"]
    assert 0.2 < share < 1
    assert share == pytest.approx(expected, rel=1e-6)
    # Ground of a district is all shared out: its IRIS make it up.
    parts = weights.assign(area=[area_ha(units[iris]) for iris in weights["iris"]] * weights["area_share"])
    grounds = parts.groupby("district")["area"].sum()
    assert grounds["94041-ivry-port"] == pytest.approx(area_ha(sectors["Ivry-Port"]), rel=0.002)


@pytest.mark.parametrize("indicator", ["population", "dwellings", "main_homes", "population_near_station"])
def test_districts_add_up_to_the_commune(built: Tables, indicator: str) -> None:
    frame = by_area(built, indicator)
    districts = frame[frame.index.str.startswith(f"{IVRY}-") & frame["derived_from"].ne("")]
    whole = frame.loc[[IVRY]]
    whole = whole[whole["source"].isin(districts["source"])]
    assert len(districts) == DISTRICTS
    assert set(districts["obs_status"]) == {"E"}
    assert districts["obs_value"].sum() == pytest.approx(whole["obs_value"].item(), abs=1e-6)


def test_land_areas_are_those_of_the_outlines_and_none_is_left_of_the_sketch(built: Tables, ledger: Ledger) -> None:
    frame = by_area(built, "land_area_ha")
    assert frame.index.is_unique
    assert set(frame["obs_status"]) == {"A"}
    assert set(frame["source"]) == {"contours-iris-2025", "district-boundaries-2026", "commune-boundaries-2025"}
    sectors = official_ivry.districts(ledger)
    assert frame.loc["94041-petit-ivry", "obs_value"] == pytest.approx(area_ha(sectors["Petit-Ivry"]), abs=1e-3)
    districts = frame[frame["source"] == "district-boundaries-2026"]["obs_value"]
    assert districts.sum() == pytest.approx(frame.loc[IVRY, "obs_value"], abs=1e-2)
    assert frame[frame["source"] == "contours-iris-2025"]["obs_value"].sum() == pytest.approx(districts.sum(), abs=0.1)
    assert 600 < frame.loc[IVRY, "obs_value"] < 625


def test_density_follows_the_official_areas(built: Tables) -> None:
    density, area, people = (
        by_area(built, name) for name in ("population_density_inhabitants_per_km2", "land_area_ha", "population")
    )
    people = people[people["source"] == "insee-census-2021"]
    for code in (IVRY, "94041-ivry-port"):
        expected = 100 * people.loc[code, "obs_value"] / area.loc[code, "obs_value"]
        assert density.loc[code, "obs_value"] == pytest.approx(expected)
        assert f"[{area.loc[code, 'source']}]" in density.loc[code, "derived_from"]


def test_official_districts_without_official_iris_stop_the_build(
    catalogue: Catalogue, ledger: Ledger, tmp_path: Path
) -> None:
    register = Register(catalogue, ledger, tmp_path)
    path = official_ivry.write_districts(tmp_path / "quartiers.zip", ledger)
    _take(register, "district_boundaries", path, "2026")
    with pytest.raises(MissingOutlinesError, match="python -m etl fetch contours_iris --commune 94041"):
        register.build()


def test_official_iris_alone_leave_the_sketched_districts(catalogue: Catalogue, ledger: Ledger, tmp_path: Path) -> None:
    register = Register(catalogue, ledger, tmp_path)
    _take(register, "contours_iris", official_ivry.write_iris(tmp_path / "iris.gpkg", ledger), "2025", "")
    built = register.build()
    areas = built["territories"].set_index("ref_area")
    assert areas.loc[IVRY, "boundary"] == areas.loc["94041-ivry-port", "boundary"] == "sketch"
    assert areas.loc["940410101", "boundary"] == "official"
    frame = by_area(built, "land_area_ha")
    assert set(frame["source"]) == {"contours-iris-2025"}
    statuses = frame["obs_status"]
    assert (statuses[IVRY], statuses["940410101"], statuses["94041-ivry-port"]) == ("A", "A", "E")
    assert frame.loc[IVRY, "obs_value"] == pytest.approx(frame[frame.index.str.len() == 9]["obs_value"].sum())


@pytest.mark.parametrize(
    ("renamed", "words"),
    [({"Ivry-Port": "Ivry Port Nord"}, r"94041-ivry-port-nord is not known \(nearest: 94041-ivry-port, Ivry-Port\)"),
     ({"Ivry-Port": "Ivry Port Nord"}, r"94041-ivry-port \(Ivry-Port\) is missing"),
     ({"Ivry-Port": "Petit-Ivry"}, "has the district Petit-Ivry twice"), ({"Ivry-Port": "—"}, "gives it no name")],
)  # fmt: skip
def test_districts_that_are_not_those_known_are_refused(
    catalogue: Catalogue, ledger: Ledger, tmp_path: Path, renamed: dict[str, str], words: str
) -> None:
    register = Register(catalogue, ledger, tmp_path)
    path = official_ivry.write_districts(tmp_path / "quartiers.zip", ledger, renamed)
    with pytest.raises(UnreadableFileError, match=words):
        _take(register, "district_boundaries", path, "2026")
    assert not register.raw.exists()


def test_spellings_that_differ_only_by_signs_are_the_same_district(
    catalogue: Catalogue, ledger: Ledger, tmp_path: Path
) -> None:
    renamed = {
        "Louis-Bertrand – Mirabeau": "LOUIS BERTRAND / MIRABEAU",
        "Monmousseau – Vérollot": "Monmousseau-Verollot",
    }
    path = official_ivry.write_districts(tmp_path / "quartiers.zip", ledger, renamed)
    arrival = _take(Register(catalogue, ledger, tmp_path), "district_boundaries", path, "2026")
    assert "Louis-Bertrand – Mirabeau" in set(arrival.loaded.outlines["name"])


def test_districts_of_a_commune_without_a_sketch_are_those_of_its_file(
    catalogue: Catalogue, ledger: Ledger, tmp_path: Path
) -> None:
    register = Register(catalogue, ledger, tmp_path)
    # Vitry has no sketch: its districts are whatever its file says.
    path = official_ivry.write_districts(tmp_path / "quartiers.zip", ledger)
    arrival = _take(register, "district_boundaries", path, "2026", "94081")
    assert set(arrival.loaded.outlines["commune"]) == {"94081"}
    assert "94081-petit-ivry" in set(arrival.loaded.outlines["ref_area"])


def test_a_commune_without_a_sketch_is_what_its_iris_make_up(ledger: Ledger) -> None:
    units = ledger.frame("iris.csv").query("folder == '94074'")
    boxes = [shapely.box(2 + place, 48, 3 + place, 49) for place in range(len(units))]
    frame = pd.DataFrame({"ref_area": units["iris"], "level": "iris", "name": units["name"], "commune": "94074",
                          "boundary": "official", "source": "contours-iris-2025", "geometry": boxes})  # fmt: skip
    whole = outlines_of(replace(ledger, official=frame)).of_level("commune").set_index("ref_area")
    assert (whole.loc["94074", "boundary"], whole.loc["94074", "source"]) == ("official", "contours-iris-2025")
    assert whole.loc["94074", "geometry"].equals(shapely.box(2, 48, 2 + len(units), 49))
    # Of some of its IRIS nothing is made: the rest of the commune would be missing.
    assert "94074" not in set(outlines_of(replace(ledger, official=frame.iloc[1:])).of_level("commune")["ref_area"])


def test_communes_beside_the_catalogue_have_their_official_outline_and_area(
    catalogue: Catalogue, ledger: Ledger, tmp_path: Path
) -> None:
    register, answer = Register(catalogue, ledger, tmp_path), tmp_path / "communes.geojson"
    shape = square(2.42, 48.84, 0.02)
    answer.write_text(
        collection(feature({"code_insee": "94080", "nom_officiel": "Vincennes"}, shape)), encoding="utf-8"
    )
    _take(register, "commune_boundaries", answer, "2025", "")
    kept = snapshots(register.raw)
    *_, (_, tables, parts) = build_country(with_editions(catalogue, kept), ledger, kept, frozenset({"94080"}))
    area = tables["territories"].set_index("ref_area").loc["94080"]
    assert (area["name"], area["boundary"], area["boundary_source"]) == (
        "Vincennes", "official", "commune-boundaries-2025",
    )  # fmt: skip
    beside = pd.concat([part.rows.to_pandas() for part in parts])
    mine = beside[(beside["ref_area"] == "94080")].set_index("indicator")
    ground = abs(Geod(ellps="GRS80").geometry_area_perimeter(shapely.from_geojson(json.dumps(shape)))[0]) / 10_000
    assert mine.loc["land_area_ha", "obs_value"] == pytest.approx(ground, rel=1e-3)
    assert mine.loc["population_density_inhabitants_per_km2", "obs_value"] > 0


def test_shares_leave_slivers_out() -> None:
    def frame(**shapes: shapely.Polygon) -> pd.DataFrame:
        return pd.DataFrame({"ref_area": list(shapes), "geometry": list(shapes.values())})

    whole = frame(a=shapely.box(2.3, 48.8, 2.4, 48.9))
    districts = frame(x=shapely.box(2.2, 48.8, 2.36, 48.9), y=shapely.box(2.36, 48.8, 2.39995, 48.9),
                      z=shapely.box(2.39995, 48.8, 2.5, 48.9))  # fmt: skip
    shares = shares_by_overlap(whole, districts, IVRY).set_index("district")
    assert shares.index.tolist() == ["x", "y"]
    assert shares["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert shares["area_share"].sum() == pytest.approx(0.9995, abs=2e-4)
    assert shares.loc["x", "area_share"] == pytest.approx(0.6, abs=1e-3)
