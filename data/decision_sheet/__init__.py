"""The decision sheet: a spreadsheet that asks a city what its climate conferences decided and what was spent."""
