"""The briefing file: one tree of content, written as PDF, as a text document, as slides and as a workbook."""
