"""What a reader sees when a page fails: a sentence, never a traceback; the log has the rest."""

import logging

import streamlit as st

from dashboard.html import render
from dashboard.messages import LANGUAGES
from dashboard.middleware import LANGUAGE

logger = logging.getLogger("observatory.pages")


def show_error(error: Exception) -> bool:
    """Log an unexpected error and show a plain page in its place."""
    logger.error("a page failed", exc_info=error)
    language = str(st.query_params.get(LANGUAGE, ""))
    st.html(render("error.html", language=language if language in LANGUAGES else LANGUAGES[0]))
    return True
