"""What is promised, what happens if it slips, and what does that do to each district?"""

import streamlit as st

from dashboard import blocks, hypothesis_blocks, reading_blocks
from dashboard.content import programmes, slippage
from dashboard.content.entries import whole_city
from dashboard.entry import current_view

view = current_view()

opening = st.container()
hypotheses = hypothesis_blocks.choose_hypotheses(view)
hypothesis_blocks.keep_hypotheses(view, hypotheses)
quantity, year = hypothesis_blocks.choose_sight(view)
with opening:
    blocks.opening(view, programmes.THEME, programmes.headline(view, hypotheses, year), programmes.tiles(view))
blocks.chart(view, programmes.THEME, programmes.lanes_chart(view, hypotheses, quantity, year), is_published=False)
reading_blocks.said(programmes.why_nothing(view, quantity))
blocks.tables(view, programmes.tables(view, hypotheses, year))
blocks.tables(whole_city(view), programmes.tables_of_city(whole_city(view), hypotheses, year))
blocks.tables(view, programmes.without_number(view))
blocks.chart(view, programmes.THEME, programmes.population_chart(view, hypotheses), is_published=False)
blocks.chart(view, programmes.THEME, programmes.timeline_chart(view, hypotheses), is_published=False)
blocks.tables(view, (programmes.timeline_table(view),))
reading_blocks.listing(view, slippage.listing(view))
