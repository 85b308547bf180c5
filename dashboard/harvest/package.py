"""The data package of a release for harvesters: its own manifest, with addresses, sources and licences."""

import json

from dashboard.harvest.offered import FOLDER, Offer, OfferedFile
from dashboard.harvest.words import licences_of, source_words, view_words
from dashboard.messages import LANGUAGES
from dashboard.takeaway.package import slug
from data.release import manifest_of


def _of_file(offer: Offer, file: OfferedFile) -> dict[str, object]:
    """Return what the manifest does not say of a file: whose rows it holds, and under which licences."""
    licences = sorted(licences_of(offer, file))
    return {
        "sources": [{"title": source_words(offer.editions[name], LANGUAGES[0])} for name in file.sources],
        "licenses": [{"name": slug(licence), "title": licence} for licence in licences],
    }


def package(offer: Offer) -> bytes:
    """Return the descriptor (Frictionless Data Package) of a release; files are named from where it stands."""
    release = offer.view.release
    manifest, known = manifest_of(offer.folder, release.release_id), {file.table: file for file in offer.files}
    resources = [
        {**resource, **{key: value for key, value in _of_file(offer, known[resource["name"]]).items() if value},
         "path": f"{FOLDER}/{release.release_id}/{resource['path']}"}
        for resource in manifest["resources"]
    ]  # fmt: skip
    found = {
        **manifest, "resources": resources, "version": release.release_id,
        "title": view_words(offer.view, "harvest.title", LANGUAGES[0]), "homepage": offer.root,
        "created": f"{release.published}T00:00:00Z" if release.published else "",
    }  # fmt: skip
    said = {key: value for key, value in found.items() if value}
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
