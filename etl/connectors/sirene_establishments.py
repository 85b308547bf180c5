"""Sirene's stock of establishments: active ones by commune, district and kind of activity, at the date of the file.

UTF-8, comma, a row an establishment, over fifty columns of which the few counted are read; the national file or an
extract of it, bare or in its archive. Closed establishments are out of scope. Persons whose diffusion is restricted
are counted where their commune is given, like all others; what is masked reads `[ND]`. No number, name, address or
position leaves this module.
"""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.errors import UnknownEditionError
from etl.commune_rows import CommuneRows, in_scope
from etl.intake import Extracted, Loaded, Scope
from etl.placing import Said, place
from etl.reading.registers import Register, read_register, without_values
from etl.tallies import annotate, communes_of, incomplete_communes, positions, tally

NUMBER, AREA, STATE = "siret", "codeCommuneEtablissement", "etatAdministratifEtablissement"
ACTIVITY, NOMENCLATURE = "activitePrincipaleEtablissement", "nomenclatureActivitePrincipaleEtablissement"
EASTING, NORTHING = "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement"
COUNTRY = "codePaysEtrangerEtablissement"
REGISTER = Register((NUMBER, AREA, STATE, ACTIVITY, NOMENCLATURE), (EASTING, NORTHING, COUNTRY), ",")
PERSONAL = frozenset({NUMBER, EASTING, NORTHING})
ACTIVE, CLOSED, MASKED = "A", "F", "[ND]"

ALL = "establishments_active"
# Kinds by the French nomenclature of activities (NAF rév. 2). Shops: 47.11 and 47.2 food, 47.19 and 47.3 to 47.7 other;
# stalls (47.8) and sales at a distance (47.9) are none. 56.2, caterers and canteens, is no restaurant.
CURRENT = "NAFRev2"
KINDS = {
    "food_shop_establishments": r"47\.(?:11|2\d)[A-Z]",
    "food_craft_establishments": r"10\.13B|10\.71[BCD]",
    "other_shop_establishments": r"47\.(?:19|[3-7]\d)[A-Z]",
    "restaurant_and_bar_establishments": r"56\.(?:10|30)[A-Z]",
    "personal_service_establishments": r"96\.01B|96\.0[24][A-Z]",
}
GIVES = (ALL, *KINDS)
# An active establishment has its activity in the nomenclature in force, but for a few. From this part on the file is in
# another nomenclature, and its kinds cannot be told.
LARGEST_UNKNOWN_SHARE = 0.05
SOME_UNKNOWN = (
    "Des établissements actifs n’ont pas d’activité dans la nomenclature lue (NAF rév.\u00a02)\u202f: ils ne sont dans "
    "aucune catégorie.",
    "Some active establishments have no activity in the nomenclature read (NAF rév. 2): they are in no kind.",
)
KINDS_UNKNOWN = (
    "Les activités ne sont pas dans la nomenclature lue (NAF rév.\u00a02)\u202f: la catégorie n’est pas connue.",
    "Activities are not given in the nomenclature read (NAF rév. 2): the kind is not known.",
)


