"""One reader without a browser: a page's websocket, spoken as Streamlit's own script in the browser speaks it.

Kept as that script keeps it (streamlit 1.67, `static/js/index.*.js`), because the server's work and the bytes it sends
depend on it: every run carries the state of all widgets on the page, the query string the server last announced and
the hashes of cached messages; a message marked cacheable is kept, one sent as a reference is looked up, and what no run
has used for `maxCachedMessageAge` runs is dropped. What is not done: decoding in the browser, React, drawing.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from tests.bench.server import HOST

DISTRICT_LABEL = message("bar.district", LANGUAGES[0])
ANSWER_WITHIN_S = 60.0
_FINISHED = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}
_NOTHING_CLICKED = json.dumps({"selection": {"indices": {}, "objects": {}}}, separators=(",", ":"))


class PageError(Exception):
    """A page answered with an exception, an error page or an unfinished run."""


@dataclass(frozen=True)
class Run:
    """One run of a page: seconds from sending to its end, bytes of its messages, bytes on the wire (compressed)."""

    seconds: float
    payload_bytes: int
    wire_bytes: int


class _CountingConnection(ClientConnection):
    received = 0

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)


class Reader:
    """A reader of one page."""

    def __init__(self, port: int, page: str) -> None:
        self.page = page
        self.options: list[str] = []
        self._address = f"{HOST}:{port}"
        self._widgets: dict[str, str] = {}
        self._sliders: dict[str, str] = {}
        self._slid: dict[str, float] = {}
        self._seen: set[str] = set()
        self._district_widget = ""
        self._query = ""
        self._page_hash = ""
        self._cache: dict[str, tuple[ForwardMsg, int]] = {}
        self._looking, self._looks_every_s, self._looked = "", 0.0, time.monotonic()
        self._runs = 0
        self._max_age = 0
        self._error_page = render("error.html", language=LANGUAGES[0]).strip()

    async def open(self) -> Run:
        """Connect and ask for the page the first time."""
        self._socket = await connect(
            f"ws://{self._address}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], max_size=None,
            origin=Origin(f"http://{self._address}"), create_connection=_CountingConnection,
        )  # fmt: skip
        return await self._run()

    async def choose(self, district: str) -> Run:
        """Choose a district by the words of its option."""
        self._widgets[self._district_widget] = district
        return await self._run()

    async def slide(self, label: str, value: float) -> Run:
        """Move the slider of a label."""
        self._slid[self._sliders[label]] = value
        return await self._run()

    async def look(self) -> None:
        """Run the fragment that looks for a newer release if it is time to, as the page in a browser does by itself."""
        if self._looks_every_s and time.monotonic() - self._looked >= self._looks_every_s:
            self._looked = time.monotonic()
            await self._run(self._looking)

    async def close(self) -> None:
        """Leave."""
        await self._socket.close()

    def _request(self, fragment: str) -> bytes:
        request = BackMsg()
        rerun = request.rerun_script
        rerun.fragment_id = fragment
        rerun.query_string = self._query
        rerun.page_script_hash = self._page_hash
        rerun.page_name = "" if self._page_hash else self.page
        for identifier, value in self._widgets.items():
            state = rerun.widget_states.widgets.add()
            state.id, state.string_value = identifier, value
        for identifier, number in self._slid.items():
            state = rerun.widget_states.widgets.add()
            state.id = identifier
            state.double_array_value.data.append(number)
        rerun.cached_message_hashes.extend(self._cache)
        context = rerun.context_info
        context.timezone, context.timezone_offset, context.locale = "Europe/Paris", -60, "fr-FR"
        context.url, context.color_scheme = f"http://{self._address}/{self.page}", "light"
        return request.SerializeToString()

    async def _run(self, fragment: str = "") -> Run:
        assert isinstance(self._socket, _CountingConnection)
        self._seen.clear()
        before, payload, seconds = self._socket.received, 0, 0.0
        started = time.perf_counter()
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await self._socket.send(self._request(fragment))
            while True:
                data = await self._socket.recv(decode=False)
                payload += len(data)
                answer = ForwardMsg.FromString(data)
                kind = answer.WhichOneof("type")
                if kind == "script_finished":
                    seconds = time.perf_counter() - started
                    if answer.script_finished not in _FINISHED:
                        raise PageError(f"/{self.page}: run ended with status {answer.script_finished}")
                elif kind == "session_status_changed":
                    if seconds and not answer.session_status_changed.script_is_running:
                        break
                else:
                    self._note(answer)
        if not fragment:
            self._end_run()
        return Run(seconds, payload, self._socket.received - before)

    def _note(self, answer: ForwardMsg) -> None:
        answer = self._through_cache(answer)
        match answer.WhichOneof("type"):
            case "new_session":
                self._page_hash = answer.new_session.page_script_hash
                self._max_age = answer.new_session.config.max_cached_message_age
            case "navigation":
                self._page_hash = answer.navigation.page_script_hash
            case "auto_rerun":
                self._looking, self._looks_every_s = answer.auto_rerun.fragment_id, answer.auto_rerun.interval
            case "page_info_changed":
                self._query = answer.page_info_changed.query_string
            case "delta" if answer.delta.WhichOneof("type") == "new_element":
                self._note_element(answer.delta.new_element)

    def _through_cache(self, answer: ForwardMsg) -> ForwardMsg:
        if answer.WhichOneof("type") == "ref_hash":
            kept, _ = self._cache[answer.ref_hash]
            self._cache[answer.ref_hash] = kept, self._runs
            return kept
        if answer.metadata.cacheable:
            self._cache[answer.hash] = answer, self._runs
        return answer

    def _note_element(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise PageError(f"/{self.page}: {element.exception.type}: {element.exception.message}")
        if kind == "html" and element.html.body.strip() == self._error_page:
            raise PageError(f"/{self.page}: the error page")
        if kind == "selectbox":
            self._note_selectbox(element.selectbox)
        elif kind == "slider":
            self._note_slider(element.slider)
        elif kind == "deck_gl_json_chart" and element.deck_gl_json_chart.id:
            self._seen.add(element.deck_gl_json_chart.id)
            self._widgets.setdefault(element.deck_gl_json_chart.id, _NOTHING_CLICKED)

    def _note_selectbox(self, box: Any) -> None:
        self._seen.add(box.id)
        if box.set_value:
            self._widgets[box.id] = box.raw_value
        else:
            self._widgets.setdefault(box.id, box.options[box.default])
        if box.label == DISTRICT_LABEL:
            self._district_widget, self.options = box.id, list(box.options)

    def _note_slider(self, slider: Any) -> None:
        self._seen.add(slider.id)
        self._sliders[slider.label] = slider.id
        if slider.set_value and slider.id in self._slid:
            (self._slid[slider.id],) = slider.value

    def _end_run(self) -> None:
        self._slid = {identifier: value for identifier, value in self._slid.items() if identifier in self._seen}
        self._widgets = {identifier: value for identifier, value in self._widgets.items() if identifier in self._seen}
        self._runs += 1
        self._cache = {name: (kept, used) for name, (kept, used) in self._cache.items()
                       if self._runs - used <= self._max_age}  # fmt: skip
