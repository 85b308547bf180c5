"""How do a few places compare with each other, and with all their peers?"""

from dashboard import blocks, desk_blocks
from dashboard.desk import compare
from dashboard.entry import current_view

view = current_view()

opening = desk_blocks.opening_place()
comparison = desk_blocks.choose_comparison(view)
with opening:
    blocks.opening(view, compare.THEME, compare.headline(view, comparison))
desk_blocks.compared(view, comparison)
desk_blocks.nearest(view)
