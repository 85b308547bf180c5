"""What the decision sheet is made of: its tabs and columns, declared once for writer and reader.

Columns are of the kinds of `data.gap_sheet.layout`, their words stand in `data/catalogue/decision_sheet.toml`.
"""

from data.gap_sheet.layout import PAGE, PROVENANCE, Column, Tab

VERSION = "decisions-1"
# Blank rows below what is known.
FREE_DECISIONS, FREE_AMOUNTS = 40, 80
# Words to choose from that only a commune has: lists of the hidden tab, and the decisions of the first tab.
PLACES, THEMES, PROGRAMMES, COMMITMENTS = "decision_place", "decision_theme", "programme", "commitment"
CARRIERS = ("programme_1", "programme_2", "programme_3")
# What the city may add to a decision that is known: it stays as its text states it.
ADDED = ("edition", "carrier", "deadline_year", "deadline_month", "deadline_day", "stated_status")

_YEARS = (1990, 2100)
DECISIONS = Tab(
    "decisions",
    (
        Column("commitment_id", "hidden"),
        Column("control", "hidden"),
        Column("decision", "text", 44, high=160),
        Column("decision_theme", "choice", 18, choice=THEMES),
        Column("decision_place", "choice", 24, choice=PLACES),
        Column("said", "fixed", 32),
        Column("known", "fixed", 40),
        Column("edition", "whole", 13, *_YEARS),
        Column("carrier", "text", 26, high=120),
        Column("deadline_year", "whole", 11, *_YEARS),
        Column("deadline_month", "whole", 11, 1, 12),
        Column("deadline_day", "whole", 11, 1, 31),
        Column("stated_status", "choice", 14, choice="stated_status"),
        *(Column(name, "choice", 28, choice=PROGRAMMES) for name in CARRIERS),
        Column("measure", "text", 36, high=300),
        Column("decision_en", "text", 30, high=160),
        *PROVENANCE[:2],
        PAGE,
    ),
    named=("decision", "decision_theme", "decision_place"),
)
SPENDING = Tab(
    "spending",
    (
        Column("commitment", "choice", 44, choice=COMMITMENTS),
        Column("money_kind", "choice", 14, choice="money_kind"),
        Column("amount_eur", "decimal", 18, 0, 10_000_000_000),
        Column("first_year", "whole", 11, *_YEARS),
        Column("last_year", "whole", 13, *_YEARS),
        *PROVENANCE[:2],
        PAGE,
        PROVENANCE[2],
    ),
)
TABS = (DECISIONS, SPENDING)
