"""One module per source, with the same stem as its catalogue entry."""
