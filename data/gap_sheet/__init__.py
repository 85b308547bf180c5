"""The gap sheet: a spreadsheet that asks a city for what no text says, and that `python -m etl ingest city` reads."""
