"""From catalogue and ledger to the tables of a release."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import partial
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pandas as pd

from data.codec import Part, part_of
from data.correction_models import Declared
from data.definitions import Catalogue, load_catalogue
from data.errors import Fault, FaultyInputError
from data.frames import rows_of
from data.rules.additive_relations import nestings
from data.schemas import TABLES
from etl import connected, programmes, tables
from etl.areas import territories
from etl.checks import check_ledger
from etl.commitments import commitments, spending
from etl.connected import Taken
from etl.corrections import Made, check_corrections, corrected, refuse_pointless
from etl.country import Division, divided, names_in, shared_out, with_communes
from etl.derive import derived_observations
from etl.editions import with_editions
from etl.ledger import Ledger, read_ledger
from etl.open_data import BEHIND
from etl.packaged import packaged_bytes
from etl.protection import microdata, protected, without_row_counts, without_withheld
from etl.shares import iris_weights
from etl.sketch import SKETCH_SOURCE, map_context
from etl.snapshots import Snapshot
from etl.sources import founding_texts, insee_census_iris, stations
from etl.structures import iris_structures
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
    faults = check_ledger(ledger, catalogue, today) + check_corrections(catalogue, today)
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
    sketch = sha256()
    for name in ("iris.csv", "district_sketch_corners.csv", "district_sketch_rings.csv"):
        for entry in ledger.entries.get(name, []):
            sketch.update(entry.row.model_dump_json().encode())
    return {
        insee_census_iris.EDITION: sha256(packaged_bytes()).hexdigest(),
        SKETCH_SOURCE: sketch.hexdigest(),
        stations.EDITION: ledger.digest(stations.EDITION),
    }


def _of_dataset(
    dataset: str, catalogue: Catalogue, ledger: Ledger, taken: Collection[Taken], made: Made
) -> pd.DataFrame:
    """Return the observations of one data set: at hand, received, corrected; of microdata protected."""
    files = [one for one in taken if one.snapshot.dataset == dataset]
    widen = _widening(dataset, ledger)
    frame = connected.merged(_at_hand(dataset, ledger, catalogue), files, catalogue.sources[dataset], widen)
    frame = corrected(frame, catalogue.corrections.values(), widen, made)
    if not catalogue.sources[dataset].microdata or frame.empty:
        return frame.drop(columns=list(BEHIND), errors="ignore")
    return protected(frame, catalogue, nestings(territories(ledger, catalogue), iris_weights(ledger)))


def _with_derived(
    frames: list[pd.DataFrame], catalogue: Catalogue, areas: Collection[str], declared: list[Declared], made: Made
) -> pd.DataFrame:
    """Return the observations of all data sets and what follows from them, checked.

    Parameters
    ----------
    areas : the codes of the areas these are about; `declared` the corrections of their figures, `made` those applied.
    """
    observed = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    observed[["obs_value", "obs_value_max"]] = observed[["obs_value", "obs_value_max"]].astype("float64")
    refuse_pointless(declared, made, observed, areas)
    derived = derived_observations(observed, catalogue)
    derived["obs_value_max"] = derived["obs_value_max"].astype("float64")
    observations = pd.concat([observed, derived], ignore_index=True)
    refuse_out_of_range(observations, catalogue)
    return observations


def _unlisted(part: Division, official: pd.DataFrame) -> Ledger:
    """Return the ledger of communes that it has no rows of: all that is known of them is their official outlines."""
    return Ledger(official=official[official["commune"].isin(part.communes)])


def _of_communes(part: Division, unlisted: Ledger, areas: set[str], taken: list[Taken], made: Made) -> pd.DataFrame:
    """Return the observations of communes that neither catalogue nor ledger know."""
    frames = [_of_dataset(dataset, part.catalogue, unlisted, taken, made) for dataset in part.catalogue.sources]
    declared = [one for one in part.catalogue.corrections.values() if one.row.area in areas]
    return _with_derived(frames, part.catalogue, areas, declared, made)


def build_tables(catalogue: Catalogue, ledger: Ledger, kept: Collection[Snapshot] = ()) -> Iterator[tuple[str, Tables]]:
    """Yield the steps of a build: a name for the progress bar and the tables ready so far.

    Parameters
    ----------
    kept : snapshots of received files, whose editions the catalogue knows (`read_inputs`).
    """
    for step, built, _ in build_country(catalogue, ledger, kept, frozenset()):
        yield step, built


def build_country(
    catalogue: Catalogue, ledger: Ledger, kept: Collection[Snapshot], communes: frozenset[str]
) -> Iterator[tuple[str, Tables, list[Part]]]:
    """Yield the steps of a build that is about more communes than those of the catalogue.

    Parameters
    ----------
    communes : codes of the packaged census that the catalogue has not.

    Yields
    ------
    The name of a step, the tables ready so far, and the observations of `communes` ready so far.
    """
    parts: list[Part] = []
    taken = connected.take_newest(kept, with_communes(catalogue, communes), ledger)
    ledger = connected.with_official(ledger, taken, catalogue)
    divisions = divided(communes, catalogue, names_in(taken, catalogue))
    own, shares = shared_out(taken, divisions)
    areas = territories(ledger, catalogue)
    codes = set(areas["ref_area"])
    unlisted = [_unlisted(one, ledger.official) for one in divisions]
    beside = [territories(known, one.catalogue) for known, one in zip(unlisted, divisions, strict=True)]
    areas = pd.concat([areas, *beside], ignore_index=True)
    built: Tables = {
        "territories": areas,
        "map_context": map_context(ledger),
        "iris_weights": iris_weights(ledger),
    }
    yield "areas", built, parts
    frames, made = [], Made()
    for dataset in catalogue.sources:
        frames.append(_of_dataset(dataset, catalogue, ledger, own, made))
        yield dataset, built, parts
    declared = [one for one in catalogue.corrections.values() if one.row.area[:5] not in communes]
    observations = _with_derived(frames, catalogue, codes, declared, made)
    named, editions = set(observations["indicator"]), set(observations["source"])
    for division, known, own_areas, share in zip(divisions, unlisted, beside, shares, strict=True):
        figures = _of_communes(division, known, set(own_areas["ref_area"]), share, made)
        named |= set(figures["indicator"].unique())
        editions |= set(figures["source"].unique())
        parts.append(part_of(figures, TABLES["observations"], division.below))
        yield f"communes {min(division.communes)} and on", built, parts
    context = founding_texts.context(ledger)
    context[["obs_value", "obs_value_max"]] = context[["obs_value", "obs_value_max"]].astype("float64")
    built |= {"observations": observations, "context": context}
    yield "derived indicators", built, parts
    named |= set(context["indicator"])
    corrections = without_withheld(made.table(), observations)
    stated = programmes.statements(ledger)
    operations = programmes.programmes(ledger, areas, stated)
    built |= {
        "programmes": operations,
        "phases": programmes.phases(ledger),
        "statements": stated,
        "quantities": programmes.quantities(catalogue, observations, operations, stated),
        "readings": programmes.readings(ledger),
        "targets": targets(ledger, catalogue, areas),
        "commitments": commitments(ledger, areas),
        "spending": spending(ledger),
        "milestones": tables.milestones(ledger, areas),
        "checks": tables.checks(ledger),
        "places": tables.places(ledger, areas, operations, stated, connected.places(taken, microdata(catalogue))),
        "indicators": tables.indicators(catalogue, observations, areas, named),
        "intakes": without_row_counts(connected.intakes(taken), observations),
        "quarantine": connected.quarantine(taken, catalogue),
        "corrections": corrections,
        "iris_structures": iris_structures(corrections),
    }
    digests = _digests(ledger) | connected.digests(taken)
    built["sources"] = tables.sources(catalogue, ledger, digests, editions | tables.named_editions(built))
    yield "tables", built, parts


STEPS = 3


def number_of_steps(catalogue: Catalogue, communes: frozenset[str] = frozenset()) -> int:
    """Return how many steps `build_country` yields."""
    return STEPS + len(catalogue.sources) + len(divided(communes, catalogue, {}))
