"""Probes over people, documents and the journal."""

from auditkit.accounts.rules import ROLE_TITLES, Role
from auditkit.base.text import _
from auditkit.readiness.probing.reads import Named, Probe, Reads
from auditkit.readiness.rules import Reading
from auditkit.web.languages import day_there

NEEDED = (Role.QUALITY_MANAGER, Role.COMPLAINT_HANDLER, Role.INTERNAL_AUDITOR)
"""Roles without which the process cannot be run, decided and audited."""


def _roles(reads: Reads) -> Reading:
    missing = _unheld(reads)
    newest = max((day_there(one.since) for one in reads.members), default=None)
    return Reading(len(NEEDED) - len(missing), len(NEEDED), len(missing), newest=reads.within(newest))


def _unheld(reads: Reads) -> list[Role]:
    held = {one.role for one in reads.members}
    return [role for role in NEEDED if role.value not in held]


def _published(reads: Reads) -> Reading:
    found = [one for one in reads.documents if one.is_complaints_policy]
    return Reading(len(found), newest=max((one.effective_on for one in found if one.effective_on), default=None))


def _reviewed(reads: Reads) -> Reading:
    late = _past_review(reads)
    newest = max((one.effective_on for one in reads.documents if one.effective_on), default=None)
    of = len(reads.documents)
    return Reading(of - len(late), of, len(late), newest=newest)


def _past_review(reads: Reads) -> list[Named]:
    return [
        Named("policy", str(one.policy_id), one.reference, one.title)
        for one in reads.documents
        if one.review_by is not None and one.review_by < reads.period.last
    ]


def _read(reads: Reads) -> Reading:
    asked = sum(one.asked for one in reads.readers)
    missing = sum(len(one.missing) for one in reads.readers)
    return Reading(asked - missing, asked, missing)


def _unread(reads: Reads, limit: int) -> list[Named]:
    of = {one.policy_id: one for one in reads.documents}
    return [
        Named("policy", str(one.policy_id), of[one.policy_id].reference, person)
        for one in reads.readers
        for person in one.missing
    ][:limit]


PROBES: dict[str, Probe] = {
    "roles-held": Probe(
        _roles,
        lambda reads, _limit: [Named("role", role.value, _(ROLE_TITLES[role])) for role in _unheld(reads)],
    ),
    "policy-published": Probe(_published),
    "documents-reviewed": Probe(_reviewed, lambda reads, limit: _past_review(reads)[:limit]),
    "documents-read": Probe(_read, _unread),
    "journal-kept": Probe(lambda reads: Reading(reads.journal)),
}
