"""Electricity, gas, heat and cold used in a commune in a year, in the tables of Agence ORE and of the SDES.

A commune has dozens of rows: operator, category of user, sector, activity. All are added up; nothing is where one of
them is withheld, since what is left would pass for the whole. A withheld cell is blank (or 0, or holds only a part)
beside a count of withheld cells, or reads `secret`. `etl.energy_tables` knows the layouts.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import cast

import pandas as pd

from etl.commune_rows import CommuneRows, in_scope
from etl.energy_tables import UNSAID_UNIT, Columns, Measure, columns_of, plain, with_short_names
from etl.intake import Extracted, Loaded, Rejection, Scope, edition_year
from etl.judging import Observed, framed, one_by_one
from etl.reading.cells import iris_code, number_of
from etl.reading.delimited import Layout, read_delimited

ENERGIES = {
    "electricite": "electricity", "e": "electricity", "gaz": "gas", "g": "gas", "chaleur": "heat", "c": "heat",
    "froid": "cold", "f": "cold",
}  # fmt: skip
SECTORS = {
    "residentiel": "residential", "r": "residential", "tertiaire": "tertiary", "t": "tertiary",
    "industrie": "industry", "i": "industry", "agriculture": "agriculture", "a": "agriculture",
    "inconnu": "unknown", "n": "unknown", "na": "unknown", "nap": "unknown", "petit_professionnel": "unknown",
    "": "unknown",
}  # fmt: skip
TOTALS = {
    "electricity": "electricity_consumption_mwh",
    "gas": "gas_consumption_mwh",
    "heat": "heat_consumption_mwh",
    "cold": "cold_consumption_mwh",
}
OF_HOMES = {
    "electricity": "electricity_consumption_residential_mwh",
    "gas": "gas_consumption_residential_mwh",
    "heat": "heat_consumption_residential_mwh",
}
GIVES = (*TOTALS.values(), *OF_HOMES.values())
LAYOUT = Layout(columns=(), separators=(";", ","), encodings=("utf-8", "cp1252"))
SECRET = ("s", "secret")
GROUP = ["commune", "year", "energy"]
SECTOR_WORDS = {
    "residential": ("résidentiel", "homes"), "tertiary": ("tertiaire", "services"),
    "industry": ("industrie", "industry"), "agriculture": ("agriculture", "agriculture"),
    "unknown": ("non affecté", "not assigned"),
}  # fmt: skip
WITHHELD = (
    "Secret statistique ou commercial\u202f: une partie n’est pas publiée ({}), et le reste ne vaut pas total.",
    "Statistical or commercial secrecy: a part is not published ({}), and the rest is no total.",
)
BLANK = ("Une partie manque dans la source ({}).", "A part is missing in the source ({}).")
REJECTED = (
    "Une ligne de la source n’a pas pu être utilisée\u202f: sans elle, le total serait faux.",
    "A row of the source could not be used: without it the total would be wrong.",
)


def extract(path: Path) -> Extracted:
    """Read a file faithfully, under the short names of its columns where it has two header lines.

    Raises
    ------
    UnreadableFileError
        It is of another kind.
    """
    extracted = read_delimited(path, LAYOUT)
    named, unit = with_short_names(extracted.frame)
    columns = columns_of(extracted.file, named, unit)
    value = columns.measures[0]
    if unit not in {"", UNSAID_UNIT} and not value.sector and plain(value.column) == "conso":
        # The labels say another unit, the short name does not: it is kept in the name.
        named = named.rename(columns={value.column: f"{value.column}_{unit}"})
    return replace(extracted, frame=named)


def part_of(extracted: Extracted) -> str:
    """Return the energies a file is about: an edition comes in several."""
    columns = columns_of(extracted.file, extracted.frame)
    found = {ENERGIES.get(plain(text), "") for text in extracted.frame[columns.energy].unique()}
    return "-".join(sorted(found - {""}))


def _in_scope(extracted: Extracted, columns: Columns, scope: Scope) -> CommuneRows:
    """Choose the rows of communes in scope, and say their commune."""
    if columns.is_by_iris:
        codes = extracted.frame[columns.area]
        reasons = one_by_one(iris_code)(codes)
        is_bad = reasons.ne("").to_numpy(dtype=bool)
        is_mine = codes.str[:5].isin(scope.communes).to_numpy(dtype=bool) & ~is_bad
        rejected = [
            Rejection(extracted.file, int(line), columns.area, code, reason)
            for line, code, reason in zip(
                extracted.frame.loc[is_bad, "line"], codes[is_bad], reasons[is_bad], strict=True
            )
        ]
        others = len(codes) - int(is_bad.sum()) - int(is_mine.sum())
        mine = extracted.frame[is_mine]
        chosen = CommuneRows(extracted.file, extracted.read, mine, others, [*extracted.rejected, *rejected])
    else:
        chosen = in_scope(extracted, columns.area, scope)
    chosen.rows = chosen.rows.assign(commune=chosen.rows[columns.area].str[:5])
    return chosen


def _period_reason(text: str, newest: int) -> str:
    """Return why a text is no year of the edition, nothing where it is one."""
    if not re.fullmatch(r"(19|20)\d\d", text, re.ASCII):
        return "malformed_period"
    return "future_period" if int(text) > newest else ""


def _said(chosen: CommuneRows, columns: Columns, newest: int) -> pd.DataFrame:
    """Return commune, year, energy, sector, name and line of each row; rows that do not tell the first four are
    rejected."""
    rows = chosen.rows
    reasons = one_by_one(lambda text: _period_reason(text, newest))(rows[columns.year])
    chosen.reject(columns.year, reasons)
    energy = rows[columns.energy].map(lambda text: ENERGIES.get(plain(text), "")).astype("str")
    chosen.reject_where(columns.energy, energy.eq(""), "unknown_energy")
    sector = pd.Series("", index=rows.index, dtype="str")
    if columns.sector:
        sector = rows[columns.sector].map(lambda text: SECTORS.get(plain(text), "?")).astype("str")
        chosen.reject_where(columns.sector, sector.eq("?"), "unknown_sector")
    keys = [columns.area, columns.year, columns.energy, *([columns.sector] if columns.sector else []), *columns.details]
    chosen.reject_where(columns.area, rows.duplicated(keys, keep=False), "duplicate_key")
    year = rows[columns.year].mask(reasons.ne("").to_numpy(dtype=bool), "")
    name = rows[columns.name] if columns.name else ""
    said = {"commune": rows["commune"], "year": year, "energy": energy, "sector": sector, "name": name}
    return pd.DataFrame(said | {"line": rows["line"]})


def _amounts(chosen: CommuneRows, measure: Measure, said: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts of a column in megawatt-hours, with what stands for none; bad cells are rejected.

    Returns
    -------
    DataFrame : the columns of `said`, `value` (missing where there is none), `is_secret`.
    """
    texts = chosen.rows[measure.column]
    is_word = texts.str.strip().str.casefold().isin(SECRET)
    numbers = {text: number_of(text) for text in texts[~is_word].unique()}
    chosen.reject(measure.column, texts.map(lambda text: numbers[text].reason if text in numbers else "").astype("str"))
    value = texts.map(lambda text: numbers[text].value if text in numbers else None).astype("float64") * measure.factor
    is_secret = is_word
    if measure.withheld:
        counts = {text: number_of(text, whole=True) for text in chosen.rows[measure.withheld].unique()}
        withheld = chosen.rows[measure.withheld]
        chosen.reject(measure.withheld, withheld.map(lambda text: counts[text].reason).astype("str"))
        is_secret = is_secret | withheld.map(lambda text: (counts[text].value or 0) > 0).astype("bool")
    sector = said["sector"] if not measure.sector else measure.sector
    return said.assign(sector=sector, value=value.mask(is_secret), is_secret=is_secret)


