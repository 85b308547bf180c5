"""The rows that a chart draws, wherever its specification keeps them."""

from typing import Any


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
