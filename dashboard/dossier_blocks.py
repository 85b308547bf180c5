"""The Streamlit-facing blocks of the briefing file: choose and order sections, note, look at pages, take files away."""

from collections.abc import Callable
from functools import lru_cache, partial

import streamlit as st

from dashboard import reading_blocks, store
from dashboard.blocks import banner, tables
from dashboard.content.entries import whole_city
from dashboard.content.pieces import Column, Headline, Table
from dashboard.dossier import editing
from dashboard.dossier.compose import fault_of, figures_of, page_titles
from dashboard.dossier.draft import (
    AUDIENCES,
    LARGEST_FILE,
    LONGEST_NOTE,
    Draft,
    DraftError,
    SectionChoice,
    from_file,
    from_preset,
    presets,
    section_of,
    to_file,
)
from dashboard.dossier.handout import handout
from dashboard.dossier.making import FORMATS, LIST, MEDIA_TYPES, Ready, prepare, write
from dashboard.dossier.pdf import files_of
from dashboard.dossier.recheck import Change, changed_since
from dashboard.dossier.setting import pixels
from dashboard.html import render
from dashboard.messages import message
from dashboard.place_names import of_place
from dashboard.publication.place import site_name
from dashboard.view import WHOLE_CITY, View, area_view, district_slugs
from data.errors import ObservatoryError, ReleaseDamagedError, ReleaseMissingError
from data.settings import slides_template

_STATE, _FAULT, _FILE, _PAGE = "briefing draft", "briefing fault", "briefing file", "briefing page"
_OPENED = "briefing opened"
_PREVIEW_PPI, _MOST_CHANGES = 88, 60
WHOLE_PAGE = ""


def _now(view: View) -> Draft:
    """Return the draft in hand: at first that of the first preset, ready to be taken away."""
    if _STATE not in st.session_state:
        st.session_state[_STATE] = _of_preset(view, next(iter(presets())))
    draft = st.session_state[_STATE]
    if not isinstance(draft, Draft):
        raise TypeError("the draft in hand is no draft")
    if draft.language != view.language:
        # The title of a preset follows the reader's language; one of the reader's own stays as it was written.
        titles = {message(one.title, draft.language): message(one.title, view.language) for one in presets().values()}
        title = titles.get(draft.title, draft.title)
        draft = st.session_state[_STATE] = draft.model_copy(update={"language": view.language, "title": title})
        st.session_state["briefing title"] = title
    return draft


def _put(draft: Draft) -> None:
    st.session_state[_STATE] = draft
    st.session_state[_FAULT] = ""


def _begin_with(draft: Draft) -> None:
    """Take another draft in hand, all its sections closed."""
    _put(draft)
    st.session_state[_OPENED] = frozenset()


def _of_preset(view: View, name: str) -> Draft:
    chosen, language = presets()[name], view.language
    slugs = tuple(district_slugs(view.release, view.commune))
    made = from_preset(chosen, view.commune, slugs, language, message(chosen.title, language))
    return made.model_copy(update={"release": view.release.release_id})


def _start(view: View) -> None:
    name = st.session_state["briefing start"]
    empty = Draft(commune=view.commune, language=view.language, release=view.release.release_id)
    _begin_with(_of_preset(view, name) if name else empty)


def _take_file(view: View) -> None:
    uploaded = st.session_state[_FILE]
    if uploaded is None:
        return
    try:
        draft = from_file(uploaded.getvalue()[: LARGEST_FILE + 1].decode("utf-8", "replace"))
    except DraftError as error:
        st.session_state[_FAULT] = message("briefing.fault_file", view.language, error=str(error))
        return
    if draft.commune != view.commune:
        st.session_state[_FAULT] = message("briefing.fault_commune", view.language, name=draft.commune)
        return
    _begin_with(draft)


def headline(view: View) -> Headline:
    """Return what the page is for."""
    return Headline(message("briefing.page_title", view.language), message("briefing.page_lead", view.language))


