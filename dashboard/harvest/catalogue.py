"""The catalogue of data sets for harvesters: DCAT-AP 3 as JSON-LD, one data set for each family of tables."""

from collections.abc import Iterator

import shapely

from dashboard.harvest.nodes import Node, day, document, in_languages, kept, term, to, typed
from dashboard.harvest.offered import CATALOGUE_FILE, Offer, OfferedFile, harvest
from dashboard.harvest.words import licences_of, licences_words, source_words, view_words
from dashboard.legal import legal
from dashboard.messages import LANGUAGES, message
from dashboard.takeaway.package import MANIFEST, slug
from data.harvest import Family
from data.release import publications
from data.settings import contact_address

# The outlines of districts and communes are good to about a hundred metres: three decimals of a degree.
_DECIMALS = 3


def _name(offer: Offer, *parts: str) -> str:
    """Return the address of a node of the catalogue."""
    return f"{offer.root}{CATALOGUE_FILE}#{'-'.join(parts)}"


def _families(offer: Offer) -> dict[str, tuple[Family, list[OfferedFile]]]:
    """Return the families of which the release has files: older ones have fewer tables."""
    files = {file.table: file for file in offer.files}
    found = {name: (family, [files[table] for table in family.tables if table in files])
             for name, family in harvest().families.items()}  # fmt: skip
    return {name: (family, mine) for name, (family, mine) in found.items() if mine}


def _publisher(offer: Offer) -> Node:
    """Return who publishes; where the local authority did not say, that is said."""
    name = legal().publisher.name
    names = name or in_languages(lambda language: message("legal.missing", language))
    return {"@id": _name(offer, "publisher"), "@type": "foaf:Agent", "foaf:name": names}


def _contact(offer: Offer) -> Node:
    words = legal().publisher.name or in_languages(lambda language: view_words(offer.view, "harvest.title", language))
    return {
        "@id": _name(offer, "contact"), "@type": "vcard:Kind", "vcard:fn": words,
        "vcard:hasEmail": to(f"mailto:{contact_address()}"),
    }  # fmt: skip


def _place(offer: Offer) -> Iterator[Node]:
    """Yield the commune by its official code, with the rectangle around its outline where there is one."""
    area = offer.view.areas.loc[offer.view.commune]
    rectangle = ""
    if area["geometry"]:
        sides = (round(side, _DECIMALS) for side in shapely.from_wkb(area["geometry"]).bounds)
        rectangle = shapely.to_wkt(shapely.box(*sides), rounding_precision=_DECIMALS)
    yield kept({
        "@id": _name(offer, "place"), "@type": "dct:Location", "skos:prefLabel": str(area["name"]),
        "dct:identifier": offer.view.commune, "adms:identifier": to(_name(offer, "place", "code")),
        "dcat:bbox": typed(rectangle, term("wkt")) if rectangle else "",
    })  # fmt: skip
    yield {"@id": _name(offer, "place", "code"), "@type": "adms:Identifier", "skos:notation": offer.view.commune,
           "adms:schemaAgency": "Insee"}  # fmt: skip


def _terms(offer: Offer) -> Iterator[Node]:
    """Yield what vocabularies call the terms used: harvesters need not fetch them."""
    kinds = {
        "access_public": "dct:RightsStatement", "checksum_sha256": "spdx:ChecksumAlgorithm",
        "data_package": "dct:Standard", "dcat_ap": "dct:Standard", "file_parquet": "dct:MediaTypeOrExtent",
        "frequency_irregular": "dct:Frequency", "media_parquet": "dct:MediaType", "openapi": "dct:Standard",
    }  # fmt: skip
    for name, kind in kinds.items():
        yield {"@id": term(name), "@type": kind}
    for address in harvest().languages.values():
        yield {"@id": address, "@type": "dct:LinguisticSystem"}
    scheme = term("theme_scheme")
    titles = in_languages(lambda language: message("harvest.theme_scheme", language))
    yield {"@id": scheme, "@type": "skos:ConceptScheme", "dct:title": titles}
    for code in sorted({code for family, _ in _families(offer).values() for code in family.themes}):
        labels = in_languages(lambda language, code=code: getattr(harvest().themes[code], language))  # type: ignore[misc]
        yield {"@id": f"{scheme}/{code}", "@type": "skos:Concept", "skos:prefLabel": labels,
               "skos:inScheme": to(scheme)}  # fmt: skip
    pages = {offer.root or "./", *(offer.page(family.page) for family, _ in _families(offer).values())}
    for address in sorted(pages):
        yield {"@id": address, "@type": "foaf:Document"}


