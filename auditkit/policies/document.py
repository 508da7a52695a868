"""A policy version as the data of the Word template `complaints-policy`; for the download here and for packs."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

from auditkit.documents.contexts.facts import DocumentFacts, Organisation
from auditkit.documents.contexts.policy import Change, ComplaintsPolicy, PolicyFacts, PolicySection
from auditkit.documents.markdown import blocks
from auditkit.policies.queries import PolicyView, Version

TEMPLATE = "complaints-policy"


def context(policy: PolicyView, version: Version, organisation: str, names: Mapping[int, str]) -> ComplaintsPolicy:
    """What the template is filled with, dated by coming into force, else by approval. `names`: person id -> name."""

    def day(value: date | None) -> str:
        return format_date(value, "d MMMM y", locale=policy.language) if value else ""

    def person(person_id: int | None) -> str:
        return names.get(person_id, "") if person_id is not None else ""

    return ComplaintsPolicy(
        Organisation(organisation),
        DocumentFacts(policy.reference, str(version.number), day(version.effective_on or version.approved_at.date())),
        PolicyFacts(
            title=version.title,
            owner=person(version.edited_by_id) or person(version.approved_by_id),
            approved_by=person(version.approved_by_id),
            approved_on=day(version.approved_at.date()),
            review_by=day(version.review_by),
        ),
        tuple(
            PolicySection(str(number), section.title, _clauses(section.clauses), blocks(section.text))
            for number, section in enumerate(version.sections, start=1)
        ),
        tuple(
            Change(str(one.number), day(one.approved_at.date()), one.reason, person(one.approved_by_id))
            for one in policy.versions
            if one.number <= version.number
        ),
    )


def _clauses(refs: tuple[str, ...]) -> str:
    return ", ".join(ref.rpartition(":")[2] for ref in refs)
