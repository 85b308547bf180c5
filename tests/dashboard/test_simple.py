"""The simplified version of every page, of cities and districts: short, plain, sourced, with the page's own numbers."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import get_args

import pytest

from dashboard.content.mobility import station_export
from dashboard.content.simple.pages import TEXTS, simple_of
from dashboard.content.simple.words import Paragraph, Simple
from dashboard.formats import number
from dashboard.messages import catalogue, has_message, message
from dashboard.navigation import PAGES
from dashboard.publication.trees import TREES, views
from dashboard.view import View, the_view
from data.models import SourceKind
from data.release import Release
from tests.dashboard.conftest import TODAY

NO_BREAK, NARROW = "\u00a0", "\u202f"
MOST_WORDS = 12
COMMUNES = ("94041", "94081", "94022", "94074", "26362")
# Thousands are parted by a narrow space; a year is a number too.
NUMBER = re.compile(rf"\d+(?:{NARROW}\d{{3}})*(?:,\d+)?")
YEAR = re.compile(r"(19|20)\d\d")
# Words that join two ideas: a sentence has one of them at most, beside `entre … et …`.
JOINS = re.compile(r"\b(et|ou|mais|car|donc|qui|que|où|si|quand|dont|combien|parce|lorsque)\b|\bqu’|\bs’il", re.I)
# Words for what is not there yet.
AHEAD = re.compile(r"prév|annonc", re.I)

# Acronyms and words of the offices, the census, planning and statistics; links of long sentences.
DIFFICULT = (
    "IRIS|ZAC|RPLS|LOVAC|SRU|HLM|SDES|Sitadel|IGN|ENR|CO₂|PLU|ANRU|GTFS|OSM|taux|pourcentages?|vacance|densité|recensement|"
    "autorisé[es]*|programmé[es]*|opérations?|livr(?:é[es]*|aisons?)|perméables?|carbone|cyclables?|itinéraires?|"
    "aménag(?:é[es]*|ements?)|bilan|mandat|délibération|stratégie|échéances?|réalisations?|horizon|mutation|foncier|esquisse|"
    "indicateurs?|commun(?:e|al|ale)|territoires?|secteurs?|périmètres?|statistiques?|fourchettes?|hypothèses?|scénarios?|"
    "dispositifs?|surfaces?|superficies?|volontaires?|spécifiques?|mixtes?|déploiement|concertation|projections?|prévisionnel|"
    "notamment|ainsi|cependant|néanmoins|toutefois|afin|lequel|laquelle|desquels|celui-ci|celle-ci|hm|ha|km|m²|kWh|MWh"
)
# Words that stay because their page says in a sentence of its own, or in the same one, what they mean.
EXPLAINED = {
    r"géothermie": "La géothermie prend la chaleur sous la terre.",
    r"réseaux? de chaleur": "Un réseau de chaleur amène",
    r"renouvelable": "Une énergie renouvelable revient toujours",
    r"récupérée": "une énergie récupérée serait perdue",
    r"vacants?": "Un logement vacant est un logement où personne n’habite.",
    r"hectares?": "Un hectare mesure",
    r"estimations?": "Une estimation est un nombre calculé",
    r"stations?": "Une station est un arrêt",
    r"objectifs?": "Un objectif est un but",
    r"lieux? verts?": "Un lieu vert est",
    r"permis de construire": "Un permis de construire donne",
    r"Insee": "l’Insee, un service de l’État|Île-de-France Mobilités et de l’Insee",
    r"\d+[\u00a0\u202f]%": "Le signe\u00a0% veut dire sur 100\\.",
}
UNKNOWN = re.compile(r"ne (?:savons|connaissons|donnent|parlent|nomment)|n’avons|n’est connue|n’en donne|ne comptons")
# Numbers that stand in a sentence saying what a word means, and in `sur 100`.
MEANINGS = re.compile(r"Un hectare mesure .*|(?<=sur )100\b")
SOURCE = re.compile(r"Ces (?:chiffres|informations) viennent|La Ville le dit dans un texte de \d{4}|Des bénévoles ont")


@cache
def _views(release: Release) -> tuple[View, ...]:
    """Return the views of the city and its districts, then those of the other communes."""
    cities = [the_view(release, code, "ville", "fr", "light", TODAY) for code in COMMUNES]
    return tuple(view for city in cities for view in views(city))


def _said(release: Release, address: str) -> Iterator[tuple[View, Simple]]:
    for view in _views(release):
        simple = simple_of(address, view)
        assert simple is not None
        yield view, simple


def _sentences(release: Release, address: str) -> Iterator[tuple[View, str]]:
    """Yield every sentence, title and heading included as it reads without names of places."""
    for view, simple in _said(release, address):
        for sentence in simple.sentences:
            yield view, sentence


@cache
def _names(release: Release) -> tuple[str, ...]:
    """Return the names of places, the longest first."""
    areas = release.table("territories")
    names = {*areas["short_name"], *areas["name"], *release.table("places")["name"]}
    return tuple(sorted((name for name in names if len(str(name)) > 4), key=len, reverse=True))


@cache
def _without_names(view: View, sentence: str) -> str:
    """Return a sentence with one word for each name of a place: they are as long as they are."""
    for name in _names(view.release):
        sentence = sentence.replace(name, "Nom")
    return sentence


def _words_of(value: object) -> Iterator[str]:
    """Yield every word a piece of content shows: text in it, and in what it is made of."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _words_of(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _words_of(getattr(value, one.name))


