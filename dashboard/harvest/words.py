"""What is said of files in words: whose rows they hold, under which licences; in every language."""

from typing import Any

from dashboard.formats import labelled, separated
from dashboard.harvest.offered import Offer, OfferedFile
from dashboard.legal import legal
from dashboard.messages import message
from dashboard.view import View


def view_words(view: View, key: str, language: str, **values: object) -> str:
    """Return a message that names the city."""
    named = View(view.release, view.commune, view.district, language, view.mode, view.today)
    return message(key, language, of_city=named.of_city, **values)


def licences_of(offer: Offer, file: OfferedFile) -> dict[str, list[str]]:
    """Return the licences of a file's rows, and the editions of sources under each.

    Rows of no source are the observatory's own work: they are under the licence that its publisher states, if it does.
    """
    found: dict[str, list[str]] = {}
    for source in file.sources:
        found.setdefault(offer.editions[source].licence, []).append(source)
    own = legal().rights.data_licence
    return found or ({own: []} if own else {})


def licences_words(licences: dict[str, list[str]], language: str) -> str:
    """Return which source's rows are under which licence."""
    each = [labelled(licence, ", ".join(sources), language) for licence, sources in sorted(licences.items())]
    return message("harvest.licences", language, list=separated(each, language))


def source_words(edition: Any, language: str) -> str:
    """Return an edition of a source: title, publisher, date, licence."""
    said = (getattr(edition, f"title_{language}"), edition.publisher, edition.edition_date, edition.licence)
    return ". ".join(words for words in said if words)
