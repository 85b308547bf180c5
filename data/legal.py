"""Reading what the legal pages need: the publisher's own words, the evaluation grid, what is known of Streamlit."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from data.accessibility_models import Findings, Grid
from data.definitions import line_of, relative
from data.errors import Fault, ObservatoryError
from data.fields import Strict
from data.legal_models import Legal

M = TypeVar("M", bound=Strict)


class FaultyLegalError(ObservatoryError):
    """Raised when a file the legal pages are made from is absent or faulty: every fault is listed."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        lines = "\n".join(str(fault) for fault in self.faults)
        super().__init__(f"{len(faults)} fault(s) in what the legal pages are made from.\n{lines}")


def _read(model: type[M], path: Path, models: str) -> M:
    file = relative(path)
    try:
        text = path.read_text(encoding="utf-8")
        content: Any = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise FaultyLegalError([Fault(file, 1, "", "", f"cannot be read: {error}", "Correct the file")]) from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise FaultyLegalError([
            Fault(file, line_of(text, *keys), ".".join(keys), str(detail["input"])[:80], detail["msg"], f"See {models}")
            for detail in error.errors()
            for keys in [tuple(str(part) for part in detail["loc"])]
        ]) from error  # fmt: skip


def read_legal(path: Path) -> Legal:
    """Read and check what the publisher says of itself.

    Raises
    ------
    FaultyLegalError
        The file is absent, is no TOML, or holds what the pages do not know.
    """
    return _read(Legal, path, "data/legal_models.py")


def read_grid(path: Path) -> Grid:
    """Read and check the evaluation grid; raises like `read_legal`."""
    return _read(Grid, path, "data/accessibility_models.py")


def read_findings(path: Path) -> Findings:
    """Read and check what checkers find in Streamlit's own parts; raises like `read_legal`."""
    return _read(Findings, path, "data/accessibility_models.py")
