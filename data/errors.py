"""Named errors of the contract: what is wrong, where, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One fault in a catalogue or ledger file, precise enough to mend it without searching."""

    file: str
    line: int
    column: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Return the fault as one line: place, value, problem, remedy."""
        return f"{self.file}:{self.line}: column {self.column!r}, value {self.value!r}: {self.problem}. {self.remedy}"


@dataclass(frozen=True)
class SheetFault:
    """One fault in a filled-in sheet: its tab and cell, what the column is headed, what stands there."""

    tab: str
    cell: str
    heading: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Return the fault as one line: place, value, problem, remedy."""
        heading = f" ({self.heading})" if self.heading else ""
        return f"{self.tab}!{self.cell}{heading}: value {self.value!r}: {self.problem}. {self.remedy}"


class ObservatoryError(Exception):
    """Base of every error this project raises on purpose."""


class SettingError(ObservatoryError):
    """Raised when a setting of the environment cannot be what it says."""


class FaultyInputError(ObservatoryError):
    """Raised when the catalogue or the ledger holds faults: all of them are listed, nothing is published."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        lines = "\n".join(str(fault) for fault in self.faults)
        super().__init__(f"{len(faults)} fault(s) in catalogue or ledger; nothing was published.\n{lines}")


class FaultySheetError(ObservatoryError):
    """Raised when a filled-in sheet holds faults: all of them are listed by cell, nothing is taken."""

    def __init__(self, file: str, faults: list[SheetFault]) -> None:
        self.faults = faults
        lines = "\n".join(f"{file}, {fault}" for fault in faults)
        super().__init__(f"{len(faults)} fault(s) in {file}; nothing was taken.\n{lines}")


class UnreadableSheetError(ObservatoryError):
    """Raised when a file is not the spreadsheet it should be, or is too large to be one."""


class UnknownIntakeError(ObservatoryError):
    """Raised when figures are to be ingested from a source that no code reads."""


class FileInTheWayError(ObservatoryError):
    """Raised when a file would be overwritten without having been asked for."""


class FormulaError(ObservatoryError):
    """Raised when a catalogue formula is not plain arithmetic on its declared inputs."""


class MixedNatureError(ObservatoryError):
    """Raised when quantities of different natures or readings (planned, observed, …) would be added together."""


class SchemaMismatchError(ObservatoryError):
    """Raised when a table does not have the columns and types its schema declares."""


class ReleaseMissingError(ObservatoryError):
    """Raised when no release has been published yet: `python -m etl build` makes one."""


class ReleaseDamagedError(ObservatoryError):
    """Raised when a file of a release is absent or its checksum differs: restore it or roll back."""


class UnclearReleaseError(ObservatoryError):
    """Raised when the start of an identifier is that of several releases: give more of it."""


class UnknownAreaError(ObservatoryError):
    """Raised when an area code is not in the territories table: check the code or add the area."""


class UnknownIrisError(UnknownAreaError):
    """Raised when the census counts no IRIS of a code: check the code, nine characters."""


class NoStructureError(ObservatoryError):
    """Raised when an IRIS without inhabitants or dwellings, or with an unknown count, is to be compared with others."""


class NameTakenError(ObservatoryError):
    """Raised when a commune is to be entered under another name than it has, or under none: nothing is changed."""


class UnknownIndicatorError(ObservatoryError):
    """Raised when an indicator is not in the catalogue: check the name or add its entry."""


class MissingOutlinesError(ObservatoryError):
    """Raised when a commune has official districts and its IRIS cannot be shared out by them: it says what to take."""


class LostRowsError(ObservatoryError):
    """Raised when the rows of a file are not all loaded, out of scope or in quarantine: a fault of its connector."""


class UnreadableFileError(ObservatoryError):
    """Raised when a file is not what its publisher offers: it says what was found, what is wanted and what to do."""


class UnknownEditionError(ObservatoryError):
    """Raised when an edition is neither in the catalogue nor can be named from its template."""


class StateCodesError(ObservatoryError):
    """Raised when what the codes of an edition mean is not declared, or contradicts the rest of its rows."""


class UnwordedReasonError(ObservatoryError):
    """Raised when a connector gives a reason that `quarantine.toml` has no words for."""


class UnprotectedFigureError(ObservatoryError):
    """Raised when microdata would be published unprotected: a figure without rule or contributors, a position."""


class DisclosureError(ObservatoryError):
    """Raised when a release lets a reader work out what it withholds: roll back, mend the cause, build again."""


class SnapshotDamagedError(ObservatoryError):
    """Raised when a snapshot is not what was stored: restore it from a copy, or remove it and take the file again."""


class SameBytesError(ObservatoryError):
    """Raised when bytes that are stored as one edition come again as another."""


class NoAddressError(ObservatoryError):
    """Raised when a data set is to be fetched and its source gives no address: take a file at hand with `ingest`."""


class UnreachableSourceError(ObservatoryError):
    """Raised when an address did not answer in full, however often it was asked: try later, or `ingest` a file."""


class RefusedDownloadError(ObservatoryError):
    """Raised when an address says that there is nothing, or nothing for us: correct it in the source's TOML."""


class WrongAnswerError(ObservatoryError):
    """Raised when an address answers with something other than the data: a web page, another type, no bytes."""


class TooLargeError(ObservatoryError):
    """Raised when an answer is larger, or lasts longer, than the source's TOML allows."""


class AstrayError(ObservatoryError):
    """Raised when an address sends on in a circle, too often, or to where no data may be taken from."""


class ImplausibleError(ObservatoryError):
    """Raised when figures changed too much since the current release: nothing is published until somebody says why."""


class BusyError(ObservatoryError):
    """Raised when another process is writing where this one would: wait until it has ended, then try again."""
