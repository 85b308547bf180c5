"""What a wall screen shows: playlists of slides, as `wall.toml` declares them."""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from data.fields import Slug, Strict
from data.rules.dates import period_start

# Themes that have a chart of a series, and the one that has heat networks.
WITH_SERIES = ("housing", "territory")
WITH_NETWORKS = ("geothermal",)
PREVIOUS = "previous"


class CitySlide(Strict):
    """How many people live in the commune."""

    kind: Literal["city"]


class ThemeSlide(Strict):
    """One figure of a theme: a district map or a number of an indicator, a series, the heat networks."""

    kind: Literal["theme"]
    theme: str
    figure: Literal["map", "number", "series", "networks"]
    indicator: str = ""

    @model_validator(mode="after")
    def _check_figure(self) -> "ThemeSlide":
        if (self.figure in {"map", "number"}) != bool(self.indicator):
            raise ValueError("a map or a number needs an indicator, a series or networks have none")
        if self.figure == "series" and self.theme not in WITH_SERIES:
            raise ValueError(f"only these themes have a series: {', '.join(WITH_SERIES)}")
        if self.figure == "networks" and self.theme not in WITH_NETWORKS:
            raise ValueError(f"only these themes have networks: {', '.join(WITH_NETWORKS)}")
        return self


class DistrictSlides(Strict):
    """One slide for each district, with a figure of an indicator."""

    kind: Literal["districts"]
    indicator: str = "population"


class MilestoneSlides(Strict):
    """Dated events, one a slide: what comes next, what is due and not confirmed, what happened lately."""

    kind: Literal["milestones"]
    show: Annotated[tuple[Literal["next", "due", "lately"], ...], Field(min_length=1)]
    at_most: Annotated[int, Field(ge=1, le=12)] = 4


class NewsSlides(Strict):
    """What changed since the release before, or since the one that was current on a day."""

    kind: Literal["news"]
    since: str = PREVIOUS
    at_most: Annotated[int, Field(ge=1, le=12)] = 3

    @field_validator("since")
    @classmethod
    def _check_since(cls, value: str) -> str:
        if value != PREVIOUS:
            try:
                period_start(value)
            except ValueError as error:
                raise ValueError(f'neither "{PREVIOUS}" nor a day such as 2026-09-01') from error
            if len(value) != len("2026-09-01"):
                raise ValueError(f'neither "{PREVIOUS}" nor a day such as 2026-09-01')
        return value


class TargetSlides(Strict):
    """What is aimed at, one target a slide."""

    kind: Literal["targets"]
    at_most: Annotated[int, Field(ge=1, le=12)] = 3


Slides = Annotated[
    CitySlide | ThemeSlide | DistrictSlides | MilestoneSlides | NewsSlides | TargetSlides, Field(discriminator="kind")
]


class Playlist(Strict):
    """The slides of one screen, in order, and how it behaves.

    `silence_minutes`: how long without an answer of the server before the screen says so.
    """

    slides: Annotated[tuple[Slides, ...], Field(min_length=1)]
    mode: Literal["light", "dark"] = "light"
    seconds: Annotated[int, Field(ge=12, le=20)] = 15
    fade_seconds: Annotated[float, Field(ge=0, le=3)] = 1.2
    stale_after_days: Annotated[int, Field(ge=1)] = 120
    silence_minutes: Annotated[int, Field(ge=1)] = 15
    poll_seconds: Annotated[int, Field(ge=10, le=3600)] = 60


class Wall(Strict):
    """The playlists by name; the first is shown where none is asked for."""

    playlists: Annotated[dict[Slug, Playlist], Field(min_length=1)]
