"""Charts as pure functions: values in, Altair chart out."""
