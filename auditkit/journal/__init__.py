"""The append-only, hash-chained record of what happened in each organisation (decision 2)."""
