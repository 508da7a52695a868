"""The former name of `facts.py`, for importers that still use it; goes when none does."""

from auditkit.documents.contexts.facts import Count, Criterion, DocumentFacts, LeftOut, Organisation, Person

__all__ = ["Count", "Criterion", "DocumentFacts", "LeftOut", "Organisation", "Person"]
