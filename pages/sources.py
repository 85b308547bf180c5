"""Where do the figures come from, what was checked, and what is missing?"""

from dashboard import blocks, reading_blocks
from dashboard.content import quality
from dashboard.entry import current_view
from dashboard.messages import message

view = current_view()

blocks.opening(view, quality.THEME, quality.headline(view))
reading_blocks.notes(message("quality.notes", view.language), quality.notes(view))
for part in quality.listings(view):
    reading_blocks.listing(view, part)
