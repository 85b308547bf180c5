"""What pages of the publication load beside themselves: style, script, typeface, icon; named by their content."""

from functools import lru_cache
from hashlib import sha256

from dashboard.definitions import definitions
from dashboard.theme import INKS, mark
from dashboard.typeface import FAMILY, web_font
from data.settings import ROOT

FOLDER = "fichiers"
FEED = "changements/flux.xml"
LETTERS = "lettres.woff2"
_STATIC = ROOT / "dashboard" / "static"


def _named(name: str, content: bytes) -> str:
    stem, _, ending = name.partition(".")
    return f"{FOLDER}/{stem}.{sha256(content).hexdigest()[:12]}.{ending}"


def _variables(mode: str) -> str:
    inks = INKS["dark" if mode == "dark" else "light"]
    return "".join(f"--{name}: {value}; " for name, value in inks.items())


def _dark_pictures() -> str:
    """Return the rules that give charts drawn for white the inks and marks of the dark ground.

    Maps keep theirs: their fills are data, and the words on them are chosen for the fills.
    """
    pairs = {light: INKS["dark"][name] for name, light in INKS["light"].items()}
    pairs |= {mark(theme, "light"): mark(theme, "dark") for theme in definitions().themes}
    return "\n".join(
        f'  .obs-chart [{attribute}="{light}"] {{ {attribute}: {dark}; }}'
        for light, dark in pairs.items()
        for attribute in ("fill", "stroke")
    )


def _dark_marks() -> str:
    """Return the rules that lift the marks of each theme on the dark ground, where a template placed them."""
    return "\n".join(
        f'  [style*="--mark: {mark(theme, "light")}"] {{ --mark: {mark(theme, "dark")} !important; }}'
        for theme in definitions().themes
    )


def _style(sheets: tuple[str, ...], root: str) -> str:
    """Return a style sheet: typeface, inks, the sheets named, dark mode; `root` leads to the root of the site."""
    font = root + _named(LETTERS, web_font())
    text = "".join((_STATIC / name).read_text(encoding="utf-8") for name in sheets)
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 400 700; font-display: swap; '
        f'src: url("{font}") format("woff2"); }}\n'
        f':root {{ {_variables("light")} --typeface: "{FAMILY}", "Source Sans 3", system-ui, sans-serif; }}\n'
        f"{text}"
        f"@media screen and (prefers-color-scheme: dark) {{\n  :root {{ {_variables('dark')} }}\n"
        f"{_dark_pictures()}\n{_dark_marks()}\n}}\n"
    )


@lru_cache
def style() -> str:
    """Return the style sheet of the site's pages, which lies in the folder of assets."""
    return _style(("pieces.css", "site.css"), "../")


@lru_cache(maxsize=16)
def embed_style(root: str) -> str:
    """Return the style of a figure by itself, to stand in its document."""
    return _style(("pieces.css", "site.css", "embed.css"), root)


@lru_cache
def files() -> dict[str, bytes]:
    """Return every file of the folder of assets by its path below the root."""
    contents = {
        LETTERS: web_font(),
        "site.css": style().encode(),
        "site.js": (_STATIC / "site.js").read_bytes(),
        "embed.js": (_STATIC / "embed.js").read_bytes(),
        "icon.svg": (_STATIC / "icon.svg").read_bytes(),
    }
    return {_named(name, content): content for name, content in contents.items()}


def path_of(name: str) -> str:
    """Return the path of an asset below the root of the site.

    Raises
    ------
    KeyError
        There is no asset of that name.
    """
    stem, _, ending = name.partition(".")
    for path in files():
        if path.startswith(f"{FOLDER}/{stem}.") and path.endswith(f".{ending}"):
            return path
    raise KeyError(name)
