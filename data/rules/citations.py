"""Which lines of a text a row cites."""

import re

_LINES = re.compile(r"(?:\d+:)?(?P<first>\d+)(?:-(?P<last>\d+))?")


def cited_lines(source: str, detail: str) -> frozenset[str]:
    """Return the lines of a text that a row cites, ranges spelled out: `002:9-11;76` gives 9, 10, 11 and 76.

    A place that is not a line (a cell of a sheet, a column) stands for itself.
    """
    lines = set()
    for part in detail.split(";"):
        match = _LINES.fullmatch(part.strip())
        if match is None:
            lines.add(f"{source}:{part.strip()}")
            continue
        first = int(match["first"])
        lines |= {f"{source}:{line}" for line in range(first, int(match["last"] or first) + 1)}
    return frozenset(lines)
