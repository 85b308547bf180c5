"""The wall screen as files: a document for each playlist, its state for polling, what it loads, a service worker."""

import json
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup

from dashboard import store
from dashboard.content.alternatives import of_map
from dashboard.content.wall import Slide
from dashboard.content.wall_playlist import playlist_slides
from dashboard.definitions import definitions
from dashboard.formats import plural
from dashboard.html import render
from dashboard.messages import message
from dashboard.publication import wall_assets
from dashboard.publication.place import Place, language_folder, page_path, site_name
from dashboard.publication.wall_pictures import big_number, pictures, qr_code
from dashboard.theme import classes, mark
from dashboard.view import WHOLE_CITY, View, commune_name, the_view
from data.errors import ReleaseDamagedError, ReleaseMissingError
from data.history import previous_id
from data.release import Release, publications
from data.rules.date_words import one_date
from data.settings import releases_folder, wall_file
from data.wall import read_wall
from data.wall_models import PREVIOUS, NewsSlides, Playlist, Wall

FOLDER, STATE, WORKER, ASSETS = "affichage", "etat.json", "service.js", wall_assets.FOLDER
# Nothing but ours; templates place colours and sizes by style attributes.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
)
Addresses = Callable[[View, Slide], str]

logger = logging.getLogger("observatory.wall")


@dataclass(frozen=True)
class Screen:
    """What a screen shows and where: a view of the whole city in the mode of its playlist.

    `addresses` gives the absolute address of the page a slide is about, `damaged` says that the release stands in for
    one that cannot be read.
    """

    view: View
    playlist: Playlist
    addresses: Addresses
    damaged: bool = False


def configuration() -> Wall:
    """Return the playlists of the configuration.

    Raises
    ------
    FaultyWallError
        It is absent or faulty.
    """
    return _configuration(*configuration_key())


def configuration_key() -> tuple[str, int]:
    """Return what changes when the configuration may have changed: its path, and when it was written."""
    path = wall_file()
    return str(path), path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=2)
def _configuration(path: str, _changed: int) -> Wall:
    return read_wall(Path(path), definitions())


def _release_on(day: str, current: str) -> str:
    """Return the release that was current at the end of a day; the first one where none was yet."""
    logged = publications(releases_folder())
    before = [entry["release"] for entry in logged if entry["published"][:10] <= day]
    found = before[-1] if before else logged[0]["release"] if logged else ""
    return "" if found == current else found


def earlier_releases(release: Release, playlist: Playlist) -> dict[str, Release | None]:
    """Return the releases that news are told against; None where there is none that can be read."""
    found: dict[str, Release | None] = {}
    for since in {slide.since for slide in playlist.slides if isinstance(slide, NewsSlides)}:
        current = release.release_id
        name = previous_id(releases_folder(), current) if since == PREVIOUS else _release_on(since, current)
        try:
            found[since] = store.earlier(name) if name else None
        except (ReleaseMissingError, ReleaseDamagedError) as error:
            logger.warning("no news since %s: %s", since, error)
            found[since] = None
    return found


def _banners(screen: Screen) -> dict[str, str]:
    """Return the sentences of the banner that the document knows; the script decides which of them hold."""
    language, days = screen.view.language, screen.playlist.stale_after_days
    key = plural(days, "wall.stale_one", "wall.stale_other", language)
    return {
        "stale": message(key, language, count=days),
        "damaged": message("wall.damaged", language) if screen.damaged else "",
        "silent": message("wall.silent", language, time="{time}"),
        "silent_restart": message("wall.silent_restart", language),
        "on_day": message("wall.on_day", language, day="{day}"),
    }


def _is_stale(screen: Screen) -> bool:
    published = screen.view.release.published
    age = (screen.view.today - date.fromisoformat(published)).days if published else 0
    return age > screen.playlist.stale_after_days


def _short(address: str) -> str:
    """Return an address as one would type it: no scheme, no parameters; a line of it ends after a slash alone."""
    parts = urlsplit(address)
    return (parts.netloc + parts.path).rstrip("/").replace("-", "\u2011").replace("/", "/\u200b")


def _size_of(slide: Slide) -> float:
    """Return the size of a sentence in hundredths of the screen's shorter side: the shorter, the larger."""
    length = len(slide.sentence)
    if slide.drawn and slide.number:
        return 6.8
    if slide.chart:
        return 6.6
    return 9 if length <= 36 else 7.8 if length <= 62 else 6.6


def _alternative(slide: Slide, language: str) -> str:
    """Return what the figure of a slide shows in words; the sentence of the slide stands above it."""
    if slide.chart is not None:
        return slide.chart.alternative
    return of_map(slide.drawn, language) if slide.drawn is not None else ""


def _slide(screen: Screen, place: int, slide: Slide) -> str:
    view = screen.view
    address = screen.addresses(view, slide)
    return render(
        "wall/slide.html",
        slide=slide,
        place=place,
        layout="wide" if slide.chart else "split" if slide.drawn else f"split plain{' open' if slide.open else ''}",
        mark=mark(slide.theme, view.mode),
        panel=classes(slide.theme)[0 if view.mode == "light" else 4],
        deep=classes(slide.theme)[4 if view.mode == "light" else 0],
        size=_size_of(slide),
        number=big_number(slide.number) if slide.number else None,
        pictures=Markup(pictures(slide)),
        alternative=_alternative(slide, view.language),
        code=Markup(qr_code(address)) if address else "",
        address=_short(address) if address else "",
        language=view.language,
    )


