"""Before publishing: a release whose figures are implausible beside the current one is stopped, unless told why."""

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue
from data.errors import ImplausibleError
from data.history import history
from data.release import current_id, open_release, publications
from etl import build as build_module
from etl.__main__ import main
from etl.country import divided
from etl.plausibility import excused, implausible_changes
from etl.publish import publish

Tables = dict[str, pd.DataFrame]


def _times(tables: Tables, indicator: str, factor: float) -> Tables:
    """Return tables in which an indicator of Ivry is multiplied."""
    observations = tables["observations"].copy()
    mine = (observations["indicator"] == indicator) & (observations["ref_area"] == "94041")
    observations.loc[mine, "obs_value"] *= factor
    return {**tables, "observations": observations}


def test_the_same_figures_are_plausible(tables: Tables, catalogue: Catalogue, releases: Path) -> None:
    found = implausible_changes(tables, [], catalogue, releases)
    assert found.empty
    assert excused(found, "") == excused(found, "no need") == ""


def test_without_a_release_before_nothing_is(tables: Tables, catalogue: Catalogue, tmp_path: Path) -> None:
    assert implausible_changes(_times(tables, "population", 10), [], catalogue, tmp_path / "none").empty


def test_what_is_implausible_is_listed_and_excused_by_a_reason_only(
    tables: Tables, catalogue: Catalogue, releases: Path
) -> None:
    found = implausible_changes(_times(tables, "social_dwellings", 0.1), [], catalogue, releases)
    assert set(found["indicator"]) == {"social_dwellings"}
    with pytest.raises(ImplausibleError) as error:
        excused(found, "  ")
    lines = str(error.value).splitlines()
    assert lines[0].startswith(f"{len(found)} implausible change(s)")
    assert "94041 social_dwellings 2024-01-01 (rpls-2024): 11948 → 1194.8 (× 0.1)" in lines
    assert "--because" in lines[-1]
    assert excused(found, " recount\nof 2026 ") == "recount of 2026"


def test_a_long_list_is_cut_and_says_so(tables: Tables, catalogue: Catalogue, releases: Path) -> None:
    observations = tables["observations"].assign(obs_value=tables["observations"]["obs_value"] * 1000)
    found = implausible_changes({**tables, "observations": observations}, [], catalogue, releases)
    assert len(found) > 1000
    with pytest.raises(ImplausibleError, match=r"… and \d+ more") as error:
        excused(found, "")
    assert len(str(error.value).splitlines()) < 40


def test_what_vanishes_is_told_by_level(tables: Tables, catalogue: Catalogue, releases: Path) -> None:
    observations = tables["observations"]
    districts = tables["territories"].query("level == 'district'")["ref_area"]
    gone = (observations["indicator"] == "dwellings") & observations["ref_area"].isin(districts)
    found = implausible_changes({**tables, "observations": observations[~gone]}, [], catalogue, releases)
    with pytest.raises(ImplausibleError, match="dwellings, level district: vanishes"):
        excused(found, "")
    assert len(found) == 1


def test_communes_that_only_one_release_is_about_are_not_compared(
    tables: Tables, catalogue: Catalogue, releases: Path
) -> None:
    areas, observations = tables["territories"], tables["observations"]
    valence = areas.loc[(areas["commune"] == "26362") | (areas["ref_area"] == "26362"), "ref_area"]
    assert len(valence) > 10
    without = {**tables, "territories": areas[~areas["ref_area"].isin(valence)],
               "observations": observations[~observations["ref_area"].isin(valence)]}  # fmt: skip
    assert implausible_changes(without, [], catalogue, releases).empty
    lost_cells = {**tables, "observations": without["observations"]}
    assert "population" in set(implausible_changes(lost_cells, [], catalogue, releases)["indicator"])


def test_parts_of_a_country_are_compared_stretch_by_stretch(
    tables: Tables, catalogue: Catalogue, ledger, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    communes = frozenset({"35238", "69123", "05061"})
    assert divided(communes, catalogue, {})
    *_, (_, built, parts) = build_module.build_country(catalogue, ledger, (), communes)
    publish(built, tmp_path, {"observations": parts}, "35238,69123,05061")
    assert implausible_changes(built, parts, catalogue, tmp_path).empty
    # The same communes, and fewer of them, against all of them; then a wrong figure in a part.
    assert implausible_changes(tables, [], catalogue, tmp_path).empty
    wrong = open_release(tmp_path, current_id(tmp_path)).table("observations").copy()
    wrong.loc[(wrong["ref_area"] == "35238") & (wrong["indicator"] == "population"), "obs_value"] *= 5
    other = tmp_path / "other"
    publish({**built, "observations": wrong}, other)
    found = implausible_changes(built, parts, catalogue, other)
    assert set(found["ref_area"]) == {"35238"}
    assert found["factor"].tolist() == pytest.approx([0.2] * len(found))


def _run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["etl", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def test_a_build_stops_until_told_why_and_tells_it_on(
    own_releases: Path, own_ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(own_releases))
    monkeypatch.setenv("OBSERVATORY_RAW", str(tmp_path / "raw"))
    monkeypatch.setattr("etl.__main__.LEDGER", own_ledger)
    folder, log = own_releases, own_releases / "publications.jsonl"
    first, logged = current_id(folder), log.read_bytes()
    path = own_ledger / "94041" / "open_data.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count("94041,population,2013,58933,") == 1
    path.write_text(text.replace("94041,population,2013,58933,", "94041,population,2013,5893,"), encoding="utf-8")
    code, _, told = _run(capsys, monkeypatch, "build")
    assert code == 1
    assert "ImplausibleError" in told
    assert "94041 population 2013 (insee-population-2021): 58933 → 5893 (× 0.1)" in told
    assert (current_id(folder), log.read_bytes()) == (first, logged)
    assert [place.name for place in folder.iterdir() if place.is_dir()] == [first]
    assert _run(capsys, monkeypatch, "build", "--because", "Recomptage de 2013")[0] == 0
    listed = _run(capsys, monkeypatch, "releases")[1].splitlines()
    assert listed[1].strip() == "published although figures changed implausibly, because: Recomptage de 2013"
    assert [entry["reason"] for entry in publications(folder)] == ["", "Recomptage de 2013"]
    assert history(folder)[0].reason == open_release(folder, current_id(folder)).reason == "Recomptage de 2013"
    # Once it is published it is what the next build is compared with: nothing more is asked, and nothing logged.
    assert _run(capsys, monkeypatch, "build", "--because", "again")[0] == 0
    assert [entry["reason"] for entry in publications(folder)] == ["", "Recomptage de 2013", ""]
    assert json.loads(log.read_text(encoding="utf-8").splitlines()[-1]).keys() == {"release", "published", "inputs"}


def test_going_back_needs_no_reason(
    own_releases: Path, tables: Tables, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = current_id(own_releases)
    publish(_times(tables, "population", 10), own_releases, because="a test")
    monkeypatch.setenv("OBSERVATORY_RELEASES", str(own_releases))
    assert _run(capsys, monkeypatch, "rollback")[0] == 0
    assert current_id(own_releases) == first
