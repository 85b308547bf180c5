"""Reading the gap sheet back: every cell is checked, and all or nothing becomes rows of the ledger."""
