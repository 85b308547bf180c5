"""The catalogue: what themes, indicators, units, sources and territories are, read from TOML and checked."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from data.comparison_models import Denominator, Incomparable, unknown_in_denominators, unknown_in_groups
from data.correction_models import Correction, Declared, declared_faults
from data.disclosure_models import DisclosureLimits, Thresholds, contradictions
from data.errors import Fault, FaultyInputError, FormulaError, UnknownIndicatorError
from data.magnitude_models import DEFAULT, Magnitude, unstated
from data.models import Edition, Indicator, Quantity, Source, Strict, Territory, Text, Theme, Unit
from data.reconciliation_models import Reconciliation, unknown_names
from data.rules.circles import circles
from data.rules.formulas import input_names
from data.settings import ROOT

M = TypeVar("M", bound=Strict)


@dataclass(frozen=True)
class Catalogue:
    """Every definition, by its identifier."""

    themes: dict[str, Theme]
    units: dict[str, Unit]
    indicators: dict[str, Indicator]
    theme_of: dict[str, str]
    sources: dict[str, Source]
    territories: dict[str, Territory]
    quantities: dict[str, Quantity]
    reconciliations: dict[str, Reconciliation]
    rejections: dict[str, Text]
    disclosure: DisclosureLimits
    corrections: dict[str, Declared] = field(default_factory=dict)
    magnitudes: dict[str, Magnitude] = field(default_factory=dict)
    denominators: dict[str, Denominator] = field(default_factory=dict)
    incomparable: dict[str, Incomparable] = field(default_factory=dict)

    def indicator(self, name: str) -> Indicator:
        """Return an indicator's definition.

        Raises
        ------
        UnknownIndicatorError
            The catalogue has no such indicator.
        """
        if name not in self.indicators:
            raise UnknownIndicatorError(f"{name!r} is not an indicator of the catalogue")
        return self.indicators[name]

    def editions(self) -> dict[str, tuple[str, Source, Edition]]:
        """Return data set, source and edition by edition identifier."""
        return {
            edition_id: (dataset, source, edition)
            for dataset, source in self.sources.items()
            for edition_id, edition in source.editions.items()
        }


def line_of(text: str, *keys: str) -> int:
    """Return the line (from 1) of a TOML file that goes furthest along a key path, or 1."""
    best, line, table = 0, 1, []
    for number, content in enumerate(text.splitlines(), start=1):
        stripped = content.strip()
        if stripped.startswith("["):
            table = [part.strip('" ') for part in stripped.strip("[]").split(".")]
            path = table
        else:
            path = [*table, stripped.partition("=")[0].strip('" ')]
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(path, keys, strict=False))))
        if shared > best:
            best, line = shared, number
    return line


def relative(path: Path) -> str:
    """Return a path as written from the root of the repository, for messages."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _parse(path: Path, faults: list[Fault]) -> tuple[dict[str, Any], str]:
    text = path.read_text(encoding="utf-8")
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(relative(path), 1, "", "", f"not valid TOML: {error}", "Correct the syntax"))
        return {}, text


def _validate(
    model: type[M], value: Any, path: Path, text: str, keys: tuple[str, ...], faults: list[Fault]
) -> M | None:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors():
            places = tuple(str(part) for part in detail["loc"])
            faults.append(
                Fault(
                    relative(path),
                    line_of(text, *keys, *places),
                    ".".join((*keys, *places)),
                    str(detail["input"])[:80],
                    detail["msg"],
                    "See the model in data/models.py",
                )
            )
        return None


def _read_file(model: type[M], path: Path, faults: list[Fault]) -> dict[str, M]:
    """Read a file with one table per identifier."""
    content, text = _parse(path, faults)
    read = {name: _validate(model, value, path, text, (name,), faults) for name, value in content.items()}
    return {name: value for name, value in read.items() if value is not None}


def _check_indicators(indicators: dict[str, Indicator], files: dict[str, Path], catalogue: Catalogue) -> list[Fault]:
    faults = []

    def add(name: str, column: str, value: str, problem: str, remedy: str) -> None:
        path = files[name]
        line = line_of(path.read_text(encoding="utf-8"), name, *column.split("."))
        faults.append(Fault(relative(path), line, f"{name}.{column}", value, problem, remedy))

    for name, indicator in indicators.items():
        if indicator.unit not in catalogue.units:
            add(name, "unit", indicator.unit, "unknown unit", "Add it to units.toml or correct it")
        if indicator.valid_range[0] > indicator.valid_range[1]:
            add(name, "valid_range", str(indicator.valid_range), "lower bound above upper bound", "Swap them")
        if (indicator.formula is not None) != (indicator.aggregation == "formula"):
            add(
                name,
                "aggregation",
                indicator.aggregation,
                "does not fit the formula",
                'Use aggregation = "formula" exactly where there is a formula',
            )
        if indicator.formula is None:
            continue
        formula = indicator.formula
        try:
            used = input_names(formula.expression)
        except FormulaError as error:
            add(name, "formula.expression", formula.expression, str(error), "Use + - * / and input names only")
            continue
        for unmatched in sorted(used ^ set(formula.inputs)):
            add(
                name,
                f"formula.inputs.{unmatched}",
                unmatched,
                "named in only one of expression and inputs",
                "Name it in both",
            )
        for wanted, formula_input in formula.inputs.items():
            if wanted not in indicators:
                add(name, f"formula.inputs.{wanted}", wanted, "unknown indicator", "Add it or correct the name")
            for dataset in formula_input.datasets:
                if dataset not in catalogue.sources:
                    add(
                        name,
                        f"formula.inputs.{wanted}",
                        dataset,
                        "unknown data set",
                        "Name a file of catalogue/sources",
                    )
    return faults


