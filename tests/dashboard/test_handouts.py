"""One page a district for public meetings, ordinary and simplified: whole, tagged, nothing dropped in silence."""

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest

from dashboard.content import quarter
from dashboard.content.simple.pages import simple_of
from dashboard.dossier.handout import HandoutError, handout
from dashboard.maps.locate import locator
from dashboard.view import View


def _words(text: str) -> str:
    """Return words without spaces: those within numbers are gaps on a page, no signs."""
    return re.sub(r"\s", "", text)


def _text(content: bytes, folder: Path) -> str:
    path = folder / "page.pdf"
    path.write_bytes(content)
    return _words(
        subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True).stdout.decode()
    )


@pytest.mark.parametrize("simply", [False, True], ids=["ordinary", "simplified"])
def test_one_accessible_page(district: View, simply: bool) -> None:
    with pikepdf.open(io.BytesIO(handout(district, simply))) as page:
        assert len(page.pages) == 1
        assert bool(page.Root.MarkInfo.Marked)
        assert str(page.Root.Lang).startswith("fr")
        with page.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert district.area_name in metadata["dc:title"]


def test_each_line_is_printed_or_counted(district: View, tmp_path: Path) -> None:
    text = _text(handout(district), tmp_path)
    existing, announced, _ = quarter.sections(district)
    lines = [line.name for section in (existing, announced) for group in section.groups for line in group.lines]
    printed = sum(_words(name) in text for name in lines)
    left = [int(count) for count in re.findall(r"(\d+)autreslignesn’ontpastrouvéplace", text)]
    left += [1] * text.count("Uneautrelignen’apastrouvéplace")
    assert printed + sum(left) == len(lines)
    if existing.empty:
        assert _words(existing.empty) in text


def test_the_figures_are_those_of_the_district_s_page(district: View, tmp_path: Path) -> None:
    text = _text(handout(district), tmp_path)
    for tile in quarter.tiles(district)[:4]:
        assert _words(tile.number) in text
        assert _words(tile.detail) in text


def test_the_simplified_page_says_the_simplified_sentences(district: View, tmp_path: Path) -> None:
    text = _text(handout(district, simply=True), tmp_path)
    simple = simple_of("quartier", district)
    assert simple is not None
    words = [_words(sentence) for sentence in simple.sentences]
    # A mark of a note may follow a sentence: the sentence itself is whole.
    assert [sentence for sentence in words if sentence.rstrip(".") not in text] == []


def test_the_map_colours_the_district_alone(district: View) -> None:
    prepared = locator(district, "territory")
    assert prepared is not None
    chosen = prepared.frame[prepared.frame["ref_area"] == district.ref_area]["fill"].iloc[0]
    others = set(prepared.frame[prepared.frame["ref_area"] != district.ref_area]["fill"])
    assert len(others) == 1
    assert chosen not in others
    assert set(prepared.frame["state"]) == {"not_named"}


def test_the_whole_city_has_none(city: View) -> None:
    with pytest.raises(HandoutError):
        handout(city)
    assert locator(city, "territory") is None
