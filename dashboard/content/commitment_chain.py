"""Commitments on a time axis, and each from action to programmes to indicator; the rule of their status."""

from functools import lru_cache

from dashboard.charts.gantt import Bar, Row, gantt
from dashboard.content import alternatives, common, folds
from dashboard.content.commitment_words import GLYPHS, deadline_words, figures_of, status_words, works_of
from dashboard.content.commitments import EXPORT, Judged, judged
from dashboard.content.entries import themes
from dashboard.content.folds import Cell, Fold, Listing
from dashboard.content.pieces import Chart, Column, Table
from dashboard.figures import localised, source_line
from dashboard.formats import labelled, separated
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import Work
from data.rules.commitments import STATUSES

# The axis colours are those of what no single theme owns.
THEME = "participation"


def _bars(view: View, one: Judged) -> tuple[Bar, ...]:
    """Return the dates of a commitment: those of its programmes, then its deadline where none of them says it."""
    drawn = [bar for work in works_of(view, one.row) for bar in common.work_bars(work, view)]
    if one.deadline and one.deadline not in {bar.time_period.split("/")[-1] for bar in drawn}:
        words = message("commitments.bar_deadline", view.language, date=deadline_words(one.deadline, view.language))
        drawn.append(Bar(one.deadline, words, planned=True))
    # Words of several bars of one row would lie on each other: the last in time has them all the same.
    last = max(drawn, key=lambda bar: bar.time_period.split("/")[-1], default=None)
    return tuple(bar if bar is last else Bar(bar.time_period, "", bar.planned) for bar in drawn)


def _row(view: View, one: Judged) -> Row:
    bars = _bars(view, one)
    status = one.standing.status
    lane = "" if bars else f"{GLYPHS[status]} {message(f'commitments.status_{status}', view.language)}"
    return Row(localised(one.row, "label", view.language), bars, lane)


@lru_cache(maxsize=64)
def timeline(view: View) -> Chart | None:
    """Return the dates of the commitments, those without any in a lane of their own; None where there is nothing."""
    found = judged(view)
    if not found:
        return None
    language = view.language
    rows = sorted((_row(view, one) for one in found), key=lambda row: not row.bars)
    undated = sum(1 for row in rows if not row.bars)
    domain = common.timeline_domain([row for row in rows if row.bars], view.today.year)
    year = max(one.row.as_of[:4] for one in found)
    key = "commitments.timeline" if undated else "commitments.timeline_all_dated"
    return Chart(
        key="commitments-timeline",
        title=message(key, language, count=len(rows), dated=len(rows) - undated, undated=undated),
        subtitle=message("commitments.timeline_subtitle", language),
        specification=gantt(
            rows, domain, THEME, message("timeline.lane", language, year=year), view.mode, view.language
        ),
        alternative=alternatives.of_rows(rows, language),
        source=message("source.programmes", language),
        export=f"{EXPORT}.{{format}}",
        kinds=(common.kind_words("municipal_record", language),),
    )


@lru_cache(maxsize=64)
def timeline_table(view: View) -> Table:
    """Return the dates of the commitments as a table: status, every date, deadline, source."""
    language, rows = view.language, []
    for one in judged(view):
        dates = [labelled(work.name, work.date_words, language) for work in works_of(view, one.row) if work.stages]
        source = source_line(view.release, one.row.source, one.row.source_detail, language)
        rows.append((localised(one.row, "label", language), status_words(one.standing.status, language),
                     separated(dates, language) or message("commitments.no_date", language),
                     deadline_words(one.deadline, language), source))  # fmt: skip
    names = ("action", "status", "dates", "deadline", "source")
    columns = tuple(Column(name, message(f"commitments.column_{name}", language)) for name in names)
    return Table(message("commitments.timeline_table", language, count=len(rows)), columns, tuple(rows))


def _programme(work: Work) -> str:
    return f"{work.name} ({work.glyph} {work.status_words}, {work.date_words})"


def _chain_row(view: View, one: Judged) -> folds.Row:
    """Return a commitment, the programmes that carry it out, the figures that measure it, its sources."""
    language, row = view.language, one.row
    works, figures = works_of(view, row), figures_of(view, row)
    programmes = Cell(separated(map(_programme, works), language) or message("commitments.no_programme", language))
    values = [labelled(figure.label, f"{figure.text} ({figure.date})", language) for figure in figures]
    measure = Cell(separated(values, language) or message("commitments.no_figure", language))
    cited = [source_line(view.release, row.source, row.source_detail, language)]
    cited += [work.source for work in works] + [figure.source for figure in figures]
    under = f"{status_words(one.standing.status, language)} · {deadline_words(one.deadline, language)}"
    return folds.Row(localised(row, "label", language), under,
                     (programmes, measure, Cell(separated(dict.fromkeys(cited), language))))  # fmt: skip


def _chain(view: View) -> Fold:
    language, names = view.language, themes(view.language)
    groups = []
    for theme, title in names.items():
        rows = tuple(_chain_row(view, one) for one in judged(view) if one.row.theme == theme)
        if rows:
            groups.append(folds.Group(title, "", rows))
    columns = tuple(
        message(f"commitments.column_{name}", language) for name in ("action", "programmes", "figure", "source")
    )
    return Fold(message("commitments.chain", language, count=len(judged(view))), columns, tuple(groups), "obs-chain")


def _rule(view: View) -> Fold:
    language = view.language
    rows = tuple(
        folds.Row(status_words(status, language), "", (Cell(message(f"commitments.rule_{status}", language)),))
        for status in STATUSES
    )
    columns = (message("commitments.column_status", language), message("commitments.column_rule", language))
    return Fold(message("commitments.rule", language), columns, (folds.Group("", "", rows),), "obs-methods")


@lru_cache(maxsize=64)
def listing(view: View) -> Listing:
    """Return each commitment from action to indicator, the rule of their status, and the download of their rows."""
    note = message("commitments.list_note", view.language)
    query = () if view.is_city else (("quartier", view.district),)
    return Listing(
        message("commitments.list_title", view.language), note, (_chain(view), _rule(view)), EXPORT, query, form=True
    )
