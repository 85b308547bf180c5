"""Timetables in the General Transit Feed Specification (GTFS): from the tables of a feed to departures by area."""
