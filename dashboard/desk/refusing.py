"""Why two measures must not stand side by side, in words, and where the honest alternative is."""

from dashboard.definitions import definitions
from dashboard.desk.measures import label_of
from dashboard.messages import message
from dashboard.view import View
from data.rules.side_by_side import PLANNED_KINDS, Refusal


def refusal_words(view: View, refusal: Refusal) -> tuple[str, str, str]:
    """Return why two measures do not stand side by side, the honest alternative, and the page it is on."""
    language = view.language
    pair = message("desk.refused", language, first=label_of(view, refusal.first), second=label_of(view, refusal.second))
    if refusal.rule == PLANNED_KINDS:
        return (
            f"{pair} {message('desk.refused_natures', language)}",
            message("desk.instead_natures", language),
            "objectifs",
        )
    entry = definitions().incomparable[refusal.rule]
    return f"{pair} {getattr(entry.reason, language)}", str(getattr(entry.instead, language)), entry.page
