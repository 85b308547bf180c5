"""The simplified version of pages: what they say first, in short words, one idea a sentence, from the same figures."""
