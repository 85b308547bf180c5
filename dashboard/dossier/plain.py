"""Words that people paste, made fit for every file: what no document may hold is taken out, nothing else."""

import unicodedata

# Kept though they are control characters.
_KEPT = frozenset("\n\t")
# What a file may not hold (control, surrogate, not a character), and marks that turn the direction of what follows.
_REFUSED = frozenset({"Cc", "Cs", "Cn", "Co"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff")


def plain(words: str) -> str:
    """Return words in composed letters, line ends as one sign, without what no document may hold."""
    composed = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        sign
        for sign in composed
        if sign in _KEPT or (unicodedata.category(sign) not in _REFUSED and sign not in _TURNING)
    ).replace("\t", " ")
