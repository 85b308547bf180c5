"""How do people move around, and who lives near a station?"""

from dashboard import blocks
from dashboard.content import common, departures, mobility
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, mobility.THEME, mobility.headline(view), mobility.tiles(view))
indicator = blocks.choose_indicator(view, mobility.map_choices(view))
prepared = mobility.district_map(view, indicator)
blocks.map_and_panel(view, prepared, mobility.panel(view, prepared), *mobility.map_source(view, indicator))
blocks.chart(view, mobility.THEME, departures.week_chart(view))
blocks.tables(view, (departures.week_table(view),))
blocks.chart(view, mobility.THEME, common.programme_timeline(view, mobility.THEME))
blocks.tables(view, mobility.tables(view, prepared), mobility.readings(view, indicator))
