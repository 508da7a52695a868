"""What each document is filled with, from the records, in its own language: callers open `translated_by`.

Checked by tests/slices/papers/test_papers_pages.py.
"""

from collections.abc import Callable

from auditkit.documents.catalogue import Context
from auditkit.papers.building import audits, frame, lists, policies
from auditkit.papers.building.asked import Asked

BUILDERS: dict[str, Callable[[Asked], Context]] = {
    "complaints-manual": policies.manual,
    "procedure": policies.procedure,
    "role-description": policies.role,
    "public-leaflet": policies.leaflet,
    "principle-matrix": lists.principle_matrix,
    "list-of-documents": lists.list_of_documents,
    "complainant-form": lists.complainant_form,
    "follow-up-form": lists.follow_up_form,
    "scope-and-context": frame.scope_and_context,
    "objectives": frame.objectives,
    "training-record": frame.training_record,
    "certification-application": frame.application,
    "audit-programme": audits.programme,
    "audit-checklist": audits.checklist,
    "self-assessment": audits.self_assessment,
}

__all__ = ["BUILDERS", "Asked"]
