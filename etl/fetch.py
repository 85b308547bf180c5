"""Taking a file from its publisher's address: patient, bounded, resumed where it was cut, and only if it changed."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from data.errors import AstrayError, RefusedDownloadError, TooLargeError, UnreachableSourceError, WrongAnswerError
from etl.answers import HEAD_BYTES, TAIL_BYTES, file_name, report_in

AGAIN = {408, 425, 429, 500, 502, 503, 504}
REDIRECTS = {301, 302, 303, 307, 308}
UNCHANGED, PARTIAL, BEYOND = 304, 206, 416
AT_HAND = "or take a file at hand: `python -m etl ingest`"
_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*(<!doctype html|<html|<head|<body)", re.IGNORECASE)
_PAGES = {"text/html", "application/xhtml+xml"}
# So long the words of a refusal are waited for; seconds.
_LONGEST_REFUSAL = 10.0


@dataclass(frozen=True)
class Patience:
    """How long and how often an address is asked; seconds."""

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0
    connect_timeout: float = 15.0
    read_timeout: float = 60.0
    longest_download: float = 3600.0
    redirects: int = 5


@dataclass(frozen=True)
class Wanted:
    """What is to be taken: the address, what it may call itself, how many bytes it may have, the state known.

    `etag` and `last_modified` are those of the newest snapshot of the same address, or empty.
    """

    address: str
    media_types: tuple[str, ...]
    largest_bytes: int
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Answer:
    """What came with the bytes; `file` is what the server calls them, where it says."""

    media_type: str
    etag: str
    last_modified: str
    file: str = ""


class _AgainError(Exception):
    """Raised when the same address may well answer in full another time; `after` is when it asks to be asked."""

    def __init__(self, problem: str, after: float = 0.0) -> None:
        super().__init__(problem)
        self.after = after


@dataclass
class _Transfer:
    """What has come of a file so far, kept from one attempt to the next."""

    stream: BinaryIO
    deadline: float
    progress: Callable[[int, int | None], None]
    received: int = 0
    validator: str = ""
    answer: Answer = field(default_factory=lambda: Answer("", "", ""))

    def restart(self) -> None:
        """Forget what has come: it cannot be continued."""
        self.stream.seek(0)
        self.stream.truncate()
        self.received, self.validator = 0, ""


def retry_after(header: str, now: datetime) -> float:
    """Return the seconds a `Retry-After` asks for (a number or a date), 0 where it says nothing sensible."""
    if header.strip().isdecimal():
        return float(header)
    try:
        asked = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    asked = asked if asked.tzinfo else asked.replace(tzinfo=UTC)
    return max(0.0, (asked - now).total_seconds())


def next_address(current: httpx.URL, location: str) -> httpx.URL:
    """Return where an answer sends on to.

    Raises
    ------
    AstrayError
        It sends nowhere, out of the web, or from a secure address to one that is not.
    """
    try:
        target = current.join(location)
    except httpx.InvalidURL:
        target = httpx.URL("")
    if not location or target.scheme not in {"http", "https"} or not target.host:
        raise AstrayError(f"{current} sends on to {location[:200]!r}, which is no web address: check it, {AT_HAND}")
    if current.scheme == "https" and target.scheme == "http":
        raise AstrayError(f"{current} sends on to {target}, which is not secure: check the address, {AT_HAND}")
    return target


def _validator(response: httpx.Response) -> str:
    """Return what tells this state of the file from another, where the server resumes: a strong tag, else a date."""
    if response.headers.get("accept-ranges", "").lower() != "bytes" or response.headers.get("content-encoding"):
        return ""
    tag = str(response.headers.get("etag", ""))
    return tag if tag and not tag.startswith("W/") else str(response.headers.get("last-modified", ""))


def _headers(wanted: Wanted, transfer: _Transfer) -> dict[str, str]:
    headers = {"accept-encoding": "identity", "user-agent": "observatory-etl"}
    if transfer.received:
        return headers | {"range": f"bytes={transfer.received}-", "if-range": transfer.validator}
    if wanted.etag:
        headers["if-none-match"] = wanted.etag
    if wanted.last_modified:
        headers["if-modified-since"] = wanted.last_modified
    return headers


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _said(response: httpx.Response) -> str:
    """Return in brackets what an answer that is refused says, where that is an error report."""
    body, until = b"", time.monotonic() + _LONGEST_REFUSAL
    try:
        for block in response.iter_bytes():
            body += block
            if len(body) >= HEAD_BYTES or time.monotonic() > until:
                break
    except httpx.RequestError:
        pass  # it is refused in any case: what came of its words will do
    words = report_in(body[:HEAD_BYTES], body[-TAIL_BYTES:], len(body) < HEAD_BYTES)
    return f" (it says: {words})" if words else ""


def _check_status(response: httpx.Response, wanted: Wanted, transfer: _Transfer) -> None:
    """Refuse what is not the file: an error, a type that was not offered, a part that does not continue ours."""
    code, where = response.status_code, str(response.url)
    if code in AGAIN:
        raise _AgainError(f"it answers {code}", retry_after(response.headers.get("retry-after", ""), datetime.now(UTC)))
    if code == BEYOND and transfer.received:
        transfer.restart()
        raise _AgainError("it would not continue what had come")
    if code == PARTIAL and transfer.received:
        start = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
        if start is None or int(start[1]) != transfer.received:
            transfer.restart()
            raise _AgainError("it continued at another place than asked")
        return
    if code != 200:
        raise RefusedDownloadError(
            f"{where} answers {code}{_said(response)}: correct the address in the source's TOML, {AT_HAND}"
        )
    found = _media_type(response)
    if found and found not in wanted.media_types:
        given = "a web page" if found in _PAGES else found
        types = ", ".join(wanted.media_types)
        raise WrongAnswerError(
            f"{where} gives {given} instead of data (wanted: {types}){_said(response)}: open it in a browser to see "
            f"why, {AT_HAND}"
        )


def _refuse_size(wanted: Wanted, found: str) -> TooLargeError:
    limit = wanted.largest_bytes / 1e6
    return TooLargeError(f"{wanted.address} {found}, more than the {limit:g} MB its source allows: if that is right, "
                         "raise largest_mb in the source's TOML")  # fmt: skip


def _receive(response: httpx.Response, wanted: Wanted, transfer: _Transfer) -> None:
    """Add the bytes of an answer to what has come."""
    length = response.headers.get("content-length")
    whole = transfer.received + int(length) if length else None
    if whole is not None and whole > wanted.largest_bytes:
        raise _refuse_size(wanted, f"announces {whole / 1e6:g} MB")
    for block in response.iter_bytes():
        if transfer.received + len(block) > wanted.largest_bytes:
            raise _refuse_size(wanted, "does not stop")
        if time.monotonic() > transfer.deadline:
            so_far = f"{transfer.received} bytes so far"
            raise TooLargeError(f"{wanted.address} takes too long ({so_far}): try later, {AT_HAND}")
        transfer.stream.write(block)
        transfer.received += len(block)
        transfer.progress(transfer.received, whole)
    _check_content(response, wanted, transfer)


def _check_content(response: httpx.Response, wanted: Wanted, transfer: _Transfer) -> None:
    """Refuse what is no data, whatever it calls itself: a web page, nothing, an error report."""
    transfer.stream.seek(0)
    head = transfer.stream.read(HEAD_BYTES)
    if not head or (_PAGE.match(head) and not _PAGES & set(wanted.media_types)):
        found = "a web page instead of data, whatever it calls it" if head else "an empty file"
        raise WrongAnswerError(f"{response.url} gives {found}: open it in a browser to see why, {AT_HAND}")
    transfer.stream.seek(max(0, transfer.received - TAIL_BYTES))
    words = report_in(head, transfer.stream.read(), transfer.received <= HEAD_BYTES)
    if words:
        raise WrongAnswerError(f"{response.url} gives no data, or not all of it; it says: {words}. Try later, correct "
                               f"the address in the source's TOML, {AT_HAND}")  # fmt: skip


def _attempt(client: httpx.Client, wanted: Wanted, transfer: _Transfer, patience: Patience) -> bool:
    """Ask once, going where the address sends on to; false where the file has not changed."""
    if transfer.received and not transfer.validator:
        transfer.restart()
    address = httpx.URL(wanted.address)
    for _ in range(patience.redirects + 1):
        with client.stream("GET", address, headers=_headers(wanted, transfer)) as response:
            if response.status_code in REDIRECTS:
                address = next_address(address, response.headers.get("location", ""))
                continue
            if response.status_code == UNCHANGED and (wanted.etag or wanted.last_modified) and not transfer.received:
                return False
            _check_status(response, wanted, transfer)
            if response.status_code == 200:
                transfer.restart()
                transfer.validator = _validator(response)
            headers = response.headers
            transfer.answer = Answer(_media_type(response) or transfer.answer.media_type, headers.get("etag", ""),
                                     headers.get("last-modified", ""),
                                     file_name(headers.get("content-disposition", "")))  # fmt: skip
            _receive(response, wanted, transfer)
            return True
    raise AstrayError(f"{wanted.address} sends on more than {patience.redirects} times, or in a circle: check the "
                      f"address in the source's TOML, {AT_HAND}")  # fmt: skip


def _wait(patience: Patience) -> Callable[[RetryCallState], float]:
    """Return how long to wait before asking again: longer each time, or what the server asks, within bounds."""
    growing = wait_random_exponential(multiplier=patience.first_wait, max=patience.longest_wait)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.after if isinstance(error, _AgainError) else 0.0
        return min(max(asked, growing(state)), patience.longest_wait)

    return wait


def download(
    wanted: Wanted, target: Path, progress: Callable[[int, int | None], None], patience: Patience | None = None
) -> Answer | None:
    """Take a file from its address into `target`; nothing, and no file, where it has not changed.

    Parameters
    ----------
    target : is written only here, and removed where the whole file does not come.
    progress : told how many bytes have come, and how many there will be where that is known.

    Raises
    ------
    RefusedDownloadError, WrongAnswerError, TooLargeError, AstrayError
        The address does not give the file.
    UnreachableSourceError
        It did not answer in full, however often it was asked.
    """
    patience = patience or Patience()
    timeout = httpx.Timeout(patience.read_timeout, connect=patience.connect_timeout)
    tries = Retrying(stop=stop_after_attempt(patience.attempts), wait=_wait(patience), reraise=True,
                     retry=retry_if_exception_type((_AgainError, httpx.RequestError)))  # fmt: skip
    changed = False
    try:
        with target.open("w+b") as stream, httpx.Client(timeout=timeout, follow_redirects=False) as client:
            transfer = _Transfer(stream, time.monotonic() + patience.longest_download, progress)
            changed = tries(_attempt, client, wanted, transfer, patience)
        return transfer.answer if changed else None
    except httpx.InvalidURL as error:
        raise AstrayError(f"{wanted.address} is no web address ({error}): correct it in the source's TOML") from error
    except (_AgainError, httpx.RequestError) as error:
        problem = str(error) or type(error).__name__
        raise UnreachableSourceError(
            f"{wanted.address} did not answer in full, asked {patience.attempts} times ({problem}): try later, "
            f"{AT_HAND}"
        ) from error
    finally:
        if not changed:
            target.unlink(missing_ok=True)
