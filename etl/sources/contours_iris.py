"""Areas of the IRIS, summed to communes and weighted to districts."""

import pandas as pd

from data.definitions import Catalogue
from data.rules.aggregation import sum_over_areas, weigh_to_areas
from etl.ledger import Ledger
from etl.open_data import complete
from etl.packaged import iris_of
from etl.shares import iris_weights
from etl.sketch import SKETCH_SOURCE


def observations(ledger: Ledger, _catalogue: Catalogue) -> pd.DataFrame:
    """Return `land_area_ha`; outlines are generalised, so every area is estimated (`E`).

    An area whose official outline a file gave has its area from there, and none here.
    """
    iris = ledger.frame("iris.csv")
    by_iris = pd.DataFrame(
        {
            "ref_area": iris["iris"], "indicator": "land_area_ha", "time_period": "2020",
            "obs_value": iris["area_ha"], "obs_status": "E", "source": SKETCH_SOURCE,
            "source_detail": "surface du contour généralisé",
        }
    )  # fmt: skip
    is_official = by_iris["ref_area"].isin(ledger.official["ref_area"])
    return with_wider_areas(complete(by_iris[~is_official]), ledger)


def with_wider_areas(by_iris: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Add to the areas of IRIS those of communes, summed, and of districts, weighted (status `E`).

    A commune or district whose own official outline a file gave has its area from there, and none here.

    Parameters
    ----------
    by_iris : observations of IRIS, all columns, of one source.
    """
    parents = iris_of(set(by_iris["ref_area"].str[:5]), ledger).set_index("iris")["commune"]
    communes = sum_over_areas(by_iris, parents)
    communes["derived_from"] = communes["children"].map("{} IRIS".format)
    districts = weigh_to_areas(by_iris, iris_weights(ledger).rename(columns={"iris": "ref_area", "district": "parent"}))
    districts["obs_status"] = districts["obs_status"].mask(districts["obs_value"].notna(), "E")
    districts["derived_from"] = districts["children"].map("{} IRIS, iris_weights.weight".format)
    wider = pd.concat([communes, districts]).drop(columns="children")
    details = by_iris.drop_duplicates("source").set_index("source")["source_detail"]
    wider["source_detail"] = wider["source"].map(details)
    wider = wider[~wider["ref_area"].isin(ledger.official["ref_area"])]
    return pd.concat([by_iris, complete(wider)], ignore_index=True)
