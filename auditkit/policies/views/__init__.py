"""Pages of documents for the organisation's people, by subject."""

from auditkit.policies import jobs

from auditkit.policies.views import documents, readers  # isort: skip - the order of the tabs
from auditkit.policies.views import approving, drafting, facts, importing, keeping, translating, versions
from auditkit.policies.views.blueprint import bp

__all__ = [
    "approving",
    "bp",
    "documents",
    "drafting",
    "facts",
    "importing",
    "jobs",
    "keeping",
    "readers",
    "translating",
    "versions",
]
