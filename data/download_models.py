"""Where publishers offer their data sets."""

from collections.abc import Sequence

from pydantic import Field

from data.fields import Strict


class Download(Strict):
    """An address of a data set: `{edition}` and `{commune}` are filled in, in `query` and `file` too.

    `query` holds parameters of the address as they are meant, without escapes. `file` is what the file is called in the
    store; where it is left out, as the server or the address calls it. `largest_mb` bounds what is taken; `media_types`
    is what the answer may call itself. `part` names what of an edition it is, where it is not all of it; `edition` the
    only one it is good for, where the address changes with it.
    """

    address: str = Field(pattern=r"^https?://")
    query: dict[str, str] = Field(default_factory=dict)
    file: str = ""
    media_types: tuple[str, ...]
    largest_mb: int = Field(gt=0, le=4000)
    part: str = ""
    edition: str = ""

    @property
    def texts(self) -> str:
        """Return all that may hold places to fill in."""
        return " ".join([self.address, self.file, *self.query.values()])


def fault_of(single: Download | None, parts: Sequence[Download]) -> str:
    """Return what is wrong with the addresses of a data set together, if anything is."""
    if single is not None and parts:
        return "give either [download] or [[downloads]], not both"
    if single is not None and single.part:
        return "a part needs [[downloads]]: one address for each"
    places = [(one.part, one.edition) for one in parts]
    if len(set(places)) < len(places) or not all(one.part for one in parts):
        return "each of [[downloads]] needs a part of its own"
    return ""
