"""Where is the new green space, and how much of it is known?"""

from dashboard import blocks
from dashboard.content import common, green
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, green.THEME, green.headline(view), green.tiles(view))
shown = blocks.choose_indicator(view, green.map_choices(view))
prepared = green.district_map(view, shown)
blocks.map_and_panel(view, prepared, green.panel(view, prepared), *green.map_source(view, shown))
blocks.chart(view, green.THEME, green.areas_chart(view))
blocks.chart(view, green.THEME, common.programme_timeline(view, green.THEME))
blocks.tables(view, green.tables(view, prepared), green.readings(view))
