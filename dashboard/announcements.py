"""What changed on a page, told to those who do not see it: one live region that stays while its words change.

Elements of Streamlit are replaced as a whole, and few screen readers announce what a new one says. A component keeps
its element; the script only puts the words into it.
"""

from collections.abc import Sequence

import streamlit as st

_SAID, _NEW = "sentences of this run", "sentences of the run before"
_ANNOUNCED = "announced"
# Of a page that changed altogether, the first sentences are enough.
MOST_SENTENCES = 3

_region = st.components.v2.component(
    "observatory_announcements",
    html='<p role="status" aria-live="polite"></p>',
    css="p { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }",
    js="""export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("[role=status]");
  if (region.textContent !== data.words) region.textContent = data.words;
}""",
)


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


def announce() -> None:
    """Tell what this run of the page changed; where it changed nothing, what was told stays."""
    words = changed(st.session_state[_SAID], st.session_state[_NEW])
    if words:
        st.session_state[_ANNOUNCED] = words
    _region(key="announcements", data={"words": st.session_state.get(_ANNOUNCED, "")}, height=1)
