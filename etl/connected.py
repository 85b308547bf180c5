"""What received files say: snapshots read by their connectors, and put in the place of older figures."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

import pandas as pd

from data.definitions import Catalogue
from data.errors import UnknownIntakeError, UnprotectedFigureError, UnwordedReasonError
from data.models import HeatNetworkRow, Source
from data.rules.dates import period_start
from data.schemas import TABLES
from etl import connectors
from etl.areas import outlines_of
from etl.intake import Connector, Extracted, Loaded, Rejection, Scope
from etl.ledger import Ledger
from etl.open_data import complete
from etl.outlines import COLUMNS as OUTLINE_COLUMNS
from etl.packaged import iris_of, packaged_rows
from etl.residents import Residents
from etl.shares import iris_weights
from etl.snapshots import Snapshot, newest, verified
from etl.sources.insee_census_iris import EDITION as CENSUS_EDITION

# One figure of a data set: of several editions that give it, the newest holds.
FIGURE = ["ref_area", "indicator", "time_period", "nature", "reading"]
# Data sets whose files say where areas lie.
BOUNDARIES = ("commune_boundaries", "contours_iris", "district_boundaries")
LONGEST_VALUE = 200
WITHHELD = "[…]"
CENSUS_YEAR = "2021"


@dataclass(frozen=True, eq=False)
class Taken:
    """A snapshot and what its connector made of it."""

    snapshot: Snapshot
    loaded: Loaded


def connector_names() -> list[str]:
    """Return the data sets that a connector reads."""
    return sorted(module.name for module in iter_modules(connectors.__path__))


def connector_of(dataset: str) -> Connector:
    """Return the module that reads the files of a data set.

    Raises
    ------
    UnknownIntakeError
        No connector is named after the data set.
    """
    if dataset not in connector_names():
        raise UnknownIntakeError(f"no connector reads {dataset!r}; those there are: {', '.join(connector_names())}")
    return cast(Connector, import_module(f"etl.connectors.{dataset}"))


def part_of(connector: Connector, extracted: Extracted) -> str:
    """Return which part of its edition a file is, where the connector's publisher offers an edition in several."""
    tell: Callable[[Extracted], str] | None = getattr(connector, "part_of", None)
    return tell(extracted) if tell else ""


def not_given(connector: Connector, part: str, loaded: Loaded) -> tuple[str, ...]:
    """Return the indicators that such a file may give (`GIVES_IN`, by part, else `GIVES`) and this one does not.

    A file that is about none of our areas says nothing of that.
    """
    if not len(loaded.observations):
        return ()
    by_part: dict[str, tuple[str, ...]] = getattr(connector, "GIVES_IN", {})
    given = set(loaded.observations["indicator"])
    return tuple(name for name in by_part.get(part, connector.GIVES) if name not in given)


def scope_of(catalogue: Catalogue, ledger: Ledger) -> Scope:
    """Return the areas a build is about: the communes of the catalogue, the IRIS and heat networks of the ledger."""
    communes = frozenset(code for code, territory in catalogue.territories.items() if territory.level == "commune")
    iris = frozenset(iris_of(communes, ledger)["iris"])
    networks = frozenset(row.network_id for _, row in ledger.rows("heat_networks.csv", HeatNetworkRow))
    codes = {edition: codes for source in catalogue.sources.values() for edition, codes in source.state_codes.items()}
    return Scope(communes, iris, networks, outlines_of(ledger), residents_of(communes, ledger), codes)


def residents_of(communes: Collection[str], ledger: Ledger) -> Residents:
    """Return who lives in the IRIS of communes by the packaged census, with the centres that the ledger gives."""
    units = iris_of(communes, ledger)[["iris", "commune"]]
    people = packaged_rows("iris", set(units["iris"])).rename(columns={"pop": "population"})[["iris", "population"]]
    centres = ledger.frame("iris.csv")[["iris", "longitude", "latitude"]]
    frame = units.merge(people, on="iris").merge(centres, on="iris", how="left")
    numbers = {"population": "float64", "longitude": "float64", "latitude": "float64"}
    weights = iris_weights(ledger).rename(columns={"iris": "ref_area", "district": "parent"})
    return Residents(frame.astype(numbers), weights, CENSUS_YEAR, CENSUS_EDITION)


