"""The housing page as most people would write it: files read and charts made on every run, nothing kept.

The benchmark serves it with `streamlit run` and stock settings, beside the observatory's own housing page.
"""

import os
from pathlib import Path

import altair as alt
import pandas as pd
import pydeck as pdk
import shapely
import streamlit as st

CITY, COMMUNE = "Ivry-sur-Seine", "94041"
INDICATORS = ["vacancy_rate_percent", "flats_share_percent", "second_homes_share_percent", "inhabitants_per_main_home"]
COLOURS = [[253, 237, 222], [252, 206, 168], [242, 158, 98], [212, 106, 44], [150, 62, 14]]

st.set_page_config(page_title="Logement", page_icon="🏙️", layout="wide")

folder = Path(os.environ["OBSERVATORY_RELEASES"])
folder = folder / (folder / "current").read_text(encoding="utf-8").strip()
observations = pd.read_parquet(folder / "observations.parquet")
territories = pd.read_parquet(folder / "territories.parquet")
indicators = pd.read_parquet(folder / "indicators.parquet").set_index("indicator")
programmes = pd.read_parquet(folder / "programmes.parquet")
sources = pd.read_parquet(folder / "sources.parquet").set_index("source")
context = pd.read_parquet(folder / "map_context.parquet")

districts = territories[(territories["level"] == "district") & (territories["parent"] == COMMUNE)].sort_values("name")
labels = indicators.loc[INDICATORS, "label_fr"]


def latest(area: str, indicator: str) -> float | None:
    """Return the newest value of an indicator for an area."""
    rows = observations[(observations["ref_area"] == area) & (observations["indicator"] == indicator)]
    rows = rows.dropna(subset="obs_value").sort_values("time_period")
    return float(rows["obs_value"].iloc[-1]) if len(rows) else None


def words(value: float | None, decimals: int = 0) -> str:
    """Return a number in French form."""
    return "non publié" if value is None else f"{value:,.{decimals}f}".replace(",", " ").replace(".", ",")


left, right = st.columns([2, 3], vertical_alignment="bottom")
chosen = left.selectbox("Quartier", ["Toute la ville", *districts["name"]])
right.caption("Données publiées par l’observatoire")
area = COMMUNE if chosen == "Toute la ville" else districts.loc[districts["name"] == chosen, "ref_area"].iloc[0]
name = territories.loc[territories["ref_area"] == area, "short_name"].iloc[0]

dwellings, vacancy = latest(area, "dwellings"), latest(area, "vacancy_rate_percent")
st.title(f"{name} comptait environ {words(dwellings)} logements en 2021, dont {words(vacancy, 1)} % vacants.")
mine = programmes[(programmes["commune"] == COMMUNE) & (programmes["theme"] == "housing")]
mine = mine[mine["source"].map(sources["kind"]) != "party_programme"]
if area != COMMUNE:
    mine = mine[mine["district"] == area]
st.write("Voici les opérations que les textes annoncent." if len(mine) else "Les textes n’y nomment aucune opération.")

tiles = st.columns(4)
tiles[0].metric("Logements", words(dwellings))
tiles[1].metric("Résidences principales", words(latest(area, "main_homes")))
tiles[2].metric("Part de logements vacants", f"{words(vacancy, 1)} %")
tiles[3].metric("Part livrée des opérations annoncées", "non publié")

indicator = st.selectbox("Ce que montre la carte", INDICATORS, format_func=labels.__getitem__)
definition = indicators.loc[indicator]
decimals = int(definition["decimals"])

shapes, names = [], []
for row in districts.itertuples():
    value = latest(row.ref_area, indicator)
    rank = sum((value or 0) >= bound for bound in definition["district_class_bounds"])
    outline = shapely.from_wkb(row.geometry)
    shapes.append({
        "name": row.name, "polygon": list(outline.exterior.coords), "value": words(value, decimals),
        "fill": COLOURS[min(rank, len(COLOURS) - 1)], "width": 5 if row.ref_area == area else 1,
    })  # fmt: skip
    centre = outline.representative_point()
    names.append({"position": [centre.x, centre.y], "text": f"{row.name}\n{words(value, decimals)}"})
