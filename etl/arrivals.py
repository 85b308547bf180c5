"""The two ways in of a data set: from its publisher's address, or from a file at hand; same checks, same store."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import cast

from data.definitions import Catalogue, load_catalogue
from data.errors import NoAddressError, UnknownAreaError
from data.models import Source
from etl.build import refuse_out_of_range
from etl.connected import (
    about,
    connector_names,
    connector_of,
    observations_of,
    part_of,
    rejection_words,
    scope_of,
    shown_value,
)
from etl.editions import edition_named, label_of
from etl.fetch import Patience, Wanted, download
from etl.intake import Loaded
from etl.ledger import Ledger, read_ledger
from etl.snapshots import Origin, Snapshot, newest, place_of, safe_name, snapshots, store

SHOWN_REJECTIONS = 10
PLACES = ("{edition}", "{commune}")


@dataclass(frozen=True)
class Inputs:
    """What a file is read against: catalogue, ledger, the store of snapshots, and the day."""

    catalogue: Catalogue
    ledger: Ledger
    raw: Path
    today: date


def inputs_of(catalogue: Path, ledger: Path, raw: Path, today: date) -> Inputs:
    """Read what a file is read against."""
    return Inputs(load_catalogue(catalogue), read_ledger(ledger), raw, today)


@dataclass(frozen=True, eq=False)
class Arrival:
    """A file that was taken: what became of its rows, and where it is kept.

    `superseded` is the file that came later and holds in its place, where these bytes were known already.
    """

    loaded: Loaded
    snapshot: Snapshot
    superseded: Snapshot | None


def readable(catalogue: Catalogue) -> list[str]:
    """Return the data sets whose files can be taken in: those of the catalogue that a connector reads."""
    return [name for name in connector_names() if name in catalogue.sources]


def _commune_of(source: Source, commune: str, catalogue: Catalogue) -> str:
    """Return the commune a file is about: the one asked for where the data set comes as one file a commune."""
    offered = source.download
    if not source.by_commune and (offered is None or "{commune}" not in offered.address + offered.file):
        return ""
    if commune not in catalogue.territories:
        raise UnknownAreaError(f"{commune!r} is no area of catalogue/territories.toml: check --commune, or add it")
    return commune


def _dry_run(path: Path, dataset: str, origin: Origin, inputs: Inputs) -> tuple[Loaded, str]:
    """Read a file with its connector, and refuse what a build would refuse; which part of the edition it is."""
    connector = connector_of(dataset)
    extracted = connector.extract(path)
    scope = about(scope_of(inputs.catalogue, inputs.ledger), origin.commune)
    loaded = connector.transform(extracted, origin.edition, scope)
    for rejection in loaded.rejected:
        rejection_words(rejection, inputs.catalogue, "en")
    refuse_out_of_range(observations_of(loaded), inputs.catalogue)
    return loaded, part_of(connector, extracted)


def _kept(path: Path, dataset: str, name: str, origin: Origin, inputs: Inputs) -> Arrival:
    """Read a file and keep it: nothing is kept of one that cannot be read."""
    loaded, part = _dry_run(path, dataset, origin, inputs)
    snapshot = store(inputs.raw, dataset, path, name, replace(origin, part=part))
    holding = next(one for one in newest(snapshots(inputs.raw)) if place_of(one) == place_of(snapshot))
    return Arrival(loaded, snapshot, None if holding == snapshot else holding)


def ingest(dataset: str, file: Path, asked: str, commune: str, inputs: Inputs) -> Arrival:
    """Take a file at hand.

    Parameters
    ----------
    dataset : one of `readable`.
    asked : the edition: its identifier, or what the publisher calls it, such as 2025.

    Raises
    ------
    UnknownAreaError, UnknownEditionError, UnreadableFileError, FaultyInputError
        The file cannot be taken; nothing is stored.
    """
    source = inputs.catalogue.sources[dataset]
    edition = edition_named(dataset, source, asked, inputs.today)
    origin = Origin(edition, source.licence, inputs.today.isoformat(),
                    commune=_commune_of(source, commune, inputs.catalogue))  # fmt: skip
    return _kept(file, dataset, file.name, origin, inputs)


def _filled(text: str, label: str, commune: str) -> str:
    for place, value in zip(PLACES, (label, commune), strict=True):
        text = text.replace(place, value)
    return text


def fetch(
    dataset: str, asked: str, commune: str, inputs: Inputs, progress: Callable[[int, int | None], None],
    patience: Patience | None = None,
) -> Arrival | Snapshot:  # fmt: skip
    """Take a file from its publisher's address; the snapshot at hand where it has not changed.

    Raises
    ------
    NoAddressError
        The source gives no address.
    UnreachableSourceError, RefusedDownloadError, WrongAnswerError, TooLargeError, AstrayError
        The address did not give the file; nothing is stored.
    UnknownAreaError, UnknownEditionError, UnreadableFileError, FaultyInputError
        The file cannot be taken; nothing is stored.
    """
    source = inputs.catalogue.sources[dataset]
    edition = edition_named(dataset, source, asked, inputs.today)
    offered = source.download
    if offered is None:
        raise NoAddressError(f"no address is known for {dataset}: take a file at hand with `python -m etl ingest`")
    label = label_of(source, edition)
    address, name = (_filled(text, label, commune) for text in (offered.address, offered.file))
    mine = _commune_of(source, commune, inputs.catalogue)
    known = next((one for one in newest(snapshots(inputs.raw))
                  if (one.dataset, one.edition, one.commune, one.address) == (dataset, edition, mine, address)),
                 None)  # fmt: skip
    wanted = Wanted(address, offered.media_types, offered.largest_mb * 1_000_000, known.etag if known else "",
                    known.last_modified if known else "")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="observatory-") as folder:
        path = Path(folder) / safe_name(name)
        answer = download(wanted, path, progress, patience)
        if answer is None:
            return cast(Snapshot, known)  # only where one is known is asked whether there is a newer state
        origin = Origin(edition, source.licence, inputs.today.isoformat(), address, answer.media_type, commune=mine,
                        etag=answer.etag, last_modified=answer.last_modified)  # fmt: skip
        return _kept(path, dataset, name, origin, inputs)


def words_of(arrival: Arrival, catalogue: Catalogue) -> str:
    """Return in plain words what became of a file."""
    loaded, snapshot = arrival.loaded, arrival.snapshot
    lines = [f"{snapshot.file} ({snapshot.edition}): {counts(loaded)}"]
    for rejection in loaded.rejected[:SHOWN_REJECTIONS]:
        column = f", column {rejection.column!r}" if rejection.column else ""
        why = rejection_words(rejection, catalogue, "en")
        lines.append(f"  line {rejection.line}{column}, value {shown_value(rejection.value)!r}: {why}")
    more = len(loaded.rejected) - SHOWN_REJECTIONS
    lines += [f"  … and {more} more; the sources page lists them all once they are published"] if more > 0 else []
    lines.append(f"Kept in {snapshot.folder}; publish with: python -m etl build")
    if arrival.superseded is not None:
        lines.append(f"These bytes were known already; what came later holds: {arrival.superseded.folder}. Remove that "
                     "folder if it was a mistake.")  # fmt: skip
    return "\n".join(lines)


def counts(loaded: Loaded) -> str:
    """Return what became of the rows of a file, as a sum that can be checked."""
    return (f"{loaded.read} rows read = {loaded.loaded} loaded + {loaded.quarantined} in quarantine + "
            f"{loaded.out_of_scope} out of scope")  # fmt: skip
