"""Fields whose choice stands in the address: followed where it asks for something new, and kept true."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import following
from dashboard.blocks import banner
from dashboard.messages import message

BETWEEN = ","


def _asked(name: str) -> str | None:
    """Return what the address asks for: where that is new, or where the field stands on the page for the first time."""
    asked = following.newly_asked(name)
    return asked if asked is not None or name in st.session_state else st.query_params.get(name)


def choose(name: str, question: str, labels: Mapping[str, str], usual: str, language: str) -> str:
    """Let the reader choose one of several; one that does not exist is said, and the usual one taken."""
    asked = _asked(name)
    if asked is not None:
        st.session_state[name] = asked if asked in labels else usual
        if asked not in labels:
            banner(message("desk.unknown", language, name=asked[:80]))
    elif st.session_state.get(name) not in labels:
        st.session_state[name] = usual
    chosen = str(st.selectbox(question, list(labels), format_func=labels.__getitem__, key=name))
    _keep(name, chosen, usual)
    return chosen


def choose_several(
    name: str, question: str, labels: Mapping[str, str], usual: Sequence[str], most: int, language: str
) -> tuple[str, ...]:
    """Let the reader choose some of several, in an order; those that do not exist are said and left out."""
    asked = _asked(name)
    if asked is not None:
        wanted = list(dict.fromkeys(part for part in asked.split(BETWEEN) if part))
        known = [one for one in wanted if one in labels][:most]
        st.session_state[name] = known or list(usual)
        for one in wanted:
            if one not in labels:
                banner(message("desk.unknown", language, name=one[:80]))
    elif name not in st.session_state or any(one not in labels for one in st.session_state[name]):
        st.session_state[name] = list(usual)
    chosen = st.multiselect(
        question, list(labels), format_func=labels.__getitem__, key=name, max_selections=most, placeholder=""
    )
    _keep(name, BETWEEN.join(chosen), BETWEEN.join(usual))
    return tuple(chosen)


def _keep(name: str, chosen: str, usual: str) -> None:
    following.keep(name, None if chosen == usual else chosen)
    following.note(name, chosen)
