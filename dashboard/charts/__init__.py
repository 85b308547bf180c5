"""Charts as pure functions: values in, Altair chart out."""

import altair as alt

# Values stay inside the specification: named data sets would be turned into Arrow again on every run of a page.
alt.data_transformers.consolidate_datasets = False
