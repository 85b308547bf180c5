"""A page of HTML as a tree of elements, and what is wrong with how its tags are written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Elements whose end tag may be left out, and what ends them.
ENDED_BY = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "p": {"p", "div", "ul", "ol", "dl", "table", "section", "figure", "details", "h1", "h2", "h3"},
    "tr": {"tr", "tbody"},
    "th": {"th", "td", "tr", "tbody"},
    "td": {"th", "td", "tr", "tbody"},
    "thead": {"tbody"},
    "tbody": {"tbody"},
}


@dataclass
class Element:
    """An element, the one it stands in, and what stands in it: elements and texts."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    content: list["Element | str"] = field(default_factory=list)

    @property
    def children(self) -> list["Element"]:
        return [one for one in self.content if isinstance(one, Element)]

    def walk(self) -> Iterator["Element"]:
        """Yield all elements within, in order."""
        for child in self.children:
            yield child
            yield from child.walk()

    def all(self, *tags: str) -> list["Element"]:
        return [element for element in self.walk() if element.tag in tags]

    def up(self) -> Iterator["Element"]:
        """Yield the elements it stands in, the nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    @property
    def text(self) -> str:
        words = [one if isinstance(one, str) else one.text for one in self.content]
        return " ".join(" ".join(words).split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("", {})
        self.doctype = ""
        self.faults: list[str] = []

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while tag in ENDED_BY.get(self.at.tag, ()) and self.at.parent is not None:
            self.at = self.at.parent
        names = [name for name, _ in attrs]
        self.faults += [f"<{tag}> has {name} twice" for name in set(names) if names.count(name) > 1]
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.content.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.at.tag != tag and self.at.tag in ENDED_BY and self.at.parent is not None:
            self.at = self.at.parent
        if self.at.tag != tag or self.at.parent is None:
            self.faults.append(f"</{tag}> ends <{self.at.tag}>")
        else:
            self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.content.append(data)


@dataclass(frozen=True)
class Document:
    """A page: its document type, its tree, and tags that do not fit together or say something twice."""

    doctype: str
    root: Element
    faults: tuple[str, ...]


def read_document(text: str) -> Document:
    """Read a page."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    left = [] if builder.at is builder.root else [f"<{builder.at.tag}> is never ended"]
    return Document(builder.doctype, builder.root, (*builder.faults, *left))
