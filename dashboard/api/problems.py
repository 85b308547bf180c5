"""Refusals as `application/problem+json` (RFC 9457): what is wrong, with which field; nothing of how it came about."""

import dataclasses
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from dashboard.answers import RETRY_SECONDS
from dashboard.messages import LANGUAGES, message
from data.errors import ObservatoryError

MEDIA_TYPE = "application/problem+json"
SHOWN_CHARACTERS = 80
METHODS = "GET, HEAD"
# What the checks of parameters call a fault, and the words for it; anything else is said to be no possible value.
_WORDS = {
    "extra_forbidden": "unknown_parameter",
    "int_parsing": "whole_number",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "literal_error": "one_of",
    "string_pattern_mismatch": "form",
    "too_long": "too_many",
    "no_day": "no_day",
}

logger = logging.getLogger("observatory.api")


@dataclass(frozen=True)
class Wrong:
    """A field of a request that cannot be: its name, its value, the words that say why, and what fills these."""

    field: str
    value: str
    words: str
    filled: Mapping[str, object] = dataclasses.field(default_factory=dict)


class ProblemError(ObservatoryError):
    """Raised when a request cannot be answered: the status, the words that say why, the fields that are at fault."""

    def __init__(self, status: int, words: str, wrong: Sequence[Wrong] = (), **filled: object) -> None:
        super().__init__(words)
        self.status, self.words, self.wrong, self.filled = status, words, tuple(wrong), filled


def language_of(scope: Scope, parameter: str = "language") -> str:
    """Return the language that a request asks for, where there is such a one; else the first."""
    asked = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    return asked[parameter] if asked.get(parameter) in LANGUAGES else LANGUAGES[0]


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"


def _said(one: Wrong, language: str) -> dict[str, str]:
    detail = message(f"api.fault_{one.words}", language, **one.filled)
    return {"field": _shortened(one.field), "value": _shortened(one.value), "detail": detail}


def problem(error: ProblemError, language: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal in the language of the request."""
    said = {
        "type": "about:blank",
        "title": message(f"api.title_{error.status}", language),
        "status": error.status,
        "detail": message(f"api.detail_{error.words}", language, **error.filled),
        "errors": [_said(one, language) for one in error.wrong],
    }
    retry = {"Retry-After": str(RETRY_SECONDS)} if error.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    kept = {"Cache-Control": "no-store", "Content-Language": language, **retry, **(headers or {})}
    return Response(json.dumps(said, ensure_ascii=False), error.status, kept, MEDIA_TYPE)


def _wrong(fault: Mapping[str, Any]) -> Wrong:
    """Return a fault that the checks of parameters found; of a list the item that is at fault."""
    place, limits = [str(part) for part in fault["loc"][1:]], fault.get("ctx", {})
    words = _WORDS.get(fault["type"], "value")
    filled = {"most": limits.get("max_length", limits.get("le", "")), "least": limits.get("ge", ""),
              "choices": str(limits.get("expected", "")).replace("'", "").replace(" or ", ", ")}  # fmt: skip
    given = fault["input"]
    value = ",".join(map(str, given)) if isinstance(given, list | tuple) else str(given)
    return Wrong(place[0] if place else "", value, words, filled)


async def wrong_parameters(request: Request, error: Exception) -> Response:
    """Answer for parameters of a wrong type, out of their limits, or unknown; a code in the path is not there."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    found = [_wrong(fault) for fault in faults]
    wrong = list({one.field: one for one in reversed(found)}.values())[::-1]  # of each field what is said of it first
    if any(fault["loc"][0] == "path" for fault in faults):
        codes = [Wrong(one.field, one.value, "unknown_code") for one in wrong if one.field in request.path_params]
        return problem(ProblemError(404, "code", codes), language_of(request.scope))
    return problem(ProblemError(422, "parameters", wrong), language_of(request.scope))


async def refusal(request: Request, error: Exception) -> Response:
    """Answer for what was refused on purpose."""
    refused = error if isinstance(error, ProblemError) else ProblemError(500, "fault")
    return problem(refused, language_of(request.scope))


async def no_such_address(request: Request, error: Exception) -> Response:
    """Answer for addresses and methods there are not."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return problem(ProblemError(405, "method", methods=METHODS), language_of(request.scope), {"Allow": METHODS})
    refused = ProblemError(404, "address") if status == HTTPStatus.NOT_FOUND else ProblemError(500, "fault")
    return problem(refused, language_of(request.scope))


async def own_fault(request: Request, error: Exception) -> Response:
    """Answer for a fault of the program: it is written to the log, and nothing of it is told."""
    logger.error("an answer failed: %s", type(error).__name__)
    return problem(ProblemError(500, "fault"), language_of(request.scope))
