"""What harvesters take of the static site: the same documents, and the files of its release."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from dashboard.harvest.catalogue import catalogue
from dashboard.harvest.offered import CATALOGUE_FILE, FOLDER, Offer
from dashboard.harvest.package import package
from dashboard.publication.place import Place, checked_base, page_path
from dashboard.publication.trees import TREES
from dashboard.takeaway.package import MANIFEST
from dashboard.view import View
from data.settings import public_address, releases_folder


def _offer(city: View, place: Place) -> Offer:
    """Return what the site offers; the data API is that of the running server, where its address is set."""

    def page(address: str) -> str:
        return place.base + (page_path(city, address) if address in TREES else "")

    api = f"{checked_base(public_address())}api/v1" if public_address() else ""
    return Offer(city, releases_folder(), place.base, page, api)


def site_files(city: View, place: Place) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the paths of what harvesters take below the root of the site, and what makes each."""
    offer = _offer(city, place)
    yield CATALOGUE_FILE, partial(catalogue, offer)
    yield MANIFEST, partial(package, offer)
    release = Path(FOLDER) / city.release.release_id
    for name in (MANIFEST, *(file.name for file in offer.files)):
        yield (release / name).as_posix(), (offer.folder / city.release.release_id / name).read_bytes
