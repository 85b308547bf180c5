"""What a reader sees: from pressing on another district's option to heading, panel, chart and map painted.

Observed, by `paint.js` inside the page:

- heading and panel: their text, compared after every mutation of the document;
- chart: every mutation inside the programme chart (the page's last Vega chart, drawn as SVG), and inside the other;
- map: every draw call to the screen on the deck's WebGL canvas (draws into off-screen buffers are left out).

A change is painted when the frame that shows it has been handed to the compositor: that is told by the animation frame
callback of the frame after it. The time of a region is that of its *last* change before the page rests (script not
running, no change and no draw for `QUIET_MS`), so it errs on the late side, by up to a frame. A change counts when the
heading names the new district and all four regions changed; the slowest region is its time. Outside the timed part, the
map's pixels and the chart's SVG are compared with those before: a redraw of the same is a fault.

Not observed: rasterising and composition after the frame was handed over, the screen itself, fading that Streamlit does
with CSS alone, and the reader's pointer (time starts at `pointerdown`, a moment before `click`). Districts for which
the texts name no housing programme have no programme chart and are not chosen.

The browser has no graphics processor: the map is drawn by SwiftShader, on the processors that server and bench share.
With `FLAGS` alone SwiftShader also puts the whole window together, which takes about 100 ms a frame on two cores for a
window of `WHOLE_PAGE_PX`, whatever the page. `PLAIN_COMPOSITION` leaves that to Chromium's own software, as it does by
itself where there is no graphics processor; the map's canvas is still SwiftShader's. Measured are a desktop window
(map in view, charts drawn below it) and the whole page at once, the latter in both ways.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlparse

from playwright.sync_api import Browser, Locator, Page, TimeoutError, sync_playwright
from tqdm import tqdm

from tests.bench.noise import count_family
from tests.bench.reader import DISTRICT_LABEL
from tests.bench.server import HOST, ROOT

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless=new", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
PLAIN_COMPOSITION = "--disable-gpu-compositing"
LOOPBACK_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
PAINT = ROOT / "tests" / "bench" / "paint.js"
WIDTH_PX = 1440
# A desktop window with the map in view, and one tall enough to show map and charts at once.
WINDOW_PX, WHOLE_PAGE_PX = 1300, 2600
QUIET_MS = 400
WITHIN_MS = 20_000
REGIONS = ("heading", "panel", "chart", "map")
MAP = "[data-testid=stDeckGlJsonChart] canvas"
CHART = "[data-testid=stVegaLiteChart] svg"


@dataclass(frozen=True)
class District:
    """A district: the words of its option, and its name as a heading has it."""

    option: str
    name: str


@dataclass(frozen=True)
class Painted:
    """One change: milliseconds from the press to each region painted, and what was wrong with it (or nothing).

    A region that was not painted has the time the page was given.
    """

    regions: dict[str, float]
    fault: str

    @property
    def whole_ms(self) -> float:
        """Return the milliseconds to the slowest region."""
        return max(self.regions.values())


@contextmanager
def chromium(*more_flags: str) -> Iterator[Browser]:
    """Open Debian's Chromium with the flags that draw deck.gl, unable to reach anything but the loopback."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, LOOPBACK_ONLY, *more_flags])
        try:
            yield browser
        finally:
            count_family()
            browser.close()


class HousingPage:
    """The housing page of a server, open in a tab, with what the clock needs beside it."""

    def __init__(self, browser: Browser, port: int, path: str, height_px: int) -> None:
        self.outside: set[str] = set()
        context = browser.new_context(
            viewport={"width": WIDTH_PX, "height": height_px}, locale="fr-FR", color_scheme="light"
        )
        context.add_init_script(path=PAINT)
        self._tab: Page = context.new_page()
        self._tab.on("request", lambda request: self._note_host(request.url))
        self._tab.goto(f"http://{HOST}:{port}/{path}", wait_until="load")
        self._tab.locator(MAP).wait_for()
        self._tab.locator(CHART).last.wait_for()
        self._tab.wait_for_timeout(2000)
        self._before = self._picture()

    def _note_host(self, address: str) -> None:
        host = urlparse(address).hostname
        if host not in {None, HOST, "127.0.0.1"}:
            self.outside.add(str(host))

    def _picture(self) -> tuple[bytes, str]:
        self._tab.mouse.move(1, 1)
        chart = self._tab.evaluate("() => benchmark.chart()")
        return self._tab.locator(MAP).screenshot(animations="allow"), str(chart)

    def _open_options(self, district: District) -> Locator:
        """Open the list of districts; on a busy machine a click can come before the list listens."""
        option = self._tab.get_by_role("option", name=district.option, exact=True)
        for _ in range(5):
            self._tab.get_by_role("combobox", name=DISTRICT_LABEL).click()
            try:
                option.wait_for(timeout=4000)
                break
            except TimeoutError:
                self._tab.keyboard.press("Escape")
        return option

    def choose(self, district: District) -> Painted:
        """Choose a district and wait until the page shows it and rests."""
        self._open_options(district).click()
        wait = "([name, quiet, within]) => benchmark.settled(name, quiet, within)"
        found = self._tab.evaluate(wait, [district.name, QUIET_MS, WITHIN_MS])
        picture = self._picture()
        same_map, same_chart = (new == old for new, old in zip(picture, self._before, strict=True))
        self._before = picture
        faults = {f"not complete: {found}": not found["complete"], "the map's pixels are the same": same_map,
                  "the chart is the same": same_chart}  # fmt: skip
        times = dict(found["painted"])
        times["chart"] = max(times.get("programmes", WITHIN_MS), times.get("other charts", 0))
        regions = {region: float(times.get(region, WITHIN_MS)) for region in REGIONS}
        return Painted(regions, "; ".join(words for words, is_true in faults.items() if is_true))


def alternate(pages: list[HousingPage], districts: list[District], warm_ups: int, changes: int,
              progress: "tqdm[None]") -> list[list[Painted]]:  # fmt: skip
    """Choose districts in turn on each of the pages, A B A B; the first `warm_ups` are not returned."""
    seen: list[list[Painted]] = [[] for _ in pages]
    for turn in range(warm_ups + changes):
        for page, painted in zip(pages, seen, strict=True):
            painted.append(page.choose(districts[turn % len(districts)]))
        progress.update()
    return [painted[warm_ups:] for painted in seen]