@cache
def _page_text(address: str, view: View) -> str:
    tree = TREES[address](view)
    return " ".join(_words_of((tree.headline, tree.tiles, tree.parts)))


@pytest.fixture(params=sorted(TEXTS))
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_theme_has_a_simplified_version() -> None:
    themes = {entry.address for entry in PAGES if entry.section == "themes"}
    assert themes | {"", "quartier", "programmes"} == set(TEXTS)


def test_sentences_are_short_and_whole(release: Release, address: str) -> None:
    for view, sentence in _sentences(release, address):
        words = _without_names(view, sentence).split(" ")
        assert len(words) <= MOST_WORDS, sentence
        assert re.fullmatch(r"[A-ZÀÉÎ][^.!?]*\.", _without_names(view, sentence)), sentence


def test_a_sentence_has_one_idea(release: Release, address: str) -> None:
    for view, sentence in _sentences(release, address):
        plain = re.sub(r"\bentre \S+ et ", "entre ", _without_names(view, sentence))
        assert not re.search(r"[;:()«»]", plain), sentence
        assert plain.replace("C’est", "").count(", ") <= 1, sentence
        assert len(JOINS.findall(plain)) <= 1, sentence


def _words_of_figure(address: str, view: View) -> tuple[str, ...]:
    """Return the plain title and the way of reading of the figure a static page shows beneath its text."""
    for figure in TREES[address](view).figures():
        name = figure.key.replace("-", "_")
        if has_message(f"simple.figure_{name}", "fr"):
            return message(f"simple.figure_{name}", "fr"), message(f"simple.read_{name}", "fr")
    return ()


def test_figures_are_read_in_one_short_sentence() -> None:
    readings = {key: words for key, words in catalogue("fr").items() if key.startswith("simple.read_")}
    assert len(readings) >= 8
    for key, words in readings.items():
        assert len(words.split(" ")) <= MOST_WORDS, words
        assert re.fullmatch(r"[A-Z][^.;:()]*\.", words), words
        assert has_message(key.replace(".read_", ".figure_"), "fr"), key


def test_no_word_is_difficult_unless_its_page_says_what_it_means(release: Release, address: str) -> None:
    difficult = re.compile(rf"\b(?:{DIFFICULT})\b", re.I)
    for view, simple in _said(release, address):
        headings = [simple.title, *(paragraph.title for paragraph in simple.paragraphs)]
        words_of_figure = _words_of_figure(address, view)
        text = " ".join((*headings, *simple.sentences, *words_of_figure))
        for words in (*headings, *simple.sentences, *words_of_figure):
            assert not difficult.search(_without_names(view, words)), words
        for word, meaning in EXPLAINED.items():
            if re.search(rf"\b{word}", _without_names(view, text), re.I):
                assert re.search(meaning, text), f"{address} {view.ref_area}: {word} is not explained in: {text}"


