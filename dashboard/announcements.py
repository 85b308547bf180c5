"""What changed on a page, told to those who do not see it: one live region that stays while its words change.

Elements of Streamlit are replaced as a whole, and few screen readers announce what a new one says. A component keeps
its element; the script only puts the words into it. It also asks for the page anew when the reader's device turns dark
or light (Streamlit changes its own ground at once, and what stands on it only then), and names the page's language.
"""

from collections.abc import Sequence

import streamlit as st

from dashboard.theme import INKS, Mode

_SAID, _NEW = "sentences of this run", "sentences of the run before"
_ANNOUNCED = "announced"
# Of a page that changed altogether, the first sentences are enough.
MOST_SENTENCES = 3

_region = st.components.v2.component(
    "observatory_announcements",
    html='<p role="status" aria-live="polite"></p>',
    css="p { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }",
    js="""export default function ({ data, parentElement, setTriggerValue }) {
  const region = parentElement.querySelector("[role=status]");
  if (region.textContent !== data.words) region.textContent = data.words;
  document.documentElement.lang = data.language;
  region.follow = () => {
    const ground = getComputedStyle(region).getPropertyValue("--st-background-color").trim().toLowerCase();
    if (!region.isConnected || ground === data.ground || ground === region.asked) return;
    region.asked = ground;
    setTriggerValue("scheme", ground);
  };
  region.follow();
  if (region.isWatching) return;
  region.isWatching = true;
  // Streamlit turns its own colours a moment later.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const turn = () => region.isConnected
    ? [100, 1000].forEach(wait => setTimeout(() => region.follow(), wait))
    : dark.removeEventListener("change", turn);
  dark.addEventListener("change", turn);
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
    _region(key="announcements", data=data, height=1, on_scheme_change=_run_again)
