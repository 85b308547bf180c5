"""Which IRIS are alike: the same as plain sums over every row say, whatever the order of the rows."""

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import NoStructureError, UnknownIrisError
from data.release import Release
from data.rules.structures import SHARES, Structures, distances, nearest, shares_of, structures_of

IVRY_PORT_SUD = "940410304"


class Counts(NamedTuple):
    """What the census counts in one IRIS, without what no share needs."""

    population: int
    population_under_20: int
    population_65_and_over: int
    dwellings: int
    flats: int
    vacant_dwellings: int
    main_homes: int


def _frame(rows: list[Counts]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=Counts._fields).astype("float64")
    frame.insert(0, "ref_area", [f"{place:09d}" for place in range(len(rows))])
    return frame


def _plain_shares(row: Counts) -> tuple[float, ...] | None:
    if not row.population or not row.dwellings:
        return None
    people, homes = row.population, row.dwellings
    return (row.population_under_20 / people, row.population_65_and_over / people, row.flats / homes,
            row.vacant_dwellings / homes, row.main_homes / homes)  # fmt: skip


def _plain_distances(rows: dict[str, Counts], ref_area: str) -> dict[str, float]:
    """Return how far every IRIS is from one, by loops over plain numbers, without the code that is tested."""
    shares = {code: found for code, row in rows.items() if (found := _plain_shares(row))}
    columns = list(zip(*shares.values(), strict=True))
    means = [math.fsum(column) / len(column) for column in columns]
    spreads = [
        math.sqrt(math.fsum((value - mean) ** 2 for value in column) / len(column)) if len(set(column)) > 1 else 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    own = shares[ref_area]
    return {
        code: math.sqrt(sum(((a - b) / spread) ** 2 for a, b, spread in zip(found, own, spreads, strict=True)))
        for code, found in shares.items()
    }


def _plain_nearest(found: dict[str, float], ref_area: str, count: int) -> list[tuple[str, float]]:
    others = [(code, distance) for code, distance in found.items() if code != ref_area]
    return sorted(others, key=lambda one: (round(one[1], 9), one[0]))[:count]


@pytest.fixture(scope="module")
def rows(release: Release) -> dict[str, Counts]:
    table = release.table("iris_structures")
    values = table[list(Counts._fields)].astype(int).itertuples(index=False, name=None)
    return {code: Counts(*one) for code, one in zip(table["ref_area"], values, strict=True)}


@pytest.fixture(scope="module")
def structures(release: Release) -> Structures:
    return structures_of(release.table("iris_structures"))


@pytest.mark.parametrize("ref_area", [IVRY_PORT_SUD, "010010000", "2A0410000", "751010102", "974110101"])
def test_the_nearest_of_france_are_those_that_plain_sums_find(
    rows: dict[str, Counts], structures: Structures, ref_area: str
) -> None:
    found = nearest(structures, ref_area, 25)
    expected = _plain_nearest(_plain_distances(rows, ref_area), ref_area, 25)
    assert found["ref_area"].tolist() == [code for code, _ in expected]
    assert found["distance"].tolist() == pytest.approx([distance for _, distance in expected], abs=1e-9)
    for row in found.to_dict("records"):
        shares = _plain_shares(rows[row["ref_area"]])
        assert shares is not None
        assert [row[name] for name in SHARES] == pytest.approx([100 * share for share in shares])


def test_every_distance_of_france_is_that_of_plain_sums(rows: dict[str, Counts], structures: Structures) -> None:
    found = dict(zip(structures.shares.index, distances(structures, IVRY_PORT_SUD), strict=True))
    assert found == pytest.approx(_plain_distances(rows, IVRY_PORT_SUD), abs=1e-9)


def test_all_of_france_is_compared_but_iris_where_nobody_lives_or_nothing_stands(
    rows: dict[str, Counts], structures: Structures
) -> None:
    empty = {code for code, row in rows.items() if not row.population or not row.dwellings}
    assert structures.left_out == empty
    assert (len(structures.shares), len(empty), len(rows)) == (49_116, 164, 49_280)


def test_what_is_compared_has_mean_0_and_standard_deviation_1(structures: Structures) -> None:
    assert structures.standardised.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert structures.standardised.std(axis=0) == pytest.approx(1)
    assert structures.shares.ge(0).all(axis=None)
    assert structures.shares.le(100).all(axis=None)


def test_ivry_port_sud_is_nearest_to_a_young_quarter_of_flats(structures: Structures) -> None:
    found = nearest(structures, IVRY_PORT_SUD, 10)
    assert found["ref_area"].tolist() == [
        "780050103", "912280107", "920090101", "771520204", "141181201",
        "782970108", "751135015", "930660902", "930011102", "772840501",
    ]  # fmt: skip
    assert found["distance"].is_monotonic_increasing
    assert found["distance"].iloc[[0, -1]].round(2).tolist() == [0.19, 0.37]


def test_the_order_of_the_rows_of_france_changes_nothing(release: Release, structures: Structures) -> None:
    shuffled = structures_of(release.table("iris_structures").sample(frac=1, random_state=94041))
    pd.testing.assert_frame_equal(
        nearest(shuffled, IVRY_PORT_SUD, 500), nearest(structures, IVRY_PORT_SUD, 500), check_exact=True
    )


@pytest.mark.parametrize("ref_area", ["", "94041", "940419999", "94041-ivry-port", "9404103040"])
def test_an_unknown_iris_is_named(structures: Structures, ref_area: str) -> None:
    with pytest.raises(UnknownIrisError, match=f"no IRIS '{ref_area}'"):
        nearest(structures, ref_area, 10)


def test_an_iris_that_cannot_be_compared_is_named(structures: Structures) -> None:
    for ref_area in sorted(structures.left_out)[:3]:
        with pytest.raises(NoStructureError, match=f"IRIS {ref_area} has no inhabitants or no dwellings"):
            nearest(structures, ref_area, 10)
    assert not structures.left_out & set(nearest(structures, IVRY_PORT_SUD, 50_000)["ref_area"])


def test_a_share_of_nothing_or_of_an_unknown_count_is_none_and_zero_is_a_share() -> None:
    frame = _frame([Counts(0, 0, 0, 10, 5, 0, 10), Counts(10, 0, 5, 10, 0, 0, 0), Counts(9, 3, 3, 9, 3, 3, 3)])
    frame.loc[2, "flats"] = np.nan
    shares = shares_of(frame).to_numpy().tolist()
    assert shares[0] == pytest.approx([np.nan, np.nan, 50, 0, 100], nan_ok=True)
    assert shares[1] == pytest.approx([0, 50, 0, 0, 0])
    assert shares[2] == pytest.approx([100 / 3, 100 / 3, np.nan, 100 / 3, 100 / 3], nan_ok=True)
    assert structures_of(frame).left_out == {"000000000", "000000002"}


def test_of_iris_at_the_same_distance_the_lowest_code_comes_first() -> None:
    twin, other = Counts(10, 2, 3, 10, 5, 1, 8), Counts(10, 5, 1, 10, 0, 0, 4)
    doubled = Counts(*(2 * count for count in twin))
    structures = structures_of(_frame([other, twin, doubled, twin]).iloc[::-1])
    found = nearest(structures, "000000002", 10)
    assert found["ref_area"].tolist() == ["000000001", "000000003", "000000000"]
    assert found["distance"].tolist()[:2] == [0.0, 0.0]


def test_nothing_to_compare_is_no_error() -> None:
    structures = structures_of(_frame([]))
    assert (len(structures.shares), structures.left_out) == (0, frozenset())
    with pytest.raises(UnknownIrisError):
        nearest(structures, IVRY_PORT_SUD, 10)
    alone = structures_of(_frame([Counts(10, 2, 3, 10, 5, 1, 8)]))
    assert nearest(alone, "000000000", 10).empty


@st.composite
def _counts(draw: st.DrawFn) -> Counts:
    """Return counts of one IRIS of which no part is larger than the whole; some are empty."""
    people, homes = draw(st.integers(0, 60)), draw(st.integers(0, 60))
    young, main = draw(st.integers(0, people)), draw(st.integers(0, homes))
    old, vacant = draw(st.integers(0, people - young)), draw(st.integers(0, homes - main))
    return Counts(people, young, old, homes, draw(st.integers(0, homes)), vacant, main)


FRAMES = st.lists(_counts(), min_size=1, max_size=25)


@given(FRAMES)
@settings(deadline=None)
def test_distances_are_those_of_a_space(rows: list[Counts]) -> None:
    structures = structures_of(_frame(rows))
    codes = list(structures.shares.index)
    matrix = np.array([distances(structures, code) for code in codes]).reshape(len(codes), len(codes))
    assert (np.diag(matrix) == 0).all()
    assert (matrix == matrix.T).all()
    around = (matrix[:, :, None] + matrix[None, :, :]).min(axis=1, initial=np.inf)
    assert (matrix <= around + 1e-9).all()
    for code, row in zip(codes, matrix, strict=True):
        plain = _plain_distances({f"{place:09d}": one for place, one in enumerate(rows)}, code)
        assert dict(zip(codes, row, strict=True)) == pytest.approx(plain, abs=1e-9)


@given(FRAMES, st.randoms(use_true_random=False), st.integers(1, 30))
@settings(deadline=None)
def test_neither_order_nor_size_changes_who_is_near(rows: list[Counts], random: object, count: int) -> None:
    frame = _frame(rows)
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    structures, turned = structures_of(frame), structures_of(frame.iloc[order])
    tripled = structures_of(frame.assign(**{name: frame[name] * 3 for name in Counts._fields}))
    for code in structures.shares.index:
        found = nearest(structures, code, count)
        pd.testing.assert_frame_equal(nearest(turned, code, count), found, check_exact=True)
        pd.testing.assert_frame_equal(nearest(tripled, code, count), found, check_exact=True)
        assert len(found) == min(count, len(structures.shares) - 1)
        assert code not in set(found["ref_area"])
        assert found["distance"].is_monotonic_increasing