def test_french_typography(release: Release, address: str) -> None:
    verbs = "à|et|sur|sont|ont|habitai(?:en)?t|avancent|s’éloignent|vivent|étai(?:en)?t|veut|logements? de"
    for view, simple in _said(release, address):
        for words in (simple.title, *(paragraph.title for paragraph in simple.paragraphs), *simple.sentences):
            assert not re.search(r"['\"]|\.\.\.|  |\{|·", words), words
            assert not re.search(rf"[^{NARROW}{NO_BREAK}]%|[^{NO_BREAK}{NARROW}][:;?!]", words), words
            assert not re.search(r"\d{4,}", YEAR.sub("", words)), words
            # A number stays with its noun at the end of a line.
            assert not re.search(rf"\d (?!(?:{verbs})\b)[a-zà-ÿ]", _without_names(view, words)), words
            assert not re.search(r"\b1 [a-zà-ÿ]+s\b|\b(?:de|que|le|la) [aeiouéèà]", words.replace(NO_BREAK, " ")), words


def test_a_number_stands_with_its_source(release: Release, address: str) -> None:
    for _, simple in _said(release, address):
        for paragraph in simple.paragraphs:
            if _figures(paragraph):
                assert any(SOURCE.search(sentence) for sentence in paragraph.sentences), paragraph


def test_every_kind_of_source_has_a_sentence(release: Release) -> None:
    view = _views(release)[0]
    for kind in get_args(SourceKind):
        if kind != "party_programme":  # a party's figures stay off these pages
            assert SOURCE.search(message(f"simple.from_kind_{kind}", view.language, year=2025))


def _numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text.replace("+", " ")))


def _is_on_page(found: str, sentence: str, page: str) -> bool:
    """Tell whether a page has a number; of a hundred, it has a percentage that rounds to it."""
    if found in _numbers(page):
        return True
    percentages = (float(one.replace(",", ".")) for one in re.findall(rf"(\d+(?:,\d+)?)[{NARROW}{NO_BREAK}]?%", page))
    return "sur 100" in sentence and any(abs(one - int(found)) <= 0.5 for one in percentages)


def test_every_number_is_one_of_the_page(release: Release, address: str) -> None:
    for view, sentence in _sentences(release, address):
        page = _page_text(address, view)
        for found in NUMBER.findall(MEANINGS.sub("", _without_names(view, sentence))):
            assert _is_on_page(found, sentence, page), f"{view.ref_area}: {found} of “{sentence}” is not on the page"


@cache
def _natures(release: Release, commune: str) -> dict[str, set[str]]:
    """Return the numbers the release has of a commune and its parts, as pages write them, by what they are."""
    rows = release.table("observations").dropna(subset="obs_value")
    rows = rows[rows["ref_area"].str.startswith(commune)]
    found: dict[str, set[str]] = {}
    for nature, value in zip(rows["nature"], rows["obs_value"], strict=True):
        found.setdefault(nature, set()).update(number(value, decimals, "fr") for decimals in (0, 1))
    return found


def test_what_is_ahead_is_never_said_as_if_it_were_there(release: Release, address: str) -> None:
    for view, sentence in _sentences(release, address):
        natures = _natures(release, view.commune)
        observed = natures.get("observed", set())
        ahead = set[str]().union(*(numbers for nature, numbers in natures.items() if nature != "observed"))
        found = {one for one in NUMBER.findall(MEANINGS.sub("", sentence)) if not YEAR.fullmatch(one) and len(one) > 2}
        if AHEAD.search(sentence):
            assert not found & (observed - ahead), f"observed, and said as planned: {sentence}"
        else:
            assert not found & (ahead - observed), f"planned, and said as observed: {sentence}"


@pytest.mark.parametrize("address", sorted(set(TEXTS) - {"objectifs"}))  # targets are counted, with or without a date
def test_planned_and_observed_stand_in_paragraphs_of_their_own(release: Release, address: str) -> None:
    headings = {message(f"simple.{name}", "fr") for name in ("planned", "announced")}
    for _, simple in _said(release, address):
        for paragraph in simple.paragraphs:
            numbered = [one for one in paragraph.sentences if NUMBER.search(YEAR.sub("", MEANINGS.sub("", one)))]
            for sentence in numbered:
                assert bool(AHEAD.search(sentence)) == (paragraph.title in headings), sentence


