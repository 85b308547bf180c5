"""Everything the release names is found, however it is written, and leads to something that exists."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import entry
from dashboard.content import found, numbers
from dashboard.content.findable import AREA, INDICATOR, KINDS, OTHER, PAGE, PROGRAMME, SOURCE, Thing, things
from dashboard.content.programme_sheets import address as sheet_address
from dashboard.desk.explore import FORMS
from dashboard.desk.measures import LEVELS
from dashboard.desk.requests import query_of
from dashboard.desk.sight import sight
from dashboard.html import render
from dashboard.listing import SEARCH_LENGTH, Filter
from dashboard.messages import has_message, message
from dashboard.navigation import PAGES
from dashboard.search import MOST, answer, cleaned, search
from dashboard.search_index import spelt, words_of
from dashboard.view import View, district_slugs, the_view
from dashboard.works import works
from data.frames import rows_of
from data.release import Release
from tests.dashboard.conftest import TODAY

LANGUAGES = ("fr", "en")
ADDRESSES = {page.address for page in PAGES}
ODD = ("", " \t\n",
       "🙂", "👩\u200d👩\u200d👧", ".*", "(((", "[^]+", "\\", "^$", "\x00", "؟", "%", "…", "’", "—", "+-*/",
       "\u202f\u00a0")  # fmt: skip
LONG = ("x" * 10_000, "logement " * 2_000, "1 " * 5_000, "é" * 10_000, " " * 10_000 + "parc")


@pytest.fixture(scope="module", params=LANGUAGES)
def view(request: pytest.FixtureRequest, release: Release) -> View:
    return the_view(release, "94041", "ville", request.param, "light", TODAY)


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _ways(text: str) -> Iterator[str]:
    """Yield a name as readers may write it."""
    yield from (text, text.upper(), text.lower(), _without_accents(text), text.replace("’", "'").replace("-", " "))


def _assert_found(view: View, name: str, kind: str, label: str) -> None:
    for written in _ways(name):
        assert (kind, label) in {(hit.kind, hit.label) for hit in search(view, written)}, f"{written!r} does not"


def _titles(view: View, text: str) -> list[str]:
    return [hit.label for hit in search(view, text)]


def test_every_indicator_is_found_in_both_languages(view: View) -> None:
    for row in rows_of(view.release.table("indicators")):
        wanted = (("indicateur", row.indicator),)
        for name in (row.label_fr, row.label_en):
            _assert_found(view, name, INDICATOR, getattr(row, f"label_{view.language}"))
            assert wanted in {hit.query for hit in search(view, name)}
        assert wanted in {hit.query for hit in search(view, row.indicator)}, "the name in files finds it too"


def test_every_area_is_found_by_name_and_by_code(view: View) -> None:
    for area in rows_of(view.areas):
        _assert_found(view, area.name, AREA, area.name)
        if area.level in {"commune", "iris"}:
            assert (search(view, area.ref_area)[0].label, search(view, area.ref_area)[0].kind) == (area.name, AREA)
        if area.level == "iris":
            asked = query_of(view, dict(search(view, area.ref_area)[0].query))
            assert area.ref_area in set(sight(view, asked.measure, asked.level, asked.period).valued["ref_area"])
        if area.level == "district":
            own = ("quartier", (("quartier", area.ref_area.removeprefix("94041-")),))
            assert own in {(hit.page, hit.query) for hit in search(view, area.name)}


def test_every_programme_is_found(view: View) -> None:
    for row in rows_of(view.release.table("programmes")):
        _assert_found(view, row.name, PROGRAMME, row.name)


def test_every_source_is_found_in_both_languages(view: View) -> None:
    for row in rows_of(view.release.table("sources")):
        own = getattr(row, f"title_{view.language}")
        for name in (row.title_fr, row.title_en):
            _assert_found(view, name, SOURCE, own)


def test_every_commitment_target_station_and_page_is_found(view: View) -> None:
    for thing in things(view):
        for name in filter(None, (thing.label, thing.other)):
            _assert_found(view, name, thing.kind, thing.label)
    kinds = [thing.kind for thing in things(view)]
    assert set(kinds) == set(KINDS)
    assert kinds.count("commitment") == len(view.release.table("commitments"))
    assert kinds.count("target") == len(view.release.table("targets"))
    assert kinds.count("page") == len(PAGES)


def test_what_is_typed_finds_what_it_becomes(view: View) -> None:
    for thing in things(view):
        for end in range(1, min(len(thing.label), SEARCH_LENGTH) + 1):
            typed = thing.label[:end]
            if words_of(typed):
                told = {(hit.kind, hit.label) for hit in answer(view, typed).hits}
                assert (thing.kind, thing.label) in told, typed


@cache
def _exists(view: View) -> dict[str, Callable[[str], bool]]:
    indicators = set(view.release.table("indicators")["indicator"])
    slugs = district_slugs(view.release, view.commune)
    return {
        "indicateur": lambda key: key.partition("@")[0] in indicators,
        "niveau": LEVELS.__contains__,
        "forme": FORMS.__contains__,
        "quartier": slugs.__contains__,
        "recherche": lambda words: bool(numbers.listings(view, Filter(words))),
    }


@pytest.mark.parametrize("commune", ["94041", "26362"])
def test_every_hit_leads_to_something_that_exists(view: View, commune: str) -> None:
    view = replace(view, commune=commune)
    sheets = {sheet_address(view, work.programme_id) for work in works(view)}
    for thing in things(view):
        assert thing.page in ADDRESSES | sheets, thing.page
        assert all(_exists(view)[name](value) for name, value in thing.query), thing


def test_links_lead_beside_the_page_and_carry_what_holds_on_every_page(view: View) -> None:
    kept = (("langue", "en"), ("quartier", "ivry-port"))
    said = {hit.kind: found.address(view, hit, kept) for hit in search(view, "T Zen 5")}
    folder = "" if view.language == "fr" else "en/"
    assert said[PROGRAMME] == f"public/{folder}programmes/bus-25/"
    assert said["target"] == "objectifs?langue=en&quartier=ivry-port"
    own = next(hit for hit in search(view, "Petit-Ivry") if hit.page == "quartier")
    assert found.address(view, own, kept) == "quartier?langue=en&quartier=petit-ivry"
    home = next(hit for hit in search(view, message("page.accueil", view.language)) if hit.kind == PAGE)
    assert found.address(view, home) == "./"
    names = (entry.LANGUAGE, entry.DISTRICT, entry.READING, entry.VERSION)
    assert names == found.ON_EVERY_PAGE


def test_spellings_of_the_t_zen_are_one(view: View) -> None:
    written = ("T Zen 5", "TZen 5", "t-zen5", "TZEN5", "tzen 5", "T-Zen-5", "t  zen\u00a05", "T.Zen.5")
    found_by = {name: search(view, name) for name in written}
    assert found_by["T Zen 5"][0].label == "T Zen 5"
    assert {hit.kind for hit in found_by["T Zen 5"]} >= {PROGRAMME, "commitment", "target"}
    assert len(set(found_by.values())) == 1


def test_numbers_are_found_with_and_without_spaces(view: View) -> None:
    found_by = [_titles(view, text) for text in ("1 000", "1000", "1\u202f000", "1\u00a0000", "1,000")]
    assert any("000 " in title for title in found_by[0])
    assert all(titles == found_by[0] for titles in found_by)
    assert words_of("10 000 logements, 12\u202f128") == ("10000", "logements", "12128")
    assert words_of("rpls 2024 94041") == ("rpls", "2024", "94041"), "numbers that follow each other are not one"


def test_singular_plural_and_inclusive_forms_are_one(city: View) -> None:
    for one, other in (("logement vacant", "logements vacants"), ("local commercial", "locaux commerciaux"),
                       ("réseau", "réseaux"), ("vacancy", "vacancies"), ("dwelling", "dwellings")):  # fmt: skip
        first, second = ({hit.label for hit in answer(city, text).hits} for text in (one, other))
        assert first & second, (one, other)
        assert second <= first, "what the plural finds, its beginning finds too"
    for text in ("habitants", "habitant", "habitantes", "habitant·es", "HABITANT.ES"):
        assert "Habitant·es de 20 à 64 ans" in _titles(city, text), text


def test_better_answers_come_first(city: View) -> None:
    titles = _titles(city, "population")
    assert titles[0] == "Population", "the very name"
    assert all(title.startswith("Population") for title in titles[:3]), "then names that begin so"
    in_name = [index for index, title in enumerate(titles) if "opulation" in title]
    assert in_name == list(range(len(in_name))), "names before sentences"
    assert _titles(city, "logements vacants")[0] == "Logements vacants (recensement)"
    own = [hit.label for hit in search(city, "vacance")]
    assert own.index("Étude de la vacance et des prix") == len(own) - 1, "another commune's proposal comes last"


def test_what_the_other_language_finds_says_so(release: Release) -> None:
    names = {"fr": ("Densité de population", "en anglais : Population density"),
             "en": ("Population density", "in French: Densité de population")}  # fmt: skip
    for language, (own, said) in names.items():
        view = the_view(release, "94041", "ville", language, "light", TODAY)
        hit = search(view, names[OTHER[language]][0])[0]
        assert (hit.label, hit.detail.partition(" · ")[0].replace("\u00a0", " ")) == (own, said)
        assert said not in search(view, own)[0].detail.replace("\u00a0", " ")


@pytest.mark.parametrize(("text", "meant"), [
    ("geotermie", "géothermie"), ("vaccance", "vacance"), ("logemnet", "logement"), ("recensment", "recensement"),
    ("chofage urbin", ""), ("stratgie bas carbnoe", "stratégie bas carbone"),
])  # fmt: skip
def test_small_errors_are_forgiven_and_told(city: View, text: str, meant: str) -> None:
    given = answer(city, text)
    assert given.spelling == meant
    assert given.hits == (answer(city, meant).hits if meant else ())
    said = found.headline(city, text)
    assert said.title.replace("\u00a0", " ") == f"Aucun résultat pour « {text} »"
    assert (f"«\u00a0{meant}\u00a0»" in said.lead) is bool(meant)


def test_short_words_and_numbers_are_taken_as_they_are(city: View) -> None:
    for text in ("zzz", "94942", "qq7"):
        assert answer(city, text).hits == ()


@pytest.mark.parametrize("text", ["zzzzzzzz", "цщъыэ", "漢字仮名"])
def test_nothing_found_is_said_and_is_no_zero(view: View, text: str) -> None:
    assert search(view, text) == ()
    said = found.headline(view, text)
    assert text in said.title
    assert said.lead == message("search.none_lead", view.language)
    (values,) = found.groups(view, text)
    assert values.links[0][0].address.startswith("chiffres?recherche="), "values are searched elsewhere"


@pytest.mark.parametrize("text", ODD)
def test_odd_signs_find_nothing_and_break_nothing(view: View, text: str) -> None:
    assert search(view, text) == ()
    assert found.groups(view, text) == ()
    key = "no_letters" if cleaned(text) else "title_empty"
    assert found.headline(view, text).title == message(f"search.{key}", view.language, asked=cleaned(text))


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_long_texts_are_cut(view: View, text: str) -> None:
    assert len(cleaned(text)) <= SEARCH_LENGTH
    assert search(view, text) == search(view, text[: 10 * SEARCH_LENGTH])
    assert len(found.headline(view, text).title) < 2 * SEARCH_LENGTH


@given(st.text(max_size=200))
def test_any_text_is_answered(release: Release, text: str) -> None:
    view = the_view(release, "94041", "ville", "fr", "light", TODAY)
    hits = search(view, text, limit=5)
    assert hits == answer(view, text).hits[:5]
    assert found.headline(view, text).title


def test_signs_around_words_make_no_difference(view: View) -> None:
    for text in ("(parc)", "parc*", "« parc »", "parc 🙂", "#parc", "[parc]+?", "^parc$", "  parc  ", "Parc !"):
        assert search(view, text) == search(view, "parc"), text


def test_what_is_written_is_never_markup(view: View) -> None:
    text = "<script>alert(1)</script> <b>parc"
    html = render("found.html", tiles=found.tiles(view, text), groups=found.groups(view, text), mark="#000")
    assert "&lt;b&gt;parc" in html
    assert "<script" not in html


def test_the_count_is_that_of_what_is_found(view: View) -> None:
    for text in ("vacance", "a", "ivry", "Densité de population"):
        hits = answer(view, text).hits
        title = found.headline(view, text).title
        form = "one" if len(hits) == 1 else "other"
        assert title == message(f"search.found_{form}", view.language, count=len(hits), asked=text)
    assert len(search(view, "a")) == MOST


def test_groups_hold_the_hits_in_their_order(view: View) -> None:
    for text in ("a", "ivry", "logement", "métro"):
        hits, (*groups, _) = answer(view, text).hits, found.groups(view, text)
        kinds = list(dict.fromkeys(hit.kind for hit in hits))
        assert len(groups) == len(kinds)
        for kind, group in zip(kinds, groups, strict=True):
            mine = [hit for hit in hits if hit.kind == kind]
            labels = [link.words for link, _ in (*group.links, *group.more)]
            assert labels == [hit.label for hit in mine[: found.FEW + found.MOST]]
            assert str(len(mine)) in group.title
            assert bool(group.note) is (len(mine) > found.FEW + found.MOST), "what is left out is counted"


def test_the_empty_search_counts_what_can_be_found(view: View) -> None:
    shown = {tile.label: tile.number for tile in found.tiles(view, " ")}
    tables = {"indicator": "indicators", "area": "territories", "programme": "programmes", "source": "sources"}
    for kind, table in tables.items():
        assert shown[message(f"search_kind.{kind}", view.language)] == str(len(view.release.table(table)))
    assert found.tiles(view, "parc") == ()


def test_every_page_says_what_is_found_there() -> None:
    for page in PAGES:
        stem = page.title_key.removeprefix("page.")
        assert [one for one in LANGUAGES if not has_message(f"search_page.{stem}", one)] == [], stem


def test_the_district_that_is_looked_at_makes_no_difference(city: View, ivry_port: View) -> None:
    assert search(ivry_port, "parc") == search(city, "parc")


def test_names_are_told_apart(view: View) -> None:
    seen: dict[Any, Thing] = {}
    for thing in things(view):
        told = (thing.kind, thing.label, thing.detail)
        assert told not in seen, told
        seen[told] = thing


def test_spelling_leaves_out_signs() -> None:
    assert spelt("L’Haÿ-les-Roses") == spelt("l'hay les roses") == "lhaylesroses"
