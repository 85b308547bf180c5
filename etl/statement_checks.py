"""Cross-checks of quantities and positions of programmes stated after the text that names them."""

from collections import defaultdict
from collections.abc import Iterator

from data.definitions import Catalogue
from data.errors import Fault
from data.models import ProgrammeRow, StatementRow
from data.rules.positions import FARTHEST_KM, commune_shape, distance_km
from etl.areas import territories
from etl.ledger import Entry, Ledger
from etl.reading_checks import known_quantities

Rows = list[tuple[Entry, StatementRow]]

POSITION = ("longitude", "latitude")
SHARE = "dwellings_social_share"
# What is counted one by one.
_WHOLE = ("dwellings_total", "dwellings_delivered", "heat_connections", "heat_connections_delivered")


def _own_values(rows: Rows, ledger: Ledger) -> Iterator[Fault]:
    """Check each row by itself: its programme, and whether its fact can have that value."""
    known = {row.programme_id for _, row in ledger.rows("programmes.csv", ProgrammeRow)}
    for entry, row in rows:
        if row.programme_id not in known:
            yield entry.fault("programme_id", "unknown programme", "Correct it or add it to programmes.csv")
        if row.fact in POSITION:
            continue
        if row.value < 0:
            yield entry.fault("value", "a quantity cannot be negative", "Check the source")
        elif row.fact == SHARE and row.value > 1:
            yield entry.fault("value", "a share lies between 0 and 1", "Divide a percentage by 100")
        elif row.fact in _WHOLE and row.value % 1:
            yield entry.fault("value", "this is counted in whole numbers", "Check the source")


def _repeated(rows: Rows) -> Iterator[Fault]:
    """Check that one value of a fact is stated on one day: of two there is no newest."""
    first: dict[tuple[str, ...], tuple[Entry, StatementRow]] = {}
    for entry, row in rows:
        other_entry, other = first.setdefault((row.programme_id, row.fact, row.as_of), (entry, row))
        place = f"{other_entry.file}:{other_entry.line}"
        if other.value != row.value:
            problem = f"{row.fact} of {row.programme_id} is {other.value:g} in {place}, stated on the same day"
            yield entry.fault("value", problem, "Keep the right one, or give the later one its own day")
        elif other is not row and (other.source, other.source_detail) == (row.source, row.source_detail):
            yield entry.fault("programme_id", f"repeats {place}", "Keep one of the two rows")


def _newest(rows: Rows, fact: str) -> dict[str, tuple[Entry, StatementRow]]:
    mine = [(entry, row) for entry, row in rows if row.fact == fact]
    return {row.programme_id: (entry, row) for entry, row in sorted(mine, key=lambda pair: pair[1].as_of)}


def _more_than_whole(rows: Rows, ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    """Check that no more is delivered than there is in all, by the newest statement of each, else by the text."""
    known = known_quantities(ledger, catalogue)
    for name, quantity in catalogue.quantities.items():
        # A residence counts its special-purpose dwellings where an operation counts its dwellings.
        same = [name, *(other for other, its in catalogue.quantities.items() if its.unit == quantity.unit)]
        for programme, (entry, row) in _newest(rows, quantity.delivered).items() if quantity.delivered else ():
            total = next((known[programme, one] for one in same if (programme, one) in known), None)
            if total is not None and row.value > total:
                yield entry.fault("value", f"more delivered than there is in all ({total:g})", "Check both numbers")


def _half_positions(rows: Rows) -> Iterator[Fault]:
    found: dict[tuple[str, str, str], dict[str, Entry]] = defaultdict(dict)
    for entry, row in rows:
        if row.fact in POSITION:
            found[row.programme_id, row.as_of, row.source][row.fact] = entry
    for halves in found.values():
        for one, other in (POSITION, POSITION[::-1]):
            if one not in halves:
                yield halves[other].fault("fact", f"{other} without {one}", "Give both, on the same day")


def check_statements(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    """Return what is wrong with statements.csv, but for positions outside the commune."""
    rows = list(ledger.rows("statements.csv", StatementRow))
    yield from _own_values(rows, ledger)
    yield from _repeated(rows)
    yield from _more_than_whole(rows, ledger, catalogue)
    yield from _half_positions(rows)


def check_positions(ledger: Ledger, catalogue: Catalogue) -> Iterator[Fault]:
    """Return the stated positions that lie too far from the commune of their programme; outlines must be sound."""
    rows = [(entry, row) for entry, row in ledger.rows("statements.csv", StatementRow) if row.fact in POSITION]
    if not rows:
        return
    areas = territories(ledger, catalogue)
    communes = dict(zip(areas["ref_area"], areas["commune"], strict=True))
    homes = {row.programme_id: communes.get(row.ref_area, "") for _, row in ledger.rows("programmes.csv", ProgrammeRow)}
    shapes = {commune: commune_shape(areas, commune) for commune in sorted(set(homes.values()) - {""})}
    found: dict[tuple[str, str, str], dict[str, tuple[Entry, float]]] = defaultdict(dict)
    for entry, row in rows:
        found[row.programme_id, row.as_of, row.source][row.fact] = (entry, row.value)
    for (programme, _, _), point in found.items():
        commune = homes.get(programme, "")
        if len(point) < 2 or not commune:
            continue
        (entry, longitude), (_, latitude) = point["longitude"], point["latitude"]
        if not (abs(longitude) <= 180 and abs(latitude) <= 90):
            yield entry.fault("value", f"{longitude:g}, {latitude:g} is no position", "Degrees, WGS 84 (EPSG:4326)")
        elif (far := distance_km(shapes[commune], longitude, latitude)) > FARTHEST_KM:
            away = f"{far:.0f} km" if far < 100 else "more than 100 km"
            problem = f"{longitude:g}, {latitude:g} lies {away} from commune {commune}"
            yield entry.fault("value", problem, "Check that longitude and latitude are not swapped")
