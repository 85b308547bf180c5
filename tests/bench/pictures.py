"""Pictures to take away: a map with all that stands around it, beside the bare map by the same renderer."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import vl_convert

from dashboard.content import housing
from dashboard.maps.twin import twin
from dashboard.messages import LANGUAGES
from dashboard.publication import pictures as drawn
from dashboard.takeaway import figures, picture
from dashboard.typeface import measure_with_it
from dashboard.view import WHOLE_CITY, the_view
from data.release import current_id, open_release
from data.settings import default_commune
from tests.bench.report import Row

ROUNDS, TIMES = 9, 2.0
PAGE, INDICATOR = "logement", "vacancy_rate_percent"


def _forget() -> None:
    """Let nothing drawn before help: neither the map nor its picture; what the page shows is kept, as it is there."""
    for kept in (figures._kept, drawn._svg, drawn._twin, picture.png):
        kept.cache_clear()


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def _medians(work: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float, float]:
    """Return the medians, in thousandths of a second, of a picture drawn anew, drawn before, and of the bare map."""
    rounds = []
    for _ in range(ROUNDS):
        _forget()
        rounds.append((_ms(work), _ms(work), _ms(bare)))
    anew, before, plain = map(median, zip(*rounds, strict=True))
    return anew, before, plain


def taken(releases: Path) -> list[Row]:
    """Measure the map of vacant dwellings as SVG and PNG, drawn anew and drawn before."""
    release = open_release(releases, current_id(releases))
    view = the_view(release, default_commune(), WHOLE_CITY, LANGUAGES[0], "light", date.today())
    prepared = housing.district_map(view, INDICATOR)
    measure_with_it()

    def bare() -> dict[str, object]:
        return dict(twin(prepared, *picture.MAP_PX).to_dict(validate=False))

    def svg() -> str:
        return figures.figure_at(view, PAGE, prepared.name, {}).svg

    scale, rows = picture.SCALE * picture.WIDTH_PX / picture.MAP_PX[0], []
    for kind, work, plainly, size in (
        ("SVG", svg, lambda: vl_convert.vegalite_to_svg(bare()), len(svg())),
        ("PNG", lambda: picture.png(svg()), lambda: vl_convert.vegalite_to_png(bare(), scale=scale),
         len(picture.png(svg()))),
    ):  # fmt: skip
        anew, before, plain = _medians(work, plainly)
        numbers = {"anew_ms": anew, "before_ms": before, "bare_ms": plain, "bytes": float(size)}
        rows.append(
            Row(f"a map as {kind} with title, legend and source, drawn anew", f"{anew:.0f} ms (× {anew / plain:.1f})",
                f"the bare map {plain:.0f} ms", f"≤ {TIMES:.0f} × the bare map", anew <= TIMES * plain, numbers)
        )  # fmt: skip
        rows.append(Row("  the same, drawn before", f"{before:.2f} ms, {size / 1000:.0f} kB"))
    return rows
