"""The Streamlit-facing blocks by which a reader supposes something: kept in the address, or in a file of their own."""

from collections.abc import Callable
from functools import lru_cache

import streamlit as st

from dashboard import following
from dashboard.blocks import banner
from dashboard.content.assumptions import (
    fault_words,
    localised_label,
    needed,
    open_operations,
    operation_names,
    reading_choices,
    supposed,
)
from dashboard.content.outcomes import export_query
from dashboard.content.scenario import FIRST_YEAR, LAST_YEAR, foundation, quantities
from dashboard.formats import number
from dashboard.html import render
from dashboard.messages import message
from dashboard.view import View
from data.hypotheses import (
    NOTHING_SUPPOSED,
    Hypotheses,
    HypothesisError,
    OperationHypothesis,
    from_file,
    from_text,
    to_text,
)
from data.rules.consequences import INHABITED
from data.rules.supposing import contradictions, earliest_window_year, promised_year, share_is_open

ADDRESS, YEAR, QUANTITY = "hypotheses", "annee", "quantite"
_STATE, _SEEN, _FAULTS = "hypotheses in force", "hypotheses in the address", "hypotheses not understood"
_OPERATION, _FILE = "operation", "fichier"
DEFAULT_YEAR, LAST_WINDOW_YEAR, LONGEST_DELAY = 2030, 2050, 10
# An option of its own for « unknown »: Streamlit takes None for no choice at all.
NOT_SUPPOSED = 0.0
HOUSEHOLD_SIZES = tuple(tenths / 10 for tenths in range(10, 41))
PRESETS = ("on_time", "two_years_late", "only_under_way")


def _in_force() -> Hypotheses:
    found = st.session_state.get(_STATE, NOTHING_SUPPOSED)
    if not isinstance(found, Hypotheses):
        raise TypeError("hypotheses in force are not hypotheses")
    return found


def _put_in_force(hypotheses: Hypotheses) -> None:
    st.session_state[_STATE] = hypotheses


def _take(view: View, read: Callable[[], Hypotheses]) -> None:
    """Put hypotheses from outside in force where they hold; otherwise keep what is wrong with them, to be said."""
    try:
        hypotheses = read()
        faults = tuple(contradictions(foundation(view.release, view.commune), hypotheses))
    except HypothesisError as error:
        st.session_state[_FAULTS] = error.faults
        return
    st.session_state[_FAULTS] = faults
    if not faults:
        _put_in_force(hypotheses)


def _follow_address(view: View) -> None:
    asked = st.query_params.get(ADDRESS, "")
    if asked == st.session_state.get(_SEEN, ""):
        return
    st.session_state[_SEEN] = asked
    _take(view, lambda: from_text(asked))


def _keep_in_address(name: str, value: str) -> None:
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value and name in st.query_params:
        del st.query_params[name]


def choose_sight(view: View) -> tuple[str, int]:
    """Let the reader choose what the bands follow and the year looked at."""
    left, right = st.columns(2, gap="large")
    with left:
        quantity = _choose_quantity(view)
    with right:
        return quantity, _choose_year(view)


def _choose_year(view: View) -> int:
    asked = st.query_params.get(YEAR, "")
    if YEAR not in st.session_state:
        known = asked in map(str, range(FIRST_YEAR + 1, LAST_YEAR + 1))
        if asked and not known:
            banner(message("hypothesis.unknown_year", view.language, name=asked, first=FIRST_YEAR + 1, last=LAST_YEAR))
        st.session_state[YEAR] = int(asked) if known else DEFAULT_YEAR
    year = int(st.slider(message("hypothesis.year", view.language), FIRST_YEAR + 1, LAST_YEAR, key=YEAR))
    _keep_in_address(YEAR, "" if year == DEFAULT_YEAR else str(year))
    following.note(YEAR, str(year))
    return year


def _choose_quantity(view: View) -> str:
    names, asked = list(quantities()), st.query_params.get(QUANTITY)
    if asked is not None and asked not in names:
        banner(message("hypothesis.unknown_quantity", view.language, name=asked))
    if QUANTITY not in st.session_state and asked in names:
        st.session_state[QUANTITY] = asked
    labels = {name: localised_label(view, name) for name in names}
    label = message("hypothesis.quantity", view.language)
    chosen = str(st.selectbox(label, names, format_func=labels.__getitem__, key=QUANTITY))
    _keep_in_address(QUANTITY, "" if chosen == names[0] else chosen)
    following.note(QUANTITY, chosen)
    return chosen


