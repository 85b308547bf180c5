"""Nodes of a linked-data document: what stands in JSON-LD for texts, addresses, days and numbers."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dashboard.harvest.offered import harvest
from dashboard.messages import LANGUAGES

Node = dict[str, Any]


def term(name: str) -> str:
    """Return the address of a term of a vocabulary, by what the catalogue calls it."""
    return harvest().terms[name]


def in_languages(words: Callable[[str], str]) -> list[Node]:
    """Return a text in every language."""
    return [{"@language": language, "@value": words(language)} for language in sorted(LANGUAGES)]


def to(address: str) -> Node:
    """Return a link to a node, or to an address."""
    return {"@id": address}


def typed(value: str, datatype: str) -> Node:
    """Return a literal of a datatype."""
    return {"@type": datatype, "@value": value}


def day(value: str) -> Node:
    """Return a day."""
    return typed(value, "xsd:date")


def kept(node: Mapping[str, Any]) -> Node:
    """Return a node without what is not known."""
    return {key: value for key, value in node.items() if value not in ("", [], None)}


def document(nodes: Iterable[Node]) -> bytes:
    """Return a JSON-LD document; the same nodes give the same bytes, and a node said twice stands once."""
    by_name = {node["@id"]: node for node in nodes}
    graph = [by_name[name] for name in sorted(by_name)]
    content = {"@context": harvest().prefixes, "@graph": graph}
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
