"""The wall screen in a browser: readable, whole, and unattended through restarts and releases."""

import functools
import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.publication import wall
from dashboard.view import the_view
from data.definitions import Catalogue
from data.release import Release, current_id, open_release
from data.settings import CATALOGUE
from data.wall import read_wall
from etl.publish import publish
from tests.browser.conftest import CHROMIUM, FLAGS, Seen, axe_violations, open_context, watch
from tests.browser.contrast import faint, painted
from tests.serving import Observatory, free_port, serving

Tables = dict[str, pd.DataFrame]
MINUTE, HOUR = 60, 3600
CHUNK = 30 * MINUTE
STANDS = "ivry-bike-stands"
SCREENS = [(1920, 1080), (1080, 1920), (1280, 720), (3840, 2160)]
OTHERS = [(320, 568), (768, 1024), (1024, 768), (1280, 800)]
START = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)

# Everything that is seen: texts smaller than a part of the shorter side, and what is cut, covered or off the screen.
MEASURE = """
([least, place]) => {
  const found = [], smallest = Math.min(innerWidth, innerHeight) / least;
  document.querySelectorAll(".slide").forEach((slide, at) => slide.classList.toggle("shown", at === place));
  const isSeen = (element) => {
    const style = getComputedStyle(element);
    return style.visibility === "visible" && element.getClientRects().length > 0;
  };
  const all = [...document.querySelectorAll("#wall *")].filter(isSeen);
  for (const element of all) {
    const box = element.getBoundingClientRect();
    if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      found.push(["off the screen", element.className, element.textContent.slice(0, 40)]);
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    let size = parseFloat(getComputedStyle(element).fontSize);
    if (element.ownerSVGElement) {
      const matrix = element.getScreenCTM();
      size *= Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c));
    }
    if (size < smallest - 0.01) found.push(["small", size / smallest, element.textContent.slice(0, 40)]);
  }
  const parts = [...document.querySelector(".slide.shown").children].filter(isSeen);
  parts.forEach((one, at) => parts.slice(at + 1).forEach((other) => {
    const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > 1) found.push(["covered", one.className, other.className]);
  }));
  if (document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth)
    found.push(["scrolls"]);
  const code = document.querySelector(".slide.shown .slide-code svg");
  if (!code) found.push(["no code"]);
  else {
    const side = code.viewBox.baseVal.width, share = (side - 8) / side;
    if (code.getBoundingClientRect().width * share < Math.min(innerWidth, innerHeight) / (least / 25 * 6) - 1)
      found.push(["small code"]);
  }
  return found;
}
"""


