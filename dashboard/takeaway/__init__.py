"""Data to take away: the rows behind a figure or a table in every format, each with what is needed to read it."""
