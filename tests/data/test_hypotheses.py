"""What a reader supposes, written in an address and in a file, and everything that can be wrong with either."""

import json
import re
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.hypotheses import (
    FILE_VERSION,
    LONGEST_TEXT,
    NOTHING_SUPPOSED,
    Hypotheses,
    HypothesisError,
    HypothesisFault,
    OperationHypothesis,
    from_file,
    from_text,
    to_file,
    to_text,
)
from tests.data.supposing import over, steady, thorough

IVRY, RELEASE = "94041", "0123456789abcdef"
EXAMPLE = Hypotheses(
    operations=(over("ivry-port-renewal", 2026, 2035, delivered_percent=12.5, delay_years=1),),
    delay_years=2,
    only_under_way=True,
    readings=(("quais-in-ivry-port", "inside"),),
    household_sizes=(("dwellings", 2.1),),
)
WRITTEN = (
    "delay.2~only.under-way~reading.quais-in-ivry-port.inside~household.dwellings.2_1"
    "~operation.ivry-port-renewal.2026-2035.p12_5.d1"
)


@st.composite
def _operation(draw: st.DrawFn, name: str) -> OperationHypothesis:
    years = draw(st.none() | st.tuples(st.integers(2000, 2100), st.integers(2000, 2100)).map(sorted))
    first, last = years or (None, None)
    share = draw(st.none() | st.floats(0, 100))
    # Something at least is supposed.
    delay = draw(st.integers(0 if years or share is not None else 1, 30))
    return OperationHypothesis(
        programme_id=name, first_year=first, last_year=last, delivered_percent=share, delay_years=delay
    )


def _names() -> st.SearchStrategy[list[str]]:
    return st.lists(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True), unique=True, max_size=4).map(sorted)


@st.composite
def _suppositions(draw: st.DrawFn) -> Hypotheses:
    """Draw any hypotheses that do not contradict themselves."""
    size = st.floats(0, 20, exclude_min=True)
    return Hypotheses(
        operations=tuple(draw(_operation(name)) for name in draw(_names())),
        delay_years=draw(st.integers(0, 30)),
        only_under_way=draw(st.booleans()),
        readings=tuple((name, draw(st.from_regex(r"[a-z]+(_[a-z]+)*", fullmatch=True))) for name in draw(_names())),
        household_sizes=tuple((name, draw(size)) for name in draw(_names())),
    )


def _codes(error: pytest.ExceptionInfo[HypothesisError]) -> list[str]:
    return [fault.code for fault in error.value.faults]


def _outcome(read: Callable[[], Hypotheses]) -> tuple[Hypotheses | None, tuple[HypothesisFault, ...]]:
    """Return the hypotheses read, or the faults they have; any other error is a failure."""
    try:
        return read(), ()
    except HypothesisError as error:
        return None, error.faults


def _file(**changes: object) -> str:
    return json.dumps(json.loads(to_file(EXAMPLE, IVRY, RELEASE)) | changes)


def test_nothing_supposed_is_nothing_in_the_address() -> None:
    assert to_text(NOTHING_SUPPOSED) == ""
    assert from_text("") == NOTHING_SUPPOSED


def test_an_address_is_read_as_it_is_written() -> None:
    assert to_text(EXAMPLE) == WRITTEN
    assert from_text(WRITTEN) == EXAMPLE


@steady
@given(_suppositions())
def test_an_address_brings_hypotheses_back(supposed: Hypotheses) -> None:
    text = to_text(supposed)
    assert re.fullmatch(r"[A-Za-z0-9._~-]*", text)
    assert from_text(text) == supposed


@steady
@given(_suppositions())
def test_a_file_brings_hypotheses_back(supposed: Hypotheses) -> None:
    assert from_file(to_file(supposed, IVRY, RELEASE), IVRY) == supposed


def test_a_file_says_what_it_is_about() -> None:
    content = json.loads(to_file(EXAMPLE, IVRY, RELEASE))
    assert (content["kind"], content["version"]) == ("observatory-hypotheses", FILE_VERSION)
    assert (content["commune"], content["release"]) == (IVRY, RELEASE)


