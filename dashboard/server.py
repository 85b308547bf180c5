"""The ASGI application around the Streamlit script: start-up, downloads, language, errors."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.types import ASGIApp
from streamlit.runtime import Runtime, RuntimeState

from dashboard import logs, static_site, store
from dashboard.api.application import api
from dashboard.api.reading import to_page
from dashboard.audience import Counts
from dashboard.bundle import CompressedBundle
from dashboard.collecting import collecting
from dashboard.counting import CountViews, writing
from dashboard.downloads import download
from dashboard.errors import show_error
from dashboard.harvest.serving import catalogue_document, package_document, release_file
from dashboard.health import health, ready
from dashboard.images import picture
from dashboard.kept_files import hypotheses_file
from dashboard.legal import legal
from dashboard.light_letters import cutting
from dashboard.logs import LogAnswers
from dashboard.middleware import ShellLanguage
from dashboard.navigation import PAGES
from dashboard.policy import Protection
from dashboard.public_pages import public_page
from dashboard.reaching import BelowPath, KnownHosts, PlainRequests, known_hosts, path_below
from dashboard.wall_pages import wall_routes
from data.errors import ReleaseMissingError
from data.settings import ROOT, audience_folder, embedders, is_logging_requests, look_seconds, stale_days

logger = logging.getLogger("observatory.server")

# Nothing is counted unless a folder is named; one that cannot be written into ends the server before it starts.
COUNTS = Counts(folder) if (folder := audience_folder()) else None


def _is_read() -> bool:
    return Runtime.exists() and Runtime.instance().state == RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED


@asynccontextmanager
async def _lifespan(_app: object) -> AsyncIterator[dict[str, object]]:
    """Open the release before the first reader comes, and keep what never changes out of garbage collection."""
    logs.begin()
    legal()  # a faulty configuration ends the server here, not before a reader
    static_site.base()
    stale_days()
    look_seconds()
    try:
        store.current()
    except ReleaseMissingError as error:
        logger.error("%s", error)
    async with writing(COUNTS), cutting(), collecting(_is_read):
        yield {}


_streamlit = st.App(
    ROOT / "dashboard" / "app.py",
    lifespan=_lifespan,
    routes=[
        Route("/health", health),
        Route("/ready", ready),
        Route("/telecharger/hypotheses.json", hypotheses_file),
        Route("/telecharger/{name:path}", download),
        Route("/image/{path:path}", picture),
        Route("/public", public_page),
        Route("/public/{path:path}", public_page),
        Route("/catalogue.jsonld", catalogue_document),
        Route("/datapackage.json", package_document),
        Route("/donnees/{release}/{name}", release_file),
        Route("/api/v1", to_page),
        Mount("/api/v1", app=api),
        *wall_routes(),
    ],
    middleware=[
        *([Middleware(CountViews, counts=COUNTS)] if COUNTS else []),
        Middleware(CompressedBundle),
        Middleware(ShellLanguage),
    ],
    on_script_error=show_error,
)


def _guarded(inner: ASGIApp) -> ASGIApp:
    """Put around the application what must be true of every answer, those to faults and odd requests too.

    Settings are checked here, where a faulty one ends the server: within, it would answer each reader by 500.
    """
    pages = frozenset(entry.address for entry in PAGES)
    known = KnownHosts(PlainRequests(inner), known_hosts())
    protected = Protection(LogAnswers(known, pages, is_logging_requests()), embedders())
    return BelowPath(protected, path_below())


app = _guarded(_streamlit)
