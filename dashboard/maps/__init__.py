"""Maps: one prepared frame, drawn by deck.gl on pages and by its Altair twin everywhere else."""
