"""Blocks of HTML from templates; every value is escaped by the template engine."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.formats import labelled
from dashboard.messages import message
from data.settings import ROOT


@lru_cache
def _environment() -> Environment:
    loader = FileSystemLoader(ROOT / "dashboard" / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"message": message, "labelled": labelled}
    return environment


def render(template: str, **values: Any) -> str:
    """Fill a template of `dashboard/templates` and return its HTML."""
    return _environment().get_template(template).render(**values)
