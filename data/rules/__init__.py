"""Pure functions that both sides share: formulas, aggregation, dates, statuses. No I/O, no Streamlit."""
