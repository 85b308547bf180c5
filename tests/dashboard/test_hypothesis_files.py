"""Hypotheses that are kept and brought back: the two downloads, and every fault in a reader's words."""

import io
import re
import tomllib
from urllib.parse import quote

import pandas as pd
import pytest

from dashboard.content.assumptions import fault_words
from dashboard.content.outcomes import export_rows
from dashboard.content.scenario import foundation
from dashboard.view import View
from data.hypotheses import (
    NOTHING_SUPPOSED,
    Hypotheses,
    HypothesisError,
    HypothesisFault,
    from_file,
    from_text,
    to_text,
)
from data.rules.supposing import contradictions
from data.settings import CATALOGUE
from tests.data.supposing import over
from tests.serving import Observatory

QUAIS, QUAIS_NAME = "ivry-quais-d-ivry", "Quais d’Ivry (transformation du centre commercial)"
KEPT = Hypotheses(
    operations=(over("ivry-port-renewal", 2027, 2036, delivered_percent=33.3), over(QUAIS, 2026, 2035, delay_years=1)),
    delay_years=3,
    readings=(("quais-in-ivry-port", "inside"),),
    household_sizes=(("dwellings", 2.1),),
)
DOWNLOAD = "/telecharger/hypotheses"
OURS = '{"kind": "observatory-hypotheses", "version": %s, "commune": "%s", "hypotheses": %s}'
FAULTY = {
    "unreadable": "garbage",
    "too_long": "delay.1~" * 131_072,
    "impossible_value": "delay.99",
    "supposed_twice": f"operation.{QUAIS}.d1~operation.{QUAIS}.d2",
    "half_a_window": OURS % (1, "94041", f'{{"operations": [{{"programme_id": "{QUAIS}", "first_year": 2027}}]}}'),
    "ends_before_it_begins": f"operation.{QUAIS}.2030-2026",
    "unknown_reading": "reading.quais-in-ivry-port.beside",
    "unknown_quantity": "household.castles.2",
    "unknown_operation": "operation.atlantide.d1",
    "already_delivered": "operation.ivry-residence-miriam-makeba.d1",
    "begins_too_early": f"operation.{QUAIS}.2020-2030",
    "delivered_is_known": f"operation.{QUAIS}.p50",
    "not_our_file": "{}",
    "other_version": OURS % (2, "94041", "{}"),
    "other_commune": OURS % (1, "26362", "{}"),
}


def _faults(view: View, text: str) -> tuple[HypothesisFault, ...]:
    """Return what is wrong with an address, or with a file."""
    try:
        read = from_file(text, view.commune) if text.startswith("{") else from_text(text)
    except HypothesisError as error:
        return error.faults
    return tuple(contradictions(foundation(view.release, view.commune), read))


@pytest.mark.parametrize("code", FAULTY)
def test_every_fault_is_said_in_french(city: View, code: str) -> None:
    faults = _faults(city, FAULTY[code])
    assert [fault.code for fault in faults] == [code]
    (words,) = fault_words(city, faults)
    assert re.search(r"[Aa]ucune (hypothèse )?n’a été reprise", words)
    assert code.replace("_", " ") not in words
    assert not re.search(r"\b(None|nan|inf)\b", words)


def test_no_fault_is_without_a_test() -> None:
    words = tomllib.loads((CATALOGUE / "messages" / "fr" / "programmes.toml").read_text(encoding="utf-8"))
    assert set(FAULTY) == set(words["hypothesis_fault"])


def test_a_fault_names_the_operation_as_readers_know_it(city: View) -> None:
    (words,) = fault_words(city, _faults(city, FAULTY["begins_too_early"]))
    assert words.startswith(QUAIS_NAME)


def test_hypotheses_are_brought_home_and_back(observatory: Observatory) -> None:
    answer = observatory.get(f"{DOWNLOAD}.json?hypotheses={to_text(KEPT)}")
    assert answer.status == 200
    assert from_file(answer.text, "94041") == KEPT
    empty = observatory.get(f"{DOWNLOAD}.json")
    assert from_file(empty.text, "94041") == NOTHING_SUPPOSED


def test_the_bands_are_brought_home_as_shown(observatory: Observatory, ivry_port: View) -> None:
    address = f"{DOWNLOAD}.csv?hypotheses={to_text(KEPT)}&quartier=ivry-port"
    found = pd.read_csv(io.BytesIO(observatory.get(address).body), encoding="utf-8-sig")
    expected = export_rows(ivry_port, KEPT).reset_index(drop=True)
    assert list(found.columns) == list(expected.columns)
    assert found["low"].to_numpy() == pytest.approx(expected["low"].to_numpy())
    assert found["high"].to_numpy() == pytest.approx(expected["high"].to_numpy(), nan_ok=True)
    assert set(found["nature"]) == {"hypothesis"}


@pytest.mark.parametrize("kind", ["json", "csv", "parquet"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("garbage", "illisible"),
        ("delay.99", "valeur impossible"),
        (FAULTY["begins_too_early"], QUAIS_NAME),
        ("operation.atlantide.d1", "n’existe pas"),
        ("<script>alert(1)</script>", "illisible"),
        ("delay.1~" * 600, "trop d’hypothèses"),
        ("delay.\x00", "illisible"),
    ],
)
def test_faulty_hypotheses_bring_a_page_that_says_why(
    observatory: Observatory, kind: str, text: str, said: str
) -> None:
    answer = observatory.get(f"{DOWNLOAD}.{kind}?hypotheses={quote(text)}")
    assert answer.status == 400
    assert said in answer.text
    assert "<script>alert" not in answer.text
    assert "Traceback" not in answer.text


def test_every_fault_is_said_by_the_download_too(observatory: Observatory) -> None:
    answer = observatory.get(f"{DOWNLOAD}.json?hypotheses=operation.atlantide.d1~household.castles.2")
    assert "atlantide" in answer.text
    assert "castles" in answer.text
