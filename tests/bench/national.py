"""Files as large as the national ones: every commune of the packaged census, numbers drawn at random."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from etl.packaged import packaged_communes, packaged_rows

YEARS = range(2011, 2025)
TYPES = ("Individuel pur", "Individuel groupé", "Collectif")
PARTS = ("nb_loues", "nb_vacants", "nb_vides", "nb_asso", "nb_occup_finan", "nb_occup_temp")
# Dwellings of one type authorised or started in a year, for each that is there.
YEARLY_SHARE = 0.004
SECRET_TOTAL, SECRET_DWELLINGS = 10, 11
RPLS, SITADEL, LOVAC = "rpls-2024", "sitadel-2024", "lovac-2025"


def communes() -> pd.DataFrame:
    """Return all communes by code, with `homes` and `dwellings`."""
    table = packaged_rows("com", packaged_communes()).groupby("com")[["res_principales", "logements"]].sum()
    return table.set_axis(["homes", "dwellings"], axis=1).sort_index()


def write_rpls(path: Path) -> int:
    """Write a register of social dwellings (UTF-8 with mark, comma, CRLF, small totals without parts)."""
    known, chance = communes(), np.random.default_rng(4)
    codes, stock = list(known.index), (known["homes"] * chance.uniform(0, 0.3, len(known))).astype("int64").to_numpy()
    parts = pd.DataFrame({name: stock // (1 if name == "nb_loues" else 25) for name in PARTS})
    total = parts.sum(axis=1)
    cells = parts.astype("str").mask(total <= SECRET_TOTAL, "")
    frame = pd.DataFrame({"DEPCOM_ARM": codes})
    frame["LIBCOM_DEP"] = [f"Commune {code} ({code[:2]})" for code in codes]
    frame["LIBCOM"] = [f"Commune {code}" for code in codes]
    frame = frame.join(cells).assign(nb_ls=total)
    frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return len(frame)


def write_sitadel(path: Path) -> int:
    """Write the annual series: a row per year, commune and type of dwelling, and their sum."""
    known, chance = communes(), np.random.default_rng(5)
    key = pd.DataFrame(product(YEARS, known.index), columns=["ANNEE", "COMM"])
    expected = key["COMM"].map(known["dwellings"]).to_numpy() * YEARLY_SHARE
    columns = ("LOG_AUT", "LOG_COM", "SDP_AUT", "SDP_COM")
    drawn = {name: chance.poisson(expected, (len(TYPES), len(key))) for name in columns}
    drawn["LOG_COM"][:, key["ANNEE"] == YEARS[-1]] = 0
    by_type = [key.assign(TYPE_LGT=kind, **{name: drawn[name][place] for name in columns})
               for place, kind in enumerate(TYPES)]  # fmt: skip
    whole = key.assign(TYPE_LGT="Tous", **{name: drawn[name].sum(axis=0) for name in columns})
    frame = pd.concat([whole, *by_type]).sort_values(["ANNEE", "COMM"], kind="stable")
    frame.to_csv(path, index=False, sep=";")
    return len(frame)


def write_lovac(path: Path) -> int:
    """Write vacancy of the private stock, wide, newest year first; small numbers are `s`."""
    codes, chance = list(communes().index), np.random.default_rng(6)
    stock = chance.integers(20, 3000, len(codes))
    frame = pd.DataFrame({"CODGEO_25": codes, "LIBGEO_25": [f"Commune {code}" for code in codes]})
    for year in range(25, 19, -1):
        vacant = (stock * chance.uniform(0.02, 0.2, len(codes))).astype("int64")
        if year < 25:
            frame[f"pp_total_{year}"] = stock
        for name, values in (("pp_vacant", vacant), ("pp_vacant_plus_2ans", vacant // 3)):
            frame[f"{name}_{year}"] = pd.Series(values).astype("str").mask(values < SECRET_DWELLINGS, "s")
    frame.to_csv(path, index=False, sep=";")
    return len(frame)