def _check_chains(indicators: dict[str, Indicator], files: dict[str, Path]) -> list[Fault]:
    """Check the formulas that use what other formulas give: no circle, and the data set their inputs really carry."""
    faults = []
    formulas = {name: indicator.formula for name, indicator in indicators.items() if indicator.formula is not None}
    chained = {name: [wanted for wanted in formula.inputs if wanted in formulas] for name, formula in formulas.items()}

    def add(name: str, wanted: str, value: str, problem: str, remedy: str) -> None:
        path, keys = files[name], ("formula", "inputs", wanted)
        line = line_of(path.read_text(encoding="utf-8"), name, *keys)
        faults.append(Fault(relative(path), line, ".".join((name, *keys)), value, problem, remedy))

    for circle in circles(chained):
        problem = f"formulas that go round in a circle: {' → '.join(circle)}"
        add(circle[0], circle[1], circle[1], problem, "Take one of these inputs from a source")
    for name, inputs in chained.items():
        for wanted in inputs:
            # What a formula gives has the edition of its first input.
            carried = next((first.dataset for first in formulas[wanted].inputs.values()), "")
            dataset = formulas[name].inputs[wanted].dataset
            if dataset != carried:
                add(name, wanted, dataset, f"{wanted} is derived from data set {carried}", f'Write "{carried}"')
    return faults


def _check_sources(sources: dict[str, Source], folder: Path) -> list[Fault]:
    faults = []
    home: dict[str, str] = {}

    def add(dataset: str, column: str, edition: str, problem: str, remedy: str) -> None:
        path = folder / f"{dataset}.toml"
        line = line_of(path.read_text(encoding="utf-8"), column, edition)
        faults.append(Fault(relative(path), line, column, edition, problem, remedy))

    for dataset, source in sources.items():
        for edition in source.editions:
            if source.kind is None and edition not in source.edition_kinds:
                add(dataset, "editions", edition, "edition without a kind", "Give it one in edition_kinds")
            if home.setdefault(edition, dataset) != dataset:
                add(dataset, "editions", edition, f"also an edition of {home[edition]}", "Rename one of the two")
        for edition in sorted(set(source.edition_kinds) - set(source.editions)):
            add(dataset, "edition_kinds", edition, "unknown edition", "Add it to editions or correct the name")
    return faults


def _check_quantities(catalogue: Catalogue, path: Path) -> list[Fault]:
    faults = []

    def add(name: str, column: str, value: str, problem: str) -> None:
        line = line_of(path.read_text(encoding="utf-8"), name, column)
        faults.append(Fault(relative(path), line, f"{name}.{column}", value, problem, "Add it or correct the name"))

    for name, quantity in catalogue.quantities.items():
        if quantity.unit not in catalogue.units:
            add(name, "unit", quantity.unit, "unknown unit")
        if quantity.theme not in catalogue.themes:
            add(name, "theme", quantity.theme, "unknown theme")
        for indicator in quantity.indicators:
            if indicator not in catalogue.indicators:
                add(name, "indicators", indicator, "unknown indicator")
    return faults


def _check_reconciliations(catalogue: Catalogue, path: Path) -> Iterator[Fault]:
    text = path.read_text(encoding="utf-8")
    for name, entry in catalogue.reconciliations.items():
        for column, value, problem in unknown_names(
            entry, catalogue.indicators, catalogue.sources, catalogue.quantities
        ):
            line = line_of(text, name, *column.split("."))
            yield Fault(relative(path), line, f"{name}.{column}", value, problem, "Add it or correct the name")


def _check_magnitudes(catalogue: Catalogue, path: Path) -> Iterator[Fault]:
    text = path.read_text(encoding="utf-8")
    for name in sorted(catalogue.magnitudes.keys() - {DEFAULT} - catalogue.units.keys()):
        yield Fault(
            relative(path), line_of(text, name), name, name, "unknown unit", "Add it to units.toml or remove it"
        )
    for name in unstated(catalogue.magnitudes):
        yield Fault(relative(path), line_of(text, DEFAULT), f"{DEFAULT}.{name}", "", "not stated", "Add it")


