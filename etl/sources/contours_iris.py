"""Areas of the IRIS, summed to communes and weighted to districts."""

import pandas as pd

from data.definitions import Catalogue
from data.rules.aggregation import sum_over_areas, weigh_to_areas
from etl.areas import SKETCH_SOURCE, iris_weights
from etl.ledger import Ledger
from etl.open_data import complete


def observations(ledger: Ledger, _catalogue: Catalogue) -> pd.DataFrame:
    """Return `land_area_ha`; outlines are generalised, so every area is estimated (`E`)."""
    iris = ledger.frame("iris.csv")
    by_iris = pd.DataFrame(
        {
            "ref_area": iris["iris"], "indicator": "land_area_ha", "time_period": "2020",
            "obs_value": iris["area_ha"], "obs_status": "E", "source": SKETCH_SOURCE,
        }
    )  # fmt: skip
    weights = iris_weights(ledger).rename(columns={"iris": "ref_area", "district": "parent"})
    communes = sum_over_areas(by_iris, iris.set_index("iris")["folder"])
    communes["derived_from"] = communes["children"].map("{} IRIS".format)
    districts = weigh_to_areas(by_iris, weights)
    districts["derived_from"] = districts["children"].map("{} IRIS, iris_weights.weight".format)
    frame = pd.concat([by_iris, communes, districts], ignore_index=True).drop(columns="children")
    frame["derived_from"] = frame["derived_from"].fillna("")
    return complete(frame.assign(source_detail="surface du contour généralisé"))
