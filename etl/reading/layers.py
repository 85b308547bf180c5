"""Layers as their formats hold them: attributes as text, shapes as they stand, nothing judged but the container."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from data.errors import UnreadableFileError
from etl.intake import Rejection

MOST_FEATURES = 2_000_000
MOST_COLUMNS = 500


@dataclass(frozen=True, eq=False)
class Layer:
    """Features before their shapes are judged.

    `frame` : all attributes as text, "" where null, index 0…; `numbers` (of the features, from 1) and `geometries`
    (shapely or None) belong to its rows. `reasons` says, by place in `frame`, why a shape could not even be built.
    `longest` is after how many characters the format cuts names (0: never); `crs` nothing where the file does not say.
    """

    file: str
    frame: pd.DataFrame
    numbers: np.ndarray
    geometries: np.ndarray
    crs: CRS | None
    reasons: dict[int, str] = field(default_factory=dict)
    rejected: tuple[Rejection, ...] = ()
    longest: int = 0


@lru_cache(maxsize=64)
def _parsed(text: str) -> CRS:
    return CRS.from_user_input(text).to_2d()


def crs_of(text: str, file: str) -> CRS:
    """Return the reference system that a name or a text (WKT) stands for, flat.

    Raises
    ------
    UnreadableFileError
        Nothing known is called so.
    """
    try:
        return _parsed(text)
    except CRSError as error:
        raise UnreadableFileError(
            f"{file}: its reference system is none that is known ({text[:80]!r}): export it again in Lambert-93 "
            "(EPSG:2154) or WGS 84 (EPSG:4326)"
        ) from error


def refuse_too_many(file: str, features: int, columns: int = 0) -> None:
    """Refuse more features or columns than any publisher's layer of France has."""
    if features > MOST_FEATURES:
        raise UnreadableFileError(f"{file} has {features} features, more than {MOST_FEATURES}: take the part of it "
                                  "that is about your communes")  # fmt: skip
    if columns > MOST_COLUMNS:
        raise UnreadableFileError(f"{file} has {columns} columns, more than {MOST_COLUMNS}: it is no publisher's file")