def _check_comparisons(catalogue: Catalogue, folder: Path) -> Iterator[Fault]:
    found = {
        "denominators.toml": unknown_in_denominators(
            catalogue.denominators, catalogue.indicators, catalogue.sources.keys()
        ),
        "incomparable.toml": unknown_in_groups(catalogue.incomparable, catalogue.indicators),
    }
    for file, faults in found.items():
        path = folder / file
        for name, key, value in faults:
            line = line_of(path.read_text(encoding="utf-8"), name, *key.split("."))
            yield Fault(relative(path), line, f"{name}.{key}", value, "unknown name", "Add it or correct the name")


def _corrections(path: Path, faults: list[Fault]) -> dict[str, Declared]:
    """Read the corrections, each with the lines of its entries."""
    read, text = _read_file(Correction, path, faults), path.read_text(encoding="utf-8")
    lines = {name: {column: line_of(text, name, column) for column in Correction.model_fields} for name in read}
    return {name: Declared(name, row, relative(path), lines[name]) for name, row in read.items()}


def _read_limits(path: Path, faults: list[Fault]) -> DisclosureLimits:
    """Read the limits of disclosure control; where they are faulty, limits that nothing is published under."""
    content, text = _parse(path, faults)
    limits = _validate(DisclosureLimits, content, path, text, (), faults)
    strictest = Thresholds(households=1000, establishments=1000)
    return limits or DisclosureLimits(thresholds=strictest, largest_share_percent=1, protection_percent=99)


def _check_disclosures(indicators: dict[str, Indicator], files: dict[str, Path]) -> Iterator[Fault]:
    rules = {name: entry.disclosure for name, entry in indicators.items() if entry.disclosure is not None}
    found = list(contradictions(rules))
    found += [(name, "unit", rules[name].unit, "what a formula gives is protected through what it is made from")
              for name in rules if indicators[name].formula is not None]  # fmt: skip
    for name, key, value, problem in found:
        line = line_of(files[name].read_text(encoding="utf-8"), name, "disclosure", key)
        yield Fault(relative(files[name]), line, f"{name}.disclosure.{key}", value, problem, "Correct or remove it")


def load_catalogue(folder: Path) -> Catalogue:
    """Read and check the whole catalogue.

    Raises
    ------
    FaultyInputError
        Lists every fault with file, line, key and value.
    """
    faults: list[Fault] = []
    indicators: dict[str, Indicator] = {}
    theme_of: dict[str, str] = {}
    files: dict[str, Path] = {}
    themes = _read_file(Theme, folder / "themes.toml", faults)
    for path in sorted((folder / "indicators").glob("*.toml")):
        if path.stem not in themes:
            faults.append(Fault(relative(path), 1, "file name", path.stem, "no such theme", "Name it after a theme"))
        for name, indicator in _read_file(Indicator, path, faults).items():
            if name in indicators:
                line = line_of(path.read_text(encoding="utf-8"), name)
                faults.append(Fault(relative(path), line, name, name, "defined twice", f"See {relative(files[name])}"))
            indicators[name], theme_of[name], files[name] = indicator, path.stem, path
    sources: dict[str, Source] = {}
    for path in sorted((folder / "sources").glob("*.toml")):
        content, text = _parse(path, faults)
        source = _validate(Source, content, path, text, (), faults)
        if source is not None:
            sources[path.stem] = source
    catalogue = Catalogue(
        themes=themes,
        units=_read_file(Unit, folder / "units.toml", faults),
        indicators=indicators,
        theme_of=theme_of,
        sources=sources,
        territories=_read_file(Territory, folder / "territories.toml", faults),
        quantities=_read_file(Quantity, folder / "quantities.toml", faults),
        reconciliations=_read_file(Reconciliation, folder / "reconciliations.toml", faults),
        rejections=_read_file(Text, folder / "quarantine.toml", faults),
        disclosure=_read_limits(folder / "disclosure.toml", faults),
        corrections=_corrections(folder / "corrections.toml", faults),
        magnitudes=_read_file(Magnitude, folder / "magnitude.toml", faults),
        denominators=_read_file(Denominator, folder / "denominators.toml", faults),
        incomparable=_read_file(Incomparable, folder / "incomparable.toml", faults),
    )
    faults += _check_indicators(indicators, files, catalogue) + _check_chains(indicators, files)
    faults += _check_disclosures(indicators, files)
    faults += _check_sources(sources, folder / "sources")
    faults += _check_quantities(catalogue, folder / "quantities.toml")
    faults += _check_reconciliations(catalogue, folder / "reconciliations.toml")
    faults += declared_faults(catalogue.corrections.values(), indicators)
    faults += _check_magnitudes(catalogue, folder / "magnitude.toml")
    faults += _check_comparisons(catalogue, folder)
    if faults:
        raise FaultyInputError(faults)
    return catalogue
