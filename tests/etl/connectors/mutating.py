"""Files as they arrive damaged: a valid one, changed as spreadsheets, transfers and publishers change them."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from data.errors import UnreadableFileError
from etl.intake import Connector, Loaded, Scope

FILES = Path(__file__).parent / "files"
# The same cases every time, however slow the machine.
steady = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=250,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
NASTY = (
    "", "s", "0", "-1", "-0", "1e400", "NaN", "inf", "-inf", "1,5", "1.5", "1 234", "1\u202f234", "12\u00a0",
    "2999", "\u00a094041", "9404", "94041", "75056", "94200", "2A004", "97801", "é", "\"", "\"\"", "=1+1", "٣",
    "9" * 400, "Moyenne", "0x10", "1_000", "\t", "94041\n",
)  # fmt: skip


def _cell(data: bytes, separator: str, row: int, column: int, text: str) -> bytes:
    lines = data.split(b"\n")
    cells = lines[row % len(lines)].split(separator.encode())
    cells[column % len(cells)] = text.encode()
    lines[row % len(lines)] = separator.encode().join(cells)
    return b"\n".join(lines)


def _line(data: bytes, row: int, change: Callable[[list[bytes], int], None]) -> bytes:
    lines = data.split(b"\n")
    change(lines, row % len(lines))
    return b"\n".join(lines)


def _drop(lines: list[bytes], row: int) -> None:
    del lines[row]


def _double(lines: list[bytes], row: int) -> None:
    lines.insert(row, lines[row])


def _header_again(lines: list[bytes], row: int) -> None:
    lines.insert(row, lines[0])


WHOLE: tuple[Callable[[bytes, str], bytes], ...] = (
    lambda data, separator: b"\xef\xbb\xbf" + data,
    lambda data, separator: data.replace(separator.encode(), b"|"),
    lambda data, separator: data.replace(b"\n", b"\r"),
    lambda data, separator: data.decode("latin-1").encode("utf-16"),
    lambda data, separator: data.decode("utf-8", "replace").encode("cp1252", "replace"),
)


@st.composite
def damaged(draw: st.DrawFn, data: bytes, separator: str) -> bytes:
    """Draw a file that is the valid one after one to four changes."""
    for _ in range(draw(st.integers(1, 4))):
        at, column = draw(st.integers(0, 40)), draw(st.integers(0, 30))
        kind = draw(st.sampled_from(("cell", "cell", "cell", "drop", "double", "header", "cut", "bytes", "whole")))
        if kind == "cell":
            text = draw(st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=("Cs",)), max_size=8))
            data = _cell(data, separator, at, column, text)
        elif kind in {"drop", "double", "header"}:
            data = _line(data, at, {"drop": _drop, "double": _double, "header": _header_again}[kind])
        elif kind == "cut":
            data = data[: draw(st.integers(0, len(data)))]
        elif kind == "bytes":
            place = draw(st.integers(0, len(data)))
            data = data[:place] + draw(st.binary(min_size=1, max_size=3)) + data[place:]
        else:
            data = draw(st.sampled_from(WHOLE))(data, separator)
    return data


def arrives(connector: Connector, path: Path, data: bytes, edition: str, scope: Scope) -> Loaded | None:
    """Return what becomes of the bytes of a file, nothing where it is refused as a whole."""
    path.write_bytes(data)
    try:
        extracted = connector.extract(path)
        loaded = connector.transform(extracted, edition, scope)
    except UnreadableFileError:
        return None
    assert loaded.read == extracted.read == loaded.loaded + loaded.quarantined + loaded.out_of_scope
    values = loaded.observations["obs_value"].dropna()
    assert values.between(0, 1e300).all()
    known = loaded.observations["obs_value"].notna()
    assert set(loaded.observations.loc[~known, "obs_status"]) <= {"O", "M"}
    assert not set(loaded.observations.loc[known, "obs_status"]) & {"O", "M"}
    assert not loaded.observations.duplicated(["ref_area", "indicator", "time_period"]).any()
    return loaded
