"""What changed on a page, told to those who do not see it: one live region that stays while its words change.

Elements of Streamlit are replaced as a whole, and few screen readers announce what a new one says. A component keeps
its element; the script only puts the words into it. It also asks for the page anew when the reader's device turns dark
or light (Streamlit changes its own ground at once, and what stands on it only then), and names the page's language.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from dashboard.theme import INKS, Mode
from data.settings import ROOT

_SAID, _NEW = "sentences of this run", "sentences of the run before"
_ANNOUNCED = "announced"
# Of a page that changed altogether, the first sentences are enough.
MOST_SENTENCES = 3

_PACKAGE, _NAME = "observatory", "announcements"
_COMPONENT = f"{_PACKAGE}.{_NAME}"
_FILES = "static/components"


@lru_cache(maxsize=1)
def _mounted() -> Callable[..., object]:
    return st.components.v2.component(
        _COMPONENT,
        html='<p role="status" aria-live="polite"></p>',
        css="p { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }",
        js=f"{_NAME}.js",
    )


def _region() -> Callable[..., object]:
    """Return the component, its script known as a file of ours.

    A script that is passed as text runs from an address of the browser's own (`blob:`), which our policy refuses: so
    would any that a fault let in. Files of a component are served under our address where its folder is declared; for
    a package that is not installed it is declared here, to each runtime once.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_path(_COMPONENT) is None:
        declared = ComponentManifest(_PACKAGE, "1", [ComponentConfig(_NAME, _FILES)])
        manager.register_from_manifest(declared, ROOT / "dashboard")
    return _mounted()


def begin() -> None:
    """Forget what the run before said, but for comparing."""
    st.session_state[_NEW] = st.session_state.get(_SAID)
    st.session_state[_SAID] = []


def say(sentence: str) -> None:
    """Note a sentence that stands on the page."""
    st.session_state[_SAID].append(sentence)


def changed(sentences: Sequence[str], before: Sequence[str] | None) -> str:
    """Return the first sentences that were not there before; none where nothing was there to change."""
    if before is None:
        return ""
    return " ".join(f"{one.rstrip('.')}." for one in [one for one in sentences if one not in before][:MOST_SENTENCES])


def _run_again() -> None:
    """Do nothing more: the page runs again, in the colours of the day."""


def announce(mode: Mode, language: str) -> None:
    """Tell what this run of the page changed; where it changed nothing, what was told stays.

    `mode` : the colours it is drawn in; `language` : the one it is written in, which screen readers must know.
    """
    words = changed(st.session_state[_SAID], st.session_state[_NEW])
    if words:
        st.session_state[_ANNOUNCED] = words
    words = st.session_state.get(_ANNOUNCED, "")
    data = {"words": words, "ground": INKS[mode]["ground"], "language": language}
    _region()(key="announcements", data=data, height=1, on_scheme_change=_run_again)
