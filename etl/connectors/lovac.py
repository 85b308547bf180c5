"""LOVAC by commune: dwellings of the private stock, vacant ones, and those vacant for over two years, on 1 January.

The file is wide, newest year first: `CODGEO_YY`, then a column a quantity and year; the stock is counted up to the year
before the edition. `s` is secret (fewer than 11 dwellings), `0` is zero, an empty cell is missing.
"""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.errors import UnreadableFileError
from etl.commune_rows import Column, CommuneRows, in_scope, observe
from etl.intake import Extracted, Loaded, Scope
from etl.reading.cells import counts
from etl.reading.delimited import Layout, read_delimited

VACANT, LONG_VACANT, STOCK = (
    "private_dwellings_vacant", "private_dwellings_vacant_over_2_years", "private_dwellings",
)  # fmt: skip
# The stock was called `pp_total` up to the edition of 2025.
QUANTITIES = {"pp_vacant": VACANT, "pp_vacant_plus_2ans": LONG_VACANT, "pp_total": STOCK, "ff_pp_total": STOCK}
GIVES = (VACANT, LONG_VACANT, STOCK)
CODE = re.compile(r"CODGEO_(\d\d)", re.IGNORECASE)
MEASURE = re.compile(rf"({'|'.join(QUANTITIES)})_(\d\d)", re.IGNORECASE)
LAYOUT = Layout(columns=(), separators=(";",), encodings=("utf-8", "cp1252"))
SECRET = "s"
# The column of each year and quantity.
Measures = dict[tuple[int, str], str]

# Breaks in series, declared here and nowhere else. The method of counting vacant dwellings changed with the edition
# of 2025; and a stock that changes by more than a fifth (and 100 dwellings) in a year was not built or pulled down: it
# is counted otherwise, and so are its vacant dwellings. Ivry's jumps by 29 % in 2023.
NEW_METHOD = {(VACANT, 2025)}
STOCK_JUMP_SHARE, STOCK_JUMP_DWELLINGS = 0.2, 100
BREAK_FR = "Rupture de série\u202f: cette valeur ne se compare pas directement aux précédentes."
BREAK_EN = "Break in series: this value cannot be compared directly with earlier ones."
JUMP_FR = "Rupture de série\u202f: le nombre de logements passe d’un coup de {} à {}."
JUMP_EN = "Break in series: the number of dwellings jumps from {} to {}."


def _columns(extracted: Extracted) -> tuple[str, Measures]:
    """Return the column of codes, and by year and indicator that of each quantity."""
    names = [str(name) for name in extracted.frame.columns]
    codes = [name for name in names if CODE.fullmatch(name)]
    measures: Measures = {}
    for name in names:
        if found := MEASURE.fullmatch(name):
            key = 2000 + int(found[2]), QUANTITIES[found[1].lower()]
            if key in measures:
                raise UnreadableFileError(f"{extracted.file} gives the same twice: {measures[key]} and {name}")
            measures[key] = name
    if len(codes) != 1 or not measures:
        raise UnreadableFileError(
            f"{extracted.file} is not LOVAC by commune: it wants one column CODGEO_YY and columns pp_vacant_YY, "
            f"pp_vacant_plus_2ans_YY, pp_total_YY; it has {', '.join(names)[:300]}"
        )
    return codes[0], measures


def extract(path: Path) -> Extracted:
    """Read a file faithfully.

    Raises
    ------
    UnreadableFileError
        It is of another kind, or a year between the first and the edition's lacks a column.
    """
    extracted = read_delimited(path, LAYOUT)
    names = [str(name).strip() for name in extracted.frame.columns]
    extracted = replace(extracted, frame=extracted.frame.set_axis(names, axis=1))
    code, measures = _columns(extracted)
    last, first = 2000 + int(code[-2:]), min(year for year, _ in measures)
    wanted = {(year, name) for year in range(first, last + 1) for name in (VACANT, LONG_VACANT)}
    wanted |= {(year, STOCK) for year in range(first, last)}
    spelled = {name: column for column, name in reversed(QUANTITIES.items())}
    absent = sorted(f"{spelled[name]}_{year % 100}" for year, name in wanted - set(measures))
    if absent or max(year for year, _ in measures) > last:
        raise UnreadableFileError(
            f"{extracted.file} is the edition of {last} ({code}) but lacks {', '.join(absent) or 'nothing'} and ends "
            f"with {max(measures)[0]}: take the publisher's file, or tell the connector how the columns are called now"
        )
    return extracted


