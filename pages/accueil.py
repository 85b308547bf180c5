"""How is the city changing?"""

from dashboard import blocks
from dashboard.content import home, housing
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, home.THEME, home.headline(view), home.tiles(view))
indicator = blocks.choose_indicator(view, home.MAP_INDICATORS)
prepared = home.district_map(view, indicator)
blocks.map_and_panel(view, prepared, home.panel(view, prepared), *housing.map_source(view))
blocks.agenda(view, home.agenda(view))
blocks.chart(view, home.THEME, home.population_chart(view))
blocks.tables(view, home.tables(view, prepared), home.readings(view, indicator))
