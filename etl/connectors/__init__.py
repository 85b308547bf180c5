"""One module a data set: from the file its publisher offers to observations."""