def about(scope: Scope, commune: str) -> Scope:
    """Return the areas that a file is about: one of a single commune says nothing reliable of its neighbours."""
    return replace(scope, communes=scope.communes & {commune}) if commune else scope


def take(snapshot: Snapshot, scope: Scope) -> Taken:
    """Read a snapshot with its connector, once its bytes are known to be those that were stored."""
    connector = connector_of(snapshot.dataset)
    extracted = connector.extract(verified(snapshot).path)
    return Taken(snapshot, connector.transform(extracted, snapshot.edition, about(scope, snapshot.commune)))


def take_newest(kept: Iterable[Snapshot], catalogue: Catalogue, ledger: Ledger) -> list[Taken]:
    """Read the newest snapshot of each edition: files of boundaries first, since others are placed in their areas."""
    held = newest(list(kept))
    drawn = [take(one, scope_of(catalogue, ledger)) for one in held if one.dataset in BOUNDARIES]
    scope = scope_of(catalogue, with_official(ledger, drawn, catalogue))
    return drawn + [take(one, scope) for one in held if one.dataset not in BOUNDARIES]


def with_official(ledger: Ledger, taken: Iterable[Taken], catalogue: Catalogue) -> Ledger:
    """Return the ledger with the outlines that files of boundaries gave, which hold over its sketch."""
    return replace(ledger, official=official_outlines(taken, catalogue))


def official_outlines(taken: Iterable[Taken], catalogue: Catalogue) -> pd.DataFrame:
    """Return the outlines that files of boundaries gave: of one area that of the newest edition, of one edition the
    last file; of the districts of a commune all of one file, since it may have redrawn and renamed them.
    """
    found = [
        one.loaded.outlines.assign(day=_day(catalogue.sources[one.snapshot.dataset], one.snapshot.edition),
                                   rank=one.snapshot.rank)
        for one in taken if len(one.loaded.outlines)
    ]  # fmt: skip
    if not found:
        return pd.DataFrame(columns=list(OUTLINE_COLUMNS))
    frame = pd.concat(found, ignore_index=True).sort_values(["day", "rank"], kind="stable")
    frame = frame.assign(turn=frame.groupby(["day", "rank"]).ngroup())
    is_older = frame["turn"] < frame.groupby(["commune", "level"])["turn"].transform("max")
    frame = frame[~(is_older & (frame["level"] == "district"))]
    return frame.drop_duplicates("ref_area", keep="last")[list(OUTLINE_COLUMNS)].reset_index(drop=True)


def edition_day(one: Taken, catalogue: Catalogue) -> date:
    """Return the day from which the edition of a snapshot is."""
    return _day(catalogue.sources[one.snapshot.dataset], one.snapshot.edition)


def _day(source: Source, edition: str) -> date:
    stated = source.editions[edition].date
    return period_start(stated) if stated else date.min