def _spoiled(extracted: Extracted, columns: Columns, chosen: CommuneRows, said: pd.DataFrame) -> list[dict[str, str]]:
    """Return what is known of the groups that rejected rows belong to: commune, and year and energy where told.

    A row that could not be split, or whose code is none, is of the commune that its text or its name tells.
    """
    rejected = {one.line: one.value for one in chosen.rejected}
    known = cast(list[dict[str, str]], said.loc[said["line"].isin(list(rejected)), GROUP].to_dict("records"))
    strays = extracted.frame[extracted.frame["line"].isin(set(rejected) - set(said["line"]))]
    texts = {text for line, text in rejected.items() if line not in set(said["line"])}
    named = {commune for commune in said["commune"].unique() if any(commune in text for text in texts)}
    if columns.name:
        names = said.set_index("commune")["name"]
        named |= set(names[names.isin(strays[columns.name]).to_numpy(dtype=bool)].index)
    return [*known, *({"commune": commune, "year": "", "energy": ""} for commune in sorted(named))]


def _is_spoiled(group: tuple[str, str, str], spoiled: list[dict[str, str]]) -> bool:
    commune, year, energy = group
    return any(
        one["commune"] == commune and one["year"] in {"", year} and one["energy"] in {"", energy} for one in spoiled
    )


