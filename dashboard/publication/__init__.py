"""The static publication: the same sentences, figures and tables as the pages, complete without a server."""