def choose_start(view: View) -> None:
    """Let the reader begin with a preset, with nothing, or with a draft kept as a file."""
    language, names = view.language, ["", *presets()]
    labels = {"": message("briefing.start_empty", language)}
    labels |= {name: message(one.title, language) for name, one in presets().items()}
    left, right = st.columns([3, 2], vertical_alignment="bottom", gap="large")
    with left:
        st.selectbox(message("briefing.start", language), names, index=1, format_func=labels.__getitem__,
                     key="briefing start", on_change=_start, args=(view,))  # fmt: skip
    with right.expander(message("briefing.file_open", language)):
        st.file_uploader(message("briefing.file", language), "json", key=_FILE, on_change=_take_file, args=(view,))
    if fault := st.session_state.get(_FAULT, ""):
        banner(fault)


def _set(view: View, name: str) -> None:
    _put(_now(view).model_copy(update={name: st.session_state[f"briefing {name}"]}))


def choose_words(view: View) -> None:
    """Let the reader give a title, say for whom the file is, and write an opening note."""
    draft, language = _now(view), view.language
    for name in ("title", "audience", "note"):
        st.session_state[f"briefing {name}"] = getattr(draft, name)
    left, right = st.columns(2, gap="large")
    with left:
        st.text_input(message("briefing.choose_title", language), key="briefing title", max_chars=300,
                      on_change=_set, args=(view, "title"))  # fmt: skip
    with right:
        st.radio(message("briefing.choose_audience", language), AUDIENCES, horizontal=True, key="briefing audience",
                 format_func=lambda one: message(f"briefing.audience_{one}", language), on_change=_set,
                 args=(view, "audience"))  # fmt: skip
    st.text_area(message("briefing.choose_note", language), key="briefing note", max_chars=LONGEST_NOTE, height=90,
                 on_change=_set, args=(view, "note"))  # fmt: skip


def _change(view: View, change: Callable[[Draft], Draft]) -> None:
    try:
        _put(change(_now(view)))
    except DraftError as error:
        st.session_state[_FAULT] = message("briefing.fault_sections", view.language, error=str(error))


def _set_note(view: View, place: int) -> None:
    words = st.session_state[f"briefing note {place}"]
    _change(view, lambda draft: editing.noted(draft, place, words))


def _label(view: View, choice: SectionChoice) -> str:
    language, titles = view.language, page_titles(view.language)
    page = titles.get(choice.page, choice.page) if not choice.hypotheses else titles["situations"]
    if choice.district == WHOLE_CITY:
        return page
    area = district_slugs(view.release, view.commune).get(choice.district, choice.district)
    return message("briefing.section_of", language, page=page, area=area)


def _opened() -> frozenset[int]:
    """Return the places of the sections that are open; kept here, since a section is another once it is renamed."""
    return frozenset(st.session_state.get(_OPENED, ()))


def _toggle(place: int) -> None:
    st.session_state[_OPENED] = _opened() ^ {place}


def _move(view: View, place: int, target: int) -> None:
    _change(view, partial(editing.moved, place=place, by=target - place))
    st.session_state[_OPENED] = frozenset({place: target, target: place}.get(one, one) for one in _opened())


def _remove(view: View, place: int) -> None:
    _change(view, partial(editing.without, place=place))
    st.session_state[_OPENED] = frozenset(one - (one > place) for one in _opened() - {place})


def _section(view: View, place: int, choice: SectionChoice, last: int) -> None:
    """Show a section by its name; what can be done with it only once it is opened, or a long list would be slow."""
    marked = message("briefing.with_note", view.language) if choice.note else ""
    key = f"briefing section {place}"
    st.session_state[key] = place in _opened()
    section = st.expander(f"{place + 1}. {_label(view, choice)} {marked}".strip(), key=key, on_change=_toggle,
                          args=(place,))  # fmt: skip
    if section.open:
        with section:
            _edit_section(view, place, choice, last)


