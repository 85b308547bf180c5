"""What does an official carry into the room, with the source of every number?"""

from dashboard import blocks, dossier_blocks
from dashboard.entry import current_view

view = current_view()

blocks.opening(view, "territory", dossier_blocks.headline(view))
dossier_blocks.choose_start(view)
dossier_blocks.choose_words(view)
draft = dossier_blocks.choose_sections(view)
dossier_blocks.preview(view, draft)
dossier_blocks.take_away(view, draft)
dossier_blocks.handouts(view)
