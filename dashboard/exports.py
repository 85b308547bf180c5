"""What each download holds: the same rows its figure or table shows, under which title, in which formats."""

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
    structures,
    targets,
    theme_files,
)
from dashboard.content.entries import DATES, SECTIONS, themes
from dashboard.desk import compare, explore
from dashboard.desk.measures import UnknownLevelError, UnknownPeriodError, label_of, measure_of
from dashboard.desk.requests import rows_compared, rows_explored
from dashboard.figures import indicators, localised
from dashboard.messages import message
from dashboard.takeaway.tables import SHOWN_ELSEWHERE, chosen_of, since_of
from dashboard.view import View
from data.decision_sheet.writer import decision_sheet_of
from data.errors import ObservatoryError, UnknownIndicatorError
from data.gap_sheet.writer import gap_sheet_of
from data.hypotheses import Hypotheses, from_text
from data.release import Release

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
    return theme_files.received_rows(view, theme, SHOWN_ELSEWHERE.get(theme, ()))


def _numbers(section: str, view: View, parameters: Parameters) -> pd.DataFrame:
    """Return the rows of a section of the list of all figures, narrowed down as the page was."""
    chosen = chosen_of(parameters)
    if chosen.theme not in numbers.theme_choices(view) or chosen.year not in numbers.year_choices(view):
        raise UnknownExportError(f"no figures of theme {chosen.theme} and year {chosen.year}")
    return numbers.export_rows(view, section, chosen)


def _every_number(view: View, parameters: Parameters) -> pd.DataFrame:
    """Return the values of indicators that the list of all figures has, section after section, narrowed down."""
    chosen = chosen_of(parameters)
    if chosen.theme not in numbers.theme_choices(view) or chosen.year not in numbers.year_choices(view):
        raise UnknownExportError(f"no figures of theme {chosen.theme} and year {chosen.year}")
    return numbers.every_row(view, chosen)


def _desk(rows: Callable[[View, Parameters], pd.DataFrame]) -> Callable[[View, Parameters], pd.DataFrame]:
    """Return what gives the rows of an export of the desk: what it is asked for in vain is an unknown export."""

    def found(view: View, parameters: Parameters) -> pd.DataFrame:
        try:
            return rows(view, parameters)
        except (UnknownLevelError, UnknownPeriodError) as error:
            raise UnknownExportError(str(error)) from error

    return found


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


def _nearest_iris(view: View, parameters: Parameters) -> pd.DataFrame:
    """Return an IRIS and those nearest to it by the structure of the census."""
    return structures.export_rows(view, parameters.get(structures.IRIS, ""))


def _hypotheses(rows: Callable[[View, Hypotheses], pd.DataFrame], view: View, parameters: Parameters) -> pd.DataFrame:
    """Return the bands that a reader's hypotheses give."""
    return rows(view, from_text(parameters.get("hypotheses", "")))


def _changes(view: View, parameters: Parameters) -> pd.DataFrame:
    """Return what differs from an earlier release: the one named, else the one published before."""
    return changes.export_rows(view, store.earlier(since_of(view, parameters)))


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
    structures.EXPORT: _nearest_iris,
    "stations": _stations,
    explore.EXPORT: _desk(rows_explored),
    compare.EXPORT: _desk(rows_compared),
    numbers.EVERYTHING: _every_number,
}


def names() -> tuple[str, ...]:
    """Return what every export is called in addresses."""
    return tuple(_EXPORTS)


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


KINDS = ("xlsx", "csv", "parquet", "sdmx.csv", "geojson", "zip")
# Exports whose rows are all values of indicators.
_OBSERVED = frozenset(SECTIONS) - {DATES} | {
    "carte", "chiffres-du-quartier", indicator_rows.EXPORT, departures.EXPORT, energy.EXPORT, "fichiers-recus",
    "series", explore.EXPORT, compare.EXPORT, numbers.EVERYTHING,
}  # fmt: skip
# Exports whose rows are of areas, by the levels of these; where one of such a level has an outline, they can be drawn.
_OF_AREAS = {
    **dict.fromkeys((*_OBSERVED, DATES, commitments.EXPORT, "objectifs"), ("commune",)),
    **dict.fromkeys(("sources-comparees", "totaux-et-parties"), ("commune",)),
    **dict.fromkeys((departures.EXPORT, "fichiers-recus"), ("commune", "district")),
    **dict.fromkeys(("indicateurs-quartier", "chiffres-du-quartier", "hypotheses"), ("district",)),
    numbers.EVERYTHING: (),  # what a search finds may be of networks alone
    "carte": ("district", "iris"),
    structures.EXPORT: ("iris",),
}
_OF_PLACES = frozenset({"lieux", "stations", "stations-du-quartier"})
_OF_OPERATIONS = frozenset(
    {"programmes", "operations-du-quartier", "manques", slippage.EXPORT, "hypotheses-operations"}
)
# Of these, what a district leaves as it is.
_OF_ALL = frozenset({"lieux", "manques"})