def _sentence(simple: Simple | None, words: str) -> str:
    """Return the one sentence of a text with these words."""
    assert simple is not None
    (found,) = (sentence for sentence in simple.sentences if words in sentence)
    return found


def test_small_counts_are_those_of_the_lists_of_the_page(city: View, district: View) -> None:
    named = re.search(r"(\d+) lieux et actions cités", TREES["quartier"](district).headline.title)
    if named:
        assert f" {named[1]}{NO_BREAK}lieux" in _sentence(simple_of("quartier", district), "lieux et projets")
    inside = set(station_export(district)["name"])
    if len(inside) > 2:
        assert f" {len(inside)}{NO_BREAK}stations" in _sentence(simple_of("mobilite", district), "dans ce quartier")
    else:
        said = simple_of("mobilite", district)
        assert all(name in _sentence(said, name) for name in inside)
    networks = {tile.extra for tile in TREES["geothermie"](city).tiles if tile.extra}
    assert f" {len(networks)}{NO_BREAK}réseaux" in _sentence(simple_of("geothermie", city), "Il y a")
    announced = re.search(r"Sur (\d+) objectifs", TREES["objectifs"](city).headline.title)
    assert announced
    assert f" {announced[1]}{NO_BREAK}objectifs" in _sentence(simple_of("objectifs", city), "Les textes donnent")


def test_what_the_first_sentences_of_ivry_say(city: View, ivry_port: View) -> None:
    expected = {
        ("", city): ("En 2023, 65 064 personnes habitaient à Ivry.", "Depuis 2013, il y a 6 131 personnes de plus."),
        ("", ivry_port): ("En 2021, environ 13 252 personnes habitaient le quartier Ivry-Port.",),
        ("logement", city): (
            "En 2021, un logement sur 16 était vacant.",
            "La Ville prévoit 5 600 logements dans ce projet.",
        ),
        ("espaces-verts", city): ("La Ville déclare plus de 10 hectares de nouveaux espaces verts.",),
        ("espaces-verts", ivry_port): (
            "La Ville prévoit 12 hectares de parcs.",
            "Le lieu s’appelle Ivry-Port.",
            "D’autres espaces verts sont aussi prévus.",
        ),
        ("geothermie", city): ("Ce n’est pas 40 % des logements.",),
        ("programmes", city): ("Les textes annoncent entre 7 154 et 8 552 logements.",),
    }
    for (where, view), sentences in expected.items():
        simple = simple_of(where, view)
        assert simple is not None
        said = [re.sub(f"[{NO_BREAK}{NARROW}]", " ", one) for one in simple.sentences]
        assert set(sentences) <= set(said), f"{where}: {said}"


@pytest.mark.parametrize("where", ["", "logement", "espaces-verts", "geothermie", "mobilite"])
def test_what_is_missing_is_said_plainly(where: str, city: View, ivry_port: View) -> None:
    for view in (city, ivry_port):
        nothing = view.release.table("observations").iloc[:0]
        bare = replace(view.release, tables={**view.release.tables, "observations": nothing})
        simple = simple_of(where, replace(view, release=bare))
        assert simple is not None
        assert len(simple.paragraphs) >= 2
        for paragraph in simple.paragraphs:
            assert any(UNKNOWN.search(sentence) for sentence in paragraph.sentences) or not _figures(paragraph), (
                paragraph
            )


def _figures(paragraph: Paragraph) -> list[str]:
    """Return the numbers a paragraph gives that are no years and no part of a meaning."""
    said = (YEAR.sub("", MEANINGS.sub("", sentence)) for sentence in paragraph.sentences)
    return [found for sentence in said for found in NUMBER.findall(sentence)]


def test_a_page_without_a_simplified_version_has_none(city: View) -> None:
    for where in {entry.address for entry in PAGES} - set(TEXTS):
        assert simple_of(where, city) is None
