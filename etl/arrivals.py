"""The two ways in of a data set: from its publisher's address, or from a file at hand; same checks, same store."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import cast
from urllib.parse import quote, urlencode, urlsplit

from data.definitions import Catalogue, load_catalogue
from data.download_models import Download
from data.errors import NoAddressError, UnknownAreaError
from data.locking import only_writer
from data.models import Source
from etl.build import refuse_out_of_range
from etl.connected import (
    about,
    connector_names,
    connector_of,
    not_given,
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
# So long another process that takes a file is waited for.
PATIENCE_SECONDS = 60.0
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

    `superseded` is the file that came later and holds in its place, where these bytes were known already; `absent`
    names the indicators that such a file may give and this one does not.
    """

    loaded: Loaded
    snapshot: Snapshot
    superseded: Snapshot | None
    absent: tuple[str, ...] = ()


def readable(catalogue: Catalogue) -> list[str]:
    """Return the data sets whose files can be taken in: those of the catalogue that a connector reads."""
    return [name for name in connector_names() if name in catalogue.sources]


def fetchable(catalogue: Catalogue) -> list[str]:
    """Return the data sets that an address is known of."""
    return [name for name in readable(catalogue) if catalogue.sources[name].offered]


def _commune_of(source: Source, commune: str, catalogue: Catalogue, asked_of: tuple[Download, ...] = ()) -> str:
    """Return the commune a file is about: the one asked for where the data set comes as one file a commune.

    Parameters
    ----------
    asked_of : the addresses it is taken from, none for a file at hand; what is asked for one commune is about that one,
        while a file at hand of the same data set may be about many.
    """
    if not source.by_commune and not any("{commune}" in offered.texts for offered in asked_of):
        return ""
    if commune not in catalogue.territories:
        raise UnknownAreaError(f"{commune!r} is no area of catalogue/territories.toml: check --commune, or add it")
    return commune


def _dry_run(path: Path, dataset: str, origin: Origin, inputs: Inputs) -> tuple[Loaded, str, tuple[str, ...]]:
    """Read a file with its connector, and refuse what a build would refuse.

    Returns
    -------
    What became of it, which part of the edition it is, and which indicators such a file may give and this one does not.
    """
    connector = connector_of(dataset)
    extracted = connector.extract(path)
    scope = about(scope_of(inputs.catalogue, inputs.ledger), origin.commune)
    loaded = connector.transform(extracted, origin.edition, scope)
    for rejection in loaded.rejected:
        rejection_words(rejection, inputs.catalogue, "en")
    refuse_out_of_range(observations_of(loaded), inputs.catalogue)
    part = part_of(connector, extracted)
    return loaded, part, not_given(connector, part, loaded)


def _kept(path: Path, dataset: str, name: str, origin: Origin, inputs: Inputs) -> Arrival:
    """Read a file and keep it: nothing is kept of one that cannot be read."""
    loaded, part, absent = _dry_run(path, dataset, origin, inputs)
    inputs.raw.mkdir(parents=True, exist_ok=True)
    with only_writer(inputs.raw, PATIENCE_SECONDS):
        snapshot = store(inputs.raw, dataset, path, name, replace(origin, part=part))
        holding = next(one for one in newest(snapshots(inputs.raw)) if place_of(one) == place_of(snapshot))
    return Arrival(loaded, snapshot, None if holding == snapshot else holding, absent)


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


def address_of(offered: Download, label: str, commune: str) -> str:
    """Return an address with edition and commune filled in, its parameters escaped."""
    address = _filled(offered.address, label, commune)
    if not offered.query:
        return address
    query = {name: _filled(value, label, commune) for name, value in offered.query.items()}
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query, quote_via=quote)}"


