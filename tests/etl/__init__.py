"""Tests of what turns sources into releases."""
