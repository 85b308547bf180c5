"""The page on targets, simplified."""

from dashboard.content import targets
from dashboard.content.simple.words import Paragraph, counted, paragraph
from dashboard.content.target_words import STATUSES
from dashboard.messages import message
from dashboard.view import View

# Reasons that the page's own sentence counts.
_REASONS = ("no_indicator", "only_announced")


def aims_text(view: View) -> tuple[Paragraph, ...]:
    """Return how many targets the texts give, how far each kind is, and why nothing is known of some."""
    language, found = view.language, targets.judged(view)
    is_aim = message("simple.aims_is", language)
    if not found:
        none = message("simple.aims_none", language, city=view.city_name)
        more = (message("simple.aims_perhaps", language), message("simple.aims_later", language))
        return (paragraph(view, "simple.aims", is_aim, none, *more),)
    count = counted(view, "simple.aims", len(found), city=view.city_name)
    own = ""
    if not view.is_city:
        own = counted(view, "simple.aims_own", sum(row.district == view.ref_area for row, _ in found))
    origin = message("simple.from_texts", language)
    return paragraph(view, "simple.aims", is_aim, count, own, origin), _results(view)


def _results(view: View) -> Paragraph:
    found = targets.judged(view)
    statuses = [progress.status for _, progress in found]
    if set(statuses) == {"cannot_conclude"}:
        said = [message("simple.aims_all_open", view.language)]
    else:
        said = [
            counted(view, f"simple.aims_status_{status}", statuses.count(status))
            for status in STATUSES
            if status in statuses
        ]
    late = message("simple.not_known_done", view.language) if "due_unconfirmed" in statuses else ""
    reasons = [reason for _, progress in found for reason in progress.reasons]
    why = [counted(view, f"simple.aims_why_{name}", reasons.count(name)) for name in _REASONS if name in reasons]
    return paragraph(view, "simple.results", *said, late, *why, message("simple.from_texts", view.language))