def _apply_preset() -> None:
    chosen, now = st.session_state["preset"], _in_force()
    if chosen is None:
        return
    delay = 2 if chosen == "two_years_late" else 0
    _put_in_force(now.model_copy(update={"delay_years": delay, "only_under_way": chosen == "only_under_way"}))


def _preset_of(hypotheses: Hypotheses) -> str | None:
    by_state = {(0, False): "on_time", (2, False): "two_years_late", (0, True): "only_under_way"}
    return by_state.get((hypotheses.delay_years, hypotheses.only_under_way))


def _presets(view: View, now: Hypotheses) -> None:
    language = view.language
    st.session_state["preset"] = _preset_of(now)
    st.segmented_control(
        message("hypothesis.preset", language),
        PRESETS,
        format_func=lambda name: message(f"hypothesis.preset_{name}", language),
        key="preset",
        on_change=_apply_preset,
    )


def _change_operation(name: str, **values: object) -> None:
    one = _in_force().of(name)
    _put_in_force(_in_force().suppose(OperationHypothesis.model_validate({**one.model_dump(), **values})))


def _toggle_window(name: str, earliest: int, promised: int | None) -> None:
    """Begin with what a source promises, else with ten years."""
    on = st.session_state[f"window-on {name}"]
    first, last = (max(promised, earliest),) * 2 if promised else (earliest, earliest + 9)
    _change_operation(name, first_year=first if on else None, last_year=last if on else None)


def _move_window(name: str) -> None:
    first, last = st.session_state[f"window {name}"]
    _change_operation(name, first_year=first, last_year=last)


def _toggle_share(name: str) -> None:
    _change_operation(name, delivered_percent=0 if st.session_state[f"share-on {name}"] else None)


def _move_share(name: str) -> None:
    _change_operation(name, delivered_percent=st.session_state[f"share {name}"])


def _move_delay(name: str) -> None:
    _change_operation(name, delay_years=st.session_state[f"delay {name}"])


def _operation(view: View, now: Hypotheses) -> None:
    """Let the reader suppose a window of delivery, a part delivered and a delay of one operation."""
    names, language, base = open_operations(view), view.language, foundation(view.release, view.commune)
    if not names:
        st.html(render("banner.html", words=message("hypothesis.no_operation", language, area=view.area_name)))
        return
    if st.session_state.get(_OPERATION) not in names:
        st.session_state.pop(_OPERATION, None)
    labels = operation_names(view)
    name = str(st.selectbox(message("hypothesis.operation", language), names, format_func=labels.__getitem__,
                            key=_OPERATION))  # fmt: skip
    one, earliest = now.of(name), max(earliest_window_year(base, name), FIRST_YEAR + 1)
    has_window = one.first_year is not None and one.last_year is not None
    st.session_state[f"window-on {name}"] = has_window
    st.checkbox(message("hypothesis.window_on", language), key=f"window-on {name}", on_change=_toggle_window,
                args=(name, earliest, promised_year(base, name)))  # fmt: skip
    if has_window:
        st.session_state[f"window {name}"] = (one.first_year, one.last_year)
        last = max(LAST_WINDOW_YEAR, one.last_year or 0)
        st.slider(message("hypothesis.window", language), min(earliest, one.first_year or earliest), last,
                  key=f"window {name}", on_change=_move_window, args=(name,))  # fmt: skip
    if share_is_open(base, name):
        st.session_state[f"share-on {name}"] = one.delivered_percent is not None
        st.checkbox(message("hypothesis.share_on", language), key=f"share-on {name}", on_change=_toggle_share,
                    args=(name,))  # fmt: skip
        if one.delivered_percent is not None:
            st.session_state[f"share {name}"] = round(one.delivered_percent)
            st.slider(message("hypothesis.share", language), 0, 100, key=f"share {name}", format="%d\u202f%%",
                      on_change=_move_share, args=(name,))  # fmt: skip
    st.session_state[f"delay {name}"] = one.delay_years
    st.slider(message("hypothesis.delay", language), 0, max(LONGEST_DELAY, one.delay_years), key=f"delay {name}",
              on_change=_move_delay, args=(name,))  # fmt: skip


