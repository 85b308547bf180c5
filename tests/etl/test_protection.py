"""Microdata in a build and in a release: withheld where it must be, and the audit of what is published."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data.definitions import Catalogue, load_catalogue
from data.disclosure_models import Disclosure
from data.errors import FaultyInputError, UnprotectedFigureError
from data.release import current_id, open_release
from data.rules.additive_relations import nestings
from data.settings import CATALOGUE
from etl import audit_commands
from etl.__main__ import main
from etl.arrival_commands import intake_lines
from etl.arrivals import ingest
from etl.connected import places
from etl.intake import Extracted, Loaded, Rejection, Scope
from etl.ledger import Ledger
from etl.outlines import Outlines
from etl.placing import Said, totals
from etl.protection import protected, without_row_counts, without_withheld
from etl.publish import publish
from tests.etl.receiving import Register, register_of, use_example_connector

Tables = dict[str, pd.DataFrame]
HOUSEHOLDS = Disclosure(unit="households")
PART = Disclosure(unit="households", part_of="social_dwellings")
RULES = {"social_dwellings": HOUSEHOLDS, "social_dwellings_let": PART, "social_dwellings_vacant": PART}
# Let and vacant homes of the six districts, as a register of single homes would count them.
HOMES = {
    "centre-ville": (2000, 40), "ivry-port": (3000, 4), "louis-bertrand-mirabeau": (900, 30),
    "marat-parmentier": (1100, 25), "monmousseau-verollot": (2500, 60), "petit-ivry": (700, 22),
}  # fmt: skip
SMALL = ("94041-ivry-port", "social_dwellings_vacant")


def _rows() -> pd.DataFrame:
    """Return the figures of a register of homes in 2025: districts and commune, let, vacant and all."""
    each = {f"94041-{slug}": counts for slug, counts in HOMES.items()}
    each["94041"] = tuple(np.sum(list(HOMES.values()), axis=0))
    rows = []
    for area, (let, vacant) in each.items():
        # Homes that are neither let nor vacant are no part of this file's kinds.
        values = {"social_dwellings": let + vacant + 50, "social_dwellings_let": let, "social_dwellings_vacant": vacant}
        if area == "94041":
            values["social_dwellings"] += 50 * 5
        rows += [(area, name, float(value)) for name, value in values.items()]
    frame = pd.DataFrame(rows, columns=["ref_area", "indicator", "obs_value"])
    return frame.assign(time_period="2025-01-01", obs_status="A", conf_status="F", source="rpls-2025",
                        source_detail="register", note_fr="", note_en="")  # fmt: skip


def _with_rules(catalogue: Catalogue) -> Catalogue:
    rpls = catalogue.sources["rpls"].model_copy(update={"microdata": True})
    ruled = {name: catalogue.indicators[name].model_copy(update={"disclosure": rule}) for name, rule in RULES.items()}
    ruled["social_dwellings_empty"] = catalogue.indicators["social_dwellings_empty"].model_copy(
        update={"disclosure": HOUSEHOLDS})  # fmt: skip
    return replace(catalogue, sources=catalogue.sources | {"rpls": rpls}, indicators=catalogue.indicators | ruled)


def _receive(catalogue: Catalogue, ledger: Ledger, place: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    """Return a register of which a file was received that gives the figures of `_rows` and rejects a value."""
    use_example_connector(monkeypatch)

    def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
        rejected = (Rejection(extracted.file, 3, "value", "Mme Dupont", "not_a_number"),)
        return Loaded(extracted.file, _rows().assign(source=edition), rejected, extracted.read, 1, 0)

    monkeypatch.setattr(sys.modules["etl.connectors.rpls"], "transform", transform)
    register = register_of(catalogue, ledger, place)
    ingest("rpls", register.file("94041;a;b;1;A", "94041;a;b;Mme Dupont;A"), "2025", "94041", register.inputs)
    return register


@pytest.fixture(scope="module")
def told(catalogue: Catalogue, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Return the tables of a build where the register is its publisher's own table."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return _receive(catalogue, ledger, tmp_path_factory.mktemp("told"), monkeypatch).build()


@pytest.fixture(scope="module")
def withheld(catalogue: Catalogue, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Return the tables of a build where the register is microdata."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return _receive(_with_rules(catalogue), ledger, tmp_path_factory.mktemp("withheld"), monkeypatch).build()


def _of_2025(tables: Tables) -> pd.DataFrame:
    observations = tables["observations"]
    return observations[observations["source"] == "rpls-2025"].set_index(["ref_area", "indicator"])


def test_figures_their_publisher_published_are_never_touched(told: Tables) -> None:
    rows, given = _of_2025(told), _rows().set_index(["ref_area", "indicator"])["obs_value"]
    assert rows.loc[given.index, "obs_value"].equals(given)
    assert set(rows["conf_status"]) == {"F"}
    assert rows.loc[SMALL, "obs_value"] == 4


def test_a_small_figure_of_microdata_and_another_that_gives_it_back_are_withheld(withheld: Tables) -> None:
    rows = _of_2025(withheld)
    hidden = rows[(rows["conf_status"] == "C") & (rows["derived_from"] == "")]
    assert SMALL in set(hidden.index)
    # Of the commune's vacant homes, a second district is not told either: the smallest.
    assert ("94041-petit-ivry", "social_dwellings_vacant") in set(hidden.index)
    assert hidden["obs_value"].isna().all()
    assert set(hidden["obs_status"]) == {"O"}
    assert hidden["note_fr"].nunique() == 1
    assert hidden["note_fr"].str.startswith("Non diffusé").all()
    assert rows.loc[("94041", "social_dwellings_vacant"), "obs_value"] == 181


def test_what_stands_behind_figures_is_not_published(withheld: Tables) -> None:
    assert {"contributors", "largest_share"}.isdisjoint(withheld["observations"].columns)


def test_what_is_made_from_a_withheld_figure_is_withheld(withheld: Tables, told: Tables) -> None:
    made = _of_2025(told)
    made = made[made["derived_from"].str.contains("social_dwellings_vacant@")]
    rows = _of_2025(withheld)
    hidden = rows[(rows["conf_status"] == "C") & (rows["derived_from"] != "")]
    assert len(made) > 0
    assert set(hidden.index) <= set(made.index)
    assert {area for area, _ in hidden.index} >= {"94041-ivry-port", "94041-petit-ivry"}
    assert hidden["obs_value"].isna().all()
    assert set(hidden["obs_status"]) == {"O"}


def test_rejected_values_of_microdata_are_not_published(withheld: Tables) -> None:
    assert withheld["quarantine"]["value"].tolist() == ["[…]"]


def test_rejected_values_of_others_are(told: Tables) -> None:
    assert told["quarantine"]["value"].tolist() == ["Mme Dupont"]


def test_microdata_places_nobody_on_a_map(catalogue: Catalogue, ledger: Ledger, tmp_path: Path,
                                          monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    register = _receive(_with_rules(catalogue), ledger, tmp_path, monkeypatch)
    convert = sys.modules["etl.connectors.rpls"].transform

    def placing(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
        return replace(convert(extracted, edition, scope), places=pd.DataFrame({"place_id": ["somebody"]}))

    monkeypatch.setattr(sys.modules["etl.connectors.rpls"], "transform", placing)
    with pytest.raises(UnprotectedFigureError, match="rpls is microdata, but its connector gives 1 places"):
        register.build()
    assert places([]).empty


def test_an_indicator_of_microdata_needs_a_rule(catalogue: Catalogue, tables: Tables) -> None:
    rows = tables["observations"].query("source == 'rpls-2024'")
    bare = replace(_with_rules(catalogue), indicators=catalogue.indicators)
    with pytest.raises(UnprotectedFigureError, match=r"social_dwellings.*without a rule"):
        protected(rows, bare, [])


def test_an_amount_needs_the_number_of_those_behind_it(catalogue: Catalogue, tables: Tables) -> None:
    ruled = _with_rules(catalogue)
    amount = ruled.indicators["social_dwellings"].model_copy(
        update={"disclosure": Disclosure(unit="households", is_magnitude=True)})  # fmt: skip
    rows = tables["observations"].query("source == 'rpls-2024' and indicator == 'social_dwellings'")
    changed = replace(ruled, indicators=ruled.indicators | {"social_dwellings": amount})
    with pytest.raises(UnprotectedFigureError, match="amount without `contributors`"):
        protected(rows, changed, [])
    behind = rows.assign(contributors=500.0, largest_share=[0.9, *[0.2] * (len(rows) - 1)])
    found = protected(behind, changed, [])
    assert found["conf_status"].tolist() == ["C", *["F"] * (len(rows) - 1)]


def test_corrections_do_not_tell_what_is_withheld(withheld: Tables) -> None:
    observations = withheld["observations"]
    keys = ["ref_area", "indicator", "time_period", "nature", "reading", "source"]
    rows = observations[(observations["source"] == "rpls-2025") & (observations["derived_from"] == "")]
    corrections = rows[keys].assign(old_value=5.0, new_value=6.0)
    kept = without_withheld(corrections, observations)
    assert kept[["old_value", "new_value"]].isna().all(axis=1).equals(rows["conf_status"] == "C")


@pytest.mark.parametrize(("area", "is_told"), [("94041", False), ("94041-ivry-port", True)])
def test_the_number_of_rows_does_not_tell_the_withheld_figure_of_a_commune(
    withheld: Tables, tmp_path: Path, area: str, is_told: bool
) -> None:
    observations = withheld["observations"].copy()
    hidden = (observations["source"] == "rpls-2025") & (observations["conf_status"] == "C")
    observations.loc[hidden & (observations["derived_from"] == ""), "ref_area"] = area
    found = without_row_counts(withheld["intakes"], observations)
    assert found["quarantined"].tolist() == [1]
    assert [found[name].notna().all() for name in ("read", "loaded", "out_of_scope")] == [is_told] * 3
    # Missing numbers survive the writing of a release, and the build says what it does not tell.
    publish({**withheld, "intakes": found}, tmp_path)
    kept = open_release(tmp_path, current_id(tmp_path)).table("intakes")
    assert kept["loaded"].isna().tolist() == [not is_told]
    (line,) = intake_lines(kept)
    assert ("2 rows read = 1 loaded" in line.replace(".0", "")) is is_told


def test_districts_and_iris_make_up_their_commune(tables: Tables) -> None:
    found = nestings(tables["territories"], tables["iris_weights"])
    ivry = [one for one in found if one.area == "94041"]
    assert sorted(len(one.parts) for one in ivry) == [6, 22]
    assert all(one.is_whole for one in ivry)
    # The sketch shares IRIS out between districts: these are no sums.
    assert not [one for one in found if one.area.startswith("94041-")]


def test_placed_microdata_says_who_stands_behind_and_no_number_in_notes() -> None:
    square = shapely.box(2.3, 48.8, 2.4, 48.9)
    frame = pd.DataFrame({"ref_area": ["94041-a"], "level": ["district"], "name": ["A"], "commune": ["94041"],
                          "boundary": ["official"], "source": ["x"], "geometry": [square]})  # fmt: skip
    scope = Scope(frozenset({"94041"}), frozenset(), outlines=Outlines(frame))
    rows = pd.DataFrame({"commune": "94041", "district": ["94041-a", "94041-a", "94041-a", ""], "indicator": "area",
                         "value": [10.0, 20.0, 70.0, 25.0], "contributor": ["ann", "bob", "bob", "cy"]})  # fmt: skip
    found = totals(rows, ("area",), scope, Said("2026", "x-2026", "x"), is_whole=True, is_microdata=True)
    by_area = found.set_index("ref_area")
    assert by_area.loc["94041-a", ["contributors", "largest_share"]].tolist() == [2, 0.9]
    assert by_area.loc["94041", ["contributors", "largest_share"]].tolist() == [3, 90 / 125]
    assert not found["note_fr"].str.contains(r"\d").any()
    assert by_area.loc["94041", "note_fr"].startswith("Une partie n’a pas de quartier connu")


@pytest.fixture
def audited(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Return what publishes tables and audits the release: its exit code and what it says."""
    monkeypatch.setattr(audit_commands, "load_catalogue", lambda _folder: _with_rules(catalogue))
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(tmp_path / "published"))

    def run(tables: Tables) -> tuple[int, str, str]:
        publish(tables, tmp_path / "published")
        monkeypatch.setattr(sys, "argv", ["etl", "audit"])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_a_protected_release_passes_the_audit(audited, withheld: Tables) -> None:  # type: ignore[no-untyped-def]
    code, out, err = audited(withheld)
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "94041-ivry-port social_dwellings_vacant 2025-01-01 1 to 25 unknown enough" in lines
    assert re.search(r"2 figures of microdata withheld \(.*rpls.*\), 0 leaks", lines[-1])


