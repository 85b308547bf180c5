"""Where is the new green space, and how much of it is known?"""

from dashboard import blocks
from dashboard.content import common, green
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, green.THEME, green.headline(view), green.tiles(view))
prepared = green.district_map(view)
blocks.map_and_panel(view, prepared, green.panel(view, prepared), *common.texts_source(view, green.THEME))
blocks.chart(view, green.THEME, green.areas_chart(view))
blocks.chart(view, green.THEME, common.programme_timeline(view, green.THEME))
blocks.tables(view, green.tables(view, prepared), green.readings(view))
