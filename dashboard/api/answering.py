"""Answers: of which release, whether the client has it already, in which format, how long it may be kept."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from dashboard.api import releases
from dashboard.api.formats import ENDINGS, JSON, MEDIA_TYPES, chosen
from dashboard.api.keeping import Kept, Made
from dashboard.api.models import WORDS
from dashboard.api.problems import ProblemError, Wrong
from dashboard.api.questions import Paged, Question, Rows, Worded
from dashboard.api.resources import Resource
from dashboard.api.selection import check, one_row, selected, with_words
from dashboard.api.writing import to_bytes, to_items, to_json
from dashboard.downloads import view_of_city
from dashboard.messages import LANGUAGES, catalogue
from data.release import Release
from data.settings import ROOT, releases_folder

FOR_EVER, ASK_FIRST = "public, max-age=31536000, immutable", "no-cache"
_COMPRESSIBLE = frozenset({JSON, "csv", "sdmx-csv", "geojson"})

_CODE = tuple(ROOT / "dashboard" / name for name in ("api", "takeaway"))

_kept = Kept()


def _refuse_repeated(request: Request, model: type[BaseModel]) -> None:
    """Refuse a parameter that is given twice and can have but one value."""
    names = [name for name, _ in request.query_params.multi_items()]
    lists = {name for name, field in model.model_fields.items() if isinstance(field.default, list)}
    repeated = dict.fromkeys(name for name in names if names.count(name) > 1 and name not in lists)
    if repeated:
        wrong = [Wrong(name, ", ".join(request.query_params.getlist(name)), "repeated") for name in repeated]
        raise ProblemError(422, "parameters", wrong)


def _normal(asked: BaseModel) -> dict[str, Any]:
    """Return what is asked in one way of writing it: without what goes without saying, lists in order."""
    said = asked.model_dump(exclude_defaults=True, exclude={"release", "format"})
    return {name: ",".join(sorted(set(value))) if isinstance(value, list) else value
            for name, value in sorted(said.items())}  # fmt: skip


@cache
def _edition() -> str:
    """Return what stands for words and code of answers: with others the same rows are another answer."""
    words = repr([sorted(catalogue(language).items()) for language in LANGUAGES])
    code = b"".join(file.read_bytes() for folder in _CODE for file in sorted(folder.glob("*.py")))
    return sha256(words.encode() + code).hexdigest()[:12]


@dataclass(frozen=True)
class _Answer:
    """What an answer depends on: a release, and a key that two answers share if they are the same."""

    release_id: str
    key: tuple[str, ...]
    kind: str
    language: str
    is_frozen: bool = False
    changed: str = ""

    @property
    def tag(self) -> str:
        """The entity tag: release and representation."""
        said = "\n".join((*self.key, self.kind, self.language, _edition()))
        return f'"{self.release_id}-{sha256(said.encode()).hexdigest()[:16]}"'

    @property
    def headers(self) -> dict[str, str]:
        """The headers that 200 and 304 share."""
        known = {"Last-Modified": self.changed} if self.changed else {}
        keep = FOR_EVER if self.is_frozen else ASK_FIRST
        return {"ETag": f"W/{self.tag}", "Cache-Control": keep, "Vary": "Accept, Accept-Encoding",
                "Content-Language": self.language, **known}  # fmt: skip

    def sent(self, request: Request, make: Callable[[], Made]) -> Response:
        """Return the answer, or only that the client has it already."""
        headers, held = self.headers, request.headers.get("if-none-match", "")
        if held.strip() == "*" or self.tag in held:
            return Response(status_code=304, headers=headers)
        made = _kept.get(self.tag, make)
        headers |= dict(made.headers)
        content = made.content
        if self.kind in _COMPRESSIBLE and "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["Content-Encoding"] = made.compressed, "gzip"
        return Response(content, headers=headers, media_type=MEDIA_TYPES[self.kind])


def _head(release: Release) -> dict[str, str | None]:
    return {"release": release.release_id, "published": release.published or None}


def _next(release: Release, asked: Paged, kind: str, count: int) -> str | None:
    """Return where the next rows are, from where these are: of the same release, whatever is published meanwhile."""
    if asked.offset + asked.limit >= count:
        return None
    said = _normal(asked) | {"limit": asked.limit, "offset": asked.offset + asked.limit}
    of_release = {"release": release.release_id} if isinstance(asked, Question) else {}
    return f"?{urlencode({**said, **of_release, **({} if kind == JSON else {'format': kind})}, safe=',')}"


def _page(release: Release, resource: Resource, rows: pd.DataFrame, asked: Paged, kind: str) -> Made:
    """Return a page of rows in a format; headers say what only JSON has room for."""
    part = rows.iloc[asked.offset : asked.offset + asked.limit]
    if words := WORDS.get(resource.table, ()):
        part = with_words(release, part, words, asked.language)
    part = part.reset_index(drop=True)
    following = _next(release, asked, kind, len(rows))
    headers = [("X-Total-Count", str(len(rows)))]
    if following:
        headers.append(("Link", f'<{following}>; rel="next"'))
    if kind == JSON:
        place = {"count": len(rows), "limit": asked.limit, "offset": asked.offset, "next": following}
        return Made(to_json({**_head(release), **place, "items": to_items(part)}), tuple(headers))
    file_name = f"{resource.name}-{release.release_id[:8]}.{ENDINGS[kind]}"
    headers.append(("Content-Disposition", f'attachment; filename="{file_name}"'))
    return Made(to_bytes(view_of_city(release), part, kind), tuple(headers))


def _of_release(release_id: str, key: tuple[str, ...], kind: str, asked: Question) -> _Answer:
    changed = releases.changed(releases_folder(), release_id)
    return _Answer(release_id, key, kind, asked.language, asked.release is not None, changed)


def rows_answer(request: Request, resource: Resource, asked: Rows) -> Response:
    """Answer for the rows of a resource that a question is about."""
    _refuse_repeated(request, type(asked))
    found = releases.asked_for(asked.release)
    kind = chosen(asked.format, request.headers.get("accept", ""), resource.formats)

    def make() -> Made:
        release = found.open()
        check(release, asked)
        return _page(release, resource, selected(release, resource.table, asked), asked, kind)

    key = (resource.name, urlencode(_normal(asked)))
    return _of_release(found.release_id, key, kind, asked).sent(request, make)


def row_answer(request: Request, resource: Resource, code: str, asked: Question) -> Response:
    """Answer for one thing by its code."""
    _refuse_repeated(request, type(asked))
    found = releases.asked_for(asked.release)
    chosen(None, request.headers.get("accept", ""), (JSON,))

    def make() -> Made:
        release = found.open()
        row = one_row(release, resource.table, resource.key, code)
        item = with_words(release, row, WORDS[resource.table], asked.language)
        return Made(to_json({**_head(release), "item": to_items(item)[0]}), ())

    return _of_release(found.release_id, (resource.name, "", code), JSON, asked).sent(request, make)


def _log(rows: pd.DataFrame) -> str:
    return repr(rows.to_numpy().tolist())


def releases_answer(request: Request, resource: Resource, asked: Paged) -> Response:
    """Answer for the releases there are."""
    _refuse_repeated(request, type(asked))
    release = releases.current()
    rows = releases.frame(release.release_id)
    kind = chosen(asked.format, request.headers.get("accept", ""), resource.formats)
    answer = _Answer(release.release_id, (resource.name, urlencode(_normal(asked)), _log(rows)), kind, asked.language)
    return answer.sent(request, lambda: _page(release, resource, rows, asked, kind))


def release_answer(request: Request, resource: Resource, release_id: str, asked: Worded) -> Response:
    """Answer for one release."""
    _refuse_repeated(request, type(asked))
    release = releases.current()
    row = releases.one_of_them(release.release_id, release_id)
    chosen(None, request.headers.get("accept", ""), (JSON,))
    answer = _Answer(release.release_id, (resource.name, "", release_id, _log(row)), JSON, asked.language)
    return answer.sent(request, lambda: Made(to_json({**_head(release), "item": to_items(row)[0]}), ()))
