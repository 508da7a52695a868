"""When somebody may not audit, because it is their own work or because they are not competent for it. Pure.

Held by tests/rules/test_independence_rules.py.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from auditkit.audits.rules import AuditKind, TeamRole
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

PROCESS_SAVED = event("process:saved", N_("Audited process described"))
OWNER_NAMED = event("process:owner-named", N_("Owner of a process named"))
OWNER_ENDED = event("process:owner-ended", N_("Ownership of a process ended"))
COMPETENCE_RECORDED = event("competence:recorded", N_("Competence of an auditor recorded"))
COMPETENCE_WITHDRAWN = event("competence:withdrawn", N_("Competence record withdrawn"))
EXCEPTION_MADE = event("audit:exception-made", N_("Exception to independence or competence made"))
MITIGATION_SETTLED = event("audit:mitigation-settled", N_("What was done instead is on record"))

LOOK_BACK = timedelta(days=365)
"""Whoever was responsible for a process within a year before the audit would audit their own work."""

ANSWERING = frozenset({TeamRole.LEAD, TeamRole.AUDITOR})
"""Technical experts and observers advise and watch; they judge nothing."""


class Ground(StrEnum):
    """Why somebody may not."""

    PROCESS = "process"
    COMPLAINT = "complaint"
    COMPETENCE = "competence"


GROUND_TITLES = {
    Ground.PROCESS: N_("Responsible for the audited process"),
    Ground.COMPLAINT: N_("Handled the sampled complaint"),
    Ground.COMPETENCE: N_("No current competence record"),
}


class Way(StrEnum):
    """How an exception came about: permitted with a reason, or made good because nobody else can."""

    OVERRIDE = "override"
    MITIGATION = "mitigation"


WAY_TITLES = {Way.OVERRIDE: N_("Override"), Way.MITIGATION: N_("Mitigation, as nobody else can")}


class NotInTeam(RuleBroken):
    message = N_("Only the lead auditor and the auditors of this audit answer. Ask the lead to take you into the team")


class RowBarred(RuleBroken):
    message = N_(
        "Question %(positions)s is not yours to answer: %(reason)s. Leave it to another auditor, or ask the person "
        "responsible for the programme for an override"
    )


class ComplaintBarred(RuleBroken):
    message = N_(
        "This complaint is not yours to judge: you handled it. Leave it to another auditor, or ask the person "
        "responsible for the programme for an override"
    )


class NotLead(RuleBroken):
    message = N_("The lead auditor of this audit signs")


class SignatureBarred(RuleBroken):
    message = N_(
        "You answered question %(positions)s, for which you are responsible yourself: %(reason)s. Have another auditor "
        "answer it, or ask the person responsible for the programme for an override; then sign"
    )


class NotCompetent(RuleBroken):
    message = N_(
        "%(person)s has no competence record for this kind of audit that is valid on %(day)s. Record the competence, "
        "choose somebody else, or ask the person responsible for the programme for an override"
    )


class ReasonMissing(BadInput):
    message = N_("Write down the reason: it stands in the report of the audit")


class InsteadMissing(BadInput):
    message = N_("Write down what is done instead, such as a review by somebody outside")


class OwnException(RuleBroken):
    message = N_(
        "Nobody permits an exception for themselves. Ask another person who is responsible for the programme; where "
        "nobody else can audit, record what is done instead"
    )


class NotResponsible(RuleBroken):
    message = N_(
        "%(person)s is responsible for the audit programme of %(year)s and permits exceptions. Ask them, or change "
        "who is responsible in the programme"
    )


class OthersCan(RuleBroken):
    message = N_(
        "Somebody else can do it: %(people)s. Take them into the team, or have the person responsible for the "
        "programme permit an override"
    )


class NothingToExcept(RuleBroken):
    message = N_("Nothing stands in the way of this person in this audit, so there is nothing to permit")


class AlreadyExcepted(RuleBroken):
    message = N_("There is an exception for this already")


class AuditIsOver(RuleBroken):
    message = N_("This audit is reported, so what was permitted in it stands as it is")


class NameMissing(BadInput):
    message = N_("Enter the name of the process")


class ClausesMissing(BadInput):
    message = N_("Choose the clauses the process stands for")


class NameTaken(RuleBroken):
    message = N_("There is already a process called %(name)s")


class OwnershipReversed(BadInput):
    message = N_("Enter a last day that is not before the first day of the ownership (%(first)s)")


class OwnsAlready(RuleBroken):
    message = N_("This person is already named as responsible for the process on these days")


class WhatMissing(BadInput):
    message = N_("Write down what the person is competent in")


class EvidenceMissing(BadInput):
    message = N_("Write down what shows the competence: certificate, course, witnessed audits")


class ValidityReversed(BadInput):
    message = N_("Enter a last day of validity that is not before the first (%(first)s)")


class AlreadyWithdrawn(RuleBroken):
    message = N_("This record is withdrawn already")


@dataclass(frozen=True)
class Days:
    """A span of days, both included; `last` None: until further notice."""

    first: date
    last: date | None

    def overlaps(self, other: "Days") -> bool:
        """Whether the two have a day in common."""
        return (other.last is None or self.first <= other.last) and (self.last is None or other.first <= self.last)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an audit asks of its auditors' competence."""

    kind: AuditKind
    edition_id: str
    days: Days


