"""What a release gives when it is reconciled, computed once, and as rows for the downloads."""

from functools import lru_cache

import pandas as pd

from dashboard.content.comparison_words import entries, entry_of, the_catalogue
from data.frames import rows_of
from data.release import Release
from data.rules.check_operands import Operand, Recomputed, recompute
from data.rules.comparisons import Comparison, Side
from data.rules.pairs_of_readings import Ambiguity, pairs_of_readings
from data.rules.sums_of_parts import reconcile


@lru_cache(maxsize=8)
def comparisons(release: Release, commune: str) -> tuple[Comparison, ...]:
    """Return every comparison of a commune and of the areas in it."""
    return reconcile(release.tables, entries(), the_catalogue().quantities, commune)


@lru_cache(maxsize=8)
def ambiguities(release: Release, commune: str) -> tuple[Ambiguity, ...]:
    """Return every sentence about a commune's programmes that can be read in several ways."""
    return pairs_of_readings(release.tables, commune)


@lru_cache(maxsize=8)
def recomputed(release: Release) -> dict[str, Recomputed]:
    """Return every published check computed again, by identifier."""
    return {check.check_id: check for check in recompute(release.tables)}


def _part(side: Side) -> str:
    value = "" if side.value is None else f"{side.value:.10g}"
    return f"{side.name or side.indicator}:{side.ref_area}@{side.time_period}[{side.source}]{side.nature}={value}"


def comparison_rows(found: tuple[Comparison, ...]) -> pd.DataFrame:
    """Return comparisons as rows, each with both quantities, the difference, the reasons and what pages use.

    `parts` names each part as `indicator:area@period[source]nature=value`, joined by `;`.
    """
    records = []
    for one in found:
        entry, total = entry_of(one), one.total
        records.append(
            {
                "compares": one.kind, "name": one.name, "ref_area": total.ref_area, "indicator": total.indicator,
                "state": one.state, "total_value": total.value, "total_qualifier": total.qualifier,
                "total_period": total.time_period, "total_time_basis": total.time_basis,
                "total_nature": total.nature, "total_source": total.source,
                "total_source_detail": total.source_detail, "sum_value": one.sum, "parts_known": len(one.counted),
                "parts_expected": len(one.parts), "parts": ";".join(_part(part) for part in one.parts),
                "difference": one.difference, "difference_percent": one.difference_percent,
                "rounding_bound": one.rounding, "after_break": one.after_break,
                "computed_reasons": ";".join(one.reasons),
                "reasons_fr": " ".join(text.fr for text in entry.reasons) if entry else "",
                "reasons_en": " ".join(text.en for text in entry.reasons) if entry else "",
                "used_fr": entry.used.fr if entry else "", "used_en": entry.used.en if entry else "",
            }
        )  # fmt: skip
    return pd.DataFrame.from_records(records)


def reading_rows(found: tuple[Ambiguity, ...]) -> pd.DataFrame:
    """Return one row per reading of every sentence."""
    records = [
        {
            "reading_id": one.reading_id, "choice": choice.choice, "ref_area": one.ref_area,
            "programme_id": one.programme_id, "quantity": one.quantity, "question_fr": one.question_fr,
            "question_en": one.question_en, "label_fr": choice.label_fr, "label_en": choice.label_en,
            "value": choice.value, "part_of": choice.part_of, "announced_total": choice.total,
            "difference": one.difference, "source": one.source, "source_detail": one.source_detail,
        }
        for one in found
        for choice in one.choices
    ]  # fmt: skip
    return pd.DataFrame.from_records(records)


def _operand(operand: Operand) -> str:
    return f"{operand.text}={operand.figure or operand.check_id}"


def check_rows(release: Release) -> pd.DataFrame:
    """Return every published check with what its formula gives; `operands` names each number's figure, if it has one.

    `operands` is `number=figure`, joined by `;`: a `figure_id` of a text, an edition of a statistic, or another check.
    """
    found = recomputed(release)
    records = []
    for row in rows_of(release.table("checks")):
        again = found[row.check_id]
        records.append(
            {
                "check_id": row.check_id, "commune": row.commune, "formula": row.formula, "result": row.result,
                "unit": row.unit, "state": again.computed.state, "why": again.computed.why,
                "computed": ";".join(f"{value:.10g}" for value in again.computed.values),
                "operands": ";".join(_operand(operand) for operand in again.operands),
                "source_refs": row.source_refs, "title_fr": row.title_fr, "title_en": row.title_en,
            }
        )  # fmt: skip
    return pd.DataFrame.from_records(records)