def _shared(offer: Offer) -> Node:
    """Return what catalogue and data sets say alike."""
    return {
        "dct:publisher": to(_name(offer, "publisher")), "dct:spatial": to(_name(offer, "place")),
        "dct:language": [to(harvest().languages[language]) for language in sorted(LANGUAGES)],
        "dct:modified": day(offer.view.release.published) if offer.view.release.published else "",
        "dcat:contactPoint": to(_name(offer, "contact")) if contact_address() else "",
    }  # fmt: skip


def _catalogue(offer: Offer) -> Iterator[Node]:
    log, licence = publications(offer.folder), legal().rights.data_licence
    shared = {key: value for key, value in _shared(offer).items() if key != "dcat:contactPoint"}
    yield kept({
        **shared, "@id": _name(offer, "catalogue"), "@type": "dcat:Catalog",
        "dct:title": in_languages(lambda language: view_words(offer.view, "harvest.title", language)),
        "dct:description": in_languages(lambda language: message("harvest.description", language)),
        "dct:issued": day(log[0]["published"][:10]) if log else "",
        "dct:conformsTo": to(term("dcat_ap")), "foaf:homepage": to(offer.root or "./"),
        "dcat:themeTaxonomy": to(term("theme_scheme")),
        "dct:license": to(_name(offer, "licence", slug(licence))) if licence else "",
        "dcat:dataset": [to(_name(offer, name)) for name in sorted(_families(offer))],
        "dcat:service": [to(_name(offer, "api"))] if offer.api else [],
    })  # fmt: skip
    if licence:
        yield _licence(offer, licence)


def _dataset(offer: Offer, name: str, family: Family, files: list[OfferedFile]) -> Iterator[Node]:
    city, release_id = offer.view.city_name, offer.view.release.release_id
    sources = sorted({source for file in files for source in file.sources})
    days = [(file.first, file.last) for file in files if file.first]

    def title(language: str) -> str:
        return message("harvest.family_title", language, title=getattr(family.title, language), city=city)

    yield kept({
        **_shared(offer), "@id": _name(offer, name), "@type": "dcat:Dataset",
        "dct:title": in_languages(title),
        "dct:description": in_languages(lambda language: getattr(family.description, language)),
        "dct:identifier": f"{offer.view.commune}-{name}", "dcat:version": release_id,
        "dcat:keyword": [
            {"@language": language, "@value": getattr(keyword, language)}
            for language in sorted(LANGUAGES) for keyword in family.keywords
        ],
        "dcat:theme": [to(f"{term('theme_scheme')}/{code}") for code in family.themes],
        "dct:accrualPeriodicity": to(term("frequency_irregular")), "dct:accessRights": to(term("access_public")),
        "dct:conformsTo": to(term("data_package")), "dcat:landingPage": to(offer.page(family.page)),
        "dct:temporal": to(_name(offer, name, "period")) if days else "",
        "dct:provenance": [to(_name(offer, "source", source)) for source in sources],
        "dcat:distribution": [to(_name(offer, name, file.table)) for file in files],
    })  # fmt: skip
    if days:
        yield {
            "@id": _name(offer, name, "period"), "@type": "dct:PeriodOfTime",
            "dcat:startDate": day(min(first for first, _ in days)), "dcat:endDate": day(max(last for _, last in days)),
        }  # fmt: skip


