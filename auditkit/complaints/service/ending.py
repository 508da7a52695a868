"""The ends of a case and what follows them: close, withdraw, close as a duplicate, open again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints import rules
from auditkit.complaints.models import (
    Complaint,
    ComplaintDecision,
    ComplaintDetriment,
    ComplaintPause,
    ComplaintReopening,
)
from auditkit.complaints.rules import Ground, Relation, Stage
from auditkit.complaints.service.linking import joined
from auditkit.complaints.service.taking import (
    HANDLE,
    changed,
    for_change,
    for_judging,
    found,
    newest,
    newest_assessment,
    standing,
    standing_decision,
    texts,
)


@dataclass(frozen=True)
class Close:
    """Close on a ground; `note` says which external body decided or which steps are exhausted. `detriment`: what was
    found of a worse treatment, empty where nobody has looked yet."""

    reference: str
    version: int
    ground: str
    note: str = ""
    detriment: str = ""
    detriment_note: str = ""


@dataclass(frozen=True)
class CheckDetriment:
    """Somebody looked whether the complainant was treated worse; `found` is a word of rules.Detriment."""

    reference: str
    version: int
    found: str
    note: str = ""


@dataclass(frozen=True)
class Withdraw:
    """The complainant takes the complaint back; `reason` as it was said."""

    reference: str
    version: int
    reason: str


@dataclass(frozen=True)
class WithdrawOwn:
    """The same on the own page or by mail; who it is was proven before. The reason may stay unsaid."""

    reference: str
    reason: str = ""


@dataclass(frozen=True)
class CloseDuplicate:
    """The complaint was recorded twice; the record `of` goes on."""

    reference: str
    version: int
    of: str


@dataclass(frozen=True)
class Reopen:
    """A closed case goes on."""

    reference: str
    version: int
    reason: str


@verb(HANDLE, leaves=rules.CLOSED)
def close(tx: Session, command: Close, now: datetime, actor: Actor) -> None:
    """Close the complaint on a ground.

    Raises what `rules.may_close` and `rules.check_detriment` raise, and ComplainedAbout.
    """
    complaint = for_judging(tx, command.reference, command.version, actor)
    ground = Ground(rules.known_word(command.ground, Ground))
    rules.may_close(standing(tx, complaint), ground, command.note)
    if command.detriment:
        _look(tx, complaint, command.detriment, command.detriment_note, now, actor)
    _close(tx, complaint, ground, command.note, now, actor)


@verb(HANDLE, leaves=rules.DETRIMENT_CHECKED)
def check_detriment(tx: Session, command: CheckDetriment, now: datetime, actor: Actor) -> None:
    """Put on record whether the complainant was treated worse for having complained, as often as somebody looks.

    Raises what `rules.check_detriment` raises, Conflict, and ComplainedAbout: nobody looks at their own doing.
    """
    complaint = for_judging(tx, command.reference, command.version, actor)
    _look(tx, complaint, command.found, command.note, now, actor)


def _look(tx: Session, complaint: Complaint, word: str, note: str, now: datetime, actor: Actor) -> None:
    detriment = rules.check_detriment(word, note)
    written = texts(detriment_note=note)
    tx.add(
        ComplaintDetriment(
            complaint_id=complaint.id,
            found=detriment.value,
            note=written["detriment_note"],
            checked_at=now,
            checked_by=actor.person_id,
        )
    )
    facts = {"found": detriment.value, "closed": complaint.stage == Stage.CLOSED.value}
    changed(tx, complaint, rules.DETRIMENT_CHECKED, now, actor, facts, written)


@verb(HANDLE, leaves=rules.CLOSED)
def withdraw(tx: Session, command: Withdraw, now: datetime, actor: Actor) -> None:
    """Close because the complainant withdrew, with what was said.

    Raises ClosedAlready, ReasonMissing or ComplainedAbout.
    """
    complaint = for_judging(tx, command.reference, command.version, actor)
    rules.check_reason(command.reason)
    _withdraw(tx, complaint, command.reason, now, actor)


@verb(None, leaves=rules.CLOSED)
def withdraw_own(tx: Session, command: WithdrawOwn, now: datetime, actor: Actor) -> None:
    """The complainant withdraws; whoever calls this has proven that it is the complainant. Raises ClosedAlready."""
    _withdraw(tx, found(tx, command.reference, lock=True), command.reason, now, actor)


def _withdraw(tx: Session, complaint: Complaint, reason: str, now: datetime, actor: Actor) -> None:
    rules.check_open(standing(tx, complaint))
    changed(tx, complaint, rules.WITHDRAWN, now, actor, {}, texts(reason=reason))
    _close(tx, complaint, Ground.WITHDRAWN, reason, now, actor)


@verb(HANDLE, leaves=rules.CLOSED)
def close_duplicate(tx: Session, command: CloseDuplicate, now: datetime, actor: Actor) -> None:
    """Close a complaint that was recorded twice and link it to the one that goes on.

    Raises ClosedAlready, RefusalKeepsOpen, LinkedToItself, DuplicateOfDuplicate, ComplainedAbout or NotFound.
    """
    complaint = for_judging(tx, command.reference, command.version, actor)
    rules.may_close_duplicate(standing(tx, complaint))
    other = found(tx, command.of.strip())
    if other.closing_ground == Ground.DUPLICATE:
        raise rules.DuplicateOfDuplicate(reference=other.reference)
    joined(tx, complaint, other, Relation.DUPLICATE, now, actor)
    _close(tx, complaint, Ground.DUPLICATE, other.reference, now, actor)


def _close(tx: Session, complaint: Complaint, ground: Ground, note: str, now: datetime, actor: Actor) -> None:
    decision = newest(tx, ComplaintDecision, complaint)
    if decision is not None and decision.state == "proposed":
        decision.state, decision.settled_at, decision.settled_by = "returned", now, actor.person_id
        decision.return_reason = ground.value
    waiting = tx.execute(
        select(ComplaintPause).where(ComplaintPause.complaint_id == complaint.id, ComplaintPause.ended_at.is_(None))
    ).scalar_one_or_none()
    if waiting is not None:
        waiting.ended_at, waiting.ended_by = now, actor.person_id
    written = texts(closing_note=note)
    complaint.stage = Stage.CLOSED.value
    complaint.closed_at = now
    complaint.closing_ground = ground.value
    complaint.closing_note = written["closing_note"]
    complaint.review_on = None
    changed(tx, complaint, rules.CLOSED, now, actor, {"ground": ground.value}, written)


@verb(HANDLE, leaves=rules.REOPENED)
def reopen(tx: Session, command: Reopen, now: datetime, actor: Actor) -> None:
    """Open a closed case again; how it was closed and decided is kept. Raises NotClosed, ReasonMissing, Conflict."""
    complaint = for_change(tx, command.reference, command.version)
    rules.may_reopen(standing(tx, complaint), command.reason)
    if complaint.outcome:
        standing_decision(tx, complaint)  # brought in from a file: kept as the first decision
    written = texts(reason=command.reason)
    number = _reopenings(tx, complaint) + 1
    tx.add(
        ComplaintReopening(
            complaint_id=complaint.id,
            number=number,
            reopened_at=now,
            reopened_by=actor.person_id,
            closed_at=complaint.closed_at,
            closing_ground=complaint.closing_ground,
            closing_note=complaint.closing_note,
            **written,
        )
    )
    _unclose(complaint, assessed=newest_assessment(tx, complaint) is not None)
    complaint.reopened = number
    changed(tx, complaint, rules.REOPENED, now, actor, {"count": number, "stage": complaint.stage}, written)


def _reopenings(tx: Session, complaint: Complaint) -> int:
    query = select(func.count()).select_from(ComplaintReopening).where(ComplaintReopening.complaint_id == complaint.id)
    return int(tx.execute(query).scalar_one())


def _unclose(complaint: Complaint, *, assessed: bool) -> None:
    acknowledged = complaint.acknowledged_at is not None
    complaint.stage = rules.stage_reopened(assessed=assessed and acknowledged, acknowledged=acknowledged).value
    complaint.closed_at, complaint.closing_ground, complaint.closing_note = None, "", ""
    complaint.closed_is_day = complaint.closed_date_unknown = complaint.closes_before_received = False
    complaint.outcome = complaint.decision = complaint.remedy = ""
    complaint.decided_at = None
    complaint.answer, complaint.answered_at = "", None
