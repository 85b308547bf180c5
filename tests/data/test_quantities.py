"""The free quantities of a programme."""

import pytest

from data.release import Release
from data.rules.quantities import Quantity, parse_quantities


def test_more_than_two_hectares_and_social_ownership() -> None:
    assert parse_quantities("urban_agriculture_ha>2;social_ownership=yes") == [
        Quantity("urban_agriculture_ha", True, "2"),
        Quantity("social_ownership", False, "yes"),
    ]


def test_no_text_no_quantity() -> None:
    assert parse_quantities("") == []


@pytest.mark.parametrize("text", ["25 classes", "school_classes", "=25", "school_classes<25", "School=25", "a=1;b"])
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not name=value or name>value"):
        parse_quantities(text)


def test_quantities_of_the_agrocite_reach_the_release(release: Release) -> None:
    programmes = release.table("programmes").set_index("programme_id")
    quantities = parse_quantities(programmes.loc["ivry-agrocite-gagarine-truillot", "other_quantities"])
    assert Quantity("urban_agriculture_ha", True, "2") in quantities
