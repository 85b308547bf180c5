"""What travels with data: a Frictionless Data Package of the files, and a text that says how to read them."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import pandas as pd

from dashboard.formats import labelled
from dashboard.messages import message
from dashboard.takeaway.holding import column_words, is_observations, sources_of, type_of
from dashboard.takeaway.sdmx import COMPONENTS, MEASURE, STRUCTURE_COLUMNS
from dashboard.takeaway.workbook import facts, published_on, source_rows
from dashboard.view import View
from data.frames import rows_of
from data.schemas import TABLES

DATA, STRUCTURE = "data", "sdmx-structure.csv"
MANIFEST, README = "datapackage.json", "README.txt"
# What each file of an archive is: its media type, and what Frictionless calls its format.
MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "sdmx.csv": "application/vnd.sdmx.data+csv; version=2.0.0",
}
_SDMX_NUMBERS = frozenset({"UNIT_MULT", "DECIMALS", "OBS_VALUE_MAX"})


def slug(words: str) -> str:
    """Return words as a name within addresses: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _schema(frame: pd.DataFrame, language: str) -> dict[str, Any]:
    """Return the Frictionless table schema of rows: name, type and meaning of each column."""
    fields = [
        {"name": name, "type": type_of(frame[name]), "description": column_words(name, language)}
        for name in frame.columns
    ]
    key = {"primaryKey": list(TABLES["observations"].key)} if is_observations(frame) else {}
    return {"fields": fields, **key}


def _of_words(_frame: pd.DataFrame, _language: str) -> dict[str, Any]:
    return {"fields": [{"name": name, "type": "string"} for name in STRUCTURE_COLUMNS]}


def _sdmx_schema(_frame: pd.DataFrame, _language: str) -> dict[str, Any]:
    names = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
    fields = [{"name": name, "type": "string"} for name in names]
    for one in COMPONENTS:
        is_number = one.role == MEASURE or one.name in _SDMX_NUMBERS
        fields.append({"name": one.name, "type": "number" if is_number else "string"})
    return {"fields": fields}


def _resource(name: str, content: bytes, frame: pd.DataFrame, language: str) -> dict[str, Any]:
    """Return what is said of a file: what it is, its bytes and checksum, its rows and columns."""
    kind = name.partition(".")[2] if name.startswith(f"{DATA}.") else name
    found: dict[str, Any] = {
        "name": slug(name), "path": name, "title": message(f"takeaway.file_{_key(name)}", language),
        "format": name.rpartition(".")[2], "mediatype": MEDIA.get(kind, MEDIA["csv"]), "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
    }  # fmt: skip
    schemas = {
        f"{DATA}.csv": _schema,
        f"{DATA}.parquet": _schema,
        f"{DATA}.xlsx": _schema,
        f"{DATA}.sdmx.csv": _sdmx_schema,
        STRUCTURE: _of_words,
    }
    if name in schemas:
        found["schema"] = schemas[name](frame, language)
    if name.endswith(".csv"):
        found |= {"profile": "tabular-data-resource", "encoding": "utf-8"}
    if kind == "xlsx":
        found["dialect"] = {"excel": {"sheet": message("takeaway.sheet_rows", language)}}
    if kind in MEDIA:
        found["features" if kind == "geojson" else "rows"] = len(frame)
    return found


def _key(name: str) -> str:
    return name.partition(".")[2].replace(".", "_") if name.startswith(f"{DATA}.") else slug(name).replace("-", "_")


def manifest(view: View, frame: pd.DataFrame, name: str, title: str, link: str, files: Mapping[str, bytes]) -> bytes:
    """Return the descriptor of an archive (Frictionless Data Package): files, sources and licences.

    Parameters
    ----------
    name : what the export is called in addresses.
    files : the content of each file by its name.
    """
    language = view.language
    editions = sources_of(view, frame)
    found = {
        "profile": "data-package",
        "name": slug(name),
        "title": title,
        "version": view.release.release_id,
        "created": f"{published_on(view).isoformat()}T00:00:00Z",
        "homepage": link if link.startswith("http") else "",
        "languages": [language],
        "licenses": [{"name": slug(licence), "title": licence} for licence in dict.fromkeys(editions["licence"])],
        "sources": [
            {"name": row.source, "title": getattr(row, f"title_{language}"), "publisher": row.publisher,
             "licence": row.licence, "date": row.edition_date, "kind": row.kind, "hash": f"sha256:{row.sha256}"}
            for row in rows_of(editions)
        ],
        "resources": [_resource(file, content, frame, language) for file, content in files.items()],
    }  # fmt: skip
    kept = {key: value for key, value in found.items() if value not in ("", [])}
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def _part(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, "-" * len(title), *lines]


def readme(
    view: View, frame: pd.DataFrame, title: str, link: str, files: Sequence[str], left_out: Sequence[str]
) -> bytes:
    """Return the text that goes with the files: what they are, of which release, how to read them, whose data.

    Parameters
    ----------
    left_out : in words, why other formats are not among the files.
    """
    language = view.language

    def words(name: str) -> str:
        return message(f"takeaway.{name}", language)

    def lines(pairs: Iterable[tuple[str, str]]) -> list[str]:
        return [labelled(label, said, language) for label, said in pairs]

    rules = [words("cells"), words("apostrophe")]
    if is_observations(frame):
        rules += [words("states"), words("natures")]
    sources = [f"{row[1]}. {row[2]}. {row[3]}. {row[4]}. {row[5]} ({row[0]})." for row in source_rows(view, frame)]
    parts = (
        _part(title, lines(facts(view, title, link)[1:]))[1:],
        _part(words("readme_files"), [*lines((name, words(f"file_{_key(name)}")) for name in files), *left_out]),
        _part(words("readme_rules"), rules),
        _part(words("readme_columns"), lines((str(name), column_words(name, language)) for name in frame.columns)),
        _part(words("readme_sources"), sources or [words("no_source")]),
    )
    text = "\r\n".join(line for part in parts for line in part)
    return f"{text}\r\n".encode("utf-8-sig")
