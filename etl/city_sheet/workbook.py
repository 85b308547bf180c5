"""Opening a spreadsheet that came from outside: what is not one, or too large to be one, is refused by name."""

import warnings
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from data.errors import UnreadableSheetError

# A filled-in sheet takes some 60 kB, a few hundred unpacked.
MAXIMUM_BYTES, MAXIMUM_UNPACKED_BYTES, MAXIMUM_PARTS = 5_000_000, 40_000_000, 500
# What openpyxl raises on parts that are cut short or hold what the format does not allow.
_BROKEN = (
    AttributeError, EOFError, IndexError, InvalidFileException, KeyError, RuntimeError, SyntaxError, TypeError,
    ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def _refuse_bombs(content: bytes, name: str) -> None:
    """Refuse an archive that unpacks to more than a sheet holds, or whose parts define entities."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MAXIMUM_PARTS or sum(part.file_size for part in parts) > MAXIMUM_UNPACKED_BYTES:
            raise UnreadableSheetError(f"{name} unpacks to more than a gap sheet holds: export a fresh one and fill it")
        if "xl/workbook.xml" not in archive.namelist():
            raise UnreadableSheetError(f"{name} is not an Excel workbook: save the gap sheet as .xlsx")
        for part in parts:
            # zipfile reads no more of a part than it declares, and the declared sizes are bounded above.
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part):
                raise UnreadableSheetError(f"{name}: {part.filename} defines entities, which no spreadsheet does")


def open_workbook(path: Path) -> Workbook:
    """Open a workbook; formulas stay formulas, nothing in it is run.

    Raises
    ------
    UnreadableSheetError
        The file is no Excel workbook, is damaged, or is too large.
    OSError
        The file cannot be read at all.
    """
    if path.stat().st_size > MAXIMUM_BYTES:
        raise UnreadableSheetError(f"{path.name} is larger than {MAXIMUM_BYTES // 1_000_000} MB: it is no gap sheet")
    content = path.read_bytes()
    if not zipfile.is_zipfile(BytesIO(content)):
        raise UnreadableSheetError(f"{path.name} is not an Excel workbook: save the gap sheet as .xlsx, not renamed")
    try:
        _refuse_bombs(content, path.name)
        with warnings.catch_warnings():
            # openpyxl warns of decorations it does not keep; nothing of this workbook is written again.
            warnings.simplefilter("ignore", UserWarning)
            return load_workbook(BytesIO(content), keep_links=False)
    except _BROKEN as error:
        raise UnreadableSheetError(f"{path.name} cannot be read ({error}): export a fresh sheet and fill it") from error
