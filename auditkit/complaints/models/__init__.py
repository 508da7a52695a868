"""Tables of the complaints register: the complaints (`register`), and what is done with each of them (`handling`)."""

from auditkit.complaints.models.register import (
    OPEN,
    POSTGRESQL_SEARCH_EXPRESSION,
    SERIES,
    SQLITE_INDEX_ROWS,
    Complaint,
    ImportRun,
)

__all__ = [
    "OPEN",
    "POSTGRESQL_SEARCH_EXPRESSION",
    "SERIES",
    "SQLITE_INDEX_ROWS",
    "Complaint",
    "ImportRun",
]
