"""The links to the rows behind a figure, a table or a listing, one for each format they can be had in."""

from collections.abc import Mapping
from urllib.parse import urlencode

from dashboard.exports import form_of, kinds_of
from dashboard.fragments import Link, Links
from dashboard.messages import LANGUAGES, message
from dashboard.view import View

FOLDER, DISTRICT, LANGUAGE, VERSION = "telecharger", "quartier", "langue", "version"


def address(view: View, name: str, kind: str, query: Mapping[str, str]) -> str:
    """Return the address of an export of the release that is shown, in the reader's language."""
    asked = {**query, VERSION: view.release.release_id}
    if view.language != LANGUAGES[0]:
        asked[LANGUAGE] = view.language
    return f"{FOLDER}/{name}.{kind}?{urlencode(asked)}"


def links(view: View, name: str, query: Mapping[str, str], with_form: bool = False) -> Links:
    """Return the links to an export in every format; before them that to the spreadsheet to fill in, if any."""

    def words(key: str) -> str:
        return message(f"download.{key}", view.language)

    form = (Link(address(view, form_of(name), "xlsx", {}), words("form")),) if with_form else ()
    kinds = kinds_of(view, name, query)
    return (*form, *(Link(address(view, name, kind, query), words(kind.replace(".", "_"))) for kind in kinds))
