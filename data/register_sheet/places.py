"""Where things of a commune may lie, in the words of the workbook: its districts, and the sectors of its texts."""

import pandas as pd

from data.frames import rows_of
from data.gap_sheet.words import say


def districts_of(areas: pd.DataFrame, commune: str) -> dict[str, str]:
    """Return the name of each district of a commune by its code.

    Parameters
    ----------
    areas : `ref_area`, `level`, `name`, `commune`; the `territories` table, or the outlines of a scope.
    """
    mine = areas[(areas["level"] == "district") & (areas["commune"] == commune)]
    return {str(row.ref_area): str(row.name) for row in rows_of(mine.sort_values("name"))}


def operation_places(territories: pd.DataFrame, commune: str) -> dict[str, str]:
    """Return where an operation of a commune may lie, in words by code: the commune, a district, a sector.

    A sector of the same name as its district is that district.
    """
    districts = districts_of(territories, commune)
    found = {commune: say("whole_commune"), **districts}
    mine = territories[(territories["level"] == "operation") & (territories["commune"] == commune)]
    for row in rows_of(mine.sort_values("name")):
        district = districts.get(str(row.district), "")
        if str(row.name) in found.values():
            continue
        found[str(row.ref_area)] = say("sector", sector=row.name, district=district) if district else str(row.name)
    return found