def _offers(dataset: str, source: Source, label: str, part: str) -> list[Download]:
    """Return where an edition is offered: all its parts, or the one asked for."""
    if not source.offered:
        raise NoAddressError(f"no address is known for {dataset}: take a file at hand with `python -m etl ingest`")
    mine = [one for one in source.offered if one.edition in {"", label}]
    if not mine:
        known = ", ".join(sorted({one.edition for one in source.offered}))
        raise NoAddressError(f"the addresses of {dataset} are those of {known}, not of {label}: add the new ones to "
                             "the source's TOML, or take a file at hand with `python -m etl ingest`")  # fmt: skip
    chosen = [one for one in mine if part in {"", one.part}]
    if not chosen:
        raise NoAddressError(f"{dataset} is not offered as {part!r}; its parts: {', '.join(one.part for one in mine)}")
    return chosen


def fetch(
    dataset: str, asked: str, commune: str, inputs: Inputs, progress: Callable[[int, int | None], None],
    patience: Patience | None = None, part: str = "",
) -> Iterator[Arrival | Snapshot]:  # fmt: skip
    """Take the files of an edition from their publisher's addresses, one after the other.

    Parameters
    ----------
    part : the only part to take, where an edition is offered in several.

    Yields
    ------
    What became of each file; the snapshot at hand where it has not changed.

    Raises
    ------
    NoAddressError
        The source gives no address, or none of that edition or part.
    UnreachableSourceError, RefusedDownloadError, WrongAnswerError, TooLargeError, AstrayError
        The address did not give the file; it is not stored.
    UnknownAreaError, UnknownEditionError, UnreadableFileError, FaultyInputError
        The file cannot be taken; it is not stored.
    """
    source = inputs.catalogue.sources[dataset]
    edition = edition_named(dataset, source, asked, inputs.today)
    mine = _commune_of(source, commune, inputs.catalogue, source.offered)
    for offered in _offers(dataset, source, label_of(source, edition), part):
        yield _fetched(offered, dataset, edition, mine, inputs, progress, patience)


def _fetched(
    offered: Download, dataset: str, edition: str, commune: str, inputs: Inputs,
    progress: Callable[[int, int | None], None], patience: Patience | None,
) -> Arrival | Snapshot:  # fmt: skip
    source = inputs.catalogue.sources[dataset]
    label = label_of(source, edition)
    address = address_of(offered, label, commune)
    known = next((one for one in newest(snapshots(inputs.raw))
                  if (one.dataset, one.edition, one.commune, one.address) == (dataset, edition, commune, address)),
                 None)  # fmt: skip
    wanted = Wanted(address, offered.media_types, offered.largest_mb * 1_000_000, known.etag if known else "",
                    known.last_modified if known else "")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="observatory-") as folder:
        path = Path(folder) / ".download"
        answer = download(wanted, path, progress, patience)
        if answer is None:
            return cast(Snapshot, known)  # only where one is known is asked whether there is a newer state
        name = safe_name(_filled(offered.file, label, commune) or answer.file or urlsplit(address).path or dataset)
        path = path.rename(path.with_name(name))
        origin = Origin(edition, source.licence, inputs.today.isoformat(), address, answer.media_type,
                        commune=commune, etag=answer.etag, last_modified=answer.last_modified)  # fmt: skip
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
    if arrival.absent:
        lines.append(
            f"It gives nothing of: {', '.join(arrival.absent)}. Where it should, a column may have been renamed."
        )
    lines.append(f"Kept in {snapshot.folder}; publish with: python -m etl build")
    if arrival.superseded is not None:
        lines.append(f"These bytes were known already; what came later holds: {arrival.superseded.folder}. Remove that "
                     "folder if it was a mistake.")  # fmt: skip
    return "\n".join(lines)


def counts(loaded: Loaded) -> str:
    """Return what became of the rows of a file, as a sum that can be checked."""
    return (f"{loaded.read} rows read = {loaded.loaded} loaded + {loaded.quarantined} in quarantine + "
            f"{loaded.out_of_scope} out of scope")  # fmt: skip
