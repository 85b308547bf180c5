"""What is being built in the city, and for whom?"""

from dashboard import blocks
from dashboard.content import housing
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, housing.THEME, housing.headline(view), housing.tiles(view))
indicator = blocks.choose_indicator(view, housing.MAP_INDICATORS)
prepared = housing.district_map(view, indicator)
blocks.map_and_panel(view, prepared, housing.panel(view, prepared), *housing.map_source(view))
blocks.chart(view, housing.THEME, housing.series_chart(view))
blocks.chart(view, housing.THEME, housing.programme_chart(view))
blocks.tables(view, housing.tables(view, prepared), housing.readings(view, indicator))
