"""Corrections on the sources page: what the source gives, what holds, why; or that there is none."""

from dataclasses import replace

import pandas as pd
import pytest

from dashboard.content import corrections, quality
from dashboard.content.folds import Listing
from dashboard.exports import export
from dashboard.view import View
from data.release import Release
from data.schemas import TABLES

ROW = {
    "ref_area": "94041", "indicator": "social_dwellings", "time_period": "2024-01-01", "nature": "observed",
    "reading": "", "source": "rpls-2024", "action": "value", "old_value": 11948.0, "new_value": 11984.0,
    "reason_fr": "Deux chiffres ont été intervertis.", "reason_en": "Two digits were swapped.",
    "proof_fr": "Courrier du producteur.", "proof_en": "Letter of the publisher.", "decided_by": "Service habitat",
    "date": "2026-11-20",
}  # fmt: skip


def _listing(view: View) -> Listing:
    return next(one for one in quality.listings(view) if one.export == corrections.EXPORT)


def _with(city: View, **change: object) -> View:
    """Return the city of a release with one correction."""
    frame = pd.DataFrame([ROW | change], columns=TABLES["corrections"].schema.names)
    frame = frame.astype({"old_value": "float64", "new_value": "float64"})
    tables = {**city.release.tables, "corrections": frame}
    return replace(city, release=Release(f"{city.release.release_id}-corrected", city.release.published, tables))


def test_that_nothing_is_corrected_is_said(city: View) -> None:
    listing = _listing(city)
    assert listing.folds == ()
    assert listing.note == "Aucune\u202f: les chiffres sont repris tels que leurs sources les donnent."
    assert export(city, "corrections", {}).empty


@pytest.mark.parametrize(
    ("change", "cells"),
    [
        ({}, ("11\u202f948 logements", "11\u202f984 logements")),
        ({"action": "missing", "new_value": None}, ("11\u202f948 logements", "pas de valeur")),
        ({"action": "removed", "new_value": None}, ("11\u202f948 logements", "chiffre retiré")),
        ({"old_value": None}, ("pas de valeur", "11\u202f984 logements")),
    ],
)
def test_a_correction_is_listed_with_both_values_its_reason_and_its_proof(
    city: View, change: dict[str, object], cells: tuple[str, str]
) -> None:
    view = _with(city, **change)
    ((row,),) = (group.rows for group in _listing(view).folds[0].groups)
    assert row.header == "Logements sociaux"
    assert row.under.startswith("Ivry-sur-Seine · ")
    assert row.under.endswith(" · SDES, RPLS au 1er janvier 2024")
    assert tuple(cell.words.replace("\u00a0", " ") for cell in row.cells[:2]) == cells
    assert row.cells[2].words == "Deux chiffres ont été intervertis."
    assert row.cells[2].note == "Courrier du producteur. Décidé par Service habitat le 20 novembre 2026."
    assert len(export(view, "corrections", {})) == 1


def test_a_figure_no_longer_in_the_release_keeps_its_number(city: View) -> None:
    ((row,),) = (group.rows for group in _listing(_with(city, indicator="gone", action="removed")).folds[0].groups)
    assert (row.header, row.cells[0].words) == ("gone", "11948")
