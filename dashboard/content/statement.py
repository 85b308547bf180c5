"""The accessibility statement in the form French law asks, with the rates our own evaluation finds, and its grid."""

from dataclasses import dataclass

from dashboard.content.legal import Section, contact, given
from dashboard.content.pieces import Column, Item, Table
from dashboard.content.tree import PageLink
from dashboard.formats import number, percent_sign
from dashboard.legal import compliance, findings, grid, legal, valid_audit
from dashboard.messages import message
from dashboard.view import View
from data.accessibility_models import CRITERIA, PARTS, Part, State, Verdict
from data.rules.date_words import one_date

STATEMENT, GRID = "accessibilite", "accessibilite/grille"
VERSION = "RGAA 4.1.2"
_STATES: tuple[State, ...] = ("met", "not_met", "not_tested", "not_applicable")


def _said(key: str, language: str, **values: object) -> str:
    return message(f"statement.{key}", language, **values)


def title(view: View) -> str:
    """Return the title of the statement: by law, the mention of its state leads to it from every page."""
    return _said(f"title_{compliance(view.today)}", view.language)


def lead(view: View) -> str:
    """Return who commits itself to making the site accessible, or that nobody was named."""
    name = legal().publisher.name
    return _said("lead", view.language, name=name) if name else _said("lead_missing", view.language)


def percent_words(part: Part, language: str) -> str:
    """Return the rate of a part as it is printed; never rounded up to all."""
    rate = grid().rate(part)
    shown = min(round(rate.percent, 1), 99.9) if rate.met < rate.applicable else 100
    return number(shown, 1, language, minimum=0)


def _scope(view: View) -> Section:
    language, statement = view.language, legal().accessibility
    facts = (
        Item(_said("plan", language), given(statement.plan, language)),
        Item(_said("actions", language), given(statement.actions, language)),
    )
    return Section(_said("scope_title", language), (_said("scope_words", language),), facts)


def _state(view: View) -> Section:
    state = compliance(view.today)
    return Section(_said("state_title", view.language), (_said(f"state_{state}", view.language, version=VERSION),
                   *([_said("state_why", view.language)] if valid_audit(view.today) is None else [])))  # fmt: skip


def _results(view: View) -> Section:
    language, audit, sentences = view.language, valid_audit(view.today), []
    if audit:
        rate = number(audit.rate_percent, 1, language, minimum=0)
        date = one_date(audit.made_on.isoformat(), language)
        sentences.append(_said("audit", language, by=audit.by, date=date, percent=rate, report=audit.report))
    sentences.append(_said("own", language))
    rates = tuple(
        _said(f"rate_{part}", language, met=rate.met, applicable=rate.applicable, percent=percent_words(part, language),
              not_applicable=rate.not_applicable, not_tested=rate.not_tested)
        for part in PARTS
        for rate in [grid().rate(part)]
    )  # fmt: skip
    link = PageLink(GRID, _said("grid_title", language))
    return Section(_said("results_title", language), (*sentences, _said("untested", language)), points=rates,
                   links=(link,), is_below=True)  # fmt: skip


def _words(verdict: Verdict, language: str) -> str:
    return verdict.reason[language] if verdict.reason else ""


def _faults(view: View, part: Part, state: State) -> Table:
    """Return the criteria of a part in a state that counts against it."""
    language = view.language
    rows = tuple(
        (f"{name} {one.asks[language]}", _words(one.of(part), language))
        for name, one in grid().criteria.items()
        if one.of(part).state == state
    )
    columns = (Column("asks", _said("column_asks", language)), Column("found", _said("column_found", language)))
    return Table(_said(f"fault_{part}_{state}", language, count=len(rows)), columns, rows, is_open=True,
                 shape="criteria")  # fmt: skip


def _untranslated(language: str) -> tuple[str, ...]:
    """Return the words of Streamlit that stay English, with what they mean and where they stand."""
    found = findings().untranslated.values()
    return tuple(
        _said("untranslated_one", language, words=one.words, means=one.means[language], where=one.where[language])
        for one in found
    )