def _only_primary(tables: Tables) -> Tables:
    """Return tables that withhold nothing but what is too small, as if that were enough."""
    observations = tables["observations"].copy()
    given = _rows().set_index(["ref_area", "indicator"])["obs_value"]
    for row in observations[
        (observations["source"] == "rpls-2025") & (observations["conf_status"] == "C")
    ].itertuples():
        if (row.ref_area, row.indicator) != SMALL and row.derived_from == "":
            observations.loc[row.Index, ["obs_value", "obs_status", "conf_status"]] = [
                given[row.ref_area, row.indicator], "A", "F"]  # fmt: skip
    return {**tables, "observations": observations}


def test_a_release_with_primary_suppression_alone_fails_by_name_and_value(audited, withheld: Tables) -> None:  # type: ignore[no-untyped-def]
    code, out, err = audited(_only_primary(withheld))
    assert code == 1
    leak = next(line for line in out.splitlines() if line.startswith("94041-ivry-port"))
    assert leak.split()[:4] == ["94041-ivry-port", "social_dwellings_vacant", "2025-01-01", "4"]
    assert leak.endswith("LEAK: can be worked out exactly")
    # What the commune's districts leave of its number can be told from it too: at most three.
    assert err.startswith("DisclosureError: 2 leaks (remainder 1, worked_out 1); the first: 94041-ivry-port ")
    assert "social_dwellings_vacant 2025-01-01 is 4." in err


