"""The feed of what changed in a commune: one entry for each published release, compared with the one before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from dashboard import store
from dashboard.content import changes
from dashboard.content.entries import whole_city
from dashboard.content.folds import Row
from dashboard.formats import plural
from dashboard.html import render
from dashboard.messages import message
from dashboard.publication import assets
from dashboard.publication.place import Place, language_folder, page_path, site_name
from dashboard.view import WHOLE_CITY, View, the_view
from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.history import Published, history, previous_id
from data.release import Release
from data.rules.date_words import one_date
from data.settings import releases_folder

# Older releases keep their comparison on the page of what changed; readers of feeds ask for the newest.
MOST_ENTRIES, MOST_LINES = 20, 20
# A tag names who gave it on which day: any day on which the host was the city's, and always the same.
_FIRST_DAY = "2026-01-01"


@dataclass(frozen=True)
class Entry:
    """An entry: its lasting identifier, title, when it was published and last changed, what it says."""

    identifier: str
    title: str
    published: str
    updated: str
    paragraphs: tuple[str, ...]
    lines: tuple[str, ...]


def _tag(city: View, place: Place) -> str:
    return f"tag:{urlsplit(place.base).hostname},{_FIRST_DAY}:{city.commune}/"


def _time(text: str) -> str:
    """Return a day or time of the log as Atom writes it: with seconds and its distance from universal time."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat(timespec="seconds")


def _opened(city: View, release_id: str) -> Release | None:
    """Return a release; none where it is damaged, gone, or knows nothing of the commune."""
    if release_id == city.release.release_id:
        return city.release
    try:
        release = store.earlier(release_id)
    except (ReleaseDamagedError, ReleaseMissingError):
        return None
    areas = release.table("territories")
    return release if (areas["ref_area"] == city.commune).any() else None


def _line(row: Row, language: str) -> str:
    part, before, after, reason = (cell.words for cell in row.cells)
    subject = f"{row.header} ({row.under})" if row.under else row.header
    return message("feed.line", language, subject=subject, part=part, before=before, after=after, reason=reason)


def _lines(view: View, old: Release | None) -> tuple[str, ...]:
    """Return the first differences of the commune in words, and how many more there are."""
    total = 0 if old is None else len(changes.told(view, old))
    folds = changes.listings(view, old)[0].folds if total else ()
    rows = [row for fold in folds for group in fold.groups for row in group.rows]
    shown = tuple(_line(row, view.language) for row in rows[:MOST_LINES])
    if total <= len(shown):
        return shown
    left = total - len(shown)
    return (*shown, message(f"feed.more_{plural(left, 'one', 'other', view.language)}", view.language, count=left))


def _said(view: View, before: str, old: Release | None) -> tuple[str, tuple[str, ...]]:
    """Return the title of an entry, why things changed, what else did, compared with what; or that nothing can be."""
    language, new = view.language, view.release
    if old is None:
        return message("feed.unreadable" if before else "feed.first", language), ()
    day = one_date(old.published, language) if old.published else old.release_id
    paragraphs = [changes.reasons(view, old), changes.besides(view, old)]
    paragraphs += [message("changes.because", language, reason=new.reason)] if new.reason else []
    paragraphs += [message("feed.went_back", language)] if new.published < old.published else []
    paragraphs.append(message("feed.compared", language, date=day))
    return changes.title_of(view, old), tuple(filter(None, paragraphs))


def _entry(city: View, place: Place, one: Published, release: Release) -> Entry:
    """Return what a release changed; where the one before cannot be read, that there is no comparison."""
    before = previous_id(releases_folder(), one.release_id)
    old = _opened(city, before) if before else None
    view = the_view(release, city.commune, WHOLE_CITY, city.language, city.mode, city.today)
    title, said = _said(view, before, old)
    day = one_date(one.chosen[:10], city.language)
    return Entry(
        f"{_tag(city, place)}{one.release_id}",
        message("feed.release", city.language, date=day, title=title),
        _time(one.published),
        _time(one.chosen),
        said,
        _lines(whole_city(view), old),
    )


def _entries(city: View, place: Place) -> Iterator[Entry]:
    """Yield an entry for the release that is published and each that was current before it, the newest first."""
    known = history(releases_folder())
    names = [one.release_id for one in known]
    first = names.index(city.release.release_id) if city.release.release_id in names else len(names)
    for one in known[first : first + MOST_ENTRIES]:
        release = _opened(city, one.release_id) if one.published else None
        if release is not None:
            yield _entry(city, place, one, release)


def path(language: str) -> str:
    """Return the path of the feed in a language."""
    return f"{language_folder(language)}{assets.FEED}"


def atom(city: View, place: Place) -> bytes:
    """Return the feed as Atom; on a folder without a log of publications it has no entries."""
    entries = list(_entries(city, place))
    name = site_name(city)
    return render(
        "site/feed.xml",
        language=city.language,
        title=message("feed.title", city.language, site=name),
        subtitle=message("feed.subtitle", city.language),
        author=name,
        identifier=f"{_tag(city, place)}{path(city.language)}",
        page=place.base + page_path(city, "changements"),
        address=place.base + path(city.language),
        updated=max((entry.updated for entry in entries), default=_time(city.today.isoformat())),
        entries=entries,
    ).encode()
