"""What each document is filled with, from the records, in its own language: callers open `translated_by`.

Checked by tests/slices/papers/test_papers_pages.py.
"""

from importlib import import_module

from auditkit.documents.catalogue import Context
from auditkit.papers.building.asked import Asked

BUILDERS = {
    "complaints-manual": "policies.manual",
    "procedure": "policies.procedure",
    "role-description": "policies.role",
    "public-leaflet": "policies.leaflet",
    "principle-matrix": "lists.principle_matrix",
    "list-of-documents": "lists.list_of_documents",
    "complainant-form": "on_paper.complainant_form",
    "follow-up-form": "on_paper.follow_up_form",
    "scope-and-context": "frame.scope_and_context",
    "objectives": "frame.objectives",
    "training-record": "frame.training_record",
    "certification-application": "frame.application",
    "audit-programme": "audits.programme",
    "audit-checklist": "audits.checklist",
    "self-assessment": "audits.self_assessment",
}
"""Document -> function of this package. Loaded when the document is asked for: packs are built in a process of their
own, which must not be burdened with what other documents need (decision 0007)."""

__all__ = ["BUILDERS", "Asked", "build"]


def build(document: str, asked: Asked) -> Context:
    """What a document is filled with. Raises what its function raises where the records do not suffice."""
    module, _dot, function = BUILDERS[document].partition(".")
    found: Context = getattr(import_module(f"{__name__}.{module}"), function)(asked)
    return found
