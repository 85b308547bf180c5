"""Names as parts of codes."""

import re
import unicodedata


def slug_of(text: str) -> str:
    """Return a text in plain small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
