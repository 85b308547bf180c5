"""What the address says of the view that all pages share: followed where it says something new, and kept true."""

from collections.abc import Sequence

import streamlit as st

_NOTED = "what the page shows"


def newly_asked(name: str) -> str | None:
    """Return what the address says of a choice where that is new; None where it says nothing new."""
    asked = st.query_params.get(name)
    if asked is None or asked == st.session_state.get(_known(name)):
        return None
    st.session_state[_known(name)] = asked
    return asked


def keep(name: str, wanted: str | None) -> None:
    """Keep the address true: it reopens this very view. None is the default, which needs no parameter."""
    if st.query_params.get(name) != wanted:
        if wanted is None:
            del st.query_params[name]
        else:
            st.query_params[name] = wanted
    st.session_state[_known(name)] = wanted


def carried(names: Sequence[str]) -> dict[str, str]:
    """Return what the address says of choices, for a page that is switched to: it follows them as if they were new.

    What stands in fields is forgotten by Streamlit when a script switches the page.
    """
    for name in names:
        st.session_state.pop(_known(name), None)
    return {name: st.query_params[name] for name in names if name in st.query_params}


def begin() -> None:
    """Forget what the run before noted."""
    st.session_state[_NOTED] = {}


def note(name: str, value: str) -> None:
    """Note what a page shows, defaults too: a frozen link writes them out, since defaults may change."""
    st.session_state.setdefault(_NOTED, {})[name] = value


def noted() -> dict[str, str]:
    """Return what the page shows by the names of the address: its own choices, and whatever else stands there."""
    return {**st.query_params.to_dict(), **st.session_state.get(_NOTED, {})}


def hold_choices() -> None:
    """Keep what the reader chose on a page although its labels change: Streamlit takes other labels for other fields.

    Called from a callback. Fields that are on or off, and files, are not held: buttons refuse to be set.
    """
    for name, value in st.session_state.items():
        if isinstance(value, str | int | float | tuple | list) and not isinstance(value, bool):
            st.session_state[name] = value


def _known(name: str) -> str:
    return f"{name} in the address"
