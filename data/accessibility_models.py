"""The evaluation grid: what each criterion of the RGAA asks, whether parts of the site meet it, and how we know."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data.fields import Strict

PARTS: tuple["Part", ...] = ("site", "pages")
Part = Literal["site", "pages"]
State = Literal["met", "not_met", "not_applicable", "not_tested"]
# Words by language; tests hold that every language of the messages is there.
Words = Annotated[dict[str, Annotated[str, Field(min_length=1)]], Field(min_length=1)]
Number = Annotated[str, Field(pattern=r"^\d{1,2}\.\d{1,2}$")]
Test = Annotated[str, Field(pattern=r"^tests/[a-z_/]+\.py::test_[a-z0-9_]+$")]
# How many criteria each of the 13 topics of RGAA 4.1.2 has.
CRITERIA = {1: 9, 2: 2, 3: 3, 4: 13, 5: 8, 6: 2, 7: 5, 8: 10, 9: 4, 10: 14, 11: 13, 12: 11, 13: 12}


class Verdict(Strict):
    """What was found of a criterion in one part of the site, with the tests that show it or the reason in words.

    `not_tested` : nobody looked, or not well enough; it counts as applicable and not met.
    """

    state: State
    tests: tuple[Test, ...] = ()
    reason: Words | None = None

    @model_validator(mode="after")
    def _check_evidence(self) -> "Verdict":
        if self.state == "met" and not self.tests and self.reason is None:
            raise ValueError("met, with neither a test nor a reason")
        if self.state in {"not_met", "not_applicable", "not_tested"} and self.reason is None:
            raise ValueError(f"{self.state}, without a reason")
        return self


class Criterion(Strict):
    """A criterion in our own words, and what was found in the static site and in the interactive pages."""

    asks: Words
    site: Verdict
    pages: Verdict

    def of(self, part: Part) -> Verdict:
        """Return what was found in a part."""
        return self.site if part == "site" else self.pages


class Rate(Strict):
    """How many criteria there are in each state for one part."""

    met: int
    not_met: int
    not_tested: int
    not_applicable: int

    @property
    def applicable(self) -> int:
        """How many criteria apply: those nobody tested among them."""
        return self.met + self.not_met + self.not_tested

    @property
    def percent(self) -> float:
        """The share of applicable criteria that are met."""
        return 100 * self.met / self.applicable


class Grid(Strict):
    """All criteria by number."""

    criteria: dict[Number, Criterion]

    @model_validator(mode="after")
    def _check_numbers(self) -> "Grid":
        wanted = [f"{topic}.{place}" for topic, count in CRITERIA.items() for place in range(1, count + 1)]
        if list(self.criteria) != wanted:
            wrong = sorted(set(wanted) ^ set(self.criteria)) or "their order"
            raise ValueError(f"not the 106 criteria of RGAA 4.1.2 in order: {wrong}")
        return self

    def of_topic(self, topic: int) -> Iterator[tuple[str, Criterion]]:
        """Yield the criteria of a topic with their numbers."""
        return ((number, one) for number, one in self.criteria.items() if number.startswith(f"{topic}."))

    def rate(self, part: Part) -> Rate:
        """Count the criteria of a part by state."""
        states = [criterion.of(part).state for criterion in self.criteria.values()]
        return Rate(met=states.count("met"), not_met=states.count("not_met"), not_tested=states.count("not_tested"),
                    not_applicable=states.count("not_applicable"))  # fmt: skip


class Finding(Strict):
    """What a checker finds in parts of pages that Streamlit makes: rule, elements, where, what it means to readers."""

    rule: Annotated[str, Field(min_length=1)]
    selector: Annotated[str, Field(min_length=1)]
    where: Words
    words: Words


class Untranslated(Strict):
    """Words of Streamlit that stay English whatever the language: what they mean, and where they stand.

    `words` is what they say, `…` for what changes; `heard` where only screen readers say them.
    """

    words: str
    heard: bool
    where: Words
    means: Words


class Findings(Strict):
    """All of them, by name, and the words that cannot be translated."""

    findings: dict[str, Finding]
    untranslated: dict[str, Untranslated]