def _rights(offer: Offer, file: OfferedFile) -> tuple[str, Node]:
    """Return the licence of a file: that of all its rows, which source's rows are under which, or that none is said."""
    licences = licences_of(offer, file)
    if not licences:
        words = in_languages(lambda language: message("harvest.no_licence", language))
        return "dct:rights", {"@id": _name(offer, "no", "licence"), "@type": "dct:RightsStatement", "rdfs:label": words}
    if len(licences) == 1:
        (licence,) = licences
        return "dct:license", _licence(offer, licence)
    titles = in_languages(lambda language: licences_words(licences, language))
    name = _name(offer, "licences", "of", file.table)
    return "dct:license", {"@id": name, "@type": "dct:LicenseDocument", "dct:title": titles}


def _licence(offer: Offer, licence: str) -> Node:
    return {"@id": _name(offer, "licence", slug(licence)), "@type": "dct:LicenseDocument", "dct:title": licence}


def _file(offer: Offer, family: str, file: OfferedFile) -> Iterator[Node]:
    address, checksum = offer.data_folder + file.name, _name(offer, family, file.table, "checksum")
    titles = harvest().tables[file.table]
    published, (key, said) = offer.view.release.published, _rights(offer, file)
    yield kept({
        "@id": _name(offer, family, file.table), "@type": "dcat:Distribution",
        "dct:title": in_languages(lambda language: f"{getattr(titles, language)} ({file.name})"),
        "dct:description": in_languages(lambda language: getattr(titles, language)),
        "dcat:accessURL": to(address), "dcat:downloadURL": to(address),
        "dcat:mediaType": to(term("media_parquet")), "dct:format": to(term("file_parquet")),
        "dcat:byteSize": typed(str(file.size_bytes), "xsd:nonNegativeInteger"), "spdx:checksum": to(checksum),
        "dct:conformsTo": to(f"{offer.data_folder}{MANIFEST}"), "dct:issued": day(published) if published else "",
        key: to(said["@id"]),
    })  # fmt: skip
    yield said
    yield {"@id": checksum, "@type": "spdx:Checksum", "spdx:algorithm": to(term("checksum_sha256")),
           "spdx:checksumValue": typed(file.sha256, "xsd:hexBinary")}  # fmt: skip


def _service(offer: Offer) -> Node:
    served = [name for name, (family, _) in sorted(_families(offer).items()) if family.served]
    return kept({
        "@id": _name(offer, "api"), "@type": "dcat:DataService",
        "dct:title": in_languages(lambda language: view_words(offer.view, "harvest.api_title", language)),
        "dct:description": in_languages(lambda language: message("harvest.api_description", language)),
        "dcat:endpointURL": to(offer.api), "dcat:endpointDescription": to(f"{offer.api}/openapi.json"),
        "dcat:servesDataset": [to(_name(offer, name)) for name in served],
        "dct:conformsTo": to(term("openapi")), "dct:publisher": to(_name(offer, "publisher")),
        "dct:accessRights": to(term("access_public")),
        "dcat:contactPoint": to(_name(offer, "contact")) if contact_address() else "",
    })  # fmt: skip


def _nodes(offer: Offer) -> Iterator[Node]:
    yield from _catalogue(offer)
    yield _publisher(offer)
    if contact_address():
        yield _contact(offer)
    yield from _place(offer)
    yield from _terms(offer)
    yield {"@id": f"{offer.data_folder}{MANIFEST}", "@type": "dct:Standard"}
    for name, edition in offer.editions.items():
        words = in_languages(lambda language, edition=edition: source_words(edition, language))  # type: ignore[misc]
        yield {"@id": _name(offer, "source", name), "@type": "dct:ProvenanceStatement", "rdfs:label": words}
    for name, (family, files) in _families(offer).items():
        yield from _dataset(offer, name, family, files)
        for file in files:
            yield from _file(offer, name, file)
    if offer.api:
        yield _service(offer)


def catalogue(offer: Offer) -> bytes:
    """Return the catalogue of what is offered; the same release at the same address gives the same bytes."""
    return document(_nodes(offer))
