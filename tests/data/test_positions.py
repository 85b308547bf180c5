"""How far positions are from a commune: facts of the ground around Ivry."""

import pytest

from data.release import Release
from data.rules.positions import bounds_around, commune_shape, distance_km


def test_distances_from_ivry(release: Release) -> None:
    ivry = commune_shape(release.table("territories"), "94041")
    # 613 ha of sketch; its town hall is inside; Notre-Dame 3 to 4 km away, Versailles castle some 18, Valence 460.
    assert ivry.area / 10_000 == pytest.approx(613, abs=2)
    assert distance_km(ivry, 2.3849, 48.8131) == 0
    assert 3 < distance_km(ivry, 2.3499, 48.8530) < 4.5
    assert 17 < distance_km(ivry, 2.1204, 48.8049) < 20
    assert 450 < distance_km(ivry, 4.8924, 44.9334) < 480


def test_a_commune_without_outline_is_where_its_units_are(release: Release) -> None:
    valence = commune_shape(release.table("territories"), "26362")
    assert valence.geom_type == "MultiPoint"
    assert distance_km(valence, 4.8924, 44.9334) < 1


def test_a_commune_without_positions_has_no_shape(release: Release) -> None:
    assert commune_shape(release.table("territories"), "75056").is_empty


def test_the_box_around_holds_what_is_near(release: Release) -> None:
    ivry = commune_shape(release.table("territories"), "94041")
    west, south, east, north = bounds_around(ivry, 15)
    # A degree is 111 km from south to north, 73 km from west to east at this latitude.
    outline_west, outline_south, outline_east, outline_north = bounds_around(ivry, 0.001)
    assert (outline_south - south) * 111.2 == pytest.approx(15, abs=0.3)
    assert (north - outline_north) * 111.2 == pytest.approx(15, abs=0.3)
    assert (outline_west - west) * 73.3 == pytest.approx(15, abs=0.3)
    assert (east - outline_east) * 73.3 == pytest.approx(15, abs=0.3)
