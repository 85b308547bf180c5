"""English beside French: everything pages say, in English words and numbers, but for names that have no other."""

import dataclasses
import re
from collections.abc import Iterator

import pandas as pd
import pytest

from dashboard.content.tree import PageTree
from dashboard.messages import catalogue
from dashboard.publication.trees import with_figures
from dashboard.view import View, the_view
from data.release import Release
from tests.dashboard.conftest import TODAY

# Words that no English sentence has, two of which make a sentence French.
FRENCH = re.compile(
    r"(?<![\w’'-])(?:le|les|la|des|du|une|un|et|ou|pour|par|dans|sur|avec|est|sont|qui|que|aux|ses|leur|pas|sans|ne|au"
    r"|données?|valeurs?|quartiers?|logements?|ville|année|depuis|prévus?|livrés?)(?![\w’'-])",
    re.IGNORECASE,
)
# Spaces before signs, decimal commas, guillemets, spaces within numbers.
TYPOGRAPHY = re.compile(r"\w\s[:;?!]|\d\s%|«|»|\d[\u202f\u00a0]\d{3}|\d,\d{1,2}(?!\d)")
# What has one name in the release, whatever the language: proper names, publishers, licences, what files say.
NAMES = {
    "programmes": ("name",), "territories": ("name", "short_name"), "places": ("name",), "map_context": ("name",),
    "sources": ("publisher", "licence"),
}  # fmt: skip
_DRAWN = frozenset({"specification", "export", "key", "colours"})


def _strings(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, pd.DataFrame):
        return
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            if field.name not in _DRAWN:
                yield from _strings(getattr(part, field.name))
    elif isinstance(part, tuple | list):
        for one in part:
            yield from _strings(one)


@pytest.fixture(scope="module")
def names(release: Release) -> re.Pattern[str]:
    found = {str(value) for table, columns in NAMES.items() for column in columns
             for value in release.table(table)[column] if len(str(value)) > 3}  # fmt: skip
    return re.compile("|".join(map(re.escape, sorted(found, key=len, reverse=True))), re.IGNORECASE)


def _pages(release: Release, district: str) -> Iterator[tuple[str, PageTree]]:
    view = the_view(release, "94041", district, "en", "light", TODAY)
    for shown, where, tree_of in with_figures(view):
        if shown.district == district:
            yield where, tree_of(shown)


@pytest.mark.parametrize("district", ["ville", "ivry-port"])
def test_no_page_says_anything_in_french(release: Release, names: re.Pattern[str], district: str) -> None:
    found, seen = [], 0
    for where, tree in _pages(release, district):
        for words in _strings(tree):
            seen += 1
            left = names.sub(" ", words)
            if len({hit.lower() for hit in FRENCH.findall(left)}) > 1:
                found.append((where, left))
    assert seen > 3000
    assert found == []


@pytest.mark.parametrize("district", ["ville", "ivry-port"])
def test_numbers_and_signs_stand_as_in_english(release: Release, names: re.Pattern[str], district: str) -> None:
    found = []
    for where, tree in _pages(release, district):
        found += [(where, words) for words in _strings(tree) if TYPOGRAPHY.search(names.sub("X", words))]
    assert found == []


def test_both_languages_say_the_same_numbers(city: View, english: View) -> None:
    """Digit by digit: a figure is the same figure in both languages."""

    def digits(view: View) -> dict[str, list[str]]:
        return {
            where: sorted(re.sub(r"\D", "", tile.number) for tile in tree_of(shown).tiles)
            for shown, where, tree_of in with_figures(view)
            if shown.is_city
        }

    assert digits(city) == digits(english)


def test_a_message_takes_the_same_values_in_both_languages() -> None:
    place = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}")
    french, english = catalogue("fr"), catalogue("en")
    assert french.keys() == english.keys()
    assert [key for key in french if set(place.findall(french[key])) != set(place.findall(english[key]))] == []


def test_no_message_was_left_in_french() -> None:
    left = [key for key, words in catalogue("en").items() if len({hit.lower() for hit in FRENCH.findall(words)}) > 1]
    assert left == []
