"""What a plan says, and what it is audited against and after: kept beside the record of the audit itself."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from auditkit.audits.models import Audit, AuditBasis, AuditCriterion, AuditFollowed
from auditkit.audits.rules import (
    GUIDELINES,
    AuditKind,
    BasisKind,
    CriterionSource,
    FollowedMissing,
    GuidelinesUnknown,
    Method,
    TeamRole,
)
from auditkit.base.db import Session
from auditkit.content.library import Edition, Library


@dataclass(frozen=True)
class PlanAudit:
    """What a plan says. `edition_id` empty: that of the checklist. `team` is (person, role) pairs with one lead.

    `standards` and `policies` are (id, title) pairs beside the edition, the policies with their version in the title.
    `laws`, `contracts` and `schemes` in words. `guidelines`: the edition of ISO 19011 it is conducted after, empty for
    none, None for the one in force. `followed`: number of the audit that a follow-up looks at again.
    `competence_reason`: why somebody is taken whose competence is not on record; only who is responsible for the
    programme may give one.
    """

    title: str
    objectives: str
    scope: str
    checklist_id: str
    planned_from: date
    planned_to: date
    team: tuple[tuple[int, TeamRole], ...]
    edition_id: str = ""
    criteria: str = ""
    places: str = ""
    method: Method = Method.ON_SITE
    kind: AuditKind = AuditKind.INTERNAL
    auditee: str = ""
    followed: str = ""
    standards: tuple[str, ...] = ()
    policies: tuple[tuple[str, str], ...] = ()
    laws: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    guidelines: str | None = None
    virtual_places: str = ""
    interviewees: str = ""
    sampling: str = ""
    language: str = ""
    confidentiality: str = ""
    logistics: str = ""
    follow_up: str = ""
    distribution: str = ""
    remote_risk: str = ""
    competence_reason: str = ""


def set_criteria(tx: Session, audit: Audit, command: PlanAudit, library: Library) -> None:
    """Further standards by their name in the library; policies as they are called now."""
    standards = [
        (CriterionSource.STANDARD, one, library.edition(one).name)
        for one in command.standards
        if library.edition(one).shape.nature not in _NATURES
    ]
    policies = [(CriterionSource.POLICY, ref, title) for ref, title in command.policies]
    found = [one for one in (*standards, *policies) if one[1] != audit.edition_id]
    for position, (source, ref, title) in enumerate(found, start=1):
        tx.add(AuditCriterion(audit_id=audit.id, position=position, source=source, ref=ref, title=title[:400]))
    tx.flush()


_NATURES = {"law": BasisKind.LAW, "scheme": BasisKind.SCHEME}


def set_bases(tx: Session, audit: Audit, command: PlanAudit, library: Library) -> None:
    """Guidelines first; laws and schemes of the library are what their edition says they are."""
    editions = [library.edition(one) for one in command.standards if one != audit.edition_id]
    named = (
        (BasisKind.LAW, command.laws),
        (BasisKind.CONTRACT, command.contracts),
        (BasisKind.SCHEME, command.schemes),
    )
    found = [
        *((BasisKind.GUIDELINES, one.id, one.name) for one in _guidelines(command, library)),
        *((_NATURES[one.shape.nature], one.id, one.name) for one in editions if one.shape.nature in _NATURES),
        *((kind, "", title.strip()) for kind, titles in named for title in titles if title.strip()),
    ]
    for position, (kind, ref, title) in enumerate(found, start=1):
        tx.add(AuditBasis(audit_id=audit.id, position=position, kind=kind, ref=ref, title=title[:400]))
    tx.flush()


def _guidelines(command: PlanAudit, library: Library) -> list[Edition]:
    """The edition the audit is conducted after. A certification body has rules of its own. Raises GuidelinesUnknown."""
    if command.kind is AuditKind.OUTSIDE or command.guidelines == "":
        return []
    known = [one for one in library.editions.values() if one.shape.standard == GUIDELINES]
    if command.guidelines is None:
        return [one for one in known if one.shape.status == "current"][:1]
    chosen = [one for one in known if one.id == command.guidelines]
    if not chosen:
        raise GuidelinesUnknown()
    return chosen


def set_followed(tx: Session, audit: Audit, command: PlanAudit) -> None:
    """The audit that a follow-up looks at again. Raises FollowedMissing."""
    if command.kind is not AuditKind.FOLLOW_UP:
        return
    followed = tx.execute(select(Audit.id).where(Audit.number == command.followed)).scalar_one_or_none()
    if followed is None or followed == audit.id:
        raise FollowedMissing()
    tx.add(AuditFollowed(audit_id=audit.id, followed_id=followed))
    tx.flush()
