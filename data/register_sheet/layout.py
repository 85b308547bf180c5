"""What the workbook of the city's registers is made of: its tabs and columns, declared once for writer and reader.

A tab is a list that the city keeps itself; its rows are blank. Columns are of the kinds of `data.gap_sheet.layout`,
their words stand in `data/catalogue/register_sheet.toml`.
"""

from data.gap_sheet.layout import PROVENANCE, Column, Tab

VERSION = "registers-1"
# Blank rows of each tab; more can be added below.
ROWS = {"new_operations": 40, "green_spaces": 300, "cycle_facilities": 500, "premises": 1_500}
# Places an operation may lie in, and districts, are those of the commune: lists of the hidden tab.
DISTRICTS, PLACES = "district", "operation_place"

_POSITION = (
    Column("register_district", "choice", 24, choice=DISTRICTS),
    Column("longitude", "decimal", 15, -180, 180),
    Column("latitude", "decimal", 15, -90, 90),
)
NEW_OPERATIONS = Tab(
    "new_operations",
    (
        Column("operation_name", "text", 36, high=120),
        Column("operation_kind", "choice", 22, choice="operation_kind"),
        Column("operation_place", "choice", 26, choice=PLACES),
        Column("operation_status", "choice", 14, choice="operation_status"),
        Column("operation_phase", "choice", 18, choice="phase"),
        Column("operation_year", "whole", 9, 1980, 2100),
        Column("operation_month", "whole", 9, 1, 12),
        Column("operation_day", "whole", 9, 1, 31),
        Column("operation_dwellings", "whole", 12, 0, 100_000),
        Column("operation_social_share", "decimal", 12, 0, 100),
        Column("operation_area_m2", "decimal", 12, 0, 10_000_000),
        *PROVENANCE,
    ),
)
GREEN_SPACES = Tab(
    "green_spaces",
    (
        Column("space_name", "text", 38, high=120),
        Column("space_area_m2", "decimal", 14, 1, 10_000_000),
        Column("space_year", "whole", 12, 1600, 2100),
        Column("space_access", "choice", 22, choice="space_access"),
        *_POSITION,
    ),
)
CYCLE_FACILITIES = Tab(
    "cycle_facilities",
    (
        Column("cycle_kind", "choice", 24, choice="cycle_kind"),
        Column("cycle_places", "whole", 12, 1, 5_000),
        Column("cycle_where", "text", 38, high=120),
        *_POSITION,
    ),
)
PREMISES = Tab(
    "premises",
    (
        Column("premises_identifier", "text", 18, high=40),
        Column("premises_kind", "choice", 22, choice="premises_kind"),
        Column("premises_area_m2", "decimal", 14, 1, 1_000_000),
        Column("premises_state", "choice", 14, choice="premises_state"),
        Column("premises_since", "date", 14),
        *_POSITION,
    ),
)
TABS = (NEW_OPERATIONS, GREEN_SPACES, CYCLE_FACILITIES, PREMISES)