def merged(
    transcribed: pd.DataFrame, taken: list[Taken], source: Source, widen: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """Put what files say in the place of what the ledger transcribes of the same data set, and add the rest.

    Of one figure the newest edition holds; of one edition the file, not its transcription.

    Parameters
    ----------
    transcribed : observations of one data set, all columns.
    taken : snapshots of the same data set.
    widen : adds to the observations of a file those of wider areas that follow from them.
    """
    files = sorted(taken, key=lambda one: one.snapshot.rank)
    frames = [widen(complete(one.loaded.observations)) for one in files if len(one.loaded.observations)]
    if not frames:
        return transcribed
    ranked = [frame.assign(is_file=number > 0) for number, frame in enumerate([transcribed, *frames]) if len(frame)]
    both = pd.concat([_numbers(frame) for frame in ranked], ignore_index=True)
    both["day"] = both["source"].map({name: _day(source, name) for name in both["source"].unique()})
    both = both.sort_values(["day", "is_file"], kind="stable").drop_duplicates(FIGURE, keep="last")
    return both.drop(columns=["day", "is_file"]).reset_index(drop=True)


def observations_of(loaded: Loaded) -> pd.DataFrame:
    """Return the observations of one file, all columns."""
    return _numbers(complete(loaded.observations))


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({"obs_value": "float64", "obs_value_max": "float64"})


def places(taken: Iterable[Taken], microdata: Collection[str] = ()) -> pd.DataFrame:
    """Return the places that files give; of one that several give, the last file's.

    Parameters
    ----------
    microdata : data sets whose rows must not be placed on a map.

    Raises
    ------
    UnprotectedFigureError
        A file of microdata gives places.
    """
    taken = list(taken)
    for one in taken:
        if one.snapshot.dataset in microdata and len(one.loaded.places):
            raise UnprotectedFigureError(
                f"{one.snapshot.dataset} is microdata, but its connector gives {len(one.loaded.places)} places: these "
                "tell where a household or an establishment is. Leave them out of what the connector gives."
            )
    found = [one.loaded.places for one in sorted(taken, key=lambda one: one.snapshot.rank) if len(one.loaded.places)]
    return pd.concat(found, ignore_index=True).drop_duplicates("place_id", keep="last") if found else pd.DataFrame()


def digests(taken: Iterable[Taken]) -> dict[str, str]:
    """Return the sha256 of each edition's file; of several files that of their digests."""
    found: dict[str, list[str]] = {}
    for one in taken:
        found.setdefault(one.snapshot.edition, []).append(one.snapshot.sha256)
    return {name: each[0] if len(each) == 1 else sha256("".join(sorted(each)).encode()).hexdigest()
            for name, each in found.items()}  # fmt: skip


def _typed(records: list[dict[str, object]], name: str) -> pd.DataFrame:
    schema = TABLES[name].schema
    kinds = {field.name: "int64" if str(field.type) == "int64" else "object" for field in schema}
    return pd.DataFrame.from_records(records, columns=schema.names).astype(kinds)


def intakes(taken: Iterable[Taken]) -> pd.DataFrame:
    """Return the `intakes` table: what became of the rows of each file."""
    records: list[dict[str, object]] = [
        {"source": one.snapshot.edition, "dataset": one.snapshot.dataset, "file": one.snapshot.file,
         "sha256": one.snapshot.sha256, "address": one.snapshot.address, "retrieved": one.snapshot.retrieved,
         "read": one.loaded.read, "loaded": one.loaded.loaded, "quarantined": one.loaded.quarantined,
         "out_of_scope": one.loaded.out_of_scope}
        for one in taken
    ]  # fmt: skip
    return _typed(records, "intakes")


def rejection_words(rejection: Rejection, catalogue: Catalogue, language: str) -> str:
    """Return in words why a row was rejected.

    Raises
    ------
    UnwordedReasonError
        The connector's reason has no words.
    """
    words = catalogue.rejections.get(rejection.reason)
    if words is None:
        raise UnwordedReasonError(f"{rejection.reason!r} ({rejection.file}, line {rejection.line}) has no words in "
                                  "catalogue/quarantine.toml: add them in French and English")  # fmt: skip
    return str(getattr(words, language))


def shown_value(value: str) -> str:
    """Return a rejected value as it may be published: valid text, of bounded length."""
    text = value.encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _publishable(rejection: Rejection, one: Taken, catalogue: Catalogue) -> str:
    """Return a rejected value; of microdata only that there is one: it may tell of one household or establishment."""
    is_open = not catalogue.sources[one.snapshot.dataset].microdata
    return shown_value(rejection.value) if is_open or not rejection.value else WITHHELD


def quarantine(taken: Iterable[Taken], catalogue: Catalogue) -> pd.DataFrame:
    """Return the `quarantine` table: the rows that could not be used, and why; of microdata without the value."""
    records: list[dict[str, object]] = [
        {"source": one.snapshot.edition, "file": rejection.file, "line": rejection.line,
         "column": rejection.column, "value": _publishable(rejection, one, catalogue), "reason": rejection.reason,
         "reason_fr": rejection_words(rejection, catalogue, "fr"),
         "reason_en": rejection_words(rejection, catalogue, "en")}
        for one in taken for rejection in sorted(set(one.loaded.rejected))
    ]  # fmt: skip
    return _typed(records, "quarantine")