def test_the_order_of_an_address_does_not_matter() -> None:
    parts = WRITTEN.split("~")
    assert from_text("~".join(reversed(parts))) == EXAMPLE


def test_supposing_anew_replaces_and_supposing_nothing_takes_back() -> None:
    again = EXAMPLE.suppose(over("ivry-port-renewal", 2027, 2030))
    assert [one.first_year for one in again.operations] == [2027]
    assert again.suppose(OperationHypothesis(programme_id="ivry-port-renewal")).operations == ()
    assert EXAMPLE.read_as("quais-in-ivry-port", "outside").reading("quais-in-ivry-port") == "outside"
    assert EXAMPLE.read_as("quais-in-ivry-port", "").readings == ()
    assert EXAMPLE.with_household_size("dwellings", 3.0).household_size("dwellings") == 3.0
    assert EXAMPLE.with_household_size("dwellings", None).household_sizes == ()


def test_an_operation_of_which_nothing_is_supposed_leaves_no_trace() -> None:
    text = _file(hypotheses={"operations": [{"programme_id": "ivry-port-renewal"}]})
    assert from_file(text, IVRY) == NOTHING_SUPPOSED


@pytest.mark.parametrize(
    "clause",
    [
        "garbage",
        "<script>alert(1)</script>",
        "delay",
        "delay.two",
        "delay.2.3",
        "delay.2~delay.3",
        "delay.１",
        "only.planned",
        "reading.quais-in-ivry-port",
        "household.dwellings.many",
        "operation.ivry-port-renewal",
        "operation.ivry-port-renewal.2026",
        "operation.ivry-port-renewal.26-35",
        "operation.ivry-port-renewal.p-5",
        "operation.ivry-port-renewal.pnan",
        "operation.ivry-port-renewal.d-1",
        "operation.ivry-port-renewal.d1.d2",
        "operation.ivry-port-renewal.2026-2030.2031-2035",
    ],
)
def test_what_cannot_be_read_in_an_address_is_said(clause: str) -> None:
    with pytest.raises(HypothesisError) as error:
        from_text(clause)
    assert _codes(error) == ["unreadable"]


@pytest.mark.parametrize(
    ("clause", "place"),
    [
        ("delay.31", "delay_years"),
        ("delay.-1", "delay_years"),
        ("delay." + "9" * 3000, "delay_years"),
        ("household.dwellings.0", "household_sizes.0.1"),
        ("household.dwellings.-2", "household_sizes.0.1"),
        ("household.dwellings.nan", "household_sizes.0.1"),
        ("household.dwellings.inf", "household_sizes.0.1"),
        ("household.dwellings.1e99", "household_sizes.0.1"),
        ("operation.ivry-port-renewal.1999-2035", "operations.0.first_year"),
        ("operation.ivry-port-renewal.2026-9999", "operations.0.last_year"),
        ("operation.ivry-port-renewal.p100_1", "operations.0.delivered_percent"),
        ("operation.ivry-port-renewal.d31", "operations.0.delay_years"),
        ("operation.Ivry-Port.d1", "operations.0.programme_id"),
        ("operation..d1", "operations.0.programme_id"),
    ],
)
def test_a_value_that_cannot_be_is_said_with_its_place(clause: str, place: str) -> None:
    with pytest.raises(HypothesisError) as error:
        from_text(clause)
    assert [(fault.code, fault.place) for fault in error.value.faults] == [("impossible_value", place)]
    assert len(error.value.faults[0].value) <= 80


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("operation.a.d1~operation.a.2026-2030", "supposed_twice"),
        ("reading.a.inside~reading.a.outside", "supposed_twice"),
        ("household.dwellings.2~household.dwellings.3", "supposed_twice"),
        ("operation.a.2030-2026", "ends_before_it_begins"),
    ],
)
def test_hypotheses_that_overlap_or_run_backwards_are_refused(text: str, code: str) -> None:
    with pytest.raises(HypothesisError) as error:
        from_text(text)
    assert _codes(error) == [code]


@pytest.mark.parametrize("half", [{"first_year": 2027}, {"last_year": 2027}])
def test_half_a_window_is_refused(half: dict[str, int]) -> None:
    with pytest.raises(HypothesisError) as error:
        from_file(_file(hypotheses={"operations": [{"programme_id": "a", **half}]}), IVRY)
    assert _codes(error) == ["half_a_window"]


