"""Addresses of pages with what is chosen on them, relative to any page of the navigation."""

from collections.abc import Mapping
from urllib.parse import urlencode


def address_of(page: str, query: Mapping[str, str]) -> str:
    """Return the address of a page (empty: the first one) with its parameters, in their order."""
    words = urlencode(query)
    return f"{page or './'}{'?' if words else ''}{words}"
