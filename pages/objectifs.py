"""What does the city aim at, by when, and is it on its way?"""

from dashboard import blocks, reading_blocks
from dashboard.content import target_chart, targets
from dashboard.entry import current_view
from dashboard.messages import message

view = current_view()

blocks.opening(view, targets.THEME, targets.headline(view))
reading_blocks.target_board(view, targets.cards(view))
for theme, chart, table in target_chart.charts(view):
    blocks.chart(view, theme, chart)
    blocks.tables(view, (table,))
if notes := targets.not_targets(view):
    reading_blocks.notes(message("targets.not_targets", view.language), notes)
reading_blocks.listing(view, targets.listing(view))