@pytest.fixture(scope="module")
def site(release: Release, newer: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the wall screen as files: of a release with news, beside one that came before."""
    folder = tmp_path_factory.mktemp("wall-files")
    shown = open_release(newer, current_id(newer))
    view = the_view(shown, "94041", "ville", "fr", "light", START.date())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBSERVATORY_RELEASES", str(newer))
        files = wall.files(view, lambda _view, slide: f"https://observatoire.ville.example/{slide.address}")
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/affichage/"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def newer(releases: Path, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two releases: in the current one a figure was corrected."""
    folder = Path(shutil.copytree(releases, tmp_path_factory.mktemp("newer") / "releases"))
    publish(_with_stands(tables, 740.0), folder)
    return folder


def _with_stands(tables: Tables, value: float) -> Tables:
    observations = tables["observations"].copy()
    observations.loc[observations["figure_id"] == STANDS, "obs_value"] = value
    return {**tables, "observations": observations}


def _stopped(context: BrowserContext, address: str) -> tuple[Page, Seen]:
    """Open a screen and hold it, so that a test can look at slide after slide."""
    page, seen = watch(context)
    page.goto(address)
    page.wait_for_selector(".slide.shown")
    page.evaluate("document.fonts.ready.then(() => window.stopWall())")
    return page, seen


# ---- how it looks


@pytest.mark.parametrize(
    ("name", "size"),
    [(name, size) for name in ("hall", "quartiers") for size in (*SCREENS, *OTHERS)],
    ids=lambda part: part if isinstance(part, str) else f"{part[0]}x{part[1]}",
)
def test_every_slide_is_readable_at_four_metres_and_whole(
    browser: Browser, site: str, name: str, size: tuple[int, int]
) -> None:
    context = open_context(browser, size, reduced_motion="reduce")
    page, seen = _stopped(context, f"{site}{name}/")
    # Screens of other shapes show the same canvas smaller; they only must not break.
    least = 25 if size in SCREENS else 50
    count = page.locator(".slide").count()
    assert count > 5
    found = {place: faults for place in range(count) if (faults := page.evaluate(MEASURE, [least, place]))}
    assert found == {}
    assert page.locator("html").evaluate("element => getComputedStyle(element).cursor") == "none"
    assert page.locator("button, input, select, a").count() == 0
    assert (seen.errors, seen.outside) == ([], [])
    context.close()


@pytest.mark.parametrize("name", ["hall", "quartiers"], ids=["light", "dark"])
@pytest.mark.parametrize("size", [SCREENS[0], SCREENS[1]], ids=["lying", "standing"])
def test_texts_and_marks_of_maps_and_charts_stand_out(
    browser: Browser, site: str, size: tuple[int, int], name: str
) -> None:
    context = open_context(browser, size, reduced_motion="reduce")
    page, _ = _stopped(context, f"{site}{name}/")
    page.add_style_tag(content=".slide { visibility: visible !important; }")
    assert page.locator(".slide-figure svg").count() >= 5
    found = painted(page, ".slide-figure svg")
    # Maps of single districts have no words.
    assert len(found["texts"]) >= (30 if name == "hall" else 0)
    assert faint(found) == []
    context.close()


@pytest.mark.parametrize("name", ["hall", "quartiers"])
def test_axe_finds_nothing_on_any_slide(browser: Browser, site: str, name: str) -> None:
    context = open_context(browser, (1920, 1080), reduced_motion="reduce", bypass_csp=True)
    page, _ = _stopped(context, f"{site}{name}/")
    kinds: set[str] = set()
    for place in range(page.locator(".slide").count()):
        slide = page.locator(".slide").nth(place)
        kind = f"{slide.get_attribute('class')} {slide.locator('.slide-number').count()}"
        if kind in kinds:
            continue
        kinds.add(kind)
        page.evaluate(MEASURE, [25, place])
        assert axe_violations(page) == [], place
    assert len(kinds) > 1
    context.close()


def test_it_shows_the_time_and_the_date_of_its_data(browser: Browser, site: str) -> None:
    context = open_context(browser, (1920, 1080), timezone_id="Europe/Paris")
    page, _ = watch(context)
    page.clock.install(time=START)
    page.goto(site)
    assert page.locator(".wall-clock").inner_text() == "9 h 00"
    assert page.locator(".wall-when").inner_text().startswith("9 h 00\n\nDonnées du ")
    page.clock.run_for(7 * MINUTE * 1000)
    assert page.locator(".wall-clock").inner_text() == "9 h 07"
    context.close()


@pytest.mark.parametrize(("motion", "seconds"), [("no-preference", "1.2s"), ("reduce", "0s")])
def test_slides_cross_fade_unless_reduced_motion_is_asked_for(
    browser: Browser, site: str, motion: str, seconds: str
) -> None:
    context = open_context(browser, (1920, 1080), reduced_motion=motion)
    page, _ = _stopped(context, site)
    assert page.locator(".slide").first.evaluate("e => getComputedStyle(e).transitionDuration").split(",")[0] == seconds
    context.close()


@pytest.mark.parametrize(("name", "size"), [("hall", SCREENS[0]), *(("quartiers", size) for size in OTHERS)])
def test_without_javascript_style_alone_shows_the_slides_in_turn(
    browser: Browser, site: str, catalogue: Catalogue, name: str, size: tuple[int, int]
) -> None:
    context = open_context(browser, size, java_script_enabled=False)
    page, seen = watch(context)
    page.goto(f"{site}{name}/")
    seconds = read_wall(CATALOGUE / "wall.toml", catalogue).playlists[name].seconds
    shown = "es => es.map((e) => getComputedStyle(e).visibility === 'visible' && getComputedStyle(e).opacity > 0.5)"
    for place in range(page.locator(".slide").count()):
        at = 1000 * seconds * (place + 0.5)
        page.evaluate(f"document.getAnimations().forEach((one) => {{ one.pause(); one.currentTime = {at}; }})")
        seen_now = page.locator(".slide").evaluate_all(shown)
        assert [at for at, is_shown in enumerate(seen_now) if is_shown] == [place]
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 1
    assert seen.outside == []
    context.close()


def test_the_space_bar_holds_a_slide_for_ten_minutes_at_most(browser: Browser, site: str) -> None:
    context = open_context(browser, (1920, 1080))
    page, _ = watch(context)
    page.clock.install(time=START)
    page.goto(site)
    held = page.locator(".slide.shown h2").text_content()
    page.keyboard.press("Space")
    page.clock.run_for(9 * MINUTE * 1000)
    assert page.locator(".slide.shown h2").text_content() == held
    page.clock.run_for(2 * MINUTE * 1000)
    assert page.locator(".slide.shown h2").text_content() != held
    context.close()


def test_a_promise_whose_day_has_passed_is_left_out_until_the_server_judges_it(browser: Browser, site: str) -> None:
    context = open_context(browser, (1920, 1080))
    page, _ = watch(context)
    page.clock.install(time=datetime(2030, 1, 2, 9, 0, tzinfo=UTC))
    page.goto(site)
    banner = page.locator(".wall-banner")
    assert banner.inner_text() == "Ces données ont plus de 120 jours."
    below = page.locator(".slide.shown .slide-theme").bounding_box()
    box = banner.bounding_box()
    assert box is not None
    assert below is not None
    assert box["y"] + box["height"] <= below["y"]
    until = page.locator(".slide").evaluate_all("es => es.map((e) => e.dataset.until ?? '')")
    assert any(day and day < "2030-01-02" for day in until)
    for _ in until:
        day = page.locator(".slide.shown").get_attribute("data-until") or ""
        assert day == "" or day >= "2030-01-02"
        page.clock.run_for(15_000)
    context.close()


# ---- unattended

# What the network does takes real time, whatever the clock of the page says: its limit is the browser's own.
BESIDE = """
window.real = { fetch: window.fetch, setTimeout: window.setTimeout, limit: AbortSignal.timeout.bind(AbortSignal) };
window.pending = 0;
window.fetch = (...all) => {
  window.pending += 1;
  return window.real.fetch.call(window, ...all).finally(() => { window.pending -= 1; });
};
window.quiet = () => new Promise((resolve) => {
  const look = () => window.real.setTimeout.call(window, window.pending ? look : () => resolve(0), 4);
  look();
});
"""
AFTER_CLOCK = """
AbortSignal.timeout = window.real.limit;
window.turns = [];
new MutationObserver((changes) => changes.forEach(({ target }) => {
  if (target.matches?.(".slide.shown")) window.turns.push(target.querySelector("h2").textContent);
})).observe(document, { subtree: true, attributes: true, attributeFilter: ["class"] });
"""


# A chart, a map, numbers and dates; few, so that a server that was just started has them soon.
PLAYLIST = """
[playlists.hall]
seconds = 20
slides = [
  { kind = "news" },
  { kind = "city" },
  { kind = "theme", theme = "housing", figure = "map", indicator = "vacancy_rate_percent" },
  { kind = "theme", theme = "green_space", figure = "number", indicator = "green_area_created_ha" },
  { kind = "milestones", show = ["next", "due", "lately"], at_most = 6 },
]
"""


class Kiosk:
    """A browser that keeps what it stores, as one does that is started again; hours pass in it in no time."""

    def __init__(self, browser: Browser, folder: Path, address: str, now: datetime) -> None:
        self.context = browser.browser_type.launch_persistent_context(
            folder,
            executable_path=CHROMIUM,
            args=FLAGS,
            viewport={"width": 1920, "height": 1080},
            locale="fr-FR",
            timezone_id="Europe/Paris",
        )
        self.page, self.seen = watch(self.context)
        self.page.add_init_script(BESIDE)
        self.page.clock.install(time=now)
        self.page.add_init_script(AFTER_CLOCK)
        self.page.goto(address)
        self.page.wait_for_selector(".slide.shown")
        self.page.evaluate("window.quiet()")

    @property
    def banner(self) -> str:
        return self.page.locator(".wall-banner").inner_text()

    @property
    def slides(self) -> list[str]:
        return self.page.locator(".slide h2").all_text_contents()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.page.evaluate("Date.now()") / 1000, UTC)

    def run(self, seconds: int) -> list[str]:
        """Let time pass, each poll answered; return the slides shown in turn."""
        self.page.evaluate("window.turns.length = 0")
        for _ in range(0, seconds, CHUNK):
            self.page.clock.run_for(1000 * min(CHUNK, seconds))
            self.page.evaluate("window.quiet()")
        turns: list[str] = self.page.evaluate("window.turns.splice(0)")
        return turns

    def wait_for(self, sentence: str) -> None:
        """Let time pass until a slide says a sentence: a server that was asked for the first time takes its time."""
        for _ in range(12):
            if sentence in self.slides:
                return
            self.run(CHUNK)
        raise AssertionError(f"no slide says {sentence!r} but {self.slides}")

    def weight(self) -> dict[str, float]:
        """Return what the page holds when all that can be thrown away is."""
        session = self.context.new_cdp_session(self.page)
        session.send("Performance.enable")
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        session.detach()
        return found


