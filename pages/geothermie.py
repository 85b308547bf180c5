"""Who is heated by the heat of the ground, and what is not known of it?"""

from dashboard import blocks
from dashboard.content import common, geothermal
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, geothermal.THEME, geothermal.headline(view), geothermal.tiles(view))
prepared = geothermal.district_map(view)
blocks.map_and_panel(view, prepared, geothermal.panel(view, prepared), *common.texts_source(view, geothermal.THEME))
blocks.chart(view, geothermal.THEME, geothermal.networks_chart(view))
blocks.chart(view, geothermal.THEME, common.programme_timeline(view, geothermal.THEME))
blocks.tables(view, geothermal.tables(view, prepared), geothermal.readings(view))
