"""Clause by clause: which documents and operating records show it, computed from the records (decisions 5 to 8)."""
