"""Visits: the clause matrix as it stood on a day, and what has changed since."""
