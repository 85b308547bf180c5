"""The formats of answers: which a resource has, and which one a request asks for, by name or by `Accept`."""

from collections.abc import Iterator

from dashboard.api.problems import ProblemError, Wrong
from dashboard.takeaway.package import MEDIA

JSON = "json"
MEDIA_TYPES = {
    JSON: "application/json",
    "csv": f"{MEDIA['csv']}; charset=utf-8",
    "sdmx-csv": MEDIA["sdmx.csv"],
    "parquet": MEDIA["parquet"],
    "geojson": MEDIA["geojson"],
}
# What files are called that hold an answer.
ENDINGS = {"csv": "csv", "sdmx-csv": "sdmx.csv", "parquet": "parquet", "geojson": "geojson"}
TABLES = (JSON, "csv", "parquet")
PLACES = (*TABLES, "geojson")
VALUES = (*TABLES, "sdmx-csv", "geojson")


def _plain(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _accepted(header: str) -> Iterator[tuple[float, str]]:
    """Yield the media types that a client takes, and how much it wants each."""
    for part in header.split(","):
        name, *parameters = part.split(";")
        wish = next((text.strip()[2:] for text in parameters if text.strip().startswith("q=")), "1")
        try:
            yield min(max(float(wish), 0.0), 1.0), name.strip().lower()
        except ValueError:
            continue  # a wish that is no number is no wish


def _is_of(media_type: str, accepted: str) -> bool:
    return accepted in {"*/*", f"{media_type.partition('/')[0]}/*", media_type}


def chosen(asked: str | None, accept: str, offered: tuple[str, ...]) -> str:
    """Return the format to answer in: the one named, else the one of those offered that the client wants most.

    Raises
    ------
    ProblemError
        406: none of those offered.
    """
    choices = ", ".join(offered)
    if asked is not None:
        if asked not in offered:
            raise ProblemError(406, "format", [Wrong("format", asked, "one_of", {"choices": choices})])
        return asked
    types = {kind: _plain(MEDIA_TYPES[kind]) for kind in offered}
    accepted = sorted(_accepted(accept or "*/*"), key=lambda one: -one[0])
    unwanted = {name for wish, name in accepted if wish <= 0}
    for wish, name in accepted:
        for kind, media_type in types.items():
            if wish > 0 and media_type not in unwanted and _is_of(media_type, name):
                return kind
    raise ProblemError(406, "format", [Wrong("Accept", accept, "one_of", {"choices": ", ".join(types.values())})])