def _named(sectors: pd.Series) -> tuple[str, str]:
    names = sorted(set(sectors))
    return ", ".join(SECTOR_WORDS[name][0] for name in names), ", ".join(SECTOR_WORDS[name][1] for name in names)


def _sum(pieces: pd.DataFrame, is_spoiled: bool) -> tuple[float | None, str, str, tuple[str, str]]:
    """Return the sum of amounts, its two statuses, and what is said of it in French and English."""
    if is_spoiled:
        return None, "O", "F", REJECTED
    for is_none, conf_status, words in ((pieces["is_secret"], "C", WITHHELD), (pieces["value"].isna(), "F", BLANK)):
        if is_none.any():
            french, english = _named(pieces.loc[is_none, "sector"])
            return None, "O", conf_status, (words[0].format(french), words[1].format(english))
    return float(pieces["value"].sum()), "A", "F", ("", "")


def _observed(
    group: tuple[str, str, str], pieces: pd.DataFrame, is_spoiled: bool, edition: str, detail: str
) -> list[Observed]:
    commune, year, energy = group
    found = []
    homes = pieces[pieces["sector"] == "residential"]
    for indicators, rows in ((TOTALS, pieces), (OF_HOMES, homes)):
        if energy in indicators and len(rows):
            value, status, conf_status, (french, english) = _sum(rows, is_spoiled)
            found.append(
                Observed(
                    commune, indicators[energy], year, value, edition, detail, status, conf_status, french, english
                )
            )
    return found


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return what communes in scope use a year, of each energy, and what their homes use.

    Raises
    ------
    UnknownEditionError
        The edition names no year.
    """
    newest = edition_year(edition, "local-energy")
    columns = columns_of(extracted.file, extracted.frame)
    chosen = _in_scope(extracted, columns, scope)
    said = _said(chosen, columns, newest)
    amounts = pd.concat([_amounts(chosen, measure, said) for measure in columns.measures], ignore_index=True)
    chosen.drop_rejected()
    spoiled = _spoiled(extracted, columns, chosen, said)
    used = amounts[amounts["line"].isin(chosen.rows["line"])]
    cells = ", ".join(measure.column for measure in columns.measures)
    detail = f"Local energy use, {newest} edition, {cells}" + (", sum of IRIS" if columns.is_by_iris else "")
    observed: list[Observed] = []
    for (commune, year, energy), pieces in used.groupby(GROUP, sort=True):
        group = str(commune), str(year), str(energy)
        observed += _observed(group, pieces, _is_spoiled(group, spoiled), edition, detail)
    return chosen.loaded(framed(observed))
