"""Who lives near a station or a green space: metres on the ground, not degrees."""

import numpy as np
import pandas as pd
import pytest
import shapely

from data.rules.access import covered_shares, near_a_station

TOWN_HALL = {"longitude": 2.3845, "latitude": 48.8111}


def _points(*offsets: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"longitude": TOWN_HALL["longitude"] + east, "latitude": TOWN_HALL["latitude"] + north}
            for east, north in offsets
        ]
    )


@pytest.mark.parametrize(
    ("east", "north", "near"),
    [
        (0, 0, True),
        (0, 0.0071, True),  # 790 m
        (0, -0.0073, False),  # 812 m
        (0.0107, 0, True),  # 785 m: a degree of longitude is a third shorter than one of latitude
        (-0.0111, 0, False),  # 815 m
    ],
)
def test_800_metres_in_each_direction(east: float, north: float, near: bool) -> None:
    assert near_a_station(_points((east, north)), _points((0, 0)), 800).tolist() == [near]


def test_one_near_station_among_many_is_enough() -> None:
    assert near_a_station(_points((0, 0)), _points((1, 1), (0, 0.001), (-1, 0)), 800).all()


def test_without_stations_nobody_is_near() -> None:
    assert not near_a_station(_points((0, 0)), _points((0, 0)).iloc[:0], 800).any()


def test_answers_carry_the_index_of_the_centres() -> None:
    centres = _points((0, 0), (1, 0)).set_axis(["940410101", "940410102"])
    assert near_a_station(centres, _points((0, 0)), 800).to_dict() == {"940410101": True, "940410102": False}


def test_a_surface_counts_by_the_part_that_is_covered_and_a_point_whole_or_not() -> None:
    zone = shapely.box(0, 0, 100, 100)
    places = np.array([shapely.box(50, 0, 150, 100), shapely.box(200, 0, 300, 100), shapely.Point(10, 10),
                       shapely.Point(101, 0), shapely.box(10, 10, 20, 20)], dtype=object)  # fmt: skip
    assert covered_shares(places, zone).tolist() == [0.5, 0.0, 1.0, 0.0, 1.0]
