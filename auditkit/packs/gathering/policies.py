"""What packs take from policies: the versions of the complaints-handling policy in force in the period (5.3)."""

from dataclasses import replace
from datetime import date, datetime

from auditkit.base.text import _
from auditkit.documents.contexts.facts import DocumentFacts, Organisation
from auditkit.documents.contexts.policy import Change, ComplaintsPolicy, PolicyFacts, section
from auditkit.documents.direction import figure
from auditkit.packs.gathering.found import Document, Scope, day, number_of
from auditkit.policies import queries
from auditkit.policies.queries import PolicyView, Version
from auditkit.policies.queries import translations as of_translations
from auditkit.policies.queries.translations import pieces
from auditkit.policies.rules import COMPLAINTS_POLICY
from auditkit.web.languages import day_there


def complaints_policy(scope: Scope) -> list[Document] | str:
    """Each version in force on a day of the period, or why there is none."""
    policy = queries.complaints_policy(scope.tx)
    if policy is None:
        return _("No complaints-handling policy was started")
    if policy.newest is None:
        return _("The complaints-handling policy is a draft; no version is approved")
    versions = policy.in_period(scope.start, scope.end)
    if not versions:
        return _("No approved version was in force between %(start)s and %(end)s", **_days(scope))
    return [_version(scope, policy, version) for version in versions]


def other_documents(scope: Scope) -> list[Document] | str:
    """Each version of every other document in force on a day of the period, or why there is none."""
    found = [
        replace(_version(scope, one, version), suffix=f"{one.reference}-v{version.number}")
        for one in queries.policies(scope.tx)
        if one.content_id != COMPLAINTS_POLICY
        for version in one.in_period(scope.start, scope.end)
    ]
    return found or _("No other document was in force between %(start)s and %(end)s", **_days(scope))


def _days(scope: Scope) -> dict[str, str]:
    return {"start": day(scope.start), "end": day(scope.end)}


def _version(scope: Scope, policy: PolicyView, version: Version) -> Document:
    approved_on = day_there(version.approved_at)
    edition = _edition(scope, policy, version)
    clauses = {one.id: one.clauses for one in version.sections}
    shown = edition.sections if edition else tuple(pieces(version.sections))
    called = edition.title if edition else version.title
    context = ComplaintsPolicy(
        organisation=Organisation(scope.organisation.name),
        document=DocumentFacts(policy.reference, figure(version.number), day(approved_on)),
        policy=PolicyFacts(
            title=called,
            owner=scope.person(version.edited_by_id),
            approved_by=scope.person(version.approved_by_id),
            approved_on=day(approved_on),
            review_by=day(version.review_by),
        ),
        sections=tuple(
            section(
                place,
                one.title,
                ", ".join(number_of(clause) for clause in clauses.get(one.id, ())),
                one.text,
                scope.language,
            )
            for place, one in enumerate(shown, 1)
        ),
        history=tuple(
            Change(str(one.number), day(day_there(one.approved_at)), one.reason, scope.person(one.approved_by_id))
            for one in reversed(policy.versions)
            if one.number <= version.number
        ),
    )
    return Document(
        title=_("%(title)s, version %(number)s", title=called, number=version.number),
        context=context,
        newest=_newest(version, scope.end),
        version=figure(version.number),
        suffix=f"v{version.number}",
        mentions=tuple(dict.fromkeys(clause for one in version.sections for clause in one.clauses)),
    )


def _edition(scope: Scope, policy: PolicyView, version: Version) -> of_translations.Edition | None:
    """The approved translation of this version into the pack's language, where it is written in another."""
    if policy.language == scope.language:
        return None
    found = of_translations.editions_of(scope.tx, policy, version.number)
    return next((one for one in found if one.language == scope.language), None)


def _newest(version: Version, end: date) -> datetime:
    """When it last changed, as far as the period knows: a later withdrawal must not date an earlier pack."""
    moments = [version.approved_at, version.published_at]
    if version.withdrawn_on is not None and version.withdrawn_on <= end:
        moments.append(version.withdrawn_at)
    return max(moment for moment in moments if moment is not None)
