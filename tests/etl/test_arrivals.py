"""The two ways in: what a file at hand or from an address becomes, and what it becomes in a release."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data.definitions import Catalogue
from data.errors import (
    FaultyInputError,
    NoAddressError,
    SnapshotDamagedError,
    UnknownAreaError,
    UnknownEditionError,
    UnknownIntakeError,
    UnreadableFileError,
    UnwordedReasonError,
    WrongAnswerError,
)
from data.settings import ROOT
from etl import publish as publish_module
from etl.arrivals import Arrival, fetch, ingest, readable, words_of
from etl.connected import connector_of, rejection_words
from etl.editions import edition_named, with_editions
from etl.fetch import Patience
from etl.intake import Rejection
from etl.ledger import Ledger
from etl.publish import publish
from etl.snapshots import Origin, Snapshot, snapshots, store
from tests.etl.receiving import TODAY, Register, register_of, use_example_connector
from tests.etl.replaying import Replay, Reply, replaying

TOTAL = "94041;social_dwellings;2025-01-01;12010;A"
BAD = "94041;social_dwellings_vacant;2025-01-01;two hundred;A"
ELSEWHERE = "75056;social_dwellings;2025-01-01;250000;A"
KEY = ["ref_area", "indicator", "time_period", "nature", "reading", "source"]
CONNECTORS = ROOT / "etl" / "connectors"
REASON = re.compile(r"negative|[a-z]+(_[a-z0-9]+)+")
QUICK = Patience(attempts=2, first_wait=0.01, longest_wait=0.05, connect_timeout=2, read_timeout=2)


@pytest.fixture
def register(catalogue: Catalogue, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    use_example_connector(monkeypatch)
    return register_of(catalogue, ledger, tmp_path)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with replaying() as replay:
        yield replay


def _take(register: Register, path: Path, edition: str = "2025") -> Arrival:
    return ingest("rpls", path, edition, "94041", register.inputs)


def _fetch(register: Register, edition: str = "2025") -> Arrival | Snapshot:
    (found,) = fetch("rpls", edition, "94041", register.inputs, lambda _received, _whole: None, QUICK)
    return found


def _ivry(tables: dict[str, pd.DataFrame], indicator: str) -> dict[str, tuple[float, str]]:
    """Return value and edition of a figure of Ivry by period."""
    mine = tables["observations"].query(f"ref_area == '94041' and indicator == '{indicator}'")
    mine = mine[mine["source"].str.startswith("rpls-")]
    return {row["time_period"]: (row["obs_value"], row["source"]) for _, row in mine.iterrows()}


def test_a_file_is_told_row_by_row_and_kept(register: Register) -> None:
    arrival = _take(register, register.file(TOTAL, BAD, ELSEWHERE))
    words = words_of(arrival, register.catalogue).splitlines()
    assert words[0] == "rpls-1.csv (rpls-2025): 3 rows read = 1 loaded + 1 in quarantine + 1 out of scope"
    assert words[1] == "  line 3, column 'value', value 'two hundred': The value is not a number."
    assert str(arrival.snapshot.folder) in words[2]
    assert snapshots(register.raw) == [arrival.snapshot]


def test_a_file_that_cannot_be_read_is_refused_and_not_kept(register: Register) -> None:
    with pytest.raises(UnreadableFileError, match="no header"):
        _take(register, register.file(TOTAL, header="commune;valeur"))
    assert not register.raw.exists()


def test_a_value_that_cannot_be_is_refused_and_not_kept(register: Register) -> None:
    with pytest.raises(FaultyInputError, match="outside the valid range"):
        _take(register, register.file("94041;social_dwellings;2025-01-01;99999999999;A"))
    assert not register.raw.exists()


@pytest.mark.parametrize(
    ("asked", "edition"), [("2025", "rpls-2025"), ("rpls-2025", "rpls-2025"), ("rpls-2024", "rpls-2024")]
)
def test_an_edition_is_named_by_its_identifier_or_its_year(register: Register, asked: str, edition: str) -> None:
    assert edition_named("rpls", register.catalogue.sources["rpls"], asked, TODAY) == edition


@pytest.mark.parametrize("asked", ["", "2027", "20x5", "2025-13", "../2025", "{edition}", "lovac-2025", "0"])
def test_an_edition_that_cannot_be_is_refused(register: Register, asked: str) -> None:
    with pytest.raises(UnknownEditionError):
        _take(register, register.file(TOTAL), asked)
    assert not register.raw.exists()


def test_only_listed_editions_without_a_template(catalogue: Catalogue) -> None:
    source = catalogue.sources["founding_texts"]
    with pytest.raises(UnknownEditionError, match="known: "):
        edition_named("founding_texts", source, "2025", TODAY)


def test_a_new_edition_enters_the_release_with_its_source(register: Register) -> None:
    arrival = _take(register, register.file(TOTAL, BAD, ELSEWHERE))
    tables = register.build()
    assert _ivry(tables, "social_dwellings") == {
        "2024-01-01": (11948, "rpls-2024"), "2025-01-01": (12010, "rpls-2025"),
    }  # fmt: skip
    edition = tables["sources"].set_index("source").loc["rpls-2025"]
    assert edition["title_fr"] == "RPLS au 1er janvier 2025"
    assert edition["edition_date"] == "2025-01-01"
    assert edition["sha256"] == arrival.snapshot.sha256
    intake = tables["intakes"].iloc[0]
    assert intake["read"] == intake["loaded"] + intake["quarantined"] + intake["out_of_scope"] == 3
    (rejected,) = tables["quarantine"].to_dict("records")
    assert rejected == {
        "source": "rpls-2025", "file": "rpls-1.csv", "line": 3, "column": "value", "value": "two hundred",
        "reason": "not_a_number", "reason_fr": "La valeur n’est pas un nombre.",
        "reason_en": "The value is not a number.",
    }  # fmt: skip


def test_formulas_follow_what_was_received(register: Register) -> None:
    vacant, let = "94041;social_dwellings_vacant;2025-01-01;300;A", "94041;social_dwellings_let;2025-01-01;9700;A"
    _take(register, register.file(vacant, let))
    rates = _ivry(register.build(), "social_dwellings_vacancy_rate_percent")
    assert rates == {"2024-01-01": (pytest.approx(100 * 258 / (10513 + 258)), "rpls-2024"),
                     "2025-01-01": (3, "rpls-2025")}  # fmt: skip


def test_a_file_takes_the_place_of_its_transcription_only(register: Register) -> None:
    before = register.build()["observations"]
    _take(register, register.file("94041;social_dwellings;2024-01-01;11950;P"), "rpls-2024")
    after = register.build()["observations"]
    assert len(after) == len(before)
    row = after.query("ref_area == '94041' and indicator == 'social_dwellings' and source == 'rpls-2024'").iloc[0]
    assert (row["obs_value"], row["obs_status"], row["source_detail"]) == (11950, "P", "rpls-1.csv, line 2")
    others = [frame[~(frame["indicator"].str.startswith("social_") & frame["ref_area"].eq("94041"))].sort_values(KEY)
              for frame in (before, after)]  # fmt: skip
    assert others[0].reset_index(drop=True).equals(others[1].reset_index(drop=True))


def test_of_one_figure_the_newest_edition_holds(register: Register) -> None:
    revised = "94041;social_dwellings;2024-01-01;11960;A"
    _take(register, register.file(revised))
    assert _ivry(register.build(), "social_dwellings") == {"2024-01-01": (11960, "rpls-2025")}
    _take(register, register.file("94041;social_dwellings;2024-01-01;1;A"), "2023")
    assert _ivry(register.build(), "social_dwellings") == {"2024-01-01": (11960, "rpls-2025")}


def test_a_corrected_file_of_the_same_day_holds(register: Register) -> None:
    for value in range(12000, 12006):
        _take(register, register.file(f"94041;social_dwellings;2025-01-01;{value};A"))
    assert _ivry(register.build(), "social_dwellings")["2025-01-01"] == (12005, "rpls-2025")
    assert len(register.build()["intakes"]) == 1


def test_bytes_that_are_known_and_no_longer_hold_are_told(register: Register) -> None:
    first, second = register.file(TOTAL), register.file(TOTAL, ELSEWHERE)
    for path in (first, second):
        assert _take(register, path).superseded is None
    arrival = _take(register, first)
    assert arrival.superseded is not None
    assert arrival.superseded.file == second.name
    assert "was a mistake" in words_of(arrival, register.catalogue)


def test_a_missing_value_stays_missing_and_a_zero_a_zero(register: Register) -> None:
    unknown, none = "94041;social_dwellings;2025-01-01;;O", "94041;social_dwellings_empty;2025-01-01;0;A"
    _take(register, register.file(unknown, none))
    mine = register.build()["observations"].query("source == 'rpls-2025' and derived_from == ''").set_index("indicator")
    assert pd.isna(mine.at["social_dwellings", "obs_value"])
    assert mine.at["social_dwellings", "obs_status"] == "O"
    assert (mine.at["social_dwellings_empty", "obs_value"], mine.at["social_dwellings_empty", "obs_status"]) == (0, "A")


def test_without_files_the_release_is_the_same_with_two_empty_tables(register: Register, releases: Path) -> None:
    tables = register.build()
    assert len(tables["intakes"]) == len(tables["quarantine"]) == 0
    assert publish(tables, register.place / "releases") == (releases / "current").read_text(encoding="utf-8").strip()


def test_rebuilding_from_the_same_files_gives_the_same_bytes(register: Register) -> None:
    _take(register, register.file(TOTAL, BAD, ELSEWHERE))
    first, second = (publish(register.build(), register.place / name) for name in ("a", "b"))
    assert first == second
    for path in (register.place / "a" / first).iterdir():
        assert path.read_bytes() == (register.place / "b" / second / path.name).read_bytes()


def test_a_release_knows_that_a_file_has_come(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish_module, "raw_folder", lambda: register.raw)
    before = publish_module.inputs_digest()
    _take(register, register.file(TOTAL))
    assert publish_module.inputs_digest() != before


def test_a_build_stops_at_a_file_that_was_changed(register: Register) -> None:
    path = _take(register, register.file(TOTAL)).snapshot.path
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8").replace("12010", "12011"), encoding="utf-8")
    with pytest.raises(SnapshotDamagedError):
        register.build()


@pytest.mark.parametrize(
    ("dataset", "edition", "error"),
    [("forgotten", "forgotten-2025", UnknownIntakeError), ("rpls", "rpls-of-old", UnknownEditionError)],
)
def test_a_file_the_catalogue_does_not_know_stops_a_build(
    register: Register, dataset: str, edition: str, error: type[Exception]
) -> None:
    kept = store(register.raw, dataset, b"a", "a.csv", Origin(edition, "", "2026-11-23"))
    with pytest.raises(error, match="remove the folder"):
        with_editions(register.catalogue, [kept])


def test_what_no_connector_reads_is_told(register: Register) -> None:
    assert readable(register.catalogue) == ["rpls"]
    with pytest.raises(UnknownIntakeError, match="those there are: rpls"):
        connector_of("lovac")


def test_a_reason_without_words_is_an_error_by_name(catalogue: Catalogue) -> None:
    with pytest.raises(UnwordedReasonError, match="line 7"):
        rejection_words(Rejection("a.csv", 7, "", "", "because"), catalogue, "fr")


# The modules beside the connectors that reject rows.
READERS = (
    "reading/cells.py", "commune_rows.py", "reading/delimited.py", "reading/gdal_layers.py",
    "reading/geojson.py", "judging.py", "reading/vector.py",
    "gtfs/service.py", "gtfs/stops.py", "gtfs/trips.py", "reading/workbooks.py", "green_spaces.py", "overpass.py",
    "register_rows.py",
)  # fmt: skip


def _reasons(tree: ast.Module) -> Iterator[str]:
    """Yield the reasons a module names: those it rejects with, and those its functions on cells return."""
    for node in ast.walk(tree):
        found: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found = (
                node.args[-1:]
                if name in {"Rejection", "Wrong", "Number", "reject", "reject_where", "_reject", "_BadShapeError"}
                else []
            )
        elif isinstance(node, ast.FunctionDef) and re.search("reason|code|period", node.name):
            found = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return)]
        for part in found:
            for leaf in ast.walk(part) if part else ():
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and REASON.fullmatch(leaf.value):
                    yield leaf.value


def test_every_reason_has_words_and_every_word_a_reason(catalogue: Catalogue) -> None:
    paths = [ROOT / "etl" / name for name in READERS]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in [*paths, *CONNECTORS.glob("*.py")]]
    used = {reason for tree in trees for reason in _reasons(tree)}
    assert used == set(catalogue.rejections)
    assert not [words.fr for words in catalogue.rejections.values() if re.search(r" [:;?!»%]|« |'", words.fr)]
    assert all(words.fr.endswith(".") and words.en.endswith(".") for words in catalogue.rejections.values())


def test_a_file_is_fetched_once_and_again_only_when_it_changed(
    register: Register, server: Replay, tmp_path: Path
) -> None:
    body = register.file(TOTAL, BAD, ELSEWHERE).read_bytes()
    unchanged = Reply(304, media_type="", says_length=False)
    address = server.at("/rpls-2025.csv", Reply(body=body, headers={"ETag": '"v1"'}), unchanged)
    fetched = register_of(register.catalogue, register.ledger, tmp_path, address.replace("2025", "{edition}"))
    first = _fetch(fetched)
    assert isinstance(first, Arrival)
    kept = first.snapshot
    assert (kept.file, kept.address, kept.media_type, kept.etag) == ("rpls-2025.csv", address, "text/csv", '"v1"')
    assert kept.path.read_bytes() == body
    assert (first.loaded.read, first.loaded.quarantined) == (3, 1)
    assert _fetch(fetched) == kept
    assert server.asked[1][1]["if-none-match"] == '"v1"'
    assert snapshots(fetched.raw) == [kept]


def test_a_fetched_file_that_cannot_be_read_is_not_kept(register: Register, server: Replay, tmp_path: Path) -> None:
    address = server.at("/rpls.csv", Reply(body=b"%PDF"), Reply(body=b"<html>", media_type="text/html"))
    fetched = register_of(register.catalogue, register.ledger, tmp_path, address)
    for error in (UnreadableFileError, WrongAnswerError):
        with pytest.raises(error):
            _fetch(fetched)
    assert not fetched.raw.exists()


def test_what_has_no_address_is_to_be_ingested(register: Register) -> None:
    with pytest.raises(NoAddressError, match="ingest"):
        _fetch(register)


def test_a_file_of_one_commune_is_asked_for_by_its_code(register: Register, server: Replay, tmp_path: Path) -> None:
    body = register.file(TOTAL).read_bytes()
    server.at("/94041.csv", Reply(body=body))
    fetched = register_of(register.catalogue, register.ledger, tmp_path, server.address + "/{commune}.csv")
    found = _fetch(fetched)
    assert isinstance(found, Arrival)
    assert found.snapshot.commune == "94041"
    with pytest.raises(UnknownAreaError):
        next(fetch("rpls", "2025", "../etc", fetched.inputs, lambda _received, _whole: None, QUICK))
