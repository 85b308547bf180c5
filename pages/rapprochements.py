"""Where two sources, a total and its parts, or two readings meet: do they agree, and if not, why?"""

from dashboard import blocks, reading_blocks
from dashboard.content import cases, reconciliation
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, reconciliation.THEME, reconciliation.headline(view))
reading_blocks.cases(view, reconciliation.THEME, cases.cases(view))
for part in reconciliation.listings(view):
    reading_blocks.listing(view, part)
