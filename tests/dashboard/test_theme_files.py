"""What received files add to pages: figures of the area, a week of departures, maps; five kinds of value told apart."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard import blocks, fragments
from dashboard.content import departures, entries, housing, mobility, quarter, theme_files
from dashboard.content.pieces import Table
from dashboard.exports import export
from dashboard.view import View, the_view
from data.definitions import Catalogue
from data.release import open_release
from etl.arrivals import Inputs, ingest
from etl.build import build_tables
from etl.editions import with_editions
from etl.ledger import Ledger
from etl.publish import publish
from etl.snapshots import snapshots
from tests.dashboard.conftest import TODAY
from tests.etl.connectors.mutating import FILES

RECEIVED = (
    ("bpe", "BPE25-extrait.csv", "2025"),
    ("cycle_lanes", "cycle-lanes.geojson", "2026-11-01"),
    ("cycle_parking", "cycle-parking.csv", "2026-11-01"),
    ("lovac", "lovac_opendata_communes.csv", "2025"),
    ("sirene_establishments", "StockEtablissement_utf8-extrait.csv", "2026-11"),
    ("sitadel_permits", "sitadel-permis-logements-2026-06.csv", "2026-06"),
)
SHARE = "transit_accessible_stops_share_percent"


@pytest.fixture(scope="session")
def filled(catalogue: Catalogue, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> View:
    """Return the city of a release that the test files of these sources and a timetable went into."""
    place: Path = tmp_path_factory.mktemp("theme_files")
    feed = place / "gtfs.zip"
    with zipfile.ZipFile(feed, "w") as archive:
        for path in sorted((FILES / "gtfs").iterdir()):
            archive.write(path, path.name)
    inputs = Inputs(catalogue, ledger, place / "raw", TODAY)
    for dataset, name, edition in RECEIVED:
        ingest(dataset, FILES / name, edition, "94041", inputs)
    ingest("gtfs", feed, "2026-11-01", "94041", inputs)
    kept = snapshots(inputs.raw)
    *_, (_, tables) = build_tables(with_editions(catalogue, kept), ledger, kept)
    release = open_release(place / "releases", publish(tables, place / "releases"))
    return the_view(release, "94041", "ville", "fr", "light", TODAY)


@pytest.fixture(scope="session")
def port(filled: View) -> View:
    return the_view(filled.release, "94041", "ivry-port", "fr", "light", TODAY)


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _values(table: Table) -> dict[str, tuple[str, str, str]]:
    """Return value, period and remark of each row, by what is counted."""
    rows = zip(table.rows, table.notes, strict=True)
    found = {_plain(row[0]): (_plain(row[1]), _plain(row[2]), _plain(note)) for row, note in rows}
    assert len(found) == len(table.rows)
    return found


def _table(view: View, theme: str, without: tuple[str, ...] = ()) -> Table:
    (table,) = theme_files.received_table(view, theme, without)
    return table


def test_without_files_pages_stay_as_they_were(city: View, ivry_port: View) -> None:
    assert theme_files.received_table(city, "mobility") == ()
    assert departures.week_chart(city) is None
    assert export(city, "departs", {}).empty
    assert mobility.map_choices(city) == mobility.MAP_INDICATORS
    assert quarter.tables(city) == quarter.tables(ivry_port) == ()


def test_a_week_is_one_line_from_the_lowest_to_the_highest_day(filled: View) -> None:
    found = _values(_table(filled, "mobility"))
    assert found["Départs de transports en commun, aux horaires publiés"][:2] == (
        "17 à 76 départs selon le jour (estimé)",
        "du 9 au 15 mars 2026",
    )
    assert found["Premier départ de la journée"][0] == "5 h 30 à 6 h selon le jour (estimé)"
    assert found["Dernier départ de la journée"][0].startswith(
        "0 h 15 le lendemain à 1 h 12 le lendemain selon le jour"
    )
    assert found["Départs de transports en commun pour 1 000 habitant·es"][0].startswith("0,3 à 1,2 pour 1 000")
    assert found["Lieux d’arrêt des transports en commun"][1] == "du 9 au 15 mars 2026"


def test_the_download_keeps_every_day(filled: View) -> None:
    rows = export(filled, "fichiers-recus", {"theme": "mobility"})
    days = rows[rows["indicator"] == departures.INDICATOR]
    assert list(days["time_period"]) == [f"2026-03-{day:02d}" for day in range(9, 16)]
    assert list(days["obs_value"]) == [17, 17, 76, 17, 17, 76, 76]
    pd.testing.assert_frame_equal(export(filled, "departs", {}), days.reset_index(drop=True))


def test_a_district_where_nothing_stops_has_no_first_departure(filled: View) -> None:
    petit = the_view(filled.release, "94041", "petit-ivry", "fr", "light", TODAY)
    found = _values(_table(petit, "mobility"))
    assert found["Départs de transports en commun, aux horaires publiés"][0] == "0 départ chaque jour (estimé)"
    assert found["Premier départ de la journée"][0] == "sans objet"
    assert departures.week_chart(petit) is None


def test_days_without_a_value_are_counted_in_words(filled: View) -> None:
    rows = theme_files.received_rows(filled, "mobility")
    first = rows[rows["indicator"] == "transit_first_departure_h"].copy()
    first.loc[first.index[-2:], ["obs_value", "obs_status"]] = [float("nan"), "M"]
    line = theme_files._line_of_days(filled, first)
    assert _plain(line.value) == "5 h 30 à 6 h selon le jour (estimé) ; sans objet 2 jours"


def test_departures_are_charted_day_by_day_with_words_for_all(filled: View, port: View) -> None:
    chart = departures.week_chart(filled)
    assert chart is not None
    assert _plain(chart.title) == "À Ivry, 76 départs le mercredi 11 mars, 17 le lundi 9"
    assert "du 9 au 15 mars 2026 (estimé)" in chart.subtitle
    days = [f"{name} {day} mars, {count}" for name, day, count in (
        ("lundi", 9, 17), ("mardi", 10, 17), ("mercredi", 11, 76), ("jeudi", 12, 17), ("vendredi", 13, 17),
        ("samedi", 14, 76), ("dimanche", 15, 76))]  # fmt: skip
    assert " ; ".join(days) in _plain(chart.alternative)
    assert chart.source
    own = departures.week_chart(port)
    assert own is not None
    assert own.title.startswith("Ivry-Port\u202f: ")


def test_what_holds_for_a_whole_source_is_said_once(filled: View) -> None:
    table = _table(filled, "mobility")
    notes = {heading.title: _plain(heading.note) for heading in table.headings}
    assert table.headings[0].first_row == 0
    assert [note for title, note in notes.items() if title.startswith("Horaires des transports")] == [
        "Réparti d’après l’esquisse des quartiers, à 100 m près."
    ]
    assert not any("Réparti d’après l’esquisse" in note for note in table.notes)
    lanes = _values(table)["Longueur de bandes cyclables"]
    assert lanes[2] == "Dont 0,8 km sans quartier connu : la somme des quartiers est plus petite."
    html = fragments.table(table, blocks.download_links(filled, table.export))
    assert html.count("La base n’est pas exhaustive") == 2  # once for each of the two bases
    assert html.count('scope="rowgroup"') == len(table.headings) == 3


def test_the_year_under_way_stands_beside_the_last_complete_one(filled: View) -> None:
    found = _values(_table(filled, "housing", housing.SHOWN))
    value, period, note = found["Logements des permis autorisés dans l’année (liste des permis)"]
    assert (value, period) == ("250 logements", "2025")
    assert note.startswith("2026 : 0 logement (provisoire).")
    table = _table(filled, "housing", housing.SHOWN)
    (heading,) = [one for one in table.headings if "permis" in one.title]
    assert heading.note.endswith("des déclarations arrivent plus tard (2026).")
    assert "logement" not in heading.note
    rows = export(filled, "fichiers-recus", {"theme": "housing"})
    mine = rows[rows["indicator"] == "permitted_dwellings"]
    assert list(zip(mine["time_period"], mine["obs_status"], strict=True)) == [("2025", "A"), ("2026", "P")]


def test_a_break_in_a_series_is_said(filled: View) -> None:
    found = _values(_table(filled, "housing", housing.SHOWN))
    assert found["Logements vacants du parc privé (LOVAC)"][:2] == (
        "1 965 logements (rupture de série)",
        "au 1er janvier 2025",
    )


def test_themes_without_a_page_stand_on_that_of_the_district(filled: View, port: View) -> None:
    titles = [_plain(table.title) for table in quarter.tables(port)]
    assert [title.split(" : ")[0] for title in titles] == ["Commerces et économie", "Éducation", "Cadre de vie"]
    assert all("Ivry-Port" in title for title in titles)
    assert all("pour Ivry (" in table.title for table in quarter.tables(filled))
    assert not any(table.is_open for table in quarter.tables(port))
    for table in quarter.tables(port):
        theme = table.export.split("theme=")[1]
        assert len(export(port, "fichiers-recus", {"theme": theme})) == len(table.rows)


def test_withheld_missing_and_zero_are_three_things(port: View) -> None:
    shops, schools, _living = (_values(table) for table in quarter.tables(port))
    assert shops["Établissements actifs (Sirene)"][0] == "non diffusé (secret statistique)"
    assert shops["Boulangeries et pâtisseries (BPE)"][0] == "donnée manquante"
    assert schools["Collèges (BPE)"][0] == "0 établissement scolaire (estimé)"
    assert not any("—" in cell for table in quarter.tables(port) for row in table.rows for cell in row)


def test_maps_offer_what_has_one_value_for_a_district(filled: View) -> None:
    choices = mobility.map_choices(filled)
    assert choices[:2] == mobility.MAP_INDICATORS
    assert {"transit_stops", SHARE} <= set(choices)
    assert departures.INDICATOR not in choices


def test_a_map_of_a_week_says_its_days_and_where_there_is_nothing_to_say(filled: View) -> None:
    prepared = mobility.district_map(filled, SHARE)
    assert "du 9 au 15 mars 2026" in prepared.subtitle
    states = prepared.frame.set_index("slug")["state"]
    assert states["petit-ivry"] == "not_applicable"
    assert states["ivry-port"] == "value"
    source, kinds = mobility.map_source(filled, SHARE)
    assert source.endswith("1er novembre 2026.")
    assert len(kinds) == 1


def test_a_legend_of_things_counted_has_whole_bounds(filled: View) -> None:
    prepared = mobility.district_map(filled, "transit_stops")
    words = [entry["words"] for entry in fragments.legend(filled, prepared)]
    assert words[:3] == ["moins de 1", "de 1 à 2", "2 et plus"]
    classes = dict(zip(prepared.frame["value"], prepared.frame["class_index"], strict=True))
    assert classes == {0: 0, 1: 1, 2: 2}


def test_the_list_of_all_figures_says_hours_weeks_and_what_is_withheld(filled: View, port: View) -> None:
    points = {
        (entry.label, entry.ref_area): [(_plain(point.words), _plain(point.period)) for point in entry.points]
        for entry in entries.entries(filled, entries.OPEN_DATA)
    }
    first = points["Premier départ de la journée", "94041"]
    assert first[0] == ("5 h 30 (estimé)", "9 mars 2026")
    assert points["Lieux d’arrêt des transports en commun", "94041"] == [("4 (estimé)", "du 9 au 15 mars 2026")]
    assert points["Établissements actifs (Sirene)", port.ref_area] == [
        ("non diffusé (secret statistique)", "novembre 2026")
    ]


def test_two_data_sets_that_disagree_both_stay(filled: View) -> None:
    observations = filled.release.table("observations")
    mine = observations[(observations["indicator"] == "groceries") & (observations["ref_area"] == "94041")]
    older = mine.assign(source="sirene-2026-11", time_period="2024-01-01", obs_value=9.0)
    tables = {**filled.release.tables, "observations": pd.concat([observations, older])}
    view = replace(filled, release=replace(filled.release, tables=tables))
    rows = theme_files.received_rows(view, "shops")
    rows = rows[rows["indicator"] == "groceries"]
    assert list(zip(rows["source"], rows["obs_value"], strict=True)) == [("bpe-2025", 3), ("sirene-2026-11", 9)]


def test_long_tables_stay_folded(filled: View) -> None:
    long, short = _table(filled, "mobility"), _table(filled, "education")
    assert (len(long.rows) > theme_files.FEW, long.is_open) == (True, False)
    assert (len(short.rows) > theme_files.FEW, short.is_open) == (False, True)
