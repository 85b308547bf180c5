"""What every page shares: release, district and language, chosen before the page runs."""

from datetime import date
from functools import lru_cache

import streamlit as st

from dashboard import announcements, store
from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.navigation import PAGES
from dashboard.place_names import of_place
from dashboard.static_site import foot_links
from dashboard.theme import INKS, Mode
from dashboard.view import WHOLE_CITY, View, commune_name, district_slugs, the_view
from data.errors import ReleaseMissingError
from data.release import Release
from data.rules.date_words import one_date
from data.settings import ROOT, default_commune

DISTRICT = "quartier"
READING, SIMPLY = "lecture", "simple"
ICON = "🏙️"
_VIEW = "view"
_PAGE = "page"
_LAST_ADDRESS = "district in the address"
_LAST_READING = "reading in the address"


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


@st.cache_resource(max_entries=8)
def _style(mode: Mode, site_name: str) -> str:
    static = ROOT / "dashboard" / "static"
    css = "".join((static / name).read_text(encoding="utf-8") for name in ("pieces.css", "streamlit.css"))
    variables = "".join(f"--{name}: {value}; " for name, value in INKS[mode].items())
    name = site_name.replace('"', "")
    file_words = message("hypothesis.choose_file", LANGUAGES[0])
    return f'<style>:root {{ {variables} --site-name: "{name}"; --choose-file: "{file_words}"; }}\n{css}</style>'


def _district_from_address(slugs: dict[str, str]) -> str:
    """Follow the address where it names a district; return one it names that does not exist."""
    asked = st.query_params.get(DISTRICT)
    if asked is None or asked == st.session_state.get(_LAST_ADDRESS):
        return ""
    st.session_state[_LAST_ADDRESS] = asked
    if asked in slugs:
        st.session_state[DISTRICT] = asked
        return ""
    st.session_state[DISTRICT] = WHOLE_CITY
    return asked


def _district_to_address(district: str) -> None:
    """Keep the address true: it reopens this very view; the whole city is the default and needs no parameter."""
    wanted = None if district == WHOLE_CITY else district
    if st.query_params.get(DISTRICT) != wanted:
        if wanted is None:
            del st.query_params[DISTRICT]
        else:
            st.query_params[DISTRICT] = wanted
    st.session_state[_LAST_ADDRESS] = wanted


def _reading_from_address() -> str:
    """Follow the address where it names a way of reading; return one it names that does not exist."""
    asked = st.query_params.get(READING)
    if asked is None or asked == st.session_state.get(_LAST_READING):
        return ""
    st.session_state[_LAST_READING] = asked
    st.session_state[READING] = asked == SIMPLY
    return "" if asked == SIMPLY else asked


def _reading_to_address(simply: bool) -> None:
    """Keep the address true; the full version is the default and needs no parameter."""
    wanted = SIMPLY if simply else None
    if st.query_params.get(READING) != wanted:
        if wanted is None:
            del st.query_params[READING]
        else:
            st.query_params[READING] = wanted
    st.session_state[_LAST_READING] = wanted


def choose_district(slug: str) -> None:
    """Choose a district from a callback; choosing it again returns to the whole city."""
    same = st.session_state.get(DISTRICT) == slug
    st.session_state[DISTRICT] = WHOLE_CITY if same else slug


def move_to_district(slug: str) -> None:
    """Choose a district from a callback, whatever was chosen before."""
    st.session_state[DISTRICT] = slug


@lru_cache(maxsize=256)
def _foot(view: View, page: str) -> str:
    return render("foot.html", links=foot_links(view, page), language=view.language)


def _choose(release: Release, damaged: str, language: str) -> View:
    commune = default_commune()
    slugs = {WHOLE_CITY: message("bar.whole_city", language), **district_slugs(release, commune)}
    unknown, unknown_reading = _district_from_address(slugs), _reading_from_address()
    left, middle, right = st.columns([4, 3, 4], vertical_alignment="bottom")
    district = left.selectbox(
        message("bar.district", language), list(slugs), format_func=slugs.__getitem__, key=DISTRICT
    )
    _district_to_address(district)
    _reading_to_address(middle.toggle(message("simple.short", language), key=READING))
    published = one_date(release.published, language) if release.published else ""
    bar = render("bar.html", published=published, language=language, damaged=damaged, unknown=unknown, date=published)
    if unknown_reading:
        bar += render("banner.html", words=message("simple.unknown", language, name=unknown_reading))
    right.html(bar)
    return the_view(release, commune, district, language, _mode(), date.today())


def run() -> None:
    """Run the page that was asked for, within the frame all pages share."""
    language = LANGUAGES[0]
    sections: dict[str, list[object]] = {}
    for entry in PAGES:
        section = message(f"section.{entry.section}", language) if entry.section else ""
        page = st.Page(
            entry.path,
            title=message(entry.title_key, language),
            url_path=entry.address or None,
            default=not entry.address,
        )
        sections.setdefault(section, []).append(page)
    chosen = st.navigation(sections)  # type: ignore[arg-type]
    try:
        opened = store.current()
    except ReleaseMissingError:
        st.set_page_config(layout="wide", page_icon=ICON)
        st.html(_style(_mode(), message("site.short", language)) + render("no_release.html", language=language))
        st.stop()
    name = commune_name(opened.release, default_commune())
    if not name:
        st.set_page_config(layout="wide", page_icon=ICON)
        words = message("banner.unknown_commune", language, code=default_commune())
        st.html(_style(_mode(), message("site.short", language)) + render("banner.html", words=words))
        st.stop()
    city = of_place(name, language)
    title = message("site.title", language, page=chosen.title, of_city=city)
    st.set_page_config(page_title=title, layout="wide", page_icon=ICON, initial_sidebar_state="auto")
    site_name = message("site.name", language, of_city=city)
    st.html(_style(_mode(), site_name) + render("site.html", name=site_name.replace("\\A", "")))
    st.session_state[_PAGE] = chosen.url_path
    st.session_state[_VIEW] = _choose(opened.release, opened.damaged, language)
    announcements.begin()
    chosen.run()
    st.html(_foot(current_view(), chosen.url_path))
    announcements.announce(_mode())
