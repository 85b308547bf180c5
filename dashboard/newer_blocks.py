"""A new release while people read: an open page says that there is one, and the next run of it shows it."""

import streamlit as st

from dashboard import announcements, store
from dashboard.addresses import address_of
from dashboard.content.changes import SINCE
from dashboard.html import render
from dashboard.messages import message
from dashboard.takeaway.links import LANGUAGE
from dashboard.view import View
from data.errors import ReleaseMissingError
from data.release import Release
from data.rules.date_words import one_date
from data.settings import look_seconds

_SHOWN = "release shown before"


@st.fragment(run_every=look_seconds())
def _look(release: Release, language: str) -> None:
    """Say so where the page was drawn from a release that is no longer the newest; nothing of the page moves."""
    try:
        newest = store.current().release
    except ReleaseMissingError:
        return  # there is nothing newer to show: the page stays as it is
    if newest is release:
        return
    st.html(render("newer.html", language=language))
    if st.button(message("newer.show", language), key="show newer"):
        st.rerun()


def _say_updated(release: Release, before: str, language: str) -> None:
    """Say once that the figures are now those of a newer release, with the way to what changed."""
    date = one_date(release.published, language) if release.published else ""
    address = address_of("changements", {SINCE: before, LANGUAGE: language})
    announcements.say(message("newer.updated", language))
    st.html(render("updated.html", date=date, changes=address, language=language))


def follow_releases(view: View, current: Release) -> None:
    """Keep a page that shows the current release true to it: say what came since the run before, and look on.

    A page frozen to a release says so itself, and stays as it is.
    """
    before = st.session_state.get(_SHOWN, "")
    if view.release is not current:
        return
    st.session_state[_SHOWN] = current.release_id
    if before not in {"", current.release_id}:
        _say_updated(current, before, view.language)
    _look(current, view.language)