def _read_as(reading_id: str) -> None:
    _put_in_force(_in_force().read_as(reading_id, st.session_state[f"reading {reading_id}"]))


def _set_household(quantity: str) -> None:
    _put_in_force(_in_force().with_household_size(quantity, st.session_state[f"household {quantity}"] or None))


def _everywhere(view: View, now: Hypotheses) -> None:
    """Let the reader settle open readings and suppose household sizes."""
    language = view.language
    for reading_id, (question, choices) in reading_choices(view).items():
        key = f"reading {reading_id}"
        labels = {"": message("hypothesis.not_known", language), **choices}
        st.session_state[key] = now.reading(reading_id)
        st.radio(
            question, list(labels), format_func=labels.__getitem__, key=key, on_change=_read_as, args=(reading_id,)
        )
    for column, quantity in zip(st.columns(2), INHABITED, strict=True):
        key, size = f"household {quantity}", now.household_size(quantity)
        # A list, not a number field: Streamlit's writes a decimal point whatever the language.
        sizes = [NOT_SUPPOSED, *sorted({*HOUSEHOLD_SIZES, *([size] if size else [])})]
        st.session_state[key] = size or NOT_SUPPOSED
        column.selectbox(
            message(f"hypothesis.household_{quantity}", language), sizes, key=key, on_change=_set_household,
            args=(quantity,), format_func=lambda one: _size_words(one, language),
        )  # fmt: skip


@lru_cache(maxsize=256)
def _size_words(size: float, language: str) -> str:
    return message("hypothesis.unknown", language) if size == NOT_SUPPOSED else number(size, 2, language, minimum=1)


def _load_file(view: View) -> None:
    uploaded = st.session_state[_FILE]
    if uploaded is None:
        return
    text = uploaded.getvalue()[:200_000].decode("utf-8", "replace")
    _take(view, lambda: from_file(text, view.commune))


def _clear() -> None:
    _put_in_force(NOTHING_SUPPOSED)
    st.session_state[_FAULTS] = ()


def choose_hypotheses(view: View) -> Hypotheses:
    """Let the reader suppose; return the hypotheses in force."""
    _follow_address(view)
    now, language = _in_force(), view.language
    st.html(_heading(language))
    for words in fault_words(view, st.session_state.get(_FAULTS, ())):
        banner(words)
    _presets(view, now)
    left, right = st.columns(2, gap="large")
    with left:
        _operation(view, now)
    with right:
        _everywhere(view, now)
    _keep_in_address(ADDRESS, to_text(now))
    st.session_state[_SEEN] = to_text(now)
    return now


def saved_hypotheses(view: View) -> Hypotheses:
    """Return the hypotheses a planner has saved, from the address or from a file; let the file be taken here."""
    _follow_address(view)
    for words in fault_words(view, st.session_state.get(_FAULTS, ())):
        banner(words)
    with st.expander(message("hypothesis.file_open", view.language)):
        st.file_uploader(message("hypothesis.file", view.language), "json", key=_FILE, on_change=_load_file,
                         args=(view,))  # fmt: skip
    _keep_in_address(ADDRESS, to_text(_in_force()))
    st.session_state[_SEEN] = to_text(_in_force())
    return _in_force()


@lru_cache(maxsize=4)
def _heading(language: str) -> str:
    return render("hypotheses_head.html", language=language)


def keep_hypotheses(view: View, now: Hypotheses) -> None:
    """Say what is supposed and what would settle it; give the file to keep, and take one back."""
    language = view.language
    st.html(_assumptions(view, now))
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    left.button(message("hypothesis.clear", language), on_click=_clear, disabled=now == NOTHING_SUPPOSED)
    with right.expander(message("hypothesis.file_open", language)):
        st.file_uploader(message("hypothesis.file", language), "json", key=_FILE, on_change=_load_file, args=(view,))


@lru_cache(maxsize=256)
def _assumptions(view: View, now: Hypotheses) -> str:
    address = f"telecharger/hypotheses.json?{export_query(now)}&version={view.release.release_id}"
    return render("assumptions.html", supposed=supposed(view, now), needed=needed(view, now), address=address,
                  language=view.language)  # fmt: skip
