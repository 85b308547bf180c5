"""The contract between etl and dashboard: models, schemas, codec, catalogue, ledger and rules."""