def _animation(count: int, playlist: Playlist, fade_seconds: float) -> str:
    """Return the rules that show the slides in turn where no script runs."""
    if count < 2:
        return ".slide { opacity: 1; visibility: visible; }"
    seconds = playlist.seconds
    whole = count * seconds
    full, end, gone = (f"{100 * part / whole:.3f}%" for part in (fade_seconds, seconds, seconds + fade_seconds))
    seen, unseen = "opacity: 1; visibility: visible", "opacity: 0; visibility: hidden"
    return (
        f"@keyframes turn {{ 0% {{ opacity: 0; visibility: visible; }} {full} {{ {seen}; }} {end} {{ {seen}; }} "
        f"{gone} {{ {unseen}; }} 100% {{ {unseen}; }} }} "
        f".slide {{ animation: turn {whole}s linear infinite; animation-delay: calc(var(--place) * {seconds}s); }} "
        "@media (prefers-reduced-motion: reduce) { .slide { animation-timing-function: step-end; } }"
    )


def slides_html(screen: Screen) -> tuple[str, ...]:
    """Return the slides of a screen."""
    view, playlist = screen.view, screen.playlist
    slides = playlist_slides(view, playlist, earlier_releases(view.release, playlist))
    return tuple(_slide(screen, place, slide) for place, slide in enumerate(slides))


def document(screen: Screen, slides: tuple[str, ...], root: str, scope: str) -> tuple[str, str]:
    """Return the whole document of a screen and its version: a hash of all that it shows.

    Parameters
    ----------
    root : the way from the document to the folder of the wall screen.
    scope : what the service worker answers for, from the document.
    """
    view, playlist = screen.view, screen.playlist
    language, release = view.language, view.release
    published = one_date(release.published, language) if release.published else ""
    name = site_name(view)
    values = {
        "language": language,
        "mode": view.mode,
        "policy": POLICY,
        "title": message("wall.title", language, name=name),
        "site_name": name,
        "root": root,
        "style": wall_assets.path_of("wall.css"),
        "script": wall_assets.path_of("wall.js"),
        "font": wall_assets.path_of("lettres.woff2"),
        "icon": wall_assets.path_of("icon.svg"),
        "worker": WORKER,
        "scope": scope,
        "state": STATE,
        "playlist": playlist,
        "release": release.release_id,
        "published": release.published,
        "when": message("wall.release", language, date=published) if published else message("wall.no_date", language),
        "clock": message("wall.clock", language, hour="{hour}", minute="{minute}"),
        "banners": _banners(screen),
        "is_stale": _is_stale(screen),
        "animation": Markup(_animation(len(slides), playlist, playlist.fade_seconds)),
        "slides": Markup("".join(slides)),
    }
    version = sha256(render("wall/page.html", version="", **values).encode()).hexdigest()[:16]
    return render("wall/page.html", version=version, **values), version


def files(city: View, addresses: Addresses, damaged: bool = False, scope: str = "./") -> dict[str, bytes]:
    """Return every file of the wall screen by its path below the root of the site.

    The first playlist stands in the folder itself, every one in a folder of its name.

    Raises
    ------
    FaultyWallError
        The configuration is absent or faulty.
    """
    folder = f"{language_folder(city.language)}{FOLDER}/"
    found = {f"{folder}{path}": content for path, content in wall_assets.files().items()}
    found[f"{folder}{WORKER}"] = wall_assets.worker()
    state = {"release": city.release.release_id}
    for place, (name, playlist) in enumerate(configuration().playlists.items()):
        view = the_view(city.release, city.commune, WHOLE_CITY, city.language, playlist.mode, city.today)
        screen = Screen(view, playlist, addresses, damaged)
        slides = slides_html(screen)
        roots = {f"{name}/": "../", "": "./"} if place == 0 else {f"{name}/": "../"}
        for path, root in roots.items():
            reach = scope if root == "./" or scope == "./" else f"../{scope}"
            html, version = document(screen, slides, root, reach)
            found[f"{folder}{path}index.html"] = html.encode()
            found[f"{folder}{path}{STATE}"] = json.dumps({**state, "version": version}).encode()
    return found


def _view_of(view: View, slide: Slide) -> View:
    return the_view(view.release, view.commune, slide.district or WHOLE_CITY, view.language, view.mode, view.today)


def site_addresses(place: Place, pages: Collection[str]) -> Addresses:
    """Return where slides lead on the static site: a page that it has, else its home page."""

    def address(view: View, slide: Slide) -> str:
        path = page_path(_view_of(view, slide), slide.address)
        return place.base + (path if path in pages else page_path(view, ""))

    return address


def site_files(city: View, place: Place, pages: Collection[str]) -> dict[str, bytes]:
    """Return the wall screen of the static site; none where the release does not know the commune."""
    return files(city, site_addresses(place, pages)) if commune_name(city.release, city.commune) else {}
