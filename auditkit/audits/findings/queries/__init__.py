"""Findings of all audits: the list, how long they have been open, what was said to them, what they may repeat."""

from auditkit.audits.findings.queries.answers import ResponseView, response, responses
from auditkit.audits.findings.queries.choices import (
    audits_with_findings,
    checklists_with_findings,
    clauses_with_findings,
    principles_with_findings,
)
from auditkit.audits.findings.queries.repeating import Alike, alike, repeated_by, repeats
from auditkit.audits.findings.queries.selecting import (
    AgeBand,
    Figures,
    Line,
    Wanted,
    ageing,
    count,
    every,
    figures,
    key_of,
    listing,
    read_key,
)

__all__ = [
    "AgeBand",
    "Alike",
    "Figures",
    "Line",
    "ResponseView",
    "Wanted",
    "ageing",
    "alike",
    "audits_with_findings",
    "checklists_with_findings",
    "clauses_with_findings",
    "count",
    "every",
    "figures",
    "key_of",
    "listing",
    "principles_with_findings",
    "read_key",
    "repeated_by",
    "repeats",
    "response",
    "responses",
]
