"""What privacy page and legal notice say; nothing is said of a publisher that it did not fill in."""

from dataclasses import dataclass

from dashboard.content.pieces import Item, Table
from dashboard.content.tree import PageLink
from dashboard.legal import legal
from dashboard.messages import message
from dashboard.view import View
from data.settings import contact_address

# What the licence of the typeface asks to be said of it.
TYPEFACE = "Source Sans, © Adobe"


@dataclass(frozen=True)
class Section:
    """A part of a legal page under a heading: sentences, facts, points, tables, links to other pages, mail addresses.

    `is_below` puts it beneath the part before.
    """

    title: str
    sentences: tuple[str, ...] = ()
    facts: tuple[Item, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    links: tuple[PageLink, ...] = ()
    mail: str = ""
    is_below: bool = False


def given(words: str, language: str) -> str:
    """Return what a publisher filled in, or that it did not."""
    return words or message("legal.missing", language)


def _said(key: str, language: str, **values: object) -> str:
    return message(f"legal.{key}", language, **values)


def contact(view: View) -> Section:
    """Return how to write to whoever publishes the site."""
    language, mail = view.language, contact_address()
    words = _said("contact_words" if mail else "contact_missing", language)
    return Section(_said("contact_title", language), (words,), mail=mail)


def _publisher(view: View) -> Section:
    language, publisher = view.language, legal().publisher
    asked = ("name", "address", "telephone", "registration", "director")
    facts = tuple(
        Item(_said(f"publisher_{name}", language), given(getattr(publisher, name), language)) for name in asked
    )
    return Section(_said("publisher_title", language), facts=facts)


def _host(view: View) -> Section:
    language, host = view.language, legal().host
    facts = tuple(
        Item(_said(f"host_{name}", language), given(getattr(host, name), language))
        for name in ("name", "address", "telephone")
    )
    return Section(_said("host_title", language), facts=facts)


def _licences(view: View) -> Section:
    """Return the licences of what is shown: of the sources by licence, of what is worked out, of the letters."""
    language, sources = view.language, view.release.table("sources")
    facts = [
        Item(str(licence), " · ".join(sorted(set(rows["publisher"])))) for licence, rows in sources.groupby("licence")
    ]
    own = Item(_said("licence_own", language), given(legal().rights.data_licence, language))
    typeface = Item(_said("licence_typeface", language), _said("licence_typeface_words", language, name=TYPEFACE))
    return Section(_said("licence_title", language), (_said("licence_lead", language),), (*facts, own, typeface),
                   links=(PageLink("sources", message("page.sources", language)),))  # fmt: skip


def contact_page(view: View) -> tuple[Section, ...]:
    """Return the legal notice."""
    language = view.language
    errors = Section(_said("errors_title", language), (_said("errors_words", language),))
    return (contact(view), errors, _publisher(view), _host(view), _licences(view))


def _counts(language: str, counting: bool | None) -> Section:
    """Return what is counted; `counting` is none where the page cannot know, since it is published beforehand."""
    state = {True: "counts_on", False: "counts_off", None: "counts_unknown"}[counting]
    points = tuple(_said(f"counts_{number}", language) for number in range(1, 6))
    return Section(_said("counts_title", language), (_said(state, language), _said("counts_what", language)),
                   points=points)  # fmt: skip


def privacy_page(view: View, counting: bool | None) -> tuple[Section, ...]:
    """Return what happens, and what does not, with what can be known of a reader.

    Parameters
    ----------
    counting : whether page views are counted; none where the page cannot know.
    """
    language = view.language

    def section(name: str, points: int = 0) -> Section:
        listed = tuple(_said(f"{name}_{number}", language) for number in range(1, points + 1))
        return Section(_said(f"{name}_title", language), (_said(f"{name}_words", language),), points=listed)

    officer = given(legal().rights.data_protection_officer, language)
    rights = Section(_said("rights_title", language), (_said("rights_words", language),),
                     (Item(_said("rights_officer", language), officer),))  # fmt: skip
    return (
        section("cookies", 2),
        section("kept", 3),
        section("logs"),
        _counts(language, counting),
        section("others"),
        section("hypotheses"),
        section("mail"),
        section("shown"),
        rights,
    )
