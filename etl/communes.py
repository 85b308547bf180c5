"""Communes of the catalogue: entering one, and those a build is about beside them."""

import json
from dataclasses import dataclass
from pathlib import Path

from data.definitions import Catalogue, line_of, load_catalogue, relative
from data.errors import NameTakenError, UnknownAreaError
from etl.ledger_files import replace_files
from etl.packaged import packaged_communes, packaged_rows
from etl.reading.cells import commune_code

FILE = "territories.toml"
LONGEST_NAME = 80
ALL = "all"

_FORMS = {
    "space_in_code": "has a space in it: write its five characters together",
    "leading_zero_lost": "has four digits: the zero before them was lost, as spreadsheets do; write 0{code}",
    "postcode_not_commune": "is a postcode: give the INSEE code of the commune, which is another number",
    "malformed_code": "is no code of a commune: INSEE codes have five characters, such as 26362, 2A004 or 97411",
}
# Cities that the census gives by arrondissement.
_DIVIDED = {"75056": "75101 to 75120", "69123": "69381 to 69389", "13055": "13201 to 13216"}


def check_code(code: str) -> None:
    """Refuse what is no commune of the packaged census.

    Raises
    ------
    UnknownAreaError
        Says what the text is instead, and what to give.
    """
    if code in packaged_communes():
        return
    if code in _DIVIDED:
        raise UnknownAreaError(f"{code} is there by arrondissement in the 2021 census: give one of {_DIVIDED[code]}")
    if reason := commune_code(code):
        raise UnknownAreaError(f"{code!r} {_FORMS[reason].format(code=code)}")
    raise UnknownAreaError(
        f"{code} is no commune of the 2021 census ({len(packaged_communes())} communes, their boundaries of then). "
        "Check that it is not a postcode; if the commune merged with another, give the code of the merged one"
    )


def communes_beside(asked: str, catalogue: Catalogue) -> frozenset[str]:
    """Return the communes asked for that the catalogue has not.

    Parameters
    ----------
    asked : `all`, or codes joined by commas; nothing for none.

    Raises
    ------
    UnknownAreaError
        A code is no commune of the packaged census.
    """
    if asked == ALL:
        return packaged_communes() - catalogue.territories.keys()
    codes = {code.strip() for code in asked.split(",") if code.strip()} - catalogue.territories.keys()
    for code in sorted(codes):
        check_code(code)
    return frozenset(codes)


@dataclass(frozen=True)
class Entered:
    """A commune of the catalogue: whether it was entered now, where it stands, how many lived there in 2021."""

    is_new: bool
    file: str
    line: int
    population: int


def _checked_name(name: str, what: str) -> str:
    bare = " ".join(name.split())
    if not bare or len(bare) > LONGEST_NAME or not bare.isprintable():
        raise NameTakenError(f"{name!r:.120} is no {what}: give 1 to {LONGEST_NAME} printable characters")
    return bare


def enter_commune(code: str, name: str, short: str, catalogue: Path) -> Entered:
    """Enter a commune into the catalogue; one that is there under the same name stays as it is.

    Parameters
    ----------
    short : the name used in sentences; the name itself where it is empty.
    catalogue : the folder of the catalogue.

    Raises
    ------
    UnknownAreaError
        The code is no commune of the packaged census.
    NameTakenError
        The commune is there under another name, or the name is none.
    """
    check_code(code)
    name = _checked_name(name, "name")
    short = _checked_name(short or name, "short name")
    known = load_catalogue(catalogue).territories.get(code)
    path = catalogue / FILE
    text = path.read_bytes().decode("utf-8")
    if known is not None:
        line = line_of(text, code)
        if (known.name, known.short) != (name, short):
            raise NameTakenError(f"{code} is there already as {known.name!r}, {known.short!r} in sentences: "
                                 f"change it in {relative(path)}, line {line}")  # fmt: skip
        return Entered(False, relative(path), line, _population(code))
    text = text if text.endswith("\n") else text + "\n"
    words = (json.dumps(one, ensure_ascii=False) for one in (name, short))
    entry = '\n["{}"]\nlevel = "commune"\nname = {}\nshort = {}\n'.format(code, *words)
    replace_files({path: (text + entry).encode()})
    return Entered(True, relative(path), text.count("\n") + 2, _population(code))


def _population(code: str) -> int:
    return int(packaged_rows("com", [code])["pop"].sum())
