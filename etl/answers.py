"""What servers say in the place of data: error reports of map services and interfaces, which may well answer 200."""

import json
import re
from email.message import Message
from html import unescape
from typing import Any

# So much of the beginning and of the end of an answer is looked at.
HEAD_BYTES, TAIL_BYTES = 1 << 16, 1 << 12
_SHOWN, _XML_START = 300, 2048
_XML_REPORT = re.compile(rb"<(?:\w+:)?(?:ExceptionReport|ServiceExceptionReport|osm)\b")
_XML_TEXT = re.compile(rb"<(?:\w+:)?(?:ExceptionText|ServiceException|remark)\b[^>]*>(.*?)</", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ERROR_KEYS = ("error_code", "errorcode", "errorCode", "error", "errors", "exceptions")
_WORD_KEYS = (
    "message",
    "error_description",
    "text",
    "detail",
    "error",
    "errors",
    "exceptions",
    "error_code",
    "errorCode",
)
# Overpass tells at the very end that a query stopped half way: what came before is not all.
_REMARK = re.compile(rb'"remark"\s*:\s*"((?:[^"\\]|\\.)*)"\s*\}\s*$')
# Map services give at most so many features at a time, and say so only here.
_COUNTS = {name: re.compile(rb'"%s"\s*:\s*(\d+)' % name) for name in (b"numberMatched", b"numberReturned")}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _xml_words(head: bytes) -> str:
    """Return the message of an exception report of a map service, or of a query that stopped."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:_XML_START]
    if not start.startswith(b"<") or not _XML_REPORT.search(start):
        return ""
    texts = [_CDATA.sub(r"\1", one.decode("utf-8", "replace")) for one in _XML_TEXT.findall(head)]
    said = _short(" ".join(unescape(text) for text in texts))
    return said or ("an exception report without words" if b"Exception" in start else "")


def _first_words(value: Any) -> str:
    """Return the words of an error, however deep its server wraps them."""
    if isinstance(value, list):
        return next(filter(None, map(_first_words, value)), "")
    if isinstance(value, dict):
        return next(filter(None, (_first_words(value[key]) for key in _WORD_KEYS if key in value)), "")
    return _short(str(value)) if value not in (None, False, True) else ""


def _json_words(head: bytes, tail: bytes, is_whole: bool) -> str:
    """Return the message of an error in JSON, or of a query that stopped half way."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return ""
    if remark := _REMARK.search(tail):
        return _short(re.sub(r"\\(.)", r"\1", remark[1].decode("utf-8", "replace")))
    if not is_whole:
        return ""
    try:
        answer = json.loads(head)
    except (ValueError, RecursionError):
        return ""  # whatever it is, its connector says what is wrong with it
    if not any(answer.get(key) for key in _ERROR_KEYS):
        return ""
    code = answer.get("error_code") or answer.get("errorCode") or ""
    words = _first_words(answer)
    if isinstance(code, str) and code and code != words:
        return _short(f"{code}: {words}")
    return words or "an error without words"


def _shortened(head: bytes, tail: bytes) -> str:
    """Return that only some of the features were given, where a map service says so."""
    found = {name: pattern.search(tail) or pattern.search(head) for name, pattern in _COUNTS.items()}
    numbers = [int(match[1]) for match in found.values() if match]
    if len(numbers) < 2 or numbers[1] >= numbers[0]:
        return ""
    return f"only {numbers[1]} of {numbers[0]} features: it gives no more at a time, ask for less"


def report_in(head: bytes, tail: bytes, is_whole: bool) -> str:
    """Return what a server says is wrong, in its own words; nothing where an answer is no error report.

    Parameters
    ----------
    head, tail : the beginning and the end of the answer (`HEAD_BYTES`, `TAIL_BYTES`).
    is_whole : whether the beginning is all of it.
    """
    return _xml_words(head) or _json_words(head, tail, is_whole) or _shortened(head, tail)


def file_name(disposition: str) -> str:
    """Return the name that a `Content-Disposition` gives a file, as it stands there; nothing where it gives none."""
    header = Message()
    header["content-disposition"] = " ".join(disposition.split())
    return header.get_filename("")