def test_an_address_of_a_megabyte_is_refused_at_once() -> None:
    with pytest.raises(HypothesisError) as error:
        from_text("delay.1~" * 131_072)
    assert _codes(error) == ["too_long"]
    assert len("delay.1~" * 131_072) > LONGEST_TEXT


def test_every_fault_of_an_address_is_listed() -> None:
    with pytest.raises(HypothesisError) as error:
        from_text("what~delay.2~operation.a.p1000x~only.")
    assert [fault.value for fault in error.value.faults] == ["what", "operation.a.p1000x", "only."]
    with pytest.raises(HypothesisError) as error:
        from_text("delay.99~household.dwellings.0~operation.a.p101.d99")
    assert [fault.place for fault in error.value.faults] == [
        "operations.0.delivered_percent", "operations.0.delay_years", "delay_years", "household_sizes.0.1"
    ]  # fmt: skip
    with pytest.raises(HypothesisError) as error:
        from_text("operation.a.2030-2026~operation.a.d1~reading.r.one~reading.r.other")
    assert _codes(error) == ["ends_before_it_begins", "supposed_twice", "supposed_twice"]


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "12", '"text"', "{", "{}", "\x00", "delay.2", '{"kind": "something-else"}', "[" * 100_000,
     '{"kind": "observatory-hypotheses", "version": ' + "1" * 5000 + "}",
     '{"kind": "observatory-hypotheses", "version": 1, "commune": "\\ud800"}',
     _file(hypotheses=None), _file(hypotheses=[]), _file(hypotheses="delay.2")],
    ids=lambda text: text[:24],
)  # fmt: skip
def test_a_file_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(HypothesisError) as error:
        from_file(text, IVRY)
    assert _codes(error) == ["not_our_file"]
    assert len(error.value.faults[0].value) <= 40


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 2}, "other_version"),
        ({"version": None}, "other_version"),
        ({"commune": "26362"}, "other_commune"),
        ({"commune": None}, "other_commune"),
        ({"hypotheses": {"delay_years": float("nan")}}, "impossible_value"),
        ({"hypotheses": {"delay_years": -1}}, "impossible_value"),
        ({"hypotheses": {"delay_years": 1e300}}, "impossible_value"),
        ({"hypotheses": {"surprise": 1}}, "impossible_value"),
        ({"hypotheses": {"operations": {"a": 1}}}, "impossible_value"),
        ({"hypotheses": {"readings": [["a", "b", "c"]]}}, "impossible_value"),
        ({"hypotheses": {"household_sizes": [["dwellings", float("inf")]]}}, "impossible_value"),
        ({"hypotheses": {"operations": [{"programme_id": "a", "delay_years": 1}] * 2}}, "supposed_twice"),
    ],
)
def test_a_file_of_ours_that_does_not_hold_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(HypothesisError) as error:
        from_file(_file(**changes), IVRY)
    assert _codes(error) == [code]


@pytest.mark.parametrize("deep", ["[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900], ids=["lists", "objects"])
def test_what_is_nested_without_end_is_only_a_fault(deep: str) -> None:
    text = _file().replace('"operations": [', f'"operations": [{deep}, ')
    with pytest.raises(HypothesisError):
        from_file(text, IVRY)


@thorough
@given(st.text() | st.from_regex(r"(delay|only|reading|household|operation)\.[a-z0-9._~-]{0,30}", fullmatch=True))
def test_no_address_is_anything_but_hypotheses_or_faults(text: str) -> None:
    read, faults = _outcome(lambda: from_text(text))
    assert (read is None) == bool(faults)
    assert read is None or from_text(to_text(read)) == read


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ("operations", "delay_years", "readings", "household_sizes", "programme_id", "first_year")), inner, max_size=4),
)  # fmt: skip


@thorough
@given(_JSON)
def test_no_file_is_anything_but_hypotheses_or_faults(content: object) -> None:
    for text in (json.dumps(content), _file(hypotheses=content)):
        read, faults = _outcome(partial(from_file, text, IVRY))
        assert (read is None) == bool(faults)
