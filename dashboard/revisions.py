"""The publications that are kept, each compared with the one before, for the sheets of the indicators."""

from functools import lru_cache

from dashboard import store
from dashboard.content.entries import whole_city
from dashboard.content.indicator_revisions import History, Step, release_words, step
from dashboard.view import View, the_view
from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.history import Published, history
from data.release import Release
from data.settings import releases_folder

# As many publications are read as these, the newest first: reading one takes a fraction of a second, once.
MOST = 12


def before(release: Release) -> tuple[Published, ...]:
    """Return the publications that were the current one before a release became so, the newest first."""
    found = history(releases_folder())
    names = [one.release_id for one in found]
    place = names.index(release.release_id) + 1 if release.release_id in names else 0
    return tuple(found[place:])


@lru_cache(maxsize=8)
def _history_of(view: View, older: tuple[Published, ...]) -> History:
    steps: list[Step] = []
    unreadable, newer = [], view
    for one in older[:MOST]:
        try:
            release = store.earlier(one.release_id)
        except (ReleaseDamagedError, ReleaseMissingError):
            unreadable.append(release_words(one.release_id, one.published, view.language))
            continue
        steps.append(step(newer, release))
        newer = the_view(release, view.commune, view.district, view.language, view.mode, view.today)
    return History(tuple(steps), tuple(unreadable), max(len(older) - MOST, 0))


def history_of(view: View) -> History:
    """Return what changed from each kept publication to the next, up to the release of a view."""
    return _history_of(whole_city(view), before(view.release))
