"""What every page shares: release, district and language, chosen before the page runs."""

from copy import copy
from datetime import date
from functools import lru_cache

import streamlit as st

from dashboard import announcements, following, newer_blocks, search_blocks, store
from dashboard.addresses import address_of
from dashboard.content import changes
from dashboard.fragments import Link, Links
from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.navigation import PAGES
from dashboard.place_names import of_place
from dashboard.static_site import foot_links
from dashboard.theme import INKS, Mode
from dashboard.turns import TURNS
from dashboard.view import WHOLE_CITY, View, commune_name, district_slugs, the_view
from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.release import Release
from data.rules.date_words import one_date
from data.settings import ROOT, default_commune

DISTRICT = "quartier"
LANGUAGE, VERSION = "langue", "version"
READING, SIMPLY, FULLY = "lecture", "simple", "complete"
ICON = "🏙️"
_VIEW = "view"
_PAGE = "page"


def current_view() -> View:
    """Return what the reader looks at in this run."""
    view = st.session_state[_VIEW]
    if not isinstance(view, View):
        raise TypeError("the entry script has not chosen a view yet")
    return view


def reads_simply() -> bool:
    """Tell whether the reader asked for the simplified version of pages."""
    return bool(st.session_state.get(READING))


def current_address() -> str:
    """Return the address of the page that is shown, as the navigation has it."""
    return str(st.session_state[_PAGE])


def _mode() -> Mode:
    return "dark" if st.context.theme.type == "dark" else "light"


@lru_cache(maxsize=16)
def _style(mode: Mode, site_name: str, language: str) -> str:
    static = ROOT / "dashboard" / "static"
    css = "".join((static / name).read_text(encoding="utf-8") for name in ("pieces.css", "streamlit.css"))
    variables = "".join(f"--{name}: {value}; " for name, value in INKS[mode].items())
    name = site_name.replace('"', "")
    file_words = message("hypothesis.choose_file", language)
    return f'<style>:root {{ {variables} --site-name: "{name}"; --choose-file: "{file_words}"; }}\n{css}</style>'


def _district_from_address(slugs: dict[str, str]) -> str:
    """Follow the address where it names a district; return one it names that does not exist."""
    asked = following.newly_asked(DISTRICT)
    if asked is None:
        return ""
    st.session_state[DISTRICT] = asked if asked in slugs else WHOLE_CITY
    return "" if asked in slugs else asked


def _reading_from_address() -> str:
    """Follow the address where it names a way of reading; return one it names that does not exist."""
    asked = following.newly_asked(READING)
    if asked is None:
        return ""
    st.session_state[READING] = asked == SIMPLY
    return "" if asked in {SIMPLY, FULLY} else asked


def _language_from_address() -> tuple[str, str]:
    """Return the language of this run, and one that the address names and that does not exist."""
    asked, unknown = following.newly_asked(LANGUAGE), ""
    if asked is not None:
        st.session_state[LANGUAGE] = asked if asked in LANGUAGES else LANGUAGES[0]
        unknown = "" if asked in LANGUAGES else asked
    language = st.session_state.get(LANGUAGE)
    return (language if language in LANGUAGES else LANGUAGES[0]), unknown


def _choose_language(language: str) -> None:
    """Let the reader choose the language; each is named in itself, for those who do not read the other."""
    st.session_state[LANGUAGE] = language
    names = {one: message("language.name", one) for one in LANGUAGES}
    st.segmented_control(
        message("language.choose", language),
        list(names),
        format_func=names.__getitem__,
        key=LANGUAGE,
        required=True,
        on_change=following.hold_choices,
    )
    following.keep(LANGUAGE, None if language == LANGUAGES[0] else language)


def choose_district(slug: str) -> None:
    """Choose a district from a callback; choosing it again returns to the whole city."""
    same = st.session_state.get(DISTRICT) == slug
    st.session_state[DISTRICT] = WHOLE_CITY if same else slug


def move_to_district(slug: str) -> None:
    """Choose a district from a callback, whatever was chosen before."""
    st.session_state[DISTRICT] = slug


@lru_cache(maxsize=256)
def _foot(view: View, page: str, links: Links) -> str:
    return render("foot.html", links=(*foot_links(view, page), *links), language=view.language)


def _links(view: View, page: str) -> Links:
    """Return the two links to what the reader sees: this very view as data go on, and one frozen to these data."""
    shared = {LANGUAGE: view.language, DISTRICT: view.district, READING: SIMPLY if reads_simply() else FULLY}
    frozen = {**shared, **following.noted(), VERSION: view.release.release_id}
    view_of = {name: value for name, value in st.query_params.items() if name != VERSION}
    date_words = one_date(view.release.published, view.language) if view.release.published else ""
    return (
        Link(address_of(page, view_of), message("link.view", view.language)),
        Link(address_of(page, frozen), message("link.frozen", view.language, date=date_words)),
    )


