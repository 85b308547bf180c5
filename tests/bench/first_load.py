"""A first visit to the running server: bytes on the wire and time until map and charts are there, the cache empty."""

from pathlib import Path
from statistics import median

from tqdm import tqdm

from dashboard.light_letters import cut_all
from tests.bench import browser
from tests.bench.parts import HOUSING
from tests.bench.publication import Opening, open_streamlit
from tests.bench.report import Row
from tests.bench.server import HOST, naive, observatory
from tests.nginx import before_server
from tests.serving import free_port

MOST_BYTES, PAINTED_S = 2_000_000, 2.6
OPENINGS = 5
BELOW = "/observatoire"


def _rows(name: str, found: list[Opening], others: list[Opening], other: str) -> list[Row]:
    size, reference = median(one.bytes for one in found), median(one.bytes for one in others)
    seconds, waited = median(one.seconds for one in found), median(one.seconds for one in others)
    return [
        Row(f"bytes of a first visit, {name}", f"{size / 1000:,.0f} kB, {found[0].requests} requests",
            f"{other} {reference / 1000:,.0f} kB, {others[0].requests} requests", f"<= {MOST_BYTES / 1e6:.0f} MB",
            size <= MOST_BYTES, {"bytes": size, "reference": reference}),
        Row(f"map and charts there, {name}",
            f"median {seconds * 1000:,.0f} ms, max {max(one.seconds for one in found) * 1000:,.0f} ms",
            f"{other} median {waited * 1000:,.0f} ms", f"<= {PAINTED_S * 1000:,.0f} ms",
            seconds <= PAINTED_S, {"seconds": seconds, "reference": waited}),
    ]  # fmt: skip


def first_load(releases: Path) -> list[Row]:
    """Open the housing page in turn with the naive one, each time with an empty cache: directly, and behind nginx.

    The window is put together by Chromium itself, as it is without a graphics processor. Somebody was there before:
    what the server keeps is kept, the browser has nothing.
    """
    cut_all()
    port = free_port()
    reached = f"http://127.0.0.1:{port}{BELOW}"
    with (
        observatory(releases, with_trivial_page=False) as own,
        observatory(releases, with_trivial_page=False, OBSERVATORY_PUBLIC_ADDRESS=f"{reached}/") as behind,
        before_server(f"127.0.0.1:{behind.port}", port, BELOW),
        naive(releases) as other,
        browser.chromium(browser.PLAIN_COMPOSITION) as chromium,
    ):
        places = (f"http://{HOST}:{own.port}/{HOUSING}", f"{reached}/{HOUSING}", f"http://{HOST}:{other.port}/")
        rounds = [
            [open_streamlit(chromium, place) for place in places]
            for _ in tqdm(range(1 + OPENINGS), desc="first visits", leave=False)
        ]
    direct, proxied, naives = ([one[place] for one in rounds[1:]] for place in range(len(places)))
    return [
        *_rows("server alone", direct, naives, "naive"),
        *_rows("below a path behind nginx", proxied, naives, "naive"),
    ]
