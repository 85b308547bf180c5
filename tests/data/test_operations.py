"""What sources say of operations, what contradicts them, and what a later statement in the ledger changes."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue
from data.hypotheses import NOTHING_SUPPOSED, Hypotheses, HypothesisError, OperationHypothesis, from_text
from data.release import Release
from data.rules.operations import Foundation
from data.rules.supposing import (
    contradictions,
    earliest_window_year,
    open_readings,
    promised_year,
    share_is_open,
    suppose,
)
from data.settings import CATALOGUE
from etl import programmes
from etl.build import read_inputs
from tests.conftest import Tables
from tests.data.supposing import band, bands, foundation_of, over

RENEWAL, QUAIS, AGROCITE = "ivry-port-renewal", "ivry-quais-d-ivry", "ivry-agrocite-gagarine-truillot"
MIXED, RESIDENCE = "ivry-lbms-mixed", "ivry-residence-miriam-makeba"
IVRY_PORT, CENTRE, LBM = "94041-ivry-port", "94041-centre-ville", "94041-louis-bertrand-mirabeau"
MONMOUSSEAU = "94041-monmousseau-verollot"
COUNTED_SAID = "programme_id,fact,value,as_of,source,source_detail,note_fr,note_en"
DATED_SAID = "programme_id,phase,date,state,as_of,source,source_detail,note_fr,note_en"
SOURCE = "municipal-record-ivry-2025,002:25,,"

State = Callable[..., Tables]


@pytest.fixture(scope="module")
def ivry(release: Release) -> Foundation:
    return foundation_of({name: release.table(name) for name in ("programmes", "quantities", "phases", "readings")})


@pytest.fixture
def state(own_ledger: Path, catalogue: Catalogue, tables: Tables) -> State:
    """Return what makes the tables of programmes anew from a ledger with later statements and phases."""

    def made(statements: tuple[str, ...] = (), phases: tuple[str, ...] = ()) -> Tables:
        for name, head, rows in (("statements", COUNTED_SAID, statements), ("phases", DATED_SAID, phases)):
            text = "\n".join([head, *(f"{row},{SOURCE}" for row in rows)])
            (own_ledger / "94041" / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
        _, ledger = read_inputs(CATALOGUE, own_ledger)
        stated = programmes.statements(ledger)
        operations = programmes.programmes(ledger, tables["territories"], stated)
        return {
            "programmes": operations,
            "phases": programmes.phases(ledger),
            "readings": programmes.readings(ledger),
            "quantities": programmes.quantities(catalogue, tables["observations"], operations, stated),
        }

    return made


def _rows(tables: Tables, programme_id: str) -> pd.DataFrame:
    return tables["quantities"].set_index("programme_id").loc[[programme_id]]


def _codes(foundation: Foundation, hypotheses: Hypotheses) -> list[str]:
    return [fault.code for fault in contradictions(foundation, hypotheses)]


def test_ivry_counts_twelve_numbers_of_eleven_operations(ivry: Foundation) -> None:
    said = ivry.rows[ivry.rows["quantity"] != "social_dwellings"]
    assert (len(said), said["programme_id"].nunique()) == (12, 11)
    assert set(said["status"]) == {"delivered", "under_way", "planned", "unclear"}


def test_what_is_only_proposed_is_not_followed(ivry: Foundation, release: Release) -> None:
    table = release.table("programmes")
    left_out = set(table.loc[table["status"].isin(["proposed", "trial", "mobilisation", "abandoned"]), "programme_id"])
    assert left_out
    assert not left_out & set(ivry.rows["programme_id"])


def test_social_dwellings_are_a_part_of_the_ordinary_ones_only(ivry: Foundation) -> None:
    social = ivry.rows[ivry.rows["quantity"] == "social_dwellings"].set_index("programme_id")
    assert set(social.index) == {RENEWAL, QUAIS, AGROCITE, MIXED}
    assert tuple(social.loc[AGROCITE, ["social_low", "social_high"]]) == (0.3, 0.3)
    assert tuple(social.loc[RENEWAL, ["social_low", "social_high"]]) == (0, 1)


def test_the_quais_begin_with_their_works_and_the_others_with_their_text(ivry: Foundation) -> None:
    assert earliest_window_year(ivry, QUAIS) == 2026
    assert earliest_window_year(ivry, RENEWAL) == 2025


def test_a_part_delivered_is_open_where_no_source_tells_it(ivry: Foundation) -> None:
    assert share_is_open(ivry, RENEWAL)
    assert share_is_open(ivry, MIXED)
    assert not share_is_open(ivry, QUAIS)
    assert not share_is_open(ivry, "ivry-plan-velo")
    assert not share_is_open(ivry, RESIDENCE)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("operation.ivry-quais-d-ivry.2025-2030", ("begins_too_early", "2025 < 2026")),
        ("operation.ivry-port-renewal.2024-2030", ("begins_too_early", "2024 < 2025")),
        ("operation.ivry-quais-d-ivry.p10", ("delivered_is_known", "10")),
        ("operation.ivry-plan-velo.p50", ("delivered_is_known", "50")),
        ("operation.ivry-residence-miriam-makeba.d1", ("already_delivered", RESIDENCE)),
        ("operation.ivry-tzen-5.d1", ("unknown_operation", "ivry-tzen-5")),
        ("operation.atlantide.d1", ("unknown_operation", "atlantide")),
        ("reading.quais-in-ivry-port.beside", ("unknown_reading", "beside")),
        ("reading.atlantide.inside", ("unknown_reading", "inside")),
        ("household.castles.2", ("unknown_quantity", "2")),
        ("household.green_area_m2.2", ("unknown_quantity", "2")),
    ],
)
def test_what_contradicts_the_sources_is_refused(ivry: Foundation, text: str, fault: tuple[str, str]) -> None:
    hypotheses = from_text(text)
    assert [(one.code, one.value) for one in contradictions(ivry, hypotheses)] == [fault]
    with pytest.raises(HypothesisError):
        suppose(ivry, hypotheses)


def test_every_contradiction_is_listed(ivry: Foundation) -> None:
    text = (
        "reading.atlantide.inside~household.castles.2~operation.atlantide.d1~operation.ivry-quais-d-ivry.2020-2030.p5"
    )
    assert _codes(ivry, from_text(text)) == [
        "unknown_reading", "unknown_quantity", "unknown_operation", "begins_too_early", "delivered_is_known"
    ]  # fmt: skip


def test_what_a_source_leaves_open_can_be_supposed(ivry: Foundation) -> None:
    text = "reading.quais-in-ivry-port.inside~operation.ivry-quais-d-ivry.2026-2030~operation.ivry-port-renewal.p100"
    assert _codes(ivry, from_text(text)) == []


def test_124_each_are_372(ivry: Foundation) -> None:
    where = (LBM, "dwellings, announced", 0)
    assert band(ivry, NOTHING_SUPPOSED, where) == (124, 372)
    assert band(ivry, NOTHING_SUPPOSED.read_as("mixed-programmes-count", "in_all"), where) == (124, 124)
    assert band(ivry, NOTHING_SUPPOSED.read_as("mixed-programmes-count", "each"), where) == (372, 372)


def test_a_reading_holds_for_social_dwellings_too(ivry: Foundation) -> None:
    where = (IVRY_PORT, "social_dwellings, announced", 0)
    assert band(ivry, NOTHING_SUPPOSED.read_as("quais-in-ivry-port", "inside"), where) == (0, 5600)
    assert band(ivry, NOTHING_SUPPOSED.read_as("quais-in-ivry-port", "outside"), where) == (0, 6750)
    in_all = NOTHING_SUPPOSED.read_as("mixed-programmes-count", "in_all")
    assert band(ivry, in_all, (LBM, "social_dwellings, announced", 0)) == (0, 124)


# Of 5,600 dwellings 800 are delivered on 30 June 2026: at least those, and no more known of the rest.
def test_a_stated_delivery_is_the_least_there_is(state: State) -> None:
    later = foundation_of(state((f"{RENEWAL},dwellings_delivered,800,2026-06-30",)))
    assert band(later, NOTHING_SUPPOSED, (IVRY_PORT, "dwellings", 2030)) == (800, 6750)
    outside = Hypotheses(operations=(over(RENEWAL, 2026, 2035),), readings=(("quais-in-ivry-port", "outside"),))
    # 800 + 0.5 × (5,600 − 800) = 3,200, and of the undated Quais none or all 1,150.
    assert band(later, outside, (IVRY_PORT, "dwellings", 2030)) == (3200, 4350)
    # Special-purpose dwellings of the same operation are not told: their share stays open.
    assert band(later, outside, (IVRY_PORT, "specific_dwellings", 2030)) == (1150, 2300)


# 5,000 delivered, Quais among them if they are a part of the 5,600: no more than the other 4,450 are the renewal's own.
def test_no_more_is_delivered_than_a_reading_leaves(state: State) -> None:
    later = foundation_of(state((f"{RENEWAL},dwellings_delivered,5000,2026-06-30",)))
    inside = NOTHING_SUPPOSED.read_as("quais-in-ivry-port", "inside")
    assert band(later, inside, (IVRY_PORT, "dwellings", 2030)) == (4450, 5600)


def test_a_stated_delivery_only_narrows(state: State, ivry: Foundation) -> None:
    before = bands(ivry, Hypotheses(operations=(over(RENEWAL, 2026, 2035),)))
    told = foundation_of(state((f"{RENEWAL},dwellings_delivered,800,2026-06-30",)))
    after = bands(told, Hypotheses(operations=(over(RENEWAL, 2026, 2035),)))
    assert (before["low"] <= after["low"]).all()
    assert (before["high"] >= after["high"]).all()
    assert not before.equals(after)


def test_a_promised_opening_is_not_a_delivery(state: State) -> None:
    later = foundation_of(state(phases=(f"{QUAIS},opening,2028,planned,2026-06-30",)))
    outside = Hypotheses(readings=(("quais-in-ivry-port", "outside"),))
    assert band(later, outside, (IVRY_PORT, "dwellings", 2028)) == (0, 6750)
    assert promised_year(later, QUAIS) == 2028
    kept = outside.suppose(over(QUAIS, 2028, 2028))
    assert band(later, kept, (IVRY_PORT, "dwellings", 2027)) == (0, 5600)
    assert band(later, kept, (IVRY_PORT, "dwellings", 2028)) == (1150, 6750)


def test_what_is_delivered_counts_from_the_day_it_is_stated(state: State) -> None:
    later = foundation_of(state((f"{RENEWAL},dwellings_delivered,800,2026-06-30",)))
    inside = Hypotheses(readings=(("quais-in-ivry-port", "inside"),))
    assert band(later, inside, (IVRY_PORT, "dwellings", 2025))[0] == 0
    assert band(later, inside, (IVRY_PORT, "dwellings", 2026))[0] == 800


def test_of_dwellings_said_delivered_none_or_all_of_the_social_ones_may_be(state: State) -> None:
    # 800 of 1 430 are delivered; 429 are social, the other 1 001 leave room for the 630 to come, and for more.
    later = foundation_of(state((f"{AGROCITE},dwellings_delivered,800,2026-06-30",)))
    nothing_more = Hypotheses(operations=(over(AGROCITE, 2040, 2040),))
    assert band(later, nothing_more, (CENTRE, "social_dwellings", 2026)) == pytest.approx((0, 429))
    # 1 200 of 1 430 are delivered: of the 230 to come at most 230 are social, so at least 199 of the 429 are built.
    more = foundation_of(state((f"{AGROCITE},dwellings_delivered,1200,2026-06-30",)))
    assert band(more, nothing_more, (CENTRE, "social_dwellings", 2026)) == pytest.approx((199, 429))


def test_what_is_delivered_stays_when_only_what_is_under_way_counts(state: State) -> None:
    later = foundation_of(state((f"{QUAIS},dwellings_delivered,300,2026-06-30",)))
    rows = later.rows[(later.rows["programme_id"] == QUAIS) & (later.rows["quantity"] == "dwellings")]
    operations = suppose(later, Hypotheses(only_under_way=True))
    assert operations.value.high[rows.index].tolist() == [300]


def test_a_reading_that_a_statement_settles_is_not_asked_any_more(state: State) -> None:
    assert open_readings(foundation_of(state())) == {"quais-in-ivry-port", "mixed-programmes-count"}
    later = foundation_of(state(("ivry-lbms-mixed,dwellings_total,124,2026-06-30",)))
    assert open_readings(later) == {"quais-in-ivry-port"}


def test_what_has_opened_is_delivered_whole_and_nothing_is_left_to_suppose(state: State) -> None:
    later = foundation_of(state(phases=(f"{AGROCITE},opening,2026-06,happened,2026-06-30",)))
    assert band(later, NOTHING_SUPPOSED, (CENTRE, "dwellings", 2026)) == (1430, 1430)
    assert band(later, Hypotheses(delay_years=5), (CENTRE, "social_dwellings", 2026)) == pytest.approx((429, 429))
    late = Hypotheses(operations=(OperationHypothesis(programme_id=AGROCITE, delay_years=1),))
    assert _codes(later, late) == ["already_delivered"]


def test_the_165_of_the_residence_are_counted_once(tables: Tables, ivry: Foundation) -> None:
    found = _rows(tables, RESIDENCE)
    assert found[["quantity", "value", "delivered"]].to_numpy().tolist() == [["specific_dwellings", 165, 165]]
    assert (MONMOUSSEAU, "dwellings", 2030) not in bands(ivry, NOTHING_SUPPOSED).index


def test_a_later_total_stands_for_the_number_of_the_text(state: State) -> None:
    later = state((f"{RENEWAL},dwellings_total,5000,2026-06-30",))
    found = _rows(later, RENEWAL).set_index("quantity")
    assert found.loc["dwellings", ["value", "as_of"]].tolist() == [5000, "2026-06-30"]
    assert found.loc["specific_dwellings", ["value", "as_of"]].tolist() == [2300, "2025"]
    where = (IVRY_PORT, "dwellings, announced", 0)
    assert band(foundation_of(later), NOTHING_SUPPOSED, where) == (5000, 6150)  # 5,000 − 1,150 + 1,150, or + 1,150


def test_a_later_total_settles_how_many_the_text_meant(state: State) -> None:
    later = foundation_of(state((f"{MIXED},dwellings_total,124,2026-06-30",)))
    where = (LBM, "dwellings, announced", 0)
    assert band(later, NOTHING_SUPPOSED, where) == (124, 124)
    assert band(later, NOTHING_SUPPOSED.read_as("mixed-programmes-count", "each"), where) == (124, 124)


def test_a_reading_does_not_bring_an_outdated_number_back(state: State) -> None:
    later = foundation_of(state((f"{QUAIS},dwellings_total,1200,2026-06-30",)))
    outside = NOTHING_SUPPOSED.read_as("quais-in-ivry-port", "outside")
    assert band(later, outside, (IVRY_PORT, "dwellings, announced", 0)) == (6800, 6800)  # 5,600 + 1,200


def test_a_delivery_of_unknown_whole_stays_outside_of_every_band(state: State, ivry: Foundation) -> None:
    later = foundation_of(state(("ivry-student-residence-port,dwellings_delivered,40,2026-06-30",)))
    assert bands(later, NOTHING_SUPPOSED).equals(bands(ivry, NOTHING_SUPPOSED))


def test_a_later_social_share_settles_the_social_dwellings(state: State) -> None:
    later = foundation_of(state((f"{QUAIS},dwellings_social_share,0.4,2026-06-30",)))
    assert band(later, NOTHING_SUPPOSED, (IVRY_PORT, "social_dwellings, announced", 0)) == (460, 6060)