around = context[context["commune"] == COMMUNE]
lines = [{"path": list(shapely.from_wkb(row.geometry).coords)} for row in around.query("kind == 'line'").itertuples()]
neighbours = [{"position": list(shapely.from_wkb(row.geometry).coords[0]), "text": row.name}
              for row in around.query("kind == 'label'").itertuples()]  # fmt: skip
layers = [
    pdk.Layer("PathLayer", lines, get_path="path", get_color=[120, 160, 200], width_min_pixels=3),
    pdk.Layer("PolygonLayer", shapes, get_polygon="polygon", get_fill_color="fill", get_line_color=[30, 30, 30],
              get_line_width="width", line_width_units=pdk.types.String("pixels"), stroked=True, pickable=True),
    pdk.Layer("TextLayer", names, get_position="position", get_text="text", get_size=14,
              character_set=pdk.types.String("auto")),
    pdk.Layer("TextLayer", neighbours, get_position="position", get_text="text", get_size=12,
              character_set=pdk.types.String("auto")),
]  # fmt: skip
bounds = shapely.total_bounds([shapely.from_wkb(shape) for shape in districts["geometry"]])
start = pdk.ViewState(longitude=(bounds[0] + bounds[2]) / 2, latitude=(bounds[1] + bounds[3]) / 2, zoom=12.6)

left, right = st.columns([3, 2])
with left:
    st.subheader(f"{definition['label_fr']} par quartier")
    st.pydeck_chart(pdk.Deck(layers, initial_view_state=start, map_provider=None, tooltip={"text": "{name} : {value}"}))
    st.caption("Insee, recensement de la population 2021")
with right:
    st.subheader(chosen)
    st.metric(definition["label_fr"], words(latest(area, indicator), decimals))
    st.metric("Logements ", words(dwellings))
    st.write("Opérations annoncées : " + (", ".join(mine["name"]) or "aucune n’est nommée"))

series = observations[(observations["ref_area"] == COMMUNE)
                      & observations["indicator"].isin(["dwellings_authorised", "dwellings_started"])]  # fmt: skip
series = series.assign(year=series["time_period"].astype(int), line=series["indicator"].map(indicators["label_fr"]))
st.subheader("Logements autorisés et commencés par an")
drawn = alt.Chart(series[["year", "obs_value", "line"]]).mark_line(point=True)
st.altair_chart(
    drawn.encode(
        x=alt.X("year:Q", axis=alt.Axis(format="d"), title=None),
        y=alt.Y("obs_value:Q", title=None), color=alt.Color("line:N", title=None),
        tooltip=["line", "year", "obs_value"],
    ).properties(height=260)
)  # fmt: skip
st.caption("SDES, Sitadel 2024")

if len(mine):
    st.subheader("Les opérations dans le temps")
    spans = mine[["name", "start", "end", "status", "as_of"]].copy()
    spans["from"] = pd.to_numeric(spans["start"].str[:4]).fillna(pd.to_numeric(spans["as_of"].str[:4]))
    spans["to"] = pd.to_numeric(spans["end"].str[:4]).fillna(spans["from"] + 1)
    bars = alt.Chart(spans).mark_bar(height=12)
    st.altair_chart(
        bars.encode(
            x=alt.X("from:Q", axis=alt.Axis(format="d"), scale=alt.Scale(zero=False), title=None), x2="to:Q",
            y=alt.Y("name:N", title=None, axis=alt.Axis(labelLimit=260)), color=alt.Color("status:N", title=None),
            tooltip=["name", "start", "end", "status"],
        )
    )  # fmt: skip
    st.caption("Bilan municipal de 2025")

st.subheader("Les données")
st.dataframe(pd.DataFrame({"Quartier": [shape["name"] for shape in shapes],
                           definition["label_fr"]: [shape["value"] for shape in shapes]}), hide_index=True)  # fmt: skip
st.dataframe(series.pivot_table(index="year", columns="line", values="obs_value"))
st.dataframe(mine[["name", "status", "start", "end", "dwellings_total", "source", "source_detail"]], hide_index=True)

for shown in [indicator, "dwellings_authorised", "dwellings_started", "social_dwellings"]:
    st.markdown(f"**{indicators.at[shown, 'label_fr']}** — {indicators.at[shown, 'definition_fr']}")
    st.markdown(indicators.at[shown, "how_to_read_fr"])
