"""The Streamlit-facing blocks of the climate conference: in which order commitments stand, what a planner supposes."""

import streamlit as st

from dashboard import blocks, following, reading_blocks
from dashboard.content import commitments, room
from dashboard.html import render
from dashboard.hypothesis_blocks import saved_hypotheses
from dashboard.messages import message
from dashboard.takeaway.picture_links import supposing
from dashboard.view import View

ORDER = "par"


def choose_order(view: View) -> str:
    """Let the reader choose what the commitments are grouped by; one the address names and does not exist is said."""
    asked, language = st.query_params.get(ORDER), view.language
    if asked is not None and asked not in commitments.ORDERS:
        blocks.banner(message("commitments.unknown_order", language, name=asked))
    if ORDER not in st.session_state:
        st.session_state[ORDER] = asked if asked in commitments.ORDERS else commitments.BY_THEME
    chosen = st.segmented_control(
        message("commitments.order", language),
        commitments.ORDERS,
        format_func=lambda name: message(f"commitments.order_{name}", language),
        key=ORDER,
        required=True,
    )
    wanted = None if chosen == commitments.BY_THEME else chosen
    if st.query_params.get(ORDER) != wanted:
        if wanted is None:
            del st.query_params[ORDER]
        else:
            st.query_params[ORDER] = wanted
    following.note(ORDER, str(chosen))
    return str(chosen)


def board(view: View, order: str) -> None:
    """Show the commitments, group by group."""
    for group in commitments.board(view, order):
        reading_blocks.target_board(view, group.cards, group.title)


def situations(view: View) -> None:
    """Show the three situations on what the planner has saved, each with what it supposes, then neutrality."""
    language = view.language
    st.html(
        render("figure_head.html", title=message("room.heading", language), subtitle=message("room.lead", language))
    )
    base = saved_hypotheses(view)
    for chart, table in room.charts(view, base):
        blocks.chart(view, room.THEME, chart, is_published=False, chosen=supposing(base))
        blocks.tables(view, (table,))
    for title, lines in room.assumptions(view, base):
        if lines:
            reading_blocks.notes(title, lines)
    words, tables = room.neutrality(view)
    reading_blocks.notes(message("room.neutrality_title", language), (words,))
    blocks.tables(view, tables)
