"""The Streamlit-facing blocks of the search: the field of its page, the field of every page, and what was found."""

import streamlit as st

from dashboard import following
from dashboard.content import found
from dashboard.html import render
from dashboard.listing import SEARCH_LENGTH
from dashboard.messages import message
from dashboard.navigation import PAGES
from dashboard.search import cleaned
from dashboard.theme import mark
from dashboard.view import View

ADDRESS, WORDS = "recherche", "recherche"
_FIELD, _SEEN, _SENT = "words searched", "words searched in the address", "words to search"


def ask(view: View) -> str:
    """Let the reader write what to search; the address of the page holds it, and is followed where it changes."""
    asked = st.query_params.get(WORDS, "")
    if _FIELD not in st.session_state or asked != st.session_state.get(_SEEN):
        st.session_state[_FIELD] = cleaned(asked)
    words = st.text_input(message("search.field", view.language), key=_FIELD, max_chars=SEARCH_LENGTH)
    text = cleaned(words)
    if st.query_params.get(WORDS, "") != text:
        if text:
            st.query_params[WORDS] = text
        else:
            del st.query_params[WORDS]
    st.session_state[_SEEN] = text
    return text


def results(view: View, text: str) -> None:
    """Show what was found, by kind, or, while nothing is asked for, how much of each kind there is: one element."""
    kept = tuple((name, st.query_params[name]) for name in found.ON_EVERY_PAGE if name in st.query_params)
    tiles, groups = found.tiles(view, text), found.groups(view, text, kept)
    st.html(render("found.html", tiles=tiles, groups=groups, mark=mark(found.THEME, view.mode)))


def _send(key: str) -> None:
    st.session_state[_SENT] = cleaned(st.session_state[key])
    st.session_state[key] = ""


def field(view: View, key: str) -> None:
    """Show the field of every page: words that are entered go to the page of the search, and the field is empty again.

    Parameters
    ----------
    key : names the field in the session; another one for each place it stands in.

    Must run before the page does (the run ends where the words are sent on) and after the pages are registered.
    """
    words = message("search.field", view.language)
    st.text_input(
        words,
        key=key,
        max_chars=SEARCH_LENGTH,
        placeholder=message("search.field_short", view.language),
        label_visibility="collapsed",
        on_change=_send,
        args=(key,),
    )
    if sent := st.session_state.pop(_SENT, ""):
        page = next(page.path for page in PAGES if page.address == ADDRESS)
        st.switch_page(page, query_params={WORDS: sent, **following.carried(found.ON_EVERY_PAGE)})
