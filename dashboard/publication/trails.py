"""The way from the home page down to a page: the links above it."""

from dashboard.fragments import Link, Links
from dashboard.messages import message
from dashboard.publication.place import page_path
from dashboard.view import View

HOME = "page.accueil"


def below(city: View, *above: tuple[str, str]) -> Links:
    """Return the trail of a page below others of the city, each with its address in the navigation and its title."""
    home = Link(page_path(city, ""), message(HOME, city.language))
    return (home, *(Link(page_path(city, address), title) for address, title in above))


def of_tree(city: View, view: View, address: str) -> Links:
    """Return the trail of a page of the navigation: of the city none, of a district the list, then its own page."""
    if view.is_city:
        return ()
    trail = below(city, ("quartier", message("page.quartier", city.language)))
    return trail if address == "quartier" else (*trail, Link(page_path(view, "quartier"), view.area_name))
