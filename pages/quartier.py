"""What exists in my district, what is announced there, and what do the texts leave open?"""

from dashboard import blocks, reading_blocks
from dashboard.content import finder, quarter
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, quarter.THEME, quarter.headline(view), quarter.tiles(view))
reading_blocks.choose_place(view, finder.places(view))
if view.is_city:
    reading_blocks.district_list(view, finder.districts(view))
else:
    reading_blocks.quarter(view, quarter.sections(view), quarter.kinds(view), quarter.downloads(view))
blocks.tables(view, quarter.tables(view))
