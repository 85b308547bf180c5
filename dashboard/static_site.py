"""Where the static version of what a reader looks at stands: on the site that is named, else beside the pages."""

from functools import lru_cache

from dashboard.content import statement
from dashboard.fragments import Link
from dashboard.messages import message
from dashboard.publication.legal_pages import CONTACT, PRIVACY
from dashboard.publication.place import checked_base, is_of_the_city, page_path
from dashboard.publication.trees import TREES
from dashboard.view import View, city_view
from data.settings import site_address

# The running server's own pages; links of Streamlit's pages begin at the same folder.
BESIDE = "public/"


@lru_cache(maxsize=2)
def _base(address: str) -> str:
    return checked_base(address) if address else BESIDE


def base() -> str:
    """Return where the static site stands.

    Raises
    ------
    BaseAddressError
        `OBSERVATORY_SITE_ADDRESS` cannot be the address of a site.
    """
    return _base(site_address())


def static_address(view: View, page: str, figure: str = "") -> str:
    """Return the address of the static version of a page of the navigation, or of one of its figures."""
    shown = city_view(view) if is_of_the_city(page) else view
    return f"{base()}{page_path(shown, page)}" + (f"#{figure}" if figure else "")


def foot_links(view: View, page: str) -> tuple[Link, ...]:
    """Return what the foot of every page leads to: its static version, accessibility, privacy, contact."""
    city, language = city_view(view), view.language
    static = (Link(static_address(view, page), message("foot.static", language)),) if page in TREES else ()
    return (
        *static,
        Link(f"{base()}{page_path(city, statement.STATEMENT)}", statement.title(city)),
        Link(f"{base()}{page_path(city, PRIVACY)}", message("legal.vie_privee_page", language)),
        Link(f"{base()}{page_path(city, CONTACT)}", message("legal.contact_page", language)),
    )
