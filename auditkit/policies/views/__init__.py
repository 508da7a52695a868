"""Pages of documents for the organisation's people, by subject."""

from auditkit.policies.views.documents import (
    WORD,
    approve,
    bp,
    index,
    publish,
    questions,
    section,
    show,
    start,
    version,
    withdraw,
    word,
)

__all__ = [
    "WORD",
    "approve",
    "bp",
    "index",
    "publish",
    "questions",
    "section",
    "show",
    "start",
    "version",
    "withdraw",
    "word",
]
