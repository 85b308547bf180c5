"""What time alone has changed since a day: dates that have passed without confirmation, with the same data."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from dashboard.content.commitment_words import status_words as commitment_status
from dashboard.content.entries import whole_city
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.content.target_words import status_words as target_status
from dashboard.content.targets import judged as judged_targets
from dashboard.figures import localised
from dashboard.messages import message
from dashboard.view import View, the_view
from dashboard.works import works
from data.frames import rows_of
from data.rules.commitments import standings
from data.rules.date_words import one_date

Moved = tuple[str, str, str]


def _commitments(before: View, now: View) -> Iterator[Moved]:
    first, last = (standings(one.release.tables, one.today) for one in (before, now))
    table = now.release.table("commitments")
    for row in rows_of(table[table["commune"] == now.commune]):
        old, new = (found[row.commitment_id].status for found in (first, last))
        if old != new:
            words = (commitment_status(status, now.language) for status in (old, new))
            yield localised(row, "label", now.language), *words  # type: ignore[misc]


def _targets(before: View, now: View) -> Iterator[Moved]:
    first = {row.target_id: progress.status for row, progress in judged_targets(before)}
    for row, progress in judged_targets(now):
        if progress.status != first[row.target_id]:
            words = (target_status(status, now.language) for status in (first[row.target_id], progress.status))
            yield localised(row, "label", now.language), *words  # type: ignore[misc]


def _programmes(before: View, now: View) -> Iterator[Moved]:
    first = {work.programme_id: work.due for work in works(before)}
    for work in works(now):
        if work.due and not first[work.programme_id]:
            dates = ", ".join(one_date(stage.date, now.language) for stage in work.stages if stage.due)
            yield work.name, f"{work.glyph} {work.status_words}", message("elapsed.due", now.language, date=dates)


@lru_cache(maxsize=16)
def listing(view: View, since: date) -> Listing | None:
    """Return what has another status than on an earlier day, the data being the same; None where nothing has."""
    now, language = whole_city(view), view.language
    before = the_view(now.release, now.commune, now.district, language, now.mode, since)
    kinds = {"commitments": _commitments, "targets": _targets, "programmes": _programmes}
    groups = tuple(
        Group(message(f"changes.table_{name}", language), "", tuple(Row(title, "", (Cell(old), Cell(new)))
                                                                     for title, old, new in found))
        for name, moved in kinds.items()
        if (found := list(moved(before, now)))
    )  # fmt: skip
    if not groups:
        return None
    count = sum(len(group.rows) for group in groups)
    columns = tuple(message(f"elapsed.column_{name}", language) for name in ("what", "before", "now"))
    title = message("elapsed.fold_one" if count == 1 else "elapsed.fold_other", language, count=count)
    fold = Fold(title, columns, groups, "obs-changes", True)
    note = message("elapsed.note", language, date=one_date(since.isoformat(), language))
    return Listing(message("elapsed.title", language), note, (fold,), "")
