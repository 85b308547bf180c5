"""Units of publishers in those of the observatory: every factor stands here, and nowhere else."""

# What one of a unit is in the unit figures are given in, both as written in the names below.
MWH = {"kwh": 0.001, "mwh": 1.0, "gwh": 1000.0}
KM = {"m": 0.001, "km": 1.0}
