"""Which edition a file is: one of the catalogue, or one its template names."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from data.definitions import Catalogue
from data.errors import UnknownEditionError, UnknownIntakeError
from data.fields import TIME_PERIOD
from data.models import Edition, EditionTemplate, Source, Text
from data.rules.date_words import one_date
from data.rules.dates import period_start
from etl.snapshots import Snapshot

PLACE = "{edition}"
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}")


def in_words(label: str, language: str) -> str:
    """Return what a publisher calls an edition as readers write it: a day or a month in words, else as it is."""
    return one_date(label, language) if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", label) else label


def _filled(text: Text, label: str) -> Text:
    return Text(fr=text.fr.replace(PLACE, in_words(label, "fr")), en=text.en.replace(PLACE, in_words(label, "en")))


def _label(template: EditionTemplate, edition_id: str) -> str | None:
    """Return what the publisher calls the edition of an identifier, where it fits the template."""
    before, after = template.identifier.split(PLACE, 1)
    found = re.fullmatch(f"{re.escape(before)}({LABEL.pattern}){re.escape(after)}", edition_id)
    return found[1] if found else None


def _from_template(template: EditionTemplate, edition_id: str) -> Edition | None:
    """Return the edition an identifier stands for; none where it does not fit the template or gives no date."""
    label = _label(template, edition_id)
    if label is None:
        return None
    stated = template.date.replace(PLACE, label)
    try:
        period_start(stated)
    except (ValueError, TypeError):
        return None
    if not TIME_PERIOD.fullmatch(stated):
        return None
    return Edition(title=_filled(template.title, label), short=_filled(template.short, label), date=stated)


def edition_of(source: Source, edition_id: str) -> Edition | None:
    """Return an edition of a source: that of the catalogue, else that of the template, else none."""
    if edition_id in source.editions:
        return source.editions[edition_id]
    return _from_template(source.template, edition_id) if source.template else None


def label_of(source: Source, edition_id: str) -> str:
    """Return what the publisher calls an edition: what fills the template, else its identifier."""
    return (_label(source.template, edition_id) if source.template else None) or edition_id


def edition_named(dataset: str, source: Source, asked: str, today: date) -> str:
    """Return the identifier of the edition asked for: an identifier, or what the publisher calls it, such as 2025.

    Raises
    ------
    UnknownEditionError
        No edition is called so, or it is one of the future.
    """
    template = source.template
    named = template.identifier.replace(PLACE, asked) if template else asked
    for edition_id in (asked, named):
        edition = edition_of(source, edition_id)
        if edition is None:
            continue
        if edition.date and period_start(edition.date) > today:
            raise UnknownEditionError(f"{edition_id} is dated {edition.date}, after today ({today}): check --edition")
        return edition_id
    new = f"; a new one is named like {template.identifier}, dated {template.date}" if template else ""
    raise UnknownEditionError(f"{asked!r} is no edition of {dataset}; known: {', '.join(source.editions)}{new}")


def with_editions(catalogue: Catalogue, kept: Iterable[Snapshot]) -> Catalogue:
    """Return the catalogue with the editions of snapshots, filled in from their templates.

    Raises
    ------
    UnknownIntakeError, UnknownEditionError
        A snapshot is of a data set or an edition that the catalogue does not know (any more).
    """
    sources = dict(catalogue.sources)
    for snapshot in kept:
        source = sources.get(snapshot.dataset)
        if source is None:
            raise UnknownIntakeError(f"{snapshot.folder} is of {snapshot.dataset}, which has no file in "
                                     "catalogue/sources: add it, or remove the folder")  # fmt: skip
        edition = edition_of(source, snapshot.edition)
        if edition is None:
            raise UnknownEditionError(
                f"{snapshot.folder} is of {snapshot.edition}, which {snapshot.dataset} neither lists nor names by its "
                "template: correct either, or remove the folder"
            )
        if snapshot.edition not in source.editions:
            editions = source.editions | {snapshot.edition: edition}
            sources[snapshot.dataset] = source.model_copy(update={"editions": editions})
    return replace(catalogue, sources=sources)
