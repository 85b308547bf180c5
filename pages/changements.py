"""What changed since the data were published before, and why?"""

import streamlit as st

from dashboard import blocks, reading_blocks, release_blocks
from dashboard.content import changes
from dashboard.entry import current_view

view = current_view()

opening = st.container()
earlier = release_blocks.choose_earlier(view)
with opening:
    blocks.opening(view, changes.THEME, changes.headline(view, earlier))
for part in changes.listings(view, earlier):
    reading_blocks.listing(view, part)
