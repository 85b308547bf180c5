"""What a wall screen loads: style, script, typeface, icon, named by their content; and its service worker."""

from functools import lru_cache
from hashlib import sha256

from dashboard.theme import INKS
from dashboard.typeface import FAMILY, web_font
from data.settings import ROOT

FOLDER = "fichiers"
_STATIC = ROOT / "dashboard" / "static"


def _named(name: str, content: bytes) -> str:
    stem, _, ending = name.partition(".")
    return f"{FOLDER}/{stem}.{sha256(content).hexdigest()[:12]}.{ending}"


def style() -> str:
    """Return the style sheet: typeface, inks of both modes, the frame and the slides."""
    font = _named("lettres.woff2", web_font()).removeprefix(f"{FOLDER}/")
    light, dark = (
        "".join(f"--{name}: {value}; " for name, value in inks.items()) for inks in (INKS["light"], INKS["dark"])
    )
    # The classes of a map are the same in both modes, and so are the words on them.
    words = f"--map-ink: {INKS['light']['ink']}; --map-halo: {INKS['light']['ground']};"
    sheet = (_STATIC / "wall.css").read_text(encoding="utf-8")
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 400 700; font-display: block; '
        f'src: url("{font}") format("woff2"); }}\n'
        f':root {{ {light} {words} --typeface: "{FAMILY}", "Source Sans 3", system-ui, sans-serif; }}\n'
        f':root[data-mode="dark"] {{ {dark} }}\n{sheet}'
    )


@lru_cache
def files() -> dict[str, bytes]:
    """Return every file by its path below the folder of the wall screen."""
    contents = {
        "lettres.woff2": web_font(),
        "wall.css": style().encode(),
        "wall.js": (_STATIC / "wall.js").read_bytes(),
        "icon.svg": (_STATIC / "icon.svg").read_bytes(),
    }
    return {_named(name, content): content for name, content in contents.items()}


def path_of(name: str) -> str:
    """Return the path of a file below the folder of the wall screen.

    Raises
    ------
    KeyError
        There is no file of that name.
    """
    stem, _, ending = name.partition(".")
    for path in files():
        if path.startswith(f"{FOLDER}/{stem}.") and path.endswith(f".{ending}"):
            return path
    raise KeyError(name)


def worker() -> bytes:
    """Return the service worker: it keeps one name, since browsers look for a newer one under the old name."""
    return (_STATIC / "wall_worker.js").read_bytes()