def audited_days(planned_from: date, planned_to: date, today: date) -> Days:
    """The days of an audit as far as they are known: an audit that runs over its plan lasts until today."""
    return Days(planned_from, max(planned_to, today))


def counts(ownership: Days, audit: Days) -> bool:
    """Whether an ownership bars: it reaches into the audit or into the year before it."""
    return ownership.overlaps(Days(audit.first - LOOK_BACK, audit.last))


def stands_for(process_clauses: Iterable[str], clauses: Collection[str]) -> bool:
    """Whether a process covers one of `clauses` (full references): the clause itself or one above it."""
    return any(clause == own or clause.startswith(f"{own}.") for own in process_clauses for clause in clauses)


def first_uncovered(audit: Days, valid: Iterable[Days]) -> date | None:
    """The first day of the audit that no record is valid on; None where each is covered, if by several together."""
    assert audit.last is not None  # noqa: S101 - an audit ends
    day = audit.first
    for one in sorted(valid, key=lambda one: one.first):
        if one.first <= day and (one.last is None or one.last >= day):
            if one.last is None or one.last >= audit.last:
                return None
            day = one.last + timedelta(days=1)
    return day


def applies(record_kind: str, record_standard: str, kind: str, edition_id: str) -> bool:
    """Whether a competence record is for this kind of audit and edition; empty in the record: for every one."""
    of_standard = not record_standard or edition_id == record_standard or edition_id.startswith(f"{record_standard}-")
    return of_standard and record_kind in ("", kind)


def check_process(name: str, clauses: Collection[str]) -> None:
    """Raises NameMissing or ClausesMissing."""
    if not name.strip():
        raise NameMissing()
    if not clauses:
        raise ClausesMissing()


def check_ownership(days: Days, others: Iterable[Days]) -> None:
    """`others`: what the same person held of the same process. Raises OwnershipReversed or OwnsAlready."""
    if days.last is not None and days.last < days.first:
        raise OwnershipReversed(first=days.first)
    if any(days.overlaps(one) for one in others):
        raise OwnsAlready()


def check_competence(what: str, evidence: str, days: Days) -> None:
    """Raises WhatMissing, EvidenceMissing or ValidityReversed."""
    if not what.strip():
        raise WhatMissing()
    if not evidence.strip():
        raise EvidenceMissing()
    if days.last is not None and days.last < days.first:
        raise ValidityReversed(first=days.first)


def check_exception(way: Way, *, reason: str, instead: str, own: bool) -> None:
    """What an exception must say; `own`: it is for the person who makes it.

    Raises ReasonMissing, InsteadMissing or OwnException.
    """
    if not reason.strip():
        raise ReasonMissing()
    if way is Way.MITIGATION and not instead.strip():
        raise InsteadMissing()
    if way is Way.OVERRIDE and own:
        raise OwnException()
