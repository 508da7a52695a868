"""Reads over actions."""

from auditkit.actions.queries.core import (
    PAGE,
    ActionLine,
    ActionView,
    Attempt,
    Counts,
    Filter,
    RegisterRow,
    by_number,
    counts,
    for_origins,
    listing,
    newest_change,
    number_of,
    register,
    subjects,
)
from auditkit.actions.rules import COMPLETION, VERIFICATION

__all__ = [
    "COMPLETION",
    "PAGE",
    "VERIFICATION",
    "ActionLine",
    "ActionView",
    "Attempt",
    "Counts",
    "Filter",
    "RegisterRow",
    "by_number",
    "counts",
    "for_origins",
    "listing",
    "newest_change",
    "number_of",
    "register",
    "subjects",
]
