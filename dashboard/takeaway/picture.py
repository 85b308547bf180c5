"""A chart or map as a picture that stands alone: sentence, figure, legend, source, who published it and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

from dashboard import fragments
from dashboard.charts.narrow import with_own_years, without_empty_axis
from dashboard.content.alternatives import of_map, spoken
from dashboard.content.pieces import Chart
from dashboard.desk.multiples import Multiples
from dashboard.dossier.drawn import in_pixels, set_letters
from dashboard.maps.prepare import MOST_LABELLED, DistrictMap
from dashboard.messages import message
from dashboard.publication.pictures import WIDE_PX, chart_svg, map_svg
from dashboard.publication.place import site_name
from dashboard.takeaway.paper import REMARK, ROOM_PX, SOURCE, SUBTITLE, TITLE, WIDTH_PX, Drawing, Entry, Paper
from dashboard.view import View
from data.rules.date_words import one_date

MAP_PX = (736, 540)
# How much larger panels that stand side by side are shown than they are drawn.
PANEL_SCALE, PANEL_GAP_PX, MOST_COLUMNS = 1.32, 36, 3
# In more columns the names of areas would not fit into them; the height of a small map as part of its width.
NAMED_COLUMNS = 2
SMALL_MAP_HIGH = 0.86
SCALE = 2.0


@dataclass(frozen=True)
class Taken:
    """A picture to take away: the whole of it as SVG with its size in pixels, and the words it bears."""

    title: str
    subtitle: str
    svg: str
    width_px: int
    height_px: int
    legend: tuple[Entry, ...]
    source: str
    kinds: tuple[str, ...]
    alternative: str


@dataclass(frozen=True)
class _Said:
    """The words around a figure; `remarks` stand beneath its source."""

    title: str
    subtitle: str
    alternative: str
    source: str
    kinds: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    legend: tuple[Entry, ...] = ()


def _release_words(view: View) -> str:
    """Return when the data were published, and the short name of their release."""
    release, language = view.release, view.language
    identifier = release.release_id[:8]
    if not release.published:
        return message("picture.unpublished", language, identifier=identifier)
    return message("picture.published", language, date=one_date(release.published, language), identifier=identifier)


def _headed(view: View, said: _Said) -> Paper:
    """Return a sheet with the sentence of a figure and what it measures."""
    paper = Paper(view.mode)
    paper.write(said.title, TITLE)
    paper.leave(6)
    paper.write(said.subtitle, SUBTITLE)
    paper.leave(22)
    return paper


def _finished(view: View, paper: Paper, said: _Said) -> Taken:
    """Return a sheet that has its figure, and its legend if any, as a picture: source, name and date beneath."""
    paper.mark(said.kinds)
    paper.write(said.source, SOURCE)
    for words in said.remarks:
        paper.write(words, REMARK)
    paper.leave(16)
    paper.rule()
    paper.leave(16)
    paper.sign(site_name(view), _release_words(view))
    svg, height_px = paper.svg(said.title, said.alternative, view.language)
    return Taken(said.title, said.subtitle, svg, WIDTH_PX, height_px, said.legend, said.source, said.kinds,
                 said.alternative)  # fmt: skip


def drawn_chart(view: View, chart: Chart, remarks: tuple[str, ...] = ()) -> Taken:
    """Return a chart as a picture.

    Parameters
    ----------
    remarks : what must be known of it, such as what a reader supposes.
    """
    alternative = spoken(chart.title, chart.alternative, view.language)
    said = _Said(chart.title, chart.subtitle, alternative, chart.source, chart.kinds, remarks)
    paper = _headed(view, said)
    fitted = with_own_years(without_empty_axis(chart.specification), WIDE_PX, names_in_full=True)
    paper.draw(Drawing.of(chart_svg(fitted, WIDE_PX)))
    paper.leave(16)
    return _finished(view, paper, said)


def drawn_multiples(view: View, multiples: Multiples) -> Taken:
    """Return panels side by side as one picture, each beneath its title."""
    panels = multiples.panels
    alternative = spoken(multiples.title, " ".join(f"{one.title}. {one.alternative}." for one in panels), view.language)
    said = _Said(multiples.title, multiples.subtitle, alternative, multiples.source, multiples.kinds)
    columns, drawn_px = _columns(len(panels), MOST_COLUMNS)
    paper = _headed(view, said)
    drawings = [(one.title, Drawing.of(chart_svg(one.specification, drawn_px))) for one in panels]
    paper.draw_grid(drawings, columns, PANEL_GAP_PX)
    paper.leave(24)
    return _finished(view, paper, said)


def _columns(count: int, most: int) -> tuple[int, int]:
    """Return in how many columns panels stand, and how wide each is drawn."""
    columns = 2 if count in {2, 4} else min(count, most)
    return columns, round((ROOM_PX - PANEL_GAP_PX * (columns - 1)) / columns / PANEL_SCALE)


def legend_of(view: View, prepared: DistrictMap) -> tuple[Entry, ...]:
    """Return what the colours, patterns and signs of a map mean."""
    entries = [Entry(**one) for one in fragments.legend(view, prepared)]
    if not prepared.indicator:
        entries += [Entry("", words, "") for words in message("map.status_legend", view.language).split("  ")]
    return tuple(entries)


def _of_maps(view: View, prepared: DistrictMap, source: str) -> str:
    """Return the source line of a map, which says what its outlines are worth."""
    return f"{source} {message(f'boundary.{prepared.boundary}', view.language)}"


def drawn_map(view: View, prepared: DistrictMap, source: str, kinds: tuple[str, ...]) -> Taken:
    """Return a map that has areas as a picture with its legend."""
    alternative = spoken(prepared.title, of_map(prepared, view.language), view.language)
    said = _Said(prepared.title, prepared.subtitle, alternative, _of_maps(view, prepared, source), kinds,
                 legend=legend_of(view, prepared))  # fmt: skip
    paper = _headed(view, said)
    drawing = Drawing.of(map_svg(prepared, MAP_PX))
    paper.draw(drawing)
    paper.leave(16)
    paper.explain(said.legend, prepared.theme, ROOM_PX / drawing.width_px)
    paper.leave(8)
    return _finished(view, paper, said)


def drawn_maps(view: View, title: str, maps: Sequence[DistrictMap], source: str, kinds: tuple[str, ...]) -> Taken:
    """Return maps that share their classes side by side as one picture, each beneath its title, with one legend."""
    together = fragments.with_all_states(tuple(maps))
    words = " ".join(f"{one.title}. {of_map(one, view.language)}" for one in maps)
    said = _Said(title, "", spoken(title, words, view.language), _of_maps(view, together, source), kinds,
                 legend=legend_of(view, together))  # fmt: skip
    has_names = len(maps[0].frame) <= MOST_LABELLED
    columns, drawn_px = _columns(len(maps), NAMED_COLUMNS if has_names else MOST_COLUMNS)
    paper = _headed(view, said)
    size_px = (drawn_px, round(drawn_px * SMALL_MAP_HIGH))
    paper.draw_grid([(one.title, Drawing.of(map_svg(one, size_px))) for one in maps], columns, PANEL_GAP_PX)
    paper.leave(24)
    paper.explain(said.legend, together.theme, PANEL_SCALE)
    paper.leave(8)
    return _finished(view, paper, said)


@lru_cache(maxsize=32)
def png(svg: str, scale: float = SCALE) -> bytes:
    """Return a picture in pixels, so many for each of its own; with letters that come with us, the same everywhere."""
    root = ElementTree.fromstring(svg)
    set_letters(root)
    return in_pixels(ElementTree.tostring(root, encoding="unicode"), scale)
