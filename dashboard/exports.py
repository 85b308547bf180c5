"""What each download holds: the same rows its figure or table shows."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

import pandas as pd

from dashboard import store
from dashboard.content import (
    changes,
    commitments,
    common,
    departures,
    energy,
    geothermal,
    green,
    home,
    housing,
    indicator_rows,
    mobility,
    numbers,
    outcomes,
    quality,
    quarter,
    received,
    reconciliation,
    slippage,
    targets,
    theme_files,
)
from dashboard.content.entries import SECTIONS
from dashboard.listing import Filter
from dashboard.view import View
from data.decision_sheet.writer import decision_sheet_of
from data.errors import ObservatoryError, UnknownIndicatorError
from data.gap_sheet.writer import gap_sheet_of
from data.history import previous_id
from data.hypotheses import Hypotheses, from_text
from data.release import Release
from data.settings import releases_folder

Parameters = Mapping[str, str]


class UnknownExportError(ObservatoryError):
    """Raised when a download is asked for that no page offers."""


def _map(view: View, parameters: Parameters) -> pd.DataFrame:
    """Return the observations of one indicator by district, by IRIS where no district is known."""
    indicator = parameters.get("indicateur", "")
    observations = view.release.table("observations")
    if indicator not in set(view.release.table("indicators")["indicator"]):
        raise UnknownIndicatorError(indicator)
    areas = view.districts if len(view.districts) else view.iris
    mine = observations["ref_area"].isin(areas["ref_area"]) & (observations["indicator"] == indicator)
    return observations[mine]


def _indicator(view: View, parameters: Parameters) -> pd.DataFrame:
    return indicator_rows.export_rows(view, parameters.get("indicateur", ""))


def _programmes(view: View, parameters: Parameters) -> pd.DataFrame:
    theme = parameters.get("theme", "")
    if theme not in set(view.release.table("programmes")["theme"]):
        raise UnknownExportError(f"no programmes of theme {theme}")
    return common.programme_export(view, theme)


_SERIES: dict[str, Callable[[View], pd.DataFrame]] = {
    "housing": housing.series_rows,
    "green_space": green.area_rows,
    "geothermal": geothermal.network_rows,
    "mobility": mobility.cycling_rows,
    "territory": home.population_rows,
}


def _stations(view: View, _parameters: Parameters) -> pd.DataFrame:
    return mobility.station_export(view)


def _series(view: View, parameters: Parameters) -> pd.DataFrame:
    theme = parameters.get("theme", "")
    if theme not in _SERIES:
        raise UnknownExportError(f"no series of theme {theme}")
    return _SERIES[theme](view)


def _received_figures(view: View, parameters: Parameters) -> pd.DataFrame:
    """Return the figures of received files that the page of a theme shows."""
    theme = parameters.get("theme", "")
    if theme not in set(view.release.table("indicators")["theme"]):
        raise UnknownExportError(f"no figures of theme {theme}")
    without = {housing.THEME: housing.SHOWN, geothermal.THEME: geothermal.SHOWN}.get(theme, ())
    return theme_files.received_rows(view, theme, without)


def _numbers(section: str, view: View, parameters: Parameters) -> pd.DataFrame:
    """Return the rows of a section of the list of all figures, narrowed down as the page was."""
    chosen = Filter(*(parameters.get(name, "") for name in ("recherche", "theme", "annee")))
    if chosen.theme not in numbers.theme_choices(view) or chosen.year not in numbers.year_choices(view):
        raise UnknownExportError(f"no figures of theme {chosen.theme} and year {chosen.year}")
    return numbers.export_rows(view, section, chosen)


def _quality(name: str, view: View, _parameters: Parameters) -> pd.DataFrame:
    return quality.export_rows(view, name)


def _received(name: str, view: View, _parameters: Parameters) -> pd.DataFrame:
    return received.EXPORTS[name](view)


def _quarter(name: str, view: View, _parameters: Parameters) -> pd.DataFrame:
    if view.is_city:
        raise UnknownExportError(f"{name} needs a district")
    return quarter.EXPORTS[name](view)


def _reconciliation(name: str, view: View, _parameters: Parameters) -> pd.DataFrame:
    return reconciliation.EXPORTS[name](view)


def _slippage(view: View, _parameters: Parameters) -> pd.DataFrame:
    return slippage.slippage_rows(view)


def _hypotheses(rows: Callable[[View, Hypotheses], pd.DataFrame], view: View, parameters: Parameters) -> pd.DataFrame:
    """Return the bands that a reader's hypotheses give."""
    return rows(view, from_text(parameters.get("hypotheses", "")))


def _changes(view: View, parameters: Parameters) -> pd.DataFrame:
    """Return what differs from an earlier release: the one named, else the one published before."""
    since = parameters.get(changes.SINCE, "") or previous_id(releases_folder(), view.release.release_id)
    return changes.export_rows(view, store.earlier(since))


_EXPORTS: dict[str, Callable[[View, Parameters], pd.DataFrame]] = {
    **{section: partial(_numbers, section) for section in SECTIONS},
    **{name: partial(_quality, name) for name in quality.EXPORTS},
    **{name: partial(_received, name) for name in received.EXPORTS},
    **{name: partial(_quarter, name) for name in quarter.EXPORTS},
    **{name: partial(_reconciliation, name) for name in reconciliation.EXPORTS},
    "carte": _map,
    indicator_rows.EXPORT: _indicator,
    changes.EXPORT: _changes,
    slippage.EXPORT: _slippage,
    departures.EXPORT: lambda view, _parameters: departures.day_rows(view),
    energy.EXPORT: lambda view, _parameters: energy.export_rows(view),
    "fichiers-recus": _received_figures,
    "hypotheses": partial(_hypotheses, outcomes.export_rows),
    "hypotheses-operations": partial(_hypotheses, outcomes.export_operations),
    commitments.EXPORT: lambda view, _parameters: commitments.export_rows(view),
    "objectifs": lambda view, _parameters: targets.export_rows(view),
    "programmes": _programmes,
    "series": _series,
    "stations": _stations,
}


def export(view: View, name: str, parameters: Parameters) -> pd.DataFrame:
    """Return the rows of a download.

    Raises
    ------
    UnknownExportError, UnknownIndicatorError
        The address names a download, theme or indicator that does not exist.
    """
    if name not in _EXPORTS:
        raise UnknownExportError(name)
    return _EXPORTS[name](view, parameters).reset_index(drop=True)


@lru_cache(maxsize=4)
def _gap_sheet(release: Release, commune: str) -> bytes:
    return gap_sheet_of(release, commune).content


@lru_cache(maxsize=4)
def _decision_sheet(release: Release, commune: str) -> bytes:
    return decision_sheet_of(release, commune)


_FORMS: dict[str, Callable[[Release, str], bytes]] = {"manques": _gap_sheet, commitments.EXPORT: _decision_sheet}


def form(view: View, name: str) -> bytes:
    """Return the bytes of a spreadsheet to fill in.

    Raises
    ------
    UnknownExportError
        The address names a download that is none.
    UnknownAreaError
        The commune has no operation to ask about.
    """
    if name not in _FORMS:
        raise UnknownExportError(name)
    return _FORMS[name](view.release, view.commune)