def _shown_release(opened: store.Opened, language: str) -> tuple[Release, date, str]:
    """Return the release to show, the day it is read on, and what must be said where a link names an older one.

    What a frozen link shows is read as on the day it was published: it shows the same ever after.
    """
    asked = following.newly_asked(VERSION)
    if asked is not None:
        st.session_state[VERSION] = asked
    wanted, current = st.session_state.get(VERSION, ""), opened.release
    following.keep(VERSION, wanted or None)
    if not wanted:
        return current, date.today(), ""
    try:
        release = current if wanted == current.release_id else store.of_commune(store.earlier(wanted))
    except (ReleaseMissingError, ReleaseDamagedError):
        return current, date.today(), message("link.gone", language, name=wanted)
    day = date.fromisoformat(release.published) if release.published else date.today()
    return release, day, ""


def _older_words(view: View, current: Release) -> str:
    """Return the banner of a page of an older release: its date, what has changed since, and the way back."""
    if view.release is current:
        return ""
    now = the_view(current, view.commune, WHOLE_CITY, view.language, view.mode, date.today())
    query = {name: value for name, value in st.query_params.items() if name != VERSION}
    return render(
        "older.html",
        date=one_date(view.release.published, view.language),
        changed=changes.title_of(now, view.release),
        changes=address_of("changements", {changes.SINCE: view.release.release_id, LANGUAGE: view.language}),
        now=address_of(current_address(), query),
        language=view.language,
    )


def _choose(opened: store.Opened, language: str, unknown_language: str) -> View:
    commune = default_commune()
    release, day, gone = _shown_release(opened, language)
    slugs = {WHOLE_CITY: message("bar.whole_city", language), **district_slugs(release, commune)}
    unknown, unknown_reading = _district_from_address(slugs), _reading_from_address()
    left, middle, switch, right = st.columns([4, 3, 2, 3], vertical_alignment="bottom")
    district = left.selectbox(
        message("bar.district", language), list(slugs), format_func=slugs.__getitem__, key=DISTRICT
    )
    following.keep(DISTRICT, None if district == WHOLE_CITY else district)
    simply = middle.toggle(message("simple.short", language), key=READING)
    following.keep(READING, SIMPLY if simply else None)
    view = the_view(release, commune, district, language, _mode(), day)
    published = one_date(release.published, language) if release.published else ""
    bar = render(
        "bar.html", published=published, language=language, damaged=opened.damaged, unknown=unknown, date=published
    )
    said = {"simple.unknown": unknown_reading, "language.unknown": unknown_language}
    words = [message(key, language, name=name) for key, name in said.items() if name]
    bar += "".join(render("banner.html", words=one) for one in (*words, gone) if one)
    with switch:
        _choose_language(language)
    right.html(bar)
    if older := _older_words(view, opened.release):
        st.html(older)
    return view


@lru_cache(maxsize=len(LANGUAGES))
def _pages(language: str) -> dict[str, list[st.Page]]:
    """Return the pages by section; making one asks the file system about every folder above it."""
    sections: dict[str, list[st.Page]] = {}
    for entry in PAGES:
        section = message(f"section.{entry.section}", language) if entry.section else ""
        page = st.Page(
            entry.path,
            title=message(entry.title_key, language),
            url_path=entry.address or None,
            default=not entry.address,
        )
        sections.setdefault(section, []).append(page)
    return sections


def _registered(language: str) -> st.Page:
    """Register the pages and return the one that was asked for: a run notes on its own copies that they may run."""
    sections = {section: [copy(page) for page in pages] for section, pages in _pages(language).items()}
    return st.navigation(sections, expanded=True)


def _stop_with(html: str, language: str) -> None:
    st.set_page_config(layout="wide", page_icon=ICON)
    st.html(_style(_mode(), message("site.short", language), language) + html)
    st.stop()


def _opened(language: str) -> store.Opened:
    """Return the release of the day; a page that says so ends the run where there is none for the commune."""
    try:
        opened = store.current()
    except ReleaseMissingError:
        _stop_with(render("no_release.html", language=language), language)
        raise
    if not commune_name(opened.release, default_commune()):
        words = message("banner.unknown_commune", language, code=default_commune())
        _stop_with(render("banner.html", words=words), language)
    return opened


def run() -> None:
    """Run the page that was asked for, within the frame all pages share, in its turn."""
    with TURNS.turn():
        _run()


def _run() -> None:
    language, unknown_language = _language_from_address()
    chosen = _registered(language)
    opened = _opened(language)
    city = of_place(commune_name(opened.release, default_commune()), language)
    title = message("site.title", language, page=chosen.title, of_city=city)
    st.set_page_config(page_title=title, layout="wide", page_icon=ICON, initial_sidebar_state="auto")
    site_name = message("site.name", language, of_city=city)
    st.html(_style(_mode(), site_name, language) + render("site.html", name=site_name.replace("\\A", "")))
    st.session_state[_PAGE] = chosen.url_path
    following.begin()
    st.session_state[_VIEW] = _choose(opened, language, unknown_language)
    with st.sidebar:
        search_blocks.field(current_view(), "search of every page")
    announcements.begin()
    newer_blocks.follow_releases(current_view(), opened.release)
    chosen.run()
    view = current_view()
    st.html(_foot(view, chosen.url_path, _links(view, chosen.url_path)))
    announcements.announce(view.mode, view.language)