def _are_in_turn(turns: list[str], slides: list[str]) -> bool:
    """Tell whether slides were shown one after the other, over and over."""
    start = slides.index(turns[0])
    return turns == [slides[(start + step) % len(slides)] for step in range(len(turns))]


@pytest.fixture
def serve(own_releases: Path, tmp_path: Path) -> Callable[[], AbstractContextManager[Observatory]]:
    """Return what starts the server, always at the same address, its slides twenty seconds long."""
    port, path = free_port(), tmp_path / "wall.toml"
    path.write_text(PLAYLIST, encoding="utf-8")
    return lambda: serving(own_releases, port, OBSERVATORY_WALL=str(path))


def test_three_days_through_a_restart_and_new_releases(
    browser: Browser,
    serve: Callable[[], AbstractContextManager[Observatory]],
    own_releases: Path,
    tables: Tables,
    tmp_path: Path,
) -> None:
    with serve() as server:
        address = f"{server.address}/affichage"
        kiosk = Kiosk(browser, tmp_path / "profile", address, START)
        assert not any("Arceaux" in sentence for sentence in kiosk.slides)
        turns = kiosk.run(12 * HOUR)
        assert len(turns) == pytest.approx(12 * HOUR / 20, rel=0.01)
        assert _are_in_turn(turns, kiosk.slides)

        publish(_with_stands(tables, 723.0), own_releases)
        kiosk.wait_for("Arceaux à vélo en place\u00a0: 723, au lieu de 722.")
        turns = kiosk.run(12 * HOUR)
        assert _are_in_turn(turns, kiosk.slides)
        assert set(turns) == set(kiosk.slides)
        before = kiosk.weight()
        away = kiosk.now()
    # The server is away. The screen goes on, and says so after a quarter of an hour.
    kiosk.run(10 * MINUTE)
    assert kiosk.banner == ""
    turns = kiosk.run(2 * HOUR)
    assert kiosk.banner in {f"Sans nouvelles du serveur depuis {local:%-H} h {local:%M}." for local in _paris(away)}
    assert _are_in_turn(turns, kiosk.slides)
    kiosk.run(24 * HOUR)
    assert kiosk.banner == "Sans nouvelles du serveur depuis le 28 novembre."
    assert any("723" in sentence for sentence in kiosk.slides)

    publish(_with_stands(tables, 724.0), own_releases)
    with serve():
        kiosk.wait_for("Arceaux à vélo en place\u00a0: 724, au lieu de 723.")
        assert kiosk.banner == ""
        turns = kiosk.run(22 * HOUR)
        assert _are_in_turn(turns, kiosk.slides)
        assert set(turns) == set(kiosk.slides)
        after = kiosk.weight()
        assert after["Nodes"] <= before["Nodes"] + 100
        assert after["JSEventListeners"] <= before["JSEventListeners"]
        assert after["JSHeapUsedSize"] <= before["JSHeapUsedSize"] + 300_000
        # Asleep for a night: what was due then is due now, once.
        kiosk.page.clock.fast_forward(9 * HOUR * 1000)
        kiosk.page.evaluate("window.quiet()")
        assert _are_in_turn(kiosk.run(HOUR), kiosk.slides)
        assert kiosk.banner == ""
    assert [error for error in kiosk.seen.errors if "ERR_CONNECTION_REFUSED" not in error] == []
    assert kiosk.seen.outside == []
    slides = kiosk.slides
    kiosk.context.close()

    # Started again while the server is away, by the address people type: the last slides, and that they are the last.
    again = Kiosk(browser, tmp_path / "profile", address, START)
    assert again.slides == slides
    assert again.banner == "Serveur injoignable\u00a0: dernière version reçue."
    assert _are_in_turn(again.run(HOUR), slides)
    assert len(again.page.evaluate("caches.keys()")) == 1
    with serve() as server:
        # Its first answer takes longer than the screen waits: somebody else asks for it.
        assert server.get("/affichage/").status == 200
        again.run(CHUNK)
        again.run(CHUNK)
        assert again.banner == ""
    again.context.close()


def _paris(moment: datetime) -> list[datetime]:
    """Return a moment, and those a poll before it, as clocks in Paris show them in winter."""
    return [moment + timedelta(hours=1, minutes=-minutes) for minutes in range(3)]
