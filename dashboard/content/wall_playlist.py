"""The slides of a playlist, in order: what the release has nothing to say about is left out."""

from collections.abc import Iterator, Mapping

from dashboard.content import home, wall_slides
from dashboard.content.wall import Origin, Slide
from dashboard.content.wall_news import news_slides
from dashboard.content.wall_slides import city_slides
from dashboard.messages import message
from dashboard.view import View
from data import wall_models as models
from data.release import Release


def _slides(view: View, wanted: models.Slides, old: Mapping[str, Release | None]) -> Iterator[Slide]:
    match wanted:
        case models.CitySlide():
            yield from wall_slides.city_slides(view)
        case models.ThemeSlide():
            yield from wall_slides.theme_slides(view, wanted)
        case models.DistrictSlides():
            yield from wall_slides.district_slides(view, wanted.indicator)
        case models.MilestoneSlides():
            yield from wall_slides.milestone_slides(view, wanted.show, wanted.at_most)
        case models.NewsSlides():
            yield from news_slides(view, old[wanted.since], wanted.at_most)
        case models.TargetSlides():
            yield from wall_slides.target_slides(view, wanted.at_most)


def playlist_slides(view: View, playlist: models.Playlist, old: Mapping[str, Release | None]) -> tuple[Slide, ...]:
    """Return the slides of a playlist; where it has none, how many people live in the commune.

    Parameters
    ----------
    view : a view of the whole city.
    old : the release that news are told against, by the `since` of the playlist.
    """
    found = tuple(slide for wanted in playlist.slides for slide in _slides(view, wanted, old))
    return found or (*city_slides(view),)[:1] or (_empty(view),)


def _empty(view: View) -> Slide:
    """Return what a screen says of a commune of which the release says nothing."""
    words = message("wall.empty", view.language, city=view.city_name)
    return Slide("empty", home.THEME, message("wall.city_heading", view.language), words, Origin("", ()))
