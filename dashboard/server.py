"""The ASGI application around the Streamlit script: start-up, downloads, language, errors."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from dashboard import static_site, store
from dashboard.audience import Counts
from dashboard.counting import CountViews, writing
from dashboard.downloads import download
from dashboard.errors import show_error
from dashboard.framing import Framing, checked_embedders
from dashboard.images import picture
from dashboard.kept_files import hypotheses_file
from dashboard.legal import legal
from dashboard.middleware import ShellLanguage
from dashboard.public_pages import public_page
from dashboard.wall_pages import wall_page
from data.errors import ReleaseMissingError
from data.settings import ROOT, audience_folder, embedders

logger = logging.getLogger("observatory.server")

# Nothing is counted unless a folder is named; one that cannot be written into ends the server before it starts.
COUNTS = Counts(folder) if (folder := audience_folder()) else None


def _log_no_readers() -> None:
    """Keep addresses of readers out of the log: Streamlit turns uvicorn's request lines on again at start."""
    for name in ("uvicorn", "uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.WARNING)


@asynccontextmanager
async def _lifespan(_app: object) -> AsyncIterator[dict[str, object]]:
    """Open the release before the first reader comes, then keep what never changes out of garbage collection."""
    _log_no_readers()
    legal()  # a faulty configuration ends the server here, not before a reader
    static_site.base()
    try:
        store.current()
    except ReleaseMissingError as error:
        logger.error("%s", error)
    gc.collect()
    gc.freeze()
    async with writing(COUNTS):
        yield {}


app = st.App(
    ROOT / "dashboard" / "app.py",
    lifespan=_lifespan,
    routes=[
        Route("/telecharger/hypotheses.json", hypotheses_file),
        Route("/telecharger/{name:path}", download),
        Route("/image/{path:path}", picture),
        Route("/public", public_page),
        Route("/public/{path:path}", public_page),
        Route("/affichage", wall_page),
        Route("/affichage/{path:path}", wall_page),
    ],
    middleware=[
        *([Middleware(CountViews, counts=COUNTS)] if COUNTS else []),
        # Checked here, where a faulty one ends the server: within the application it would answer each reader by 500.
        Middleware(Framing, embedders=checked_embedders(embedders())),
        Middleware(ShellLanguage),
    ],
    on_script_error=show_error,
)
