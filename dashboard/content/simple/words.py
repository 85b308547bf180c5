"""What simplified texts are made of: paragraphs of short sentences, quantities in full words, sources in a sentence."""

from dataclasses import dataclass

from dashboard.figures import Figure, indicators, sources, units
from dashboard.formats import NO_BREAK, number, plural
from dashboard.messages import has_message, message
from dashboard.view import View
from data.rules.dates import is_datable

ESTIMATED = "E"
# Symbols that are read out letter by letter: these texts write them as words.
_SPELLED = ("ha", "m2", "km")


@dataclass(frozen=True)
class Paragraph:
    """Sentences about one thing, under a heading of a few words."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Simple:
    """What a page says first, simplified: its title and its paragraphs."""

    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sentences in order."""
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph.sentences)


def paragraph(view: View, title_key: str, *sentences: str) -> Paragraph:
    """Return a paragraph of the sentences that say something."""
    return Paragraph(message(title_key, view.language), tuple(sentence for sentence in sentences if sentence))


def counted(view: View, key: str, count: int, **values: object) -> str:
    """Return a message for none, one or several; nothing where none has no message of its own."""
    form = "none" if count == 0 else "one" if count == 1 else "other"
    name = f"{key}_{form}"
    if form == "none" and not has_message(name, view.language):
        return ""
    return message(name, view.language, count=number(count, 0, view.language), **values)


def whole(view: View, value: float) -> str:
    """Return a number as pages write it, without decimals."""
    return number(value, 0, view.language)


def period(view: View, first: str, last: str = "") -> str:
    """Return when something was: in a year, or from one to another."""
    if not last or last == first:
        return message("simple.in_year", view.language, year=first)
    return message("simple.in_years", view.language, first=first, last=last)


def amount(view: View, figure: Figure) -> str:
    """Return the value of a figure as its page gives it, with a unit that is read as a word: `plus de 10 hectares`."""
    unit = indicators(view.release)[figure.indicator].unit
    if unit not in _SPELLED:
        return figure.text
    forms = getattr(units()[unit], view.language)
    form = plural(figure.value or 0, "one", "other", view.language)
    return figure.text.replace(
        f"{NO_BREAK}{forms.other}", f"{NO_BREAK}{message(f'simple.unit_{unit}_{form}', view.language)}"
    )


def actor(view: View, figure: Figure) -> str:
    """Return who says or plans it: the City in its own record, else a public text."""
    name = "simple.actor_city" if figure.kind == "municipal_record" else "simple.actor_text"
    return message(name, view.language)


def source(view: View, figure: Figure) -> str:
    """Return where a figure comes from in a sentence: who publishes it, else what kind of source it is."""
    name = f"simple.from_{figure.dataset}"
    if not has_message(name, view.language):
        name = f"simple.from_kind_{figure.kind}"
    return message(name, view.language, year=figure.as_of[:4])


def stations_source(view: View, edition: str) -> str:
    """Return where a list of stations comes from in a sentence."""
    known = sources(view.release)[edition].dataset == "stations"
    return message(f"simple.stations_from_{'stations' if known else 'other'}", view.language)


def start_year(figure: Figure) -> str:
    """Return the year since when a figure counts, where its text says so; nothing else."""
    return figure.period[:4] if figure.time_basis == "since" else ""


def undated(view: View, figure: Figure) -> str:
    """Return that the date of a figure is not known, where its text gives none."""
    return "" if is_datable(figure.time_basis) else message("simple.undated", view.language)


def estimate(view: View, several: bool = False) -> tuple[str, str]:
    """Return that a number is estimated, or several are, and what that means."""
    name = "simple.estimates" if several else "simple.estimate_one"
    return message(name, view.language), message("simple.estimate_is", view.language)
