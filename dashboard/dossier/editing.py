"""Changing a draft: sections added, moved, taken out, noted; each change gives a new draft."""

from dashboard.dossier.draft import MOST_SECTIONS, Draft, DraftError, SectionChoice


def _with(draft: Draft, sections: tuple[SectionChoice, ...]) -> Draft:
    return draft.model_copy(update={"sections": sections})


def added(draft: Draft, *choices: SectionChoice) -> Draft:
    """Return a draft with sections at its end.

    Raises
    ------
    DraftError
        It would have more than a draft may.
    """
    sections = (*draft.sections, *choices)
    if len(sections) > MOST_SECTIONS:
        raise DraftError(f"{len(sections)} sections, a draft has at most {MOST_SECTIONS}")
    return _with(draft, sections)


def moved(draft: Draft, place: int, by: int) -> Draft:
    """Return a draft with one section further up or down; at either end it stays."""
    sections = list(draft.sections)
    target = min(max(place + by, 0), len(sections) - 1)
    sections.insert(target, sections.pop(place))
    return _with(draft, tuple(sections))


def without(draft: Draft, place: int) -> Draft:
    """Return a draft without one section."""
    return _with(draft, (*draft.sections[:place], *draft.sections[place + 1 :]))


def noted(draft: Draft, place: int, words: str) -> Draft:
    """Return a draft with a note beside one section."""
    section = draft.sections[place].model_copy(update={"note": words})
    return _with(draft, (*draft.sections[:place], section, *draft.sections[place + 1 :]))
