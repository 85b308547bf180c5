"""What was promised for the climate, what became of it, and what is still to be measured?"""

from dashboard import blocks, conference_blocks, reading_blocks
from dashboard.content import commitment_chain, commitments
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, commitments.THEME, commitments.headline(view), commitments.tiles(view))
order = conference_blocks.choose_order(view)
conference_blocks.board(view, order)
blocks.chart(view, commitment_chain.THEME, commitment_chain.timeline(view))
blocks.tables(view, (commitment_chain.timeline_table(view),))
if commitments.judged(view):
    reading_blocks.listing(view, commitment_chain.listing(view))
conference_blocks.situations(view)
