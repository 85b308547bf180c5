"""Readers of files as publishers write them, within bounds: texts, layers, workbooks, archives; nothing judged."""
