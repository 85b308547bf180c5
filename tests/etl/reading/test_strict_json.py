"""JSON: what its standard allows is read as written; what it forbids is refused with its place."""

from pathlib import Path

import pytest

from data.errors import UnreadableFileError
from etl.reading import strict_json
from etl.reading.strict_json import WrittenNumber, parse_json, read_json


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answer.json"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "byte order mark"])
def test_values_are_what_the_file_says(file: Path, mark: bytes) -> None:
    file.write_bytes(mark + '{"nom": "Évry", "n": 12, "x": -1.5e2, "rien": null, "oui": true, "l": [1]}'.encode())
    assert read_json(file) == {"nom": "Évry", "n": 12, "x": -150.0, "rien": None, "oui": True, "l": [1]}


def test_numbers_keep_their_digits_when_asked_to() -> None:
    found = parse_json(b'[1.50, 0.1000000000000000055, 1e400, 12345678901234567890, "1.50"]', "a", as_written=True)
    assert found == ["1.50", "0.1000000000000000055", "1e400", "12345678901234567890", "1.50"]
    assert [type(one) is WrittenNumber for one in found] == [True, True, True, True, False]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(text: str) -> None:
    for as_written in (False, True):
        with pytest.raises(UnreadableFileError, match=f"{text} is no number in JSON"):
            parse_json(f'{{"a": [{text}]}}'.encode(), "a.json", as_written=as_written)


def test_a_number_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="1e999 is too large"):
        parse_json(b"[1e999]", "a.json")
    with pytest.raises(UnreadableFileError, match="sound JSON"):
        parse_json(b"9" * 5000, "a.json")


def test_a_key_twice_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="the key 'code' comes twice"):
        parse_json(b'[{"code": 1, "nom": 2, "code": 1}]', "a.json")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"), (b" \n ", "is empty"), (b"\xef\xbb\xbf", "is empty"),
        (b'{"a": 1', "line 1 column 8"), (b'{"a": 1}}', "Extra data"), (b"{'a': 1}", "sound JSON"),
        (b'{"a": 01}', "sound JSON"), (b'{"a": 1,}', "sound JSON"), (b'["a\nb"]', "control character"),
        ('{"a": "é"}'.encode("latin-1"), "not in UTF-8"), ('{"a": 1}'.encode("utf-16"), "not in UTF-8"),
        (b'["\\ud800"]', "half a character"), (b"<html><body>", "XML or a web page"),
    ],
)  # fmt: skip
def test_what_is_no_sound_json_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFileError, match=why):
        parse_json(data, "a.json")


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert parse_json(b'["\\ud83c\\udf33"]', "a.json") == ["🌳"]


def test_the_refusal_of_a_service_is_told_in_its_words() -> None:
    answer = (b'<?xml version="1.0"?><ows:ExceptionReport><ows:Exception exceptionCode="InvalidParameterValue">'
              b"<ows:ExceptionText>Feature type :IRIS\n unknown</ows:ExceptionText></ows:Exception>"
              b"</ows:ExceptionReport>")  # fmt: skip
    with pytest.raises(UnreadableFileError, match="refusal of a service, not data; it says: 'Feature type :IRIS unkn"):
        parse_json(answer, "a.json")


def test_depth_is_bounded_whatever_is_open() -> None:
    assert parse_json(b"[" * 100 + b"]" * 100, "a.json")
    for data in (b"[" * 101 + b"]" * 101, b"[" * 1_000_000, b'{"a":' * 100_000):
        with pytest.raises(UnreadableFileError, match="nested more than 100 deep"):
            parse_json(data, "a.json")


def test_brackets_in_texts_are_no_depth() -> None:
    text = "[{" * 200 + '\\"' + "[" * 200
    assert parse_json(f'["{text}"]'.encode(), "a.json") == [text.replace('\\"', '"')]


def test_a_file_too_large_is_refused_unread(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "LARGEST_BYTES", 5)
    file.write_bytes(b"[1, 2]")
    with pytest.raises(UnreadableFileError, match="has 6 bytes, more than 5"):
        read_json(file)


def test_an_absent_file_is_refused(file: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        read_json(file)
