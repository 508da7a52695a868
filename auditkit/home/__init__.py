"""The organisation's start page: what is due, and where to begin."""
