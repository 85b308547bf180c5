"""What a chart draws, wherever its specification keeps it: rows, and marks with the rows they draw."""

from collections.abc import Iterator
from typing import Any

Rows = list[dict[str, Any]]


def datasets(part: object) -> list[list[dict[str, Any]]]:
    """Return every list of rows of a specification."""
    if isinstance(part, list):
        return [data for one in part for data in datasets(one)]
    if not isinstance(part, dict):
        return []
    data = part.get("data")
    found = [data["values"]] if isinstance(data, dict) and "values" in data else []
    found += list(part.get("datasets", {}).values())
    return found + [
        rows for name, value in part.items() if name not in {"data", "datasets"} for rows in datasets(value)
    ]


def rows_with(part: object, *names: str) -> list[dict[str, Any]]:
    """Return the rows that have all of some columns."""
    return [row for rows in datasets(part) for row in rows if all(name in row for name in names)]


def marks(part: dict[str, Any], rows: Rows | None = None) -> Iterator[tuple[dict[str, Any], Rows]]:
    """Yield each mark of a specification with the rows it draws; a layer without rows draws those around it."""
    rows = part["data"]["values"] if "data" in part else rows
    for layer in part.get("layer", ()):
        yield from marks(layer, rows)
    if "mark" in part:
        assert rows is not None
        yield part["mark"], rows
