"""Rail stations, and who lives within 800 m of one in a straight line."""

import pandas as pd

from data.definitions import Catalogue
from data.rules.access import near_a_station
from data.rules.aggregation import sum_over_areas, weigh_to_areas
from data.schemas import TABLES
from etl.ledger import Ledger
from etl.open_data import complete
from etl.shares import iris_weights
from etl.sources import insee_census_iris

DISTANCE_M = 800
EDITION = "idfm-stations"


def _for_commune(commune: str, iris: pd.DataFrame, stations: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    near = near_a_station(iris, stations, DISTANCE_M)
    census = insee_census_iris.transform(insee_census_iris.extract(set(iris["iris"])))
    population = census[census["indicator"] == "population"].copy()
    is_near = population["ref_area"].map(pd.Series(near.to_numpy(), index=iris["iris"]))
    population["obs_value"] = population["obs_value"].where(is_near, 0.0)
    whole = sum_over_areas(population, pd.Series(commune, index=iris["iris"]))
    parts = weigh_to_areas(population, weights[weights["parent"].str.startswith(f"{commune}-")])
    return pd.concat([whole, parts])


def observations(ledger: Ledger, _catalogue: Catalogue) -> pd.DataFrame:
    """Return `population_near_station` of each commune whose ledger lists stations, and of its districts.

    An IRIS counts whole where its centre is near enough, so the result is estimated (`E`).
    """
    iris, stations = ledger.frame("iris.csv"), ledger.frame("stations.csv")
    weights = iris_weights(ledger).rename(columns={"iris": "ref_area", "district": "parent"})
    frames = [
        _for_commune(str(commune), iris[iris["folder"] == commune], group, weights)
        for commune, group in stations.groupby("folder")
    ]
    if not frames:
        return pd.DataFrame(columns=TABLES["observations"].schema.names)
    frame = pd.concat(frames, ignore_index=True).drop(columns="children")
    return complete(
        frame.assign(
            indicator="population_near_station", obs_status="E", source=EDITION,
            source_detail=f"centre de l’IRIS à {DISTANCE_M} m au plus, en ligne droite",
            derived_from=f"population@2021[{insee_census_iris.EDITION}]; stations",
        )
    )  # fmt: skip