@lru_cache(maxsize=64)
def _drawn_levels(view: View) -> frozenset[str]:
    """Return the levels of which an area of the commune has an outline."""
    areas = view.areas
    return frozenset(areas.loc[(areas["commune"] == view.commune) & areas["geometry"].notna(), "level"])


@lru_cache(maxsize=128)
def _has_points(view: View, name: str, table: str) -> bool:
    """Tell whether a place or operation, of the district if the export is of it alone, stands where a source says."""
    rows = view.release.table(table)
    mine = rows if view.is_city or name in _OF_ALL else rows[rows["district"] == view.ref_area]
    return bool(mine["longitude"].notna().any())


def _can_be_drawn(view: View, name: str, theme: str) -> bool:
    if name in _OF_PLACES:
        return _has_points(view, name, "places")
    if name in _OF_OPERATIONS:
        return _has_points(view, name, "programmes")
    if name == "series" and theme == geothermal.THEME:
        return False  # networks have no outline
    return not _drawn_levels(view).isdisjoint(_OF_AREAS.get(name, ()))


_DESK = frozenset({explore.EXPORT, compare.EXPORT})


def kinds_of(view: View, name: str, parameters: Parameters) -> tuple[str, ...]:
    """Return the formats that an export is offered in, without working out its rows.

    A spreadsheet to fill in stands where the workbook of `manques` would: that one is in its archive.
    """
    without = {
        "xlsx": is_form(name),
        "sdmx.csv": name not in _OBSERVED,
        "geojson": not (
            parameters.get("niveau", "") in _drawn_levels(view)
            if name in _DESK
            else _can_be_drawn(view, name, parameters.get("theme", ""))
        ),
    }
    return tuple(kind for kind in KINDS if not without.get(kind))


def _label(view: View, indicator: str) -> str:
    """Return what an indicator is called, or a measure of the desk; nothing where none is asked for."""
    if not indicator:
        return ""
    known = indicators(view.release).get(indicator)
    return localised(known, "label", view.language) if known else label_of(view, measure_of(view, indicator))


def title_of(view: View, name: str, parameters: Parameters) -> str:
    """Return what the rows of an export are, in words, for those who see them without their page."""
    language, theme, indicator = view.language, parameters.get("theme", ""), parameters.get("indicateur", "")
    words = message(
        f"takeaway.title_{name.replace('-', '_')}",
        language,
        place=view.area_name,
        city=view.city_name,
        theme=themes(language).get(theme, ""),
        label=_label(view, indicator),
    )
    narrowed = [] if name not in {*SECTIONS, numbers.EVERYTHING} else [
        themes(language).get(theme, ""), parameters.get("annee", ""), parameters.get("recherche", ""),
    ]  # fmt: skip
    kept = [part for part in narrowed if part]
    return f"{words} ({', '.join(kept)})" if kept else words


@lru_cache(maxsize=4)
def _gap_sheet(release: Release, commune: str) -> bytes:
    return gap_sheet_of(release, commune).content


@lru_cache(maxsize=4)
def _decision_sheet(release: Release, commune: str) -> bytes:
    return decision_sheet_of(release, commune)


# Spreadsheets to fill in, by what they are called; the rows they ask about are an export of their own.
_FORMS: dict[str, Callable[[Release, str], bytes]] = {"manques": _gap_sheet, "fiche-engagements": _decision_sheet}
_FORMS_OF = {"manques": "manques", commitments.EXPORT: "fiche-engagements"}


def is_form(name: str) -> bool:
    """Tell whether the spreadsheet at an address is one to fill in."""
    return name in _FORMS


def form_of(name: str) -> str:
    """Return what the spreadsheet that asks for what the rows of an export lack is called; nothing where none does."""
    return _FORMS_OF.get(name, "")


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
