"""Reads over documents, by subject."""

from auditkit.policies.queries.documents import (
    AskedFor,
    PolicyView,
    Section,
    Version,
    answers_elsewhere,
    as_json,
    complaints_policy,
    filled_sections,
    policies,
    policy,
    published,
    questions_of,
    questions_stored,
    sections_of,
    to_start,
    view,
)

__all__ = [
    "AskedFor",
    "PolicyView",
    "Section",
    "Version",
    "answers_elsewhere",
    "as_json",
    "complaints_policy",
    "filled_sections",
    "policies",
    "policy",
    "published",
    "questions_of",
    "questions_stored",
    "sections_of",
    "to_start",
    "view",
]
