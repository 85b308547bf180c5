"""What is promised, what happens if it slips, and what does that do to each district?"""

import streamlit as st

from dashboard import blocks, hypothesis_blocks, reading_blocks
from dashboard.content import programmes, slippage
from dashboard.content.entries import whole_city
from dashboard.entry import current_view
from dashboard.takeaway.picture_links import supposing

view = current_view()

opening = st.container()
hypotheses = hypothesis_blocks.choose_hypotheses(view)
hypothesis_blocks.keep_hypotheses(view, hypotheses)
quantity, year = hypothesis_blocks.choose_sight(view)
with opening:
    blocks.opening(view, programmes.THEME, programmes.headline(view, hypotheses, year), programmes.tiles(view))
lanes, seen = programmes.lanes_chart(view, hypotheses, quantity, year), supposing(hypotheses, quantity, year)
blocks.chart(view, programmes.THEME, lanes, is_published=False, chosen=seen)
reading_blocks.said(programmes.why_nothing(view, quantity))
blocks.tables(view, programmes.tables(view, hypotheses, year))
blocks.tables(whole_city(view), programmes.tables_of_city(whole_city(view), hypotheses, year))
blocks.tables(view, programmes.without_number(view))
supposed = supposing(hypotheses)
population, timeline = programmes.population_chart(view, hypotheses), programmes.timeline_chart(view, hypotheses)
blocks.chart(view, programmes.THEME, population, is_published=False, chosen=supposed)
blocks.chart(view, programmes.THEME, timeline, is_published=False, chosen=supposed)
blocks.tables(view, (programmes.timeline_table(view),))
reading_blocks.listing(view, slippage.listing(view))
