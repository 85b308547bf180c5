"""The parts of the benchmark: each measures one thing and returns the rows that say it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pandas as pd
from tqdm import tqdm

from dashboard.messages import LANGUAGES, message
from dashboard.navigation import PAGES
from data.release import current_id, open_release
from data.settings import default_commune
from tests.bench import browser, engine, startup
from tests.bench.report import Row, quantile, spread_ms
from tests.bench.server import naive, observatory
from tests.bench.sessions import Changes, Load, Place, alternate, open_loop, slide, visit_everything

TRIVIAL, HOUSING, PROGRAMMES = "trivial", "logement", "programmes"
CYCLES, NAIVE_CYCLES = 7, 5
SESSIONS, EVERY_S, DURING_S = 100, 5.0, 40.0
WARM_UPS, CHANGES = 3, 15
STARTS, BUILDS = 5, 3
RECOMPUTATIONS, RECOMPUTATIONS_OF_MANY = 100, 7


@dataclass(frozen=True)
class Goals:
    """What the observatory promises."""

    times_trivial: float = 2.0
    change_kb: float = 40.0
    loaded_p95_ms: float = 500.0
    resident_mb: float = 400.0
    painted_ms: float = 200.0
    start_s: float = 2.0
    build_s: float = 10.0
    recompute_ms: float = 20.0
    recompute_many_s: float = 1.0


GOALS = Goals()


def _progress(total: int, words: str) -> "tqdm[None]":
    return tqdm(total=total, desc=words, leave=False)


def _kilobytes(changes: Changes) -> tuple[list[float], list[float], list[float]]:
    return ([run.payload_bytes / 1000 for run in changes.first], [run.payload_bytes / 1000 for run in changes.later],
            [run.wire_bytes / 1000 for run in changes.first])  # fmt: skip


def _bytes_words(changes: Changes) -> str:
    first, later, wire = _kilobytes(changes)
    return (
        f"median {median(first):.1f}, max {max(first):.1f} kB ({max(wire):.1f} compressed), again {median(later):.1f}"
    )


def _bytes_row(name: str, mine: Changes, reference: str) -> Row:
    first, later, wire = _kilobytes(mine)
    numbers = {"first_median_kb": median(first), "first_max_kb": max(first), "first_wire_max_kb": max(wire),
               "again_median_kb": median(later), "again_max_kb": max(later),
               "opening_kb": mine.opening.payload_bytes / 1000}  # fmt: skip
    goal = f"<= {GOALS.change_kb:.0f} kB"
    return Row(f"bytes, {name}", _bytes_words(mine), reference, goal, max(first) <= GOALS.change_kb, numbers)


def _rerun_row(name: str, mine: Changes, other: Changes, other_name: str, goal: bool) -> Row:
    own, reference = [run.seconds for run in mine.later], [run.seconds for run in other.later]
    ratio = median(own) / median(reference)
    numbers = {"p50_ms": median(own) * 1000, "p95_ms": quantile(own, 0.95) * 1000, "ratio": ratio,
               "reference_p50_ms": median(reference) * 1000, "reference_p95_ms": quantile(reference, 0.95) * 1000,
               "first_median_ms": median(run.seconds for run in mine.first) * 1000,
               "first_max_ms": max(run.seconds for run in mine.first) * 1000}  # fmt: skip
    measured = f"{spread_ms(own)}; cold max {numbers['first_max_ms']:.0f}"
    beside = f"{other_name} {spread_ms(reference)} (x {ratio:.2f})"
    if not goal:
        return Row(f"rerun, {name}", measured, beside, numbers=numbers)
    words = f"p50 <= {GOALS.times_trivial:.0f} x trivial"
    return Row(f"rerun, {name}", measured, beside, words, ratio <= GOALS.times_trivial, numbers)


def reruns(releases: Path) -> list[Row]:
    """Change the district on every page, in turn with the trivial page; then naive and own housing page in turn."""
    times, sizes = [], []
    with observatory(releases) as own, naive(releases) as other:
        trivial = Place(own.port, TRIVIAL)
        with _progress(len(PAGES) * CYCLES + NAIVE_CYCLES, "reruns") as progress:
            for page in PAGES:
                progress.set_postfix_str(page.address or "home")
                pair = asyncio.run(alternate(Place(own.port, page.address), trivial, CYCLES, progress))
                times.append(_rerun_row(f"/{page.address}", *pair, "trivial", goal=True))
                sizes.append(_bytes_row(f"/{page.address}", pair[0], f"trivial {max(_kilobytes(pair[1])[0]):.1f} kB"))
            progress.set_postfix_str("naive")
            places = Place(other.port, ""), Place(own.port, HOUSING)
            worse, ours = asyncio.run(alternate(*places, NAIVE_CYCLES, progress))
        failed = own.failed_pages()
    times.append(_rerun_row("naive housing page", worse, ours, f"/{HOUSING}", goal=False))
    naive_bytes = Row("bytes, naive housing page", _bytes_words(worse), f"/{HOUSING} {_bytes_words(ours)}")
    return [*times, *sizes, naive_bytes, Row("pages that failed", str(failed), "", "none", failed == 0)]


def _under_load(releases: Path, pages: list[str], name: str) -> tuple[Load, float, float, int]:
    with observatory(releases) as server, _progress(SESSIONS * (1 + round(DURING_S / EVERY_S)), name) as progress:

        async def measure() -> tuple[Load, float, float]:
            await visit_everything(server.port, pages)
            before = server.resident_mb()
            load, readers = await open_loop(server.port, pages, SESSIONS, EVERY_S, DURING_S, progress)
            after = server.resident_mb()
            for reader in readers:
                await reader.close()
            return load, before, after

        return (*asyncio.run(measure()), server.failed_pages())


def _load_words(load: Load) -> str:
    return f"{spread_ms(load.seconds)}, max {max(load.seconds) * 1000:.0f} ms"


def load(releases: Path) -> list[Row]:
    """Let a hundred readers spread over the pages change district, open loop; then the same on the trivial page."""
    own, before, resident, failed = _under_load(releases, [page.address for page in PAGES], "all pages")
    other, other_before, other_resident, _ = _under_load(releases, [TRIVIAL], "trivial page")
    p95 = quantile(own.seconds, 0.95) * 1000
    errors = own.errors + [f"{failed} pages failed"] * bool(failed)
    numbers = {"p50_ms": median(own.seconds) * 1000, "p95_ms": p95, "max_ms": max(own.seconds) * 1000,
               "changes": len(own.seconds), "trivial_p95_ms": quantile(other.seconds, 0.95) * 1000}  # fmt: skip
    return [
        Row(f"{len(own.seconds)} changes", _load_words(own), f"trivial {_load_words(other)}",
            f"p95 < {GOALS.loaded_p95_ms:.0f} ms", p95 < GOALS.loaded_p95_ms, numbers),
        Row("errors", " ".join([str(len(errors)), *errors[:3]]), f"trivial {len(other.errors)}", "none", not errors),
        Row("server's resident memory", f"{resident:.0f} MB ({before:.0f} before the sessions)",
            f"trivial {other_resident:.0f} MB ({other_before:.0f})", f"<= {GOALS.resident_mb:.0f} MB",
            resident <= GOALS.resident_mb, {"resident_mb": resident, "trivial_resident_mb": other_resident}),
    ]  # fmt: skip


def _districts(releases: Path) -> list[browser.District]:
    """Return the districts for which the texts name housing programmes: those whose page has a programme chart."""
    folder = releases / current_id(releases)
    areas = pd.read_parquet(folder / "territories.parquet").query("level == 'district'").set_index("ref_area")
    programmes = pd.read_parquet(folder / "programmes.parquet").query("theme == 'housing' and district != ''")
    mine = areas.loc[sorted(set(programmes.loc[programmes["commune"] == default_commune(), "district"]))]
    return [browser.District(name, short) for name, short in zip(mine["name"], mine["short_name"], strict=True)]


def _painted_words(found: list[browser.Painted]) -> str:
    times = [change.whole_ms for change in found]
    regions = {region: median(change.regions[region] for change in found) for region in browser.REGIONS}
    detail = ", ".join(f"{region} {time:.0f}" for region, time in sorted(regions.items(), key=lambda pair: pair[1]))
    return f"median {median(times):.0f} ms, max {max(times):.0f} ms ({detail})"


def painting(releases: Path) -> list[Row]:
    """Choose districts on the housing page in Chromium, in turn with the naive variant; then without GL composition."""
    with observatory(releases) as own, naive(releases) as other:
        ports = {own.port: HOUSING, other.port: ""}
        window, page = browser.WINDOW_PX, browser.WHOLE_PAGE_PX
        return [
            *_painted(releases, ports, f"click to all painted, window of {window} px", window),
            *_painted(releases, ports, f"click to all painted, window of {page} px", page),
            *_painted(releases, ports, "the same, plain composition", page, browser.PLAIN_COMPOSITION),
        ]


def _painted(releases: Path, places: dict[int, str], name: str, height_px: int, *flags: str) -> list[Row]:
    with browser.chromium(*flags) as chromium, _progress(WARM_UPS + CHANGES, name) as progress:
        pages = [browser.HousingPage(chromium, port, path, height_px) for port, path in places.items()]
        ours, naives = browser.alternate(pages, _districts(releases), WARM_UPS, CHANGES, progress)
    outside = sorted(set().union(*(page.outside for page in pages)))
    faults = [change.fault for change in [*ours, *naives] if change.fault]
    times = [change.whole_ms for change in ours]
    numbers = {"median_ms": median(times), "max_ms": max(times),
               "naive_median_ms": median(change.whole_ms for change in naives)}  # fmt: skip
    return [
        Row(name, _painted_words(ours), f"naive {_painted_words(naives)}",
            f"median <= {GOALS.painted_ms:.0f} ms", median(times) <= GOALS.painted_ms, numbers),
        Row("  changes not painted", " ".join([str(len(faults)), *faults[:2]]), "", "none", not faults),
        Row("  hosts asked beyond this machine", ", ".join(outside) or "0", "", "none", not outside),
    ]  # fmt: skip


def _timed_words(seconds: list[float]) -> str:
    return f"median {median(seconds):.2f} s ({min(seconds):.2f}–{max(seconds):.2f})"


def _timed_row(name: str, timed: startup.Timed, reference: str, goal_s: float) -> Row:
    numbers = {"median_s": median(timed.measured), "reference_median_s": median(timed.reference)}
    return Row(name, _timed_words(timed.measured), f"{reference} {_timed_words(timed.reference)}", f"<= {goal_s:.0f} s",
               median(timed.measured) <= goal_s, numbers)  # fmt: skip


def starts(releases: Path) -> list[Row]:
    """Start the server, in turn with the imports it is made of."""
    with _progress(STARTS, "starts") as progress:
        timed = startup.time_starts(releases, STARTS, progress)
    first = Row(
        "first page after a start", _timed_words(timed.first_page), numbers={"median_s": median(timed.first_page)}
    )
    return [_timed_row("process spawned to healthy", timed, startup.SERVER_IMPORTS, GOALS.start_s), first]


def builds(releases: Path) -> list[Row]:
    """Build releases, in turn with the imports the build is made of."""
    with _progress(BUILDS, "builds") as progress:
        timed = startup.time_builds(releases.parent, BUILDS, progress)
    return [_timed_row("python -m etl build", timed, startup.BUILD_IMPORTS, GOALS.build_s)]


def _recomputed(name: str, timed: engine.Timed, goal_ms: float) -> Row:
    own, other = median(timed.measured) * 1000, median(timed.reference) * 1000
    numbers = {"p50_ms": own, "p95_ms": quantile(timed.measured, 0.95) * 1000, "reference_p50_ms": other}
    measured = f"median {own:.1f}, p95 {numbers['p95_ms']:.1f} ms"
    return Row(name, measured, f"plain loops {other:.0f} ms", f"<= {goal_ms:.0f} ms", own <= goal_ms, numbers)


def _slider_moves() -> list[tuple[str, float]]:
    """Return moves that each ask for what nobody has asked before: every delay, then every year under each."""
    delay, year = (message(f"hypothesis.{name}", LANGUAGES[0]) for name in ("delay", "year"))
    return [move for years_late in range(1, 9) for move in ((delay, years_late), (year, 2030 + years_late))]


def hypotheses(releases: Path) -> list[Row]:
    """Recompute under changing delays, for the release and for many operations; then move sliders on the page."""
    release = open_release(releases, current_id(releases))
    small = engine.time_recomputations(engine.foundation_of(release), engine.YEARS, RECOMPUTATIONS)
    large = engine.time_recomputations(engine.made_up(release), engine.MANY_YEARS, RECOMPUTATIONS_OF_MANY)
    many = f"{engine.PROGRAMMES} operations, {len(engine.MANY_YEARS)} years, {engine.AREAS} areas"
    moves = _slider_moves()
    with observatory(releases) as own, _progress(len(moves), "sliders") as progress:
        places = Place(own.port, PROGRAMMES), Place(own.port, TRIVIAL)
        moved, other = asyncio.run(slide(*places, moves, progress))
        failed = own.failed_pages()
    seconds, reference = [run.seconds for run in moved[2:]], [run.seconds for run in other[2:]]
    largest = max(run.payload_bytes for run in moved) / 1000
    return [
        _recomputed("recomputation, Ivry", small, GOALS.recompute_ms),
        _recomputed(f"recomputation, {many}", large, GOALS.recompute_many_s * 1000),
        Row("slider moved on /programmes, nothing kept", spread_ms(seconds), f"trivial {spread_ms(reference)}",
            numbers={"p50_ms": median(seconds) * 1000, "reference_p50_ms": median(reference) * 1000}),
        Row("bytes, slider moved", f"max {largest:.1f} kB", "", f"<= {GOALS.change_kb:.0f} kB",
            largest <= GOALS.change_kb, {"max_kb": largest}),
        Row("pages that failed", str(failed), "", "none", failed == 0),
    ]  # fmt: skip
