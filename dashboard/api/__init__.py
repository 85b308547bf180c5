"""The data API: the rows behind the pages, asked for by programs."""
