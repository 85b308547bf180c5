"""What exactly is an indicator: how is it computed, what does it cover, where does it come from, what became of it?"""

import streamlit as st

from dashboard import blocks, sheet_blocks
from dashboard.content import indicator_sheet
from dashboard.entry import current_view

view = current_view()

opening = st.container()
indicator = sheet_blocks.choose_indicator(view)
with opening:
    theme = indicator_sheet.theme_of(view, indicator)
    blocks.opening(view, theme, indicator_sheet.headline(view, indicator), indicator_sheet.tiles(view, indicator))
sheet_blocks.sheet(view, indicator)
