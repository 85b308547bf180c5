"""What does every source say, figure by figure, with its date, its document and its line?"""

from dashboard import blocks, reading_blocks
from dashboard.content import numbers
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, numbers.THEME, numbers.headline(view))
chosen = reading_blocks.choose_filter(view, numbers.theme_choices(view), numbers.year_choices(view))
reading_blocks.said(numbers.found_words(view, chosen))
reading_blocks.take_all(view, chosen)
for part in numbers.listings(view, chosen):
    reading_blocks.listing(view, part)
