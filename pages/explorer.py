"""What is any indicator worth, anywhere it is known, at any date?"""

from dashboard import blocks, desk_blocks
from dashboard.desk import explore
from dashboard.desk.sight import theme_of
from dashboard.entry import current_view

view = current_view()

opening = desk_blocks.opening_place()
query, form = desk_blocks.choose_query(view)
with opening:
    blocks.opening(view, theme_of(view, query.measure), explore.headline(view, query))
desk_blocks.explored(view, query, form)
