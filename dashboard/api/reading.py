"""The description of the API for programs and for people: the same, as a file and as a page."""

from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard import fragments
from dashboard.answers import HTML
from dashboard.api.describing import Schema
from dashboard.api.writing import to_json
from dashboard.content.pieces import Column, Table
from dashboard.html import render
from dashboard.messages import LANGUAGES, message
from dashboard.public_pages import FOLDER
from dashboard.publication import assets
from data.settings import default_commune

# The page stands at `/api/v1/`; addresses in it are relative, so that they are true below any path.
_ROOT, VERSION_IN_ADDRESS = "../../", "v1"
_RULES = ("rows", "formats", "frozen", "tags", "words", "refused", "open")


class Example(NamedTuple):
    """A question as an address from where the page stands, and what it asks."""

    address: str
    words: str


class Operation(NamedTuple):
    """What can be asked at an address: in words, parameters, fields of the answer."""

    name: str
    path: str
    words: str
    tables: tuple[Markup, ...]


def _sent(request: Request, content: bytes, media_type: str, language: str) -> Response:
    headers = {"ETag": f'W/"{sha256(content).hexdigest()[:32]}"', "Cache-Control": "no-cache",
               "Content-Language": language}  # fmt: skip
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def file_answer(request: Request, description: Schema, language: str) -> Response:
    """Answer with the description as a file."""
    return _sent(request, to_json(description), "application/json", language)


def _allowed(schema: Schema, language: str) -> str:
    """Return which values a parameter may have, in words."""
    if choices := schema.get("enum"):
        return ", ".join(choices)
    if schema.get("type") == "integer":
        return message("api.between", language, least=schema["minimum"], most=schema["maximum"])
    if schema.get("type") == "array":
        return message("api.list_of", language, most=schema["maxItems"])
    return ""


def _parameters(parameters: list[Schema], language: str) -> Table:
    columns = tuple(Column(name, message(f"api.column_{name}", language))
                    for name in ("parameter", "means", "allowed", "default"))  # fmt: skip
    rows = tuple(
        (one["name"], one["description"], _allowed(one["schema"], language), str(one["schema"].get("default", "")))
        for one in parameters
    )
    return Table(message("api.parameters", language), columns, rows)


def _types(schema: Schema, language: str) -> str:
    names = [one["type"] for one in schema.get("anyOf", [schema]) if "type" in one]
    return ", ".join(message(f"api.type_{name}", language) for name in names)


def _fields(operation: Schema, schemas: Schema, language: str) -> Table:
    """Return the fields of a row of an answer."""
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    rows = schemas[answer.rpartition("/")[2]]["properties"]
    row = rows["items"]["items"] if "items" in rows else rows["item"]
    fields = schemas[row["$ref"].rpartition("/")[2]]["properties"]
    columns = tuple(Column(name, message(f"api.column_{name}", language)) for name in ("field", "means", "type"))
    found = tuple((name, said["description"], _types(said, language)) for name, said in fields.items())
    return Table(message("api.fields", language), columns, found)


def _operations(description: Schema, language: str) -> Iterator[Operation]:
    schemas = description["components"]["schemas"]
    for path, methods in description["paths"].items():
        operation = methods["get"]
        shown = (_parameters(operation["parameters"], language), _fields(operation, schemas, language))
        tables = tuple(Markup(fragments.table(one, (), language)) for one in shown)
        yield Operation(operation["operationId"], path.removeprefix("/"), operation["summary"], tables)


def examples(language: str) -> Iterator[Example]:
    """Yield questions that readers can try."""
    commune = default_commune()
    addresses = {
        "areas": f"areas?level=district&parent={commune}",
        "observations": f"observations?ref_area={commune}&nature=observed",
        "csv": f"observations?ref_area={commune}&format=csv",
        "period": "observations?theme=housing&period_from=2020&period_to=2022&limit=10",
        "programmes": f"programmes?area={commune}&status=under_way",
        "milestones": f"milestones?area={commune}&date_from=2024",
        "commitments": f"commitments?area={commune}",
        "releases": "releases",
    }
    for name, address in addresses.items():
        separator = "&" if "?" in address else "?"
        asked = "" if language == LANGUAGES[0] else f"{separator}language={language}"
        yield Example(address + asked, message(f"api.example_{name}", language))


def page_bytes(description: Schema, language: str) -> bytes:
    """Return the description as a page to read."""
    files = f"{_ROOT}{FOLDER}/"
    html = render(
        "api.html", language=language, root=_ROOT, style=f"{files}{assets.path_of('site.css')}",
        icon=f"{files}{assets.path_of('icon.svg')}", letters=f"{files}{assets.path_of('lettres.woff2')}",
        languages=[one for one in LANGUAGES if one != language], examples=list(examples(language)),
        rules=[message(f"api.rule_{name}", language) for name in _RULES],
        operations=list(_operations(description, language)),
    )  # fmt: skip
    return html.encode()


def page_answer(request: Request, content: bytes, language: str) -> Response:
    """Answer with the page."""
    return _sent(request, content, HTML, language)


def to_page(_request: Request) -> Response:
    """Answer without the slash at the end: the page stands behind it."""
    return RedirectResponse(f"{VERSION_IN_ADDRESS}/", 307)
