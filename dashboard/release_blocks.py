"""The Streamlit-facing block of releases: which earlier one the current one is compared with."""

import streamlit as st

from dashboard import following, store
from dashboard.blocks import banner
from dashboard.content.changes import SINCE
from dashboard.messages import message
from dashboard.view import View
from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.history import Published, previous_id
from data.release import Release
from data.rules.date_words import one_date
from data.settings import releases_folder


def _label(release: Published, language: str) -> str:
    date = one_date(release.published[:10], language) if release.published else message("basis.none", language)
    return message("changes.release", language, date=date, identifier=release.release_id[:8])


def _follow_address(view: View, known: dict[str, Published]) -> None:
    """Follow the release the address names once; one that is not there is said."""
    asked = st.query_params.get(SINCE)
    if asked is None or SINCE in st.session_state:
        return
    if asked in known:
        st.session_state[SINCE] = asked
    else:
        banner(message("banner.unknown_release", view.language, name=asked))


def _keep_in_address(chosen: str, usual: str) -> None:
    if chosen != usual:
        st.query_params[SINCE] = chosen
    elif SINCE in st.query_params:
        del st.query_params[SINCE]


def choose_earlier(view: View) -> Release | None:
    """Let the reader choose the release to compare with; the one published before it unless another is chosen."""
    known = {release.release_id: release for release in store.others(view.release)}
    if not known:
        return None
    usual = previous_id(releases_folder(), view.release.release_id) or next(iter(known))
    _follow_address(view, known)
    names = [usual, *(name for name in known if name != usual)]
    if st.session_state.get(SINCE) not in {None, *names}:
        del st.session_state[SINCE]  # it was removed since it was chosen
    chosen = st.selectbox(
        message("changes.choose", view.language),
        names,
        format_func=lambda name: _label(known[name], view.language),
        key=SINCE,
    )
    _keep_in_address(chosen, usual)
    following.note(SINCE, chosen)
    try:
        return store.earlier(chosen)
    except (ReleaseDamagedError, ReleaseMissingError):
        banner(message("banner.damaged_earlier", view.language))
        return None
