"""Asking to see who complained in a sampled case, answering that, and looking: each is on record.

The reading stands in the journal of the complaint like any other, with the audit and the request it rests on.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.audits.filetest.queries import files
from auditkit.audits.identity import queries, rules
from auditkit.audits.identity.models import AuditIdentityRequest
from auditkit.audits.independence.service import check_may_judge
from auditkit.audits.models import Audit
from auditkit.audits.rules import State, check_running
from auditkit.audits.service.taking import taken
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Forbidden, NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.complaints import service as complaints
from auditkit.complaints.rules import IDENTITY_READ
from auditkit.journal.service import record


@dataclass(frozen=True)
class AskIdentity:
    """`reason`: what cannot be tested without knowing who complained."""

    number: str
    reference: str
    reason: str


@dataclass(frozen=True)
class AnswerRequest:
    """Granted for `days`, or not, then with a reason in `words`."""

    number: str
    request_id: int
    granted: bool
    days: int = rules.USUAL_DAYS
    words: str = ""


@dataclass(frozen=True)
class ReadGranted:
    number: str
    reference: str


@verb("audits.run", leaves=rules.ASKED)
def ask(tx: Session, command: AskIdentity, now: datetime, actor: Actor) -> int:
    """Ask to see who complained in a sampled case of a running audit; returns the request's id.

    Raises NotFound, NotRunning, IdentityReasonMissing, NotSampled, AskedAlready, and NotInTeam or ComplaintBarred for
    somebody who may not judge the case.
    """
    audit = taken(tx, command.number)
    check_running(State(audit.state))
    reason = command.reason.strip()[:2_000]
    if not reason:
        raise rules.IdentityReasonMissing()
    complaint_id = _sampled(tx, audit, command.reference)
    check_may_judge(tx, audit.id, complaint_id, actor)
    if actor.person_id is None:
        raise Forbidden()
    if queries.standing_of(queries.of_audit(tx, audit.id, command.reference), actor.person_id, now):
        raise rules.AskedAlready()
    row = AuditIdentityRequest(
        audit_id=audit.id,
        complaint_id=complaint_id,
        reference=command.reference,
        reason=reason,
        asked_at=now,
        asked_by=actor.person_id,
    )
    tx.add(row)
    tx.flush()
    _note(tx, rules.ASKED, audit, row, now, actor, {"reason": reason})
    return row.id


@verb("identity.grant", leaves=rules.ANSWERED)
def answer(tx: Session, command: AnswerRequest, now: datetime, actor: Actor) -> None:
    """Grant a request for some days, or refuse it with a reason. Nobody answers their own.

    Raises NotFound, NotRunning, OwnRequest, AnsweredAlready, DaysOutOfRange, RefusalReasonMissing.
    """
    audit = taken(tx, command.number)
    check_running(State(audit.state))
    row = tx.execute(
        select(AuditIdentityRequest)
        .where(AuditIdentityRequest.audit_id == audit.id, AuditIdentityRequest.id == command.request_id)
        .with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound()
    if actor.person_id is None or row.asked_by == actor.person_id:
        raise rules.OwnRequest()
    if row.granted is not None:
        raise rules.AnsweredAlready()
    words = command.words.strip()[:2_000]
    if not command.granted and not words:
        raise rules.RefusalReasonMissing()
    row.until = rules.lasting(command.days, now) if command.granted else None
    row.granted, row.answer, row.answered_at, row.answered_by = command.granted, words, now, actor.person_id
    tx.flush()
    until = row.until.isoformat() if row.until else ""
    _note(tx, rules.ANSWERED, audit, row, now, actor, {"answer": words}, granted=command.granted, until=until)


@verb("audits.run", leaves=IDENTITY_READ)
def read_granted(tx: Session, command: ReadGranted, now: datetime, actor: Actor) -> complaints.Identity:
    """Who complained, for somebody whose request is granted and lasts; the reading is on record with the complaint.

    Raises NotFound, NotRunning, NotGranted, and NotInTeam for somebody who left the team.
    """
    audit = taken(tx, command.number)
    check_running(State(audit.state))
    requests = queries.of_audit(tx, audit.id, command.reference)
    found = queries.standing_of(requests, actor.person_id, now)
    if found is None or not found.granted:
        raise rules.NotGranted()
    check_may_judge(tx, audit.id, found.complaint_id, actor)
    facts: dict[str, object] = {"audit": audit.number, "request": found.id}
    return complaints.open_identity(tx, command.reference, now, actor, facts)


def _sampled(tx: Session, audit: Audit, reference: str) -> int:
    sampled = files(tx, audit.id)
    if reference not in sampled:
        raise rules.NotSampled(reference=reference)
    return sampled[reference]


def _note(
    tx: Session,
    what: Event,
    audit: Audit,
    row: AuditIdentityRequest,
    now: datetime,
    actor: Actor,
    words: dict[str, str],
    **facts: object,
) -> None:
    record(
        tx,
        what,
        now=now,
        actor=actor,
        subject=("audit", audit.id),
        facts={"number": audit.number, "request": row.id, "reference": row.reference, **facts},
        personal={name: text for name, text in words.items() if text},
    )
