"""Where the pictures of figures are had, and the links that lead there."""

from collections.abc import Mapping
from urllib.parse import urlencode

from dashboard.fragments import Link, Links
from dashboard.messages import LANGUAGES, message
from dashboard.takeaway.links import DISTRICT, LANGUAGE, VERSION
from dashboard.view import View
from data.hypotheses import Hypotheses, to_text

FOLDER, KINDS = "image", ("png", "svg")
# What addresses call the first page, whose own address is empty.
HOME = "accueil"
# What is chosen on the page on programmes.
HYPOTHESES, QUANTITY, YEAR = "hypotheses", "quantite", "annee"


def address(view: View, page: str, key: str, kind: str, parameters: Mapping[str, str]) -> str:
    """Return the address of the picture of a figure of the view, in the reader's language, on a light ground."""
    asked = {**parameters, VERSION: view.release.release_id}
    if not view.is_city:
        asked[DISTRICT] = view.district
    if view.language != LANGUAGES[0]:
        asked[LANGUAGE] = view.language
    return f"{FOLDER}/{page or HOME}/{key}.{kind}?{urlencode(asked)}"


def links(view: View, page: str, key: str, parameters: Mapping[str, str]) -> Links:
    """Return the links to the picture of a figure, one for each format."""
    return tuple(
        Link(address(view, page, key, kind, parameters), message(f"download.{kind}", view.language)) for kind in KINDS
    )


def supposing(hypotheses: Hypotheses, quantity: str = "", year: int | None = None) -> dict[str, str]:
    """Return the parameters of a figure that follows what a reader supposes, and perhaps a quantity and a year."""
    said = {HYPOTHESES: to_text(hypotheses), QUANTITY: quantity, YEAR: str(year or "")}
    return {name: value for name, value in said.items() if value}
