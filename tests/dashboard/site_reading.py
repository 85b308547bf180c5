"""The pages of a published site, read once: links, what they load, headings, ids, what their heads say."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

# What a browser asks for by itself when it shows a page, by element.
LOADED = {"script": "src", "img": "src", "source": "src", "iframe": "src", "audio": "src", "video": "src",
          "embed": "src", "object": "data", "use": "href", "image": "href"}  # fmt: skip
LOADED_LINKS = {"stylesheet", "icon", "manifest", "preload", "modulepreload"}


@dataclass
class PageRead:
    """What a page says to machines."""

    language: str = ""
    title: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    inline_scripts: int = 0

    @property
    def is_indexed(self) -> bool:
        """Whether search engines may list it."""
        return "noindex" not in self.metas.get("robots", "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = PageRead()
        self._in_title = False
        self._in_picture = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        page, values = self.page, {name: value or "" for name, value in attrs}
        page.ids += [values["id"]] if "id" in values else []
        page.handlers += [name for name in values if name.startswith("on")]
        if tag == "svg":
            self._in_picture += 1
        elif tag == "html":
            page.language = values.get("lang", "")
        elif tag == "title":
            self._in_title = not self._in_picture
        elif tag == "meta":
            page.metas[values.get("name") or values.get("property", "")] = values.get("content", "")
        elif tag in {"a", "area"} and "href" in values:
            page.links.append(values["href"])
        elif tag == "link":
            self._link(values)
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            page.headings.append(tag)
        if tag == "script" and "src" not in values:
            page.inline_scripts += 1
        if tag in LOADED and LOADED[tag] in values:
            page.loaded.append(values[LOADED[tag]])

    def _link(self, values: dict[str, str]) -> None:
        kinds = set(values.get("rel", "").split())
        if "canonical" in kinds:
            self.page.canonical = values["href"]
        elif "hreflang" in values and "type" not in values:
            self.page.versions[values["hreflang"]] = values["href"]
        elif kinds & LOADED_LINKS:
            self.page.loaded.append(values["href"])
        else:
            self.page.links.append(values["href"])

    def handle_endtag(self, tag: str) -> None:
        self._in_title &= tag != "title"
        self._in_picture -= tag == "svg"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.page.title += data


def read_pages(site: Path) -> dict[str, PageRead]:
    """Return what all pages of a published folder say, by path (`logement/`, `404.html`)."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        reader.close()
        name = path.relative_to(site).as_posix()
        found[name.removesuffix("index.html") if path.name == "index.html" else name] = reader.page
    return found
