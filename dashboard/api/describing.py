"""The description of the API (OpenAPI 3.1): made from what it checks and answers, in words of either language."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from dashboard.api.formats import JSON, MEDIA_TYPES
from dashboard.api.models import Problem
from dashboard.api.problems import MEDIA_TYPE
from dashboard.api.resources import RESOURCES, Resource
from dashboard.messages import has_message, message
from dashboard.takeaway.holding import column_words

VERSION = "1.0.0"
Schema = dict[str, Any]
_REFERENCE = "#/components/schemas/{model}"
# Answers that are problems: those of everything, and those of what names something in its address.
_REFUSALS = (404, 406, 410, 414, 422, 500, 503)
_HEADERS = {"ETag": True, "Cache-Control": True, "Vary": True, "Content-Language": True, "Last-Modified": False,
            "Link": False, "X-Total-Count": False}  # fmt: skip
_BINARY = frozenset({"parquet"})
_OWN_OF_FASTAPI = ("HTTPValidationError", "ValidationError")


def field_words(name: str, language: str) -> str:
    """Return what a field of an answer is: the words of the API, else those that downloads have for a column."""
    ending = name[-3:] if name.endswith(("_fr", "_en")) else ""
    key = f"api.field_{name.removesuffix(ending)}"
    if not has_message(key, language):
        return column_words(name, language)
    words = message(key, language)
    return message(f"takeaway.in{ending}", language, words=words) if ending else words


def _schemas(found: Schema, language: str) -> Schema:
    """Return the schemas of answers with words for each field, those of problems among them."""
    _, problems = models_json_schema([(Problem, "serialization")], ref_template=_REFERENCE)
    schemas = {name: schema for name, schema in found.items() if name not in _OWN_OF_FASTAPI} | problems["$defs"]
    for name, schema in schemas.items():
        schema["description"] = message(f"api.schema_{name}", language)
        for field, said in schema["properties"].items():
            said.pop("title", None)
            is_code = (name, field) == (Problem.__name__, "status")
            said["description"] = (
                message("api.field_problem_status", language) if is_code else field_words(field, language)
            )
    return schemas


def _resource(path: str) -> Resource:
    return RESOURCES[path.split("/")[1]]


def _content(path: str, written: Schema) -> Schema:
    """Return the media types an answer can have; only lists are offered in others than JSON."""
    found = dict(written)
    for kind in () if "{" in path else _resource(path).formats:
        if kind != JSON:
            schema = {"type": "object"} if kind == "geojson" else {"type": "string"}
            found[MEDIA_TYPES[kind]] = {"schema": {**schema, "format": "binary"} if kind in _BINARY else schema}
    return found


def _headers(language: str) -> Schema:
    return {
        name: {"description": message(f"api.header_{name.replace('-', '_')}", language), "required": is_always,
               "schema": {"type": "string"}}
        for name, is_always in _HEADERS.items()
    }  # fmt: skip


def _responses(path: str, success: Schema, language: str) -> Schema:
    """Return what may be answered: rows, that the client has them, or why not."""
    headers = _headers(language)
    problem = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    return {
        "200": {"description": message("api.answer_200", language), "headers": headers,
                "content": _content(path, success["content"])},
        "304": {"description": message("api.answer_304", language)},
        **{str(status): {"description": message(f"api.title_{status}", language), "content": problem}
           for status in _REFUSALS},
    }  # fmt: skip


def _parameters(path: str, written: Sequence[Schema], language: str) -> Iterator[Schema]:
    for parameter in written:
        name, schema = parameter["name"], dict(parameter["schema"])
        schema.pop("title", None)
        if name == "format":
            schema["enum"] = list(_resource(path).formats)
        # A value that is a list may be given once, with commas, or again and again.
        yield {**parameter, "schema": schema, "description": message(f"api.parameter_{name}", language)}


def described(routes: Sequence[BaseRoute], language: str) -> Schema:
    """Return the description of the API in a language.

    Addresses in it are relative to where it stands, so that it is true below any path.
    """
    found = get_openapi(
        title=message("api.title", language), version=VERSION, description=message("api.description", language),
        routes=routes, servers=[{"url": "."}],
    )  # fmt: skip
    for path, methods in found["paths"].items():
        for operation in methods.values():
            operation["summary"] = message(f"api.operation_{operation['operationId']}", language)
            operation.pop("description", None)
            operation["parameters"] = list(_parameters(path, operation["parameters"], language))
            operation["responses"] = _responses(path, operation["responses"]["200"], language)
    found["components"] = {"schemas": _schemas(found["components"]["schemas"], language)}
    return found