def _numbers(chosen: CommuneRows, measures: Measures) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the numbers of rows and which are secret, by year and quantity; rows with others are rejected."""
    numbers, secrets = {}, {}
    for key, column in measures.items():
        cells = chosen.rows[column]
        secrets[key] = cells.str.strip().eq(SECRET).astype(bool)
        numbers[key], reasons = counts(cells.mask(secrets[key], ""))
        chosen.reject(column, reasons)
    for part, total in ((VACANT, STOCK), (LONG_VACANT, VACANT)):
        for (year, name), column in measures.items():
            if name == part and (year, total) in numbers:
                is_above = numbers[year, part] > numbers[year, total]
                chosen.reject_where(column, is_above, "parts_above_total")
    chosen.drop_rejected()
    index = chosen.rows.index
    return pd.DataFrame(numbers).reindex(index), pd.DataFrame(secrets).reindex(index)


def _jumps(numbers: pd.DataFrame, year: int) -> pd.Series:
    """Tell in which rows the stock jumps in a year; where one of both is not known, it does not."""
    if not {(year, STOCK), (year - 1, STOCK)} <= set(numbers.columns):
        return pd.Series(False, index=numbers.index)
    before, after = numbers[year - 1, STOCK], numbers[year, STOCK]
    return (after - before).abs() > (STOCK_JUMP_SHARE * before).clip(lower=STOCK_JUMP_DWELLINGS)


def _jump_words(before: float, after: float) -> tuple[str, str]:
    """Return in French and English what a jump says of its series."""
    english = [f"{value:,.0f}" for value in (before, after)]
    french = [text.replace(",", "\u202f") for text in english]
    return JUMP_FR.format(*french), JUMP_EN.format(*english)


def _of_measure(numbers: pd.DataFrame, key: tuple[int, str]) -> pd.DataFrame:
    """Return status and notes of the values of a year and quantity."""
    year, name = key
    values = numbers[key]
    frame = pd.DataFrame({"obs_status": "A", "note_fr": "", "note_en": ""}, index=numbers.index)
    is_jump = _jumps(numbers, year) & values.notna()
    if (name, year) in NEW_METHOD:
        frame = frame.assign(obs_status="B", note_fr=BREAK_FR, note_en=BREAK_EN)
    elif name in (STOCK, VACANT) and is_jump.any():
        frame.loc[is_jump, "obs_status"] = "B"
        if name == STOCK:
            stocks = numbers.loc[is_jump, [(year - 1, STOCK), key]]
            words = [_jump_words(before, after) for before, after in stocks.itertuples(index=False, name=None)]
            frame.loc[is_jump, ["note_fr", "note_en"]] = words
    frame.loc[values.isna(), ["obs_status", "note_fr", "note_en"]] = ["O", "", ""]
    return frame


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Return the figures of the communes in scope; what is secret or missing keeps its status.

    Raises
    ------
    UnreadableFileError
        The file is of another edition.
    """
    code, measures = _columns(extracted)
    if not edition.endswith(f"20{code[-2:]}"):
        raise UnreadableFileError(f"{extracted.file} is the edition of 20{code[-2:]} ({code}), not {edition}")
    chosen = in_scope(extracted, code, scope)
    chosen.reject_where(code, chosen.rows[code].duplicated(keep=False), "duplicate_key")
    chosen.drop_rejected()
    numbers, secrets = _numbers(chosen, measures)
    label = edition.rsplit("-", 1)[-1]
    columns = [
        Column(column, name, f"{year}-01-01", f"LOVAC open data, {label} edition, {column}")
        for (year, name), column in measures.items()
    ]
    by_column = numbers.set_axis(list(measures.values()), axis=1)
    said = pd.concat([_of_measure(numbers, key) for key in measures], ignore_index=True)
    observations = observe(chosen.rows[code], by_column, columns, edition).assign(**said)
    is_secret = secrets.to_numpy(dtype=bool).ravel(order="F")
    observations.loc[is_secret, "conf_status"] = "C"
    return chosen.loaded(observations)