def extract(path: Path) -> Extracted:
    """Read the columns counted of a stock of establishments, or of the one stock in an archive.

    Raises
    ------
    UnreadableFileError
        The file is too large, of another kind, or lacks a column.
    """
    return read_register(path, REGISTER)


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Count the active establishments of the communes in scope, by district where their position is given.

    Raises
    ------
    UnknownEditionError
        The edition names no month.
    """
    found = re.fullmatch(r"sirene-(\d{4}-(?:0[1-9]|1[0-2]))", edition, re.ASCII)
    if found is None:
        raise UnknownEditionError(f"{edition!r} names no month: an edition is called sirene-2026-11")
    chosen = _active_in_scope(extracted, scope)
    _check_rows(chosen)
    is_told = pd.Series(True, index=chosen.rows.index)
    for column in {EASTING, NORTHING} & set(chosen.rows):
        is_told &= chosen.rows[column].ne(MASKED)
    points = positions(chosen, AREA, (EASTING, NORTHING), is_told)
    incomplete = incomplete_communes(chosen, AREA)
    chosen.drop_rejected()
    rows = place(points[chosen.rows.index].to_numpy(), scope, chosen.rows[AREA])
    said = Said(
        found[1], edition, f"Sirene, stock of establishments, {found[1]} edition, {STATE} = {ACTIVE}, {ACTIVITY}"
    )
    frame = tally(_by_kind(rows, chosen.rows), GIVES, scope, said, incomplete, is_microdata=True)
    loaded = chosen.loaded(_with_unknown_kinds(frame, chosen.rows, scope))
    return replace(loaded, rejected=without_values(loaded.rejected, PERSONAL))


def _active_in_scope(extracted: Extracted, scope: Scope) -> CommuneRows:
    """Choose the rows of communes in scope that are not closed, nor abroad."""
    frame = extracted.frame
    is_abroad = frame[AREA].eq("") & frame[COUNTRY].ne("") if COUNTRY in frame else pd.Series(False, index=frame.index)
    is_out = frame[STATE].eq(CLOSED) | is_abroad
    chosen = in_scope(replace(extracted, frame=frame[~is_out]), AREA, scope)
    chosen.read += int(is_out.sum())
    chosen.out_of_scope += int(is_out.sum())
    return chosen


def _number_reasons(numbers: pd.Series) -> pd.Series:
    """Return what is wrong with numbers of establishments: 14 digits, of which spreadsheets drop the leading zeros."""
    is_short = numbers.str.fullmatch("[0-9]{9,13}")
    reasons = pd.Series("", index=numbers.index, dtype="str").mask(numbers.duplicated(keep=False), "duplicate_record")
    is_number = numbers.str.fullmatch("[0-9]{14}")
    return reasons.mask(~is_number, "malformed_identifier").mask(is_short, "leading_zero_lost")


def _check_rows(chosen: CommuneRows) -> None:
    """Reject rows whose number, state or activity cannot be."""
    rows = chosen.rows
    chosen.reject(NUMBER, _number_reasons(rows[NUMBER]))
    chosen.reject_where(STATE, rows[STATE].ne(ACTIVE), "unknown_code")
    is_activity = rows[ACTIVITY].eq("") | rows[ACTIVITY].str.fullmatch(r"[0-9]{2}\.[0-9]{2}[A-Z]")
    chosen.reject_where(ACTIVITY, rows[NOMENCLATURE].eq(CURRENT) & ~is_activity, "malformed_activity")


def _is_kind_known(rows: pd.DataFrame) -> pd.Series:
    return rows[NOMENCLATURE].eq(CURRENT) & rows[ACTIVITY].ne("")


def _by_kind(placed: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row an establishment and indicator it counts in."""
    is_known = _is_kind_known(rows)
    found = [placed.assign(indicator=ALL)]
    for indicator, pattern in KINDS.items():
        mine = is_known & rows[ACTIVITY].str.fullmatch(pattern)
        found.append(placed[mine.to_numpy(dtype=bool)].assign(indicator=indicator))
    return pd.concat(found, ignore_index=True)


def _with_unknown_kinds(frame: pd.DataFrame, rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Say of communes with activities that are not known that kinds are incomplete; too many, and they are missing."""
    shares = (~_is_kind_known(rows)).groupby(rows[AREA]).mean()
    share = communes_of(frame["ref_area"], scope).map(shares).fillna(0.0)
    is_kind = frame["indicator"].ne(ALL)
    is_unknown = is_kind & share.gt(LARGEST_UNKNOWN_SHARE)
    annotate(frame, is_kind & share.gt(0) & ~is_unknown, SOME_UNKNOWN, "E")
    annotate(frame, is_unknown, KINDS_UNKNOWN, "O")
    return frame