def _edit_section(view: View, place: int, choice: SectionChoice, last: int) -> None:
    language = view.language
    st.session_state[f"briefing note {place}"] = choice.note
    st.text_area(message("briefing.section_note", language), key=f"briefing note {place}", height=90,
                 max_chars=LONGEST_NOTE, on_change=_set_note, args=(view, place))  # fmt: skip
    for column, (key, act, off) in zip(
        st.columns(3),
        (("up", partial(_move, view, place, place - 1), place == 0),
         ("down", partial(_move, view, place, place + 1), place == last),
         ("remove", partial(_remove, view, place), False)),
        strict=True,
    ):  # fmt: skip
        column.button(message(f"briefing.{key}", language), key=f"briefing {key} {place}", disabled=off,
                      on_click=act, width="stretch")  # fmt: skip


def _add(view: View) -> None:
    page, area, figure = (st.session_state[f"briefing add {name}"] for name in ("page", "area", "figure"))
    _change(view, lambda draft: editing.added(draft, SectionChoice(page=page, district=area, figure=figure)))


def _add_address(view: View) -> None:
    address = st.session_state["briefing address"]
    if address.strip():
        _change(view, lambda draft: editing.added(draft, section_of(address)))


def _choose_section(view: View) -> None:
    language, titles = view.language, page_titles(view.language)
    areas = {WHOLE_CITY: message("bar.whole_city", language), **district_slugs(view.release, view.commune)}
    columns = st.columns([3, 2, 3, 2], vertical_alignment="bottom")
    page = columns[0].selectbox(message("briefing.add_page", language), list(titles), format_func=titles.__getitem__,
                                key="briefing add page")  # fmt: skip
    area = columns[1].selectbox(message("bar.district", language), list(areas), format_func=areas.__getitem__,
                                key="briefing add area")  # fmt: skip
    figures = {WHOLE_PAGE: message("briefing.add_whole", language)}
    figures |= dict(figures_of(area_view(whole_city(view), area), page))
    columns[2].selectbox(message("briefing.add_figure", language), list(figures), format_func=figures.__getitem__,
                         key="briefing add figure")  # fmt: skip
    columns[3].button(message("briefing.add", language), on_click=_add, args=(view,), width="stretch")


def choose_sections(view: View) -> Draft:
    """Let the reader add sections, order them, note beside them; return the draft in hand."""
    language = view.language
    st.html(render("figure_head.html", title=message("briefing.sections", language, count=len(_now(view).sections)),
                   subtitle=message("briefing.sections_help", language)))  # fmt: skip
    _choose_section(view)
    left, right = st.columns([8, 2], vertical_alignment="bottom")
    left.text_input(message("briefing.add_address", language), key="briefing address", max_chars=4000)
    right.button(message("briefing.add_view", language), on_click=_add_address, args=(view,), width="stretch")
    draft = _now(view)
    for place, choice in enumerate(draft.sections):
        _section(view, place, choice, len(draft.sections) - 1)
    return draft


@lru_cache(maxsize=4)
def _ready(city: View, draft: Draft) -> Ready:
    return prepare(city, draft)


@lru_cache(maxsize=2)
def _pages(city: View, draft: Draft) -> tuple[bytes, ...]:
    ready = _ready(city, draft)
    return pixels(files_of(ready.composed.document, site_name(city)), _PREVIEW_PPI)


@lru_cache(maxsize=4)
def _changes(city: View, draft: Draft) -> tuple[Change, ...] | None:
    """Return what changed since the release of a draft; None where that release can no longer be read."""
    try:
        return changed_since(draft, city, store.earlier(draft.release))
    except (ReleaseMissingError, ReleaseDamagedError):
        return None


