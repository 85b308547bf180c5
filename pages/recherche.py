"""Where in the observatory is what I am looking for?"""

import streamlit as st

from dashboard import blocks, search_blocks
from dashboard.content import found
from dashboard.entry import current_view

view = current_view()

opening = st.container()
asked = search_blocks.ask(view)
with opening:
    blocks.opening(view, found.THEME, found.headline(view, asked))
search_blocks.results(view, asked)
