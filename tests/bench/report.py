"""The report: each figure beside its reference of the same run and its goal, as text, Markdown and JSON."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil  # type: ignore[import-untyped]

COLUMNS = ("what", "measured", "reference of the same run", "goal", "")
LIBRARIES = ("streamlit", "uvicorn", "starlette", "pandas", "pyarrow", "altair", "pydeck", "playwright", "websockets")


@dataclass(frozen=True)
class Row:
    """A figure in words, its reference, its goal, whether it met it (None: no goal), and the plain numbers."""

    what: str
    measured: str
    reference: str = ""
    goal: str = ""
    met: bool | None = None
    numbers: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Return whether the goal was met, or nothing where there is none."""
        return {True: "met", False: "MISSED", None: ""}[self.met]

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the cells of the row."""
        return self.what, self.measured, self.reference, self.goal, self.verdict


@dataclass
class Report:
    """Parts with their rows, and what they were measured on."""

    machine: dict[str, str]
    parts: dict[str, list[Row]] = field(default_factory=dict)
    others_percent: dict[str, float] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        """Return the rows of all parts."""
        return [row for rows in self.parts.values() for row in rows]


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread_ms(seconds: Sequence[float]) -> str:
    """Return median and 95th percentile in words, from seconds."""
    return f"p50 {statistics.median(seconds) * 1000:.0f}, p95 {quantile(seconds, 0.95) * 1000:.0f} ms"


def describe_machine(browser: str) -> dict[str, str]:
    """Return when, on what and with which versions a report is made."""
    memory = psutil.virtual_memory()
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"), "system": platform.platform(),
        "processor": f"{os.cpu_count()} cores ({platform.machine()})",
        "memory": f"{memory.total / 2**30:.0f} GiB, {memory.available / 2**30:.0f} GiB free",
        "python": platform.python_version(), **libraries, "chromium": browser,
    }  # fmt: skip


def _noise(report: Report) -> str:
    shares = ", ".join(f"{part.split(' ')[0]} {share:.0f} %" for part, share in report.others_percent.items())
    return f"Processor time taken by other programs during each part: {shares}."


def _machine_line(report: Report) -> str:
    return " · ".join(f"{name} {value}" for name, value in report.machine.items())


def as_text(report: Report) -> str:
    """Return the report as an aligned table."""
    widths = [max(len(row.cells[place]) for row in [*report.rows, Row(*COLUMNS[:4])]) for place in range(len(COLUMNS))]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

    lines = [line(COLUMNS)]
    for part, rows in report.parts.items():
        lines += ["", part, *(line(row.cells) for row in rows)]
    missed = sum(row.met is False for row in report.rows)
    return "\n".join([*lines, "", f"Goals missed: {missed}.", _noise(report), _machine_line(report)])


def as_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    lines = [f"# Benchmark of {report.machine['date']}", "", _machine_line(report), "", _noise(report)]
    for part, rows in report.parts.items():
        lines += ["", f"## {part}", "", f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
        lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row.cells)} |" for row in rows]
    return "\n".join([*lines, ""])


def write(report: Report, folder: Path) -> list[Path]:
    """Write the report as Markdown and JSON; return the files."""
    folder.mkdir(exist_ok=True)
    stem = "".join(c for c in report.machine["date"][:19] if c.isalnum())
    markdown, numbers = folder / f"{stem}.md", folder / f"{stem}.json"
    markdown.write_text(as_markdown(report), encoding="utf-8")
    numbers.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [markdown, numbers]
