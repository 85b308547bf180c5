"""What each page says: pure functions from a view to sentences, figures, charts and tables."""
