"""Tests of the connectors, on small files in the exact layout of their publishers."""
