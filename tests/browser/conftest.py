"""Debian's Chromium, driven by playwright; every request that leaves the machine is refused and noted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Without a graphics processor, putting pages together by an emulated one takes a whole core.
    "--disable-gpu-compositing",
    # No other machine is found. Playwright could refuse requests too, but pages it does that for have no cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PHONE, SMALL_PHONE, DESKTOP, WALL = (390, 844), (360, 740), (1440, 900), (1920, 1080)
# What a page shows after a click is waited for as long as a machine that also runs other tests may take.
expect.set_options(timeout=20_000)
# What a page tried that the server's policy forbids it.
NOTE_VIOLATIONS = """window.__violations = []; addEventListener("securitypolicyviolation",
  event => window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`));"""
# Each deep link asks for these two below its own address; Streamlit then finds them at the root.
HARMLESS = re.compile(r"/_stcore/(health|host-config)")


@dataclass
class Seen:
    """What a browser noticed beside what it shows."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def watch(context: BrowserContext) -> tuple[Page, Seen]:
    """Open a tab that notes console errors and outside requests."""
    page, seen = context.new_page(), Seen()
    page.add_init_script(NOTE_VIOLATIONS)

    def note(address: str) -> None:
        if urlparse(address).hostname != "127.0.0.1" and not address.startswith(("data:", "blob:")):
            seen.outside.append(address)

    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket: note(socket.url))
    page.on(
        "console",
        lambda m: (
            seen.errors.append(m.text) if m.type == "error" and not HARMLESS.search(m.location.get("url", "")) else None
        ),
    )
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    return page, seen


def open_context(browser: Browser, size: tuple[int, int], **options: object) -> BrowserContext:
    """Open a French-speaking browser window of a size."""
    viewport = {"width": size[0], "height": size[1]}
    return browser.new_context(viewport=viewport, locale="fr-FR", **options)  # type: ignore[arg-type]


def unfold(page: Page) -> None:
    """Open all that is folded on a page."""
    for summary in page.locator(".obs details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()


def axe_violations(page: Page, context: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return what axe finds wrong on a page, or in a part of it; what it finds right it need not list."""
    results = Axe().run(page, context=context, options={"resultTypes": ["violations"]})  # type: ignore[arg-type]
    found: list[dict[str, Any]] = results.response["violations"]
    return found


def violations(page: Page) -> list[str]:
    """Return what a page tried that the server's policy forbids it."""
    found: list[str] = page.evaluate("() => window.__violations")
    return found


def settle(page: Page) -> None:
    """Wait until the script has run and the page has a heading."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    page.locator("h1").first.wait_for(timeout=60_000)