def _tell_differences(view: View, city: View, draft: Draft) -> None:
    """Say what of a draft can no longer be shown, and which numbers are others than when it was made."""
    language = view.language
    for choice in draft.sections:
        if words := fault_of(city, choice):
            banner(words)
    if draft.release in {"", city.release.release_id}:
        return
    changes = _changes(city, draft)
    if changes is None:
        banner(message("briefing.older_gone", language, identifier=draft.release[:8]))
        return
    banner(message("briefing.older", language, identifier=draft.release[:8], count=len(changes)))
    columns = tuple(Column(name, message(f"briefing.change_{name}", language)) for name in ("place", "before", "now"))
    rows = tuple((f"{one.section} — {one.place}", one.before or "—", one.now or "—") for one in changes)
    title = message("briefing.older_table", language, count=len(rows), shown=min(len(rows), _MOST_CHANGES))
    tables(view, (Table(title, columns, rows[:_MOST_CHANGES]),))


def preview(view: View, draft: Draft) -> None:
    """Show the pages of the file one by one, as they will be printed."""
    language, city = view.language, whole_city(view)
    _tell_differences(view, city, draft)
    st.html(render("figure_head.html", title=message("briefing.preview", language),
                   subtitle=message("briefing.preview_help", language)))  # fmt: skip
    if not st.toggle(message("briefing.preview_show", language), key="briefing preview"):
        return
    try:
        pages = _pages(city, draft)
    except ObservatoryError as error:
        banner(message("briefing.fault_file", language, error=str(error)))
        return
    count = len(pages)
    page = 1
    if count > 1:
        st.session_state[_PAGE] = min(max(int(st.session_state.get(_PAGE, 1)), 1), count)
        page = int(st.slider(message("briefing.preview_page", language, count=count), 1, count, key=_PAGE))
    words = message("briefing.page_of", language, page=page, count=count)
    st.columns([3, 2])[0].image(pages[page - 1], alt=words, caption=words, width="stretch")


def _content(city: View, draft: Draft, kind: str) -> bytes:
    return write(_ready(city, draft), kind, slides_template())


def take_away(view: View, draft: Draft) -> None:
    """Give the files in each format, the list of their numbers, the draft itself, and the handouts of the district."""
    language, city = view.language, whole_city(view)
    st.html(render("figure_head.html", title=message("briefing.take", language),
                   subtitle=message("briefing.take_help", language)))  # fmt: skip
    kept = draft.model_copy(update={"release": draft.release or view.release.release_id})
    for column, kind in zip(st.columns(len(FORMATS) + 1), (*FORMATS, LIST), strict=True):
        column.download_button(
            message(f"briefing.take_{kind}", language), partial(_content, city, draft, kind),
            f"dossier-{view.release.release_id[:8]}.{kind}", MEDIA_TYPES[kind], key=f"briefing take {kind}",
            on_click="ignore", width="stretch", disabled=not draft.sections and not draft.note,
        )  # fmt: skip
    st.download_button(message("briefing.take_draft", language), to_file(kept), "dossier-brouillon.json",
                       MEDIA_TYPES[LIST], key="briefing take draft", on_click="ignore")  # fmt: skip


def handouts(view: View) -> None:
    """Give the page for public meetings on the district looked at, in ordinary and in simplified French."""
    language = view.language
    st.html(render("figure_head.html", title=message("briefing.handouts", language),
                   subtitle=message("briefing.handouts_help", language)))  # fmt: skip
    if view.is_city:
        reading_blocks.said(message("briefing.handouts_city", language))
        return
    for column, (simply, key) in zip(st.columns(2), ((False, "ordinary"), (True, "simple")), strict=True):
        column.download_button(
            message(f"briefing.handout_{key}", language, of_area=of_place(view.area_name, language)),
            partial(handout, view, simply),
            f"quartier-{view.district}{'-simple' if simply else ''}.pdf", MEDIA_TYPES["pdf"],
            key=f"briefing handout {key}", on_click="ignore", width="stretch",
        )  # fmt: skip
