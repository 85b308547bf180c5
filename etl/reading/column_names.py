"""Columns of received tables by the names their publisher gives them, however they are spelled."""

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from data.errors import UnreadableFileError

_SHOWN = 300


def same_name(name: str) -> str:
    """Return what makes two spellings of a column the same: neither case nor spaces around."""
    return name.strip().casefold()


def named_columns(
    file: str, cells: Sequence[str], wanted: Sequence[str], *, longest: int = 0, ours: tuple[str, ...] = ("line",)
) -> list[str]:
    """Return the names of columns: wanted ones as they are wanted, others as in the file.

    Parameters
    ----------
    file : the name of the file, for messages.
    cells : the columns as the file writes them.
    wanted : those that must be there.
    longest : after how many characters the format cuts names, 0 where it does not.
    ours : names that this project gives (`line` is the place of a row), which the file's must not hide.

    Raises
    ------
    UnreadableFileError
        A column is missing or there twice.
    """
    spelled = {same_name(column): column for column in wanted}
    if longest:
        cut = Counter(same_name(column)[:longest] for column in wanted)
        spelled |= {same_name(one)[:longest]: one for one in wanted if cut[same_name(one)[:longest]] == 1}
    names = [spelled.get(same_name(cell), cell) for cell in cells]
    names = [f"{one} (column {number})" if one in {"", *ours} else one for number, one in enumerate(names, 1)]
    times = Counter(same_name(one) for one in names)
    twice = sorted({one for one in names if times[same_name(one)] > 1})
    if twice:
        raise UnreadableFileError(f"{file} has the column {twice[0]} twice: nothing tells which one holds")
    missing = [column for column in wanted if column not in names]
    if missing:
        near = [_nearest(column, [cell for cell in cells if same_name(cell) not in spelled]) for column in missing]
        raise UnreadableFileError(
            f"{file} has no column {', '.join(missing)}{''.join(near)}. It has {', '.join(cells)[:_SHOWN]}. "
            "If the publisher renamed a column, its connector needs to be told"
        )
    return names


def _nearest(column: str, cells: Sequence[str]) -> str:
    by_key = {same_name(cell): cell for cell in cells}
    match = get_close_matches(same_name(column), by_key, n=1)
    return f" (nearest to {column}: {by_key[match[0]]})" if match else ""
