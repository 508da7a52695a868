"""Conformity by clause and principle, maturity, and how the same checklist came out last time."""