def test_a_kept_release_that_tells_what_is_withheld_now_fails_the_audit(  # type: ignore[no-untyped-def]
    audited, withheld: Tables
) -> None:
    audited(_only_primary(withheld))
    code, out, err = audited(withheld)
    assert code == 1
    line = next(line for line in out.splitlines() if line.startswith("94041-petit-ivry") and "LEAK" in line)
    assert line.split()[3] == "22"
    assert "told by release" in line
    assert "etl prune" in err


def _faults(folder: Path) -> list[str]:
    with pytest.raises(FaultyInputError) as caught:
        load_catalogue(folder)
    return [str(fault) for fault in caught.value.faults]


RULE = '\n[social_dwellings.disclosure]\nunit = "households"\n'


@pytest.mark.parametrize(
    ("added", "column", "problem"),
    [
        (RULE.replace("households", "people"), "social_dwellings.disclosure.unit", "Input should be 'households'"),
        (RULE + 'part_of = "nothing"\n', "social_dwellings.disclosure.part_of", "not an indicator with a table of"),
        (RULE + 'part_of = "social_dwellings"\n', "social_dwellings.disclosure.part_of", "a part of itself"),
        (RULE + 'complete_divisions = ["kind"]\n', "social_dwellings.disclosure.complete_divisions", "no indicator is"),
        ('\n[vacancy_rate_percent.disclosure]\nunit = "households"\n', "vacancy_rate_percent.disclosure.unit",
         "protected through what it is made from"),
    ],
    ids=["unit", "unknown", "itself", "division", "formula"],
)  # fmt: skip
def test_a_faulty_rule_is_reported_at_its_line(own_catalogue: Path, added: str, column: str, problem: str) -> None:
    path = own_catalogue / "indicators" / "housing.toml"
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    fault = next(fault for fault in _faults(own_catalogue) if column in fault)
    assert problem in fault
    number = int(fault.split(":")[1])
    assert lines[number - 1].startswith((column.rsplit(".", 1)[1], f"[{column.rsplit('.', 1)[0]}]"))


@pytest.mark.parametrize(("old", "new"), [("households = 11", "households = 1"), ("households = 11", ""),
                                          ("= 85", "= 185"), ("[thresholds]", "[limits]")])  # fmt: skip
def test_faulty_limits_are_reported_with_file_and_line(own_catalogue: Path, old: str, new: str) -> None:
    path = own_catalogue / "disclosure.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert any(fault.startswith(f"{path}:") for fault in _faults(own_catalogue))


def test_limits_are_11_households_3_establishments_and_85_percent() -> None:
    limits = load_catalogue(CATALOGUE).disclosure
    assert (limits.threshold("households"), limits.threshold("establishments")) == (11, 3)
    assert limits.largest_share_percent == 85