def _not_accessible(view: View) -> tuple[Section, ...]:
    language, statement = view.language, legal().accessibility
    tables = [_faults(view, part, state) for part in PARTS for state in ("not_met", "not_tested")]
    known = tuple(
        PageLink("", _said("alternative", language), _said("finding", language, words=one.words[language],
                 rule=one.rule, where=one.where[language]))
        for one in findings().findings.values()
    )  # fmt: skip
    none = {name: () if getattr(statement, name) else (_said(f"no_{name}", language),)
            for name in ("derogations", "exempt")}  # fmt: skip
    return (
        Section(_said("inaccessible_title", language), (_said("inaccessible_words", language),)),
        Section(_said("faults_title", language), tables=tuple(table for table in tables if table.rows), is_below=True),
        Section(_said("streamlit_title", language), (_said("streamlit_words", language, count=len(known)),),
                links=known, is_below=True),
        Section(_said("untranslated_title", language), (_said("untranslated_words", language),),
                points=_untranslated(language), is_below=True),
        Section(_said("derogations_title", language), none["derogations"], points=statement.derogations, is_below=True),
        Section(_said("exempt_title", language), none["exempt"], points=statement.exempt, is_below=True),
    )  # fmt: skip


def _establishment(view: View) -> tuple[Section, ...]:
    language, statement = view.language, legal().accessibility

    def day(name: str) -> Item:
        found = getattr(statement, name)
        return Item(_said(name, language), given(one_date(found.isoformat(), language) if found else "", language))

    def listed(name: str, count: int) -> Section:
        points = tuple(_said(f"{name}_{place}", language) for place in range(1, count + 1))
        return Section(_said(f"{name}_title", language), points=points, is_below=True)

    facts = (day("established_on"), *([day("updated_on")] if statement.updated_on else []))
    return (
        Section(_said("established_title", language), facts=facts),
        listed("technologies", 4),
        listed("environment", 3),
        listed("tools", 4),
        listed("checked", 4),
    )


def _appeal(view: View) -> Section:
    language = view.language
    points = tuple(_said(f"appeal_{place}", language) for place in range(1, 5))
    return Section(_said("appeal_title", language), (_said("appeal_words", language),), points=points)


def statement_page(view: View) -> tuple[Section, ...]:
    """Return the statement, part by part in the order of the law's form."""
    return (
        _scope(view),
        _state(view),
        _results(view),
        *_not_accessible(view),
        *_establishment(view),
        contact(view),
        _appeal(view),
    )


@dataclass(frozen=True)
class Found:
    """What was found of a criterion in one part: state, its words, the reason, the tests that show it."""

    part: str
    state: State
    words: str
    reason: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A criterion in the grid."""

    number: str
    asks: str
    found: tuple[Found, ...]


@dataclass(frozen=True)
class Topic:
    """A topic of the grid and its criteria."""

    title: str
    lines: tuple[Line, ...]


def _found(verdict: Verdict, part: Part, language: str) -> Found:
    words = _said(f"state_is_{verdict.state}", language)
    return Found(_said(f"part_{part}", language), verdict.state, words, _words(verdict, language), verdict.tests)


def topics(view: View) -> tuple[Topic, ...]:
    """Return the grid, topic by topic."""
    language = view.language
    return tuple(
        Topic(
            _said(f"topic_{topic}", language),
            tuple(
                Line(name, one.asks[language], tuple(_found(one.of(part), part, language) for part in PARTS))
                for name, one in grid().of_topic(topic)
            ),
        )
        for topic in CRITERIA
    )


def summary(view: View) -> Table:
    """Return how many criteria there are in each state, for each part, and the rate."""
    language, rates = view.language, {part: grid().rate(part) for part in PARTS}
    rows = [
        (_said(f"state_is_{state}", language), *(str(getattr(rates[part], state)) for part in PARTS))
        for state in _STATES
    ]
    rates_row = (
        _said("rate_row", language),
        *(f"{percent_words(part, language)}{percent_sign(language)}" for part in PARTS),
    )
    columns = (Column("state", _said("column_state", language)),
               *(Column(part, _said(f"part_{part}", language), numeric=True) for part in PARTS))  # fmt: skip
    return Table(_said("summary", language), columns, (*rows, rates_row), is_open=True)
