"""Side ways: another level, an external body, information that is awaited."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import today_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.text import N_
from auditkit.base.verbs import verb
from auditkit.complaints import rules
from auditkit.complaints.models import Complaint, ComplaintEscalation, ComplaintPause, ComplaintReferral
from auditkit.complaints.rules import EXTERNAL, TOP_INTERNAL, Trigger, WaitsFor
from auditkit.complaints.service.taking import HANDLE, changed, check_handler, for_change, found, standing, texts

BY_COMPLAINANT = N_("The complainant gave no reason")


@dataclass(frozen=True)
class Escalate:
    """The case goes to another level, up or down; `owner_id` None: the owner stays."""

    reference: str
    version: int
    level: int
    reason: str
    triggers: tuple[str, ...] = ()
    owner_id: int | None = None


@dataclass(frozen=True)
class AskEscalation:
    """The complainant wants somebody higher to look; who it is was proven before."""

    reference: str
    reason: str = ""


@dataclass(frozen=True)
class DeclineEscalation:
    """The wish is not followed."""

    reference: str
    version: int
    reason: str


@dataclass(frozen=True)
class Refer:
    """The case goes to an external body; `body_reference` is the number it has there."""

    reference: str
    version: int
    body: str
    referred_on: date
    body_reference: str = ""
    reason: str = ""


@dataclass(frozen=True)
class EndReferral:
    """What the external body decided; `overturned`: otherwise than the organisation."""

    reference: str
    version: int
    referral_id: int
    ended_on: date
    outcome: str
    overturned: bool


@dataclass(frozen=True)
class WaitFor:
    """Information is awaited: from whom, and what."""

    reference: str
    version: int
    waits_for: str
    awaited: str


@dataclass(frozen=True)
class EndWait:
    """It came, or is no longer awaited; `came` says what."""

    reference: str
    version: int
    came: str = ""


@dataclass(frozen=True)
class Came:
    """The complainant sent what was awaited; who it is was proven before."""

    reference: str
    came: str = ""


@verb(HANDLE, leaves=rules.ESCALATED)
def escalate(tx: Session, command: Escalate, now: datetime, actor: Actor) -> None:
    """Take the case to another level, with the reason; a waiting wish of the complainant is settled by it.

    Raises ClosedAlready, LevelUnknown, SameLevel, ReasonMissing, UnknownWord, NoSuchHandler, OtherComplainedAbout.
    """
    complaint = for_change(tx, command.reference, command.version)
    rules.check_open(standing(tx, complaint))
    rules.check_level(complaint.level, command.level)
    rules.check_reason(command.reason)
    triggers = [rules.known_word(one, Trigger) for one in command.triggers] or [Trigger.OTHER.value]
    if command.owner_id is not None and command.owner_id != complaint.owner_id:
        check_handler(tx, complaint, command.owner_id)
        complaint.owner_id = command.owner_id
        if complaint.deputy_id == command.owner_id:
            complaint.deputy_id = None
    _to_level(tx, complaint, command.level, triggers, command.reason, now, actor)


def _to_level(
    tx: Session, complaint: Complaint, level: int, triggers: list[str], reason: str, now: datetime, actor: Actor
) -> None:
    written = texts(reason=reason)
    wish = _wish(tx, complaint)
    if wish is not None:
        wish.state, wish.to_level, wish.settled_at, wish.settled_by = "done", level, now, actor.person_id
        wish.from_level, wish.settled_reason = complaint.level, written["reason"]
    else:
        tx.add(
            ComplaintEscalation(
                complaint_id=complaint.id,
                state="done",
                from_level=complaint.level,
                to_level=level,
                triggers=triggers,
                settled_at=now,
                settled_by=actor.person_id,
                **written,
            )
        )
    facts = {"from": complaint.level, "to": level, "triggers": triggers, "owner": complaint.owner_id}
    complaint.level = level
    changed(tx, complaint, rules.ESCALATED, now, actor, facts, written)


def _wish(tx: Session, complaint: Complaint) -> ComplaintEscalation | None:
    query = select(ComplaintEscalation).where(
        ComplaintEscalation.complaint_id == complaint.id, ComplaintEscalation.state == "asked"
    )
    return tx.execute(query).scalar_one_or_none()


@verb(None, leaves=rules.ESCALATION_ASKED)
def ask_escalation(tx: Session, command: AskEscalation, now: datetime, actor: Actor) -> None:
    """The complainant asks for another level; whoever calls this has proven that it is the complainant.

    Raises ClosedAlready, AskedAlready or TopReached.
    """
    complaint = found(tx, command.reference, lock=True)
    rules.check_open(standing(tx, complaint))
    if _wish(tx, complaint) is not None:
        raise rules.AskedAlready
    if complaint.level >= TOP_INTERNAL:
        raise rules.TopReached
    written = texts(reason=command.reason or BY_COMPLAINANT)
    tx.add(
        ComplaintEscalation(
            complaint_id=complaint.id,
            state="asked",
            from_level=complaint.level,
            to_level=complaint.level + 1,
            triggers=[Trigger.ASKED.value],
            asked_at=now,
            **written,
        )
    )
    changed(tx, complaint, rules.ESCALATION_ASKED, now, actor, {"level": complaint.level + 1}, written)


@verb(HANDLE, leaves=rules.ESCALATION_DECLINED)
def decline_escalation(tx: Session, command: DeclineEscalation, now: datetime, actor: Actor) -> None:
    """Do not follow the complainant's wish, with the reason. Raises NothingAsked or ReasonMissing."""
    complaint = for_change(tx, command.reference, command.version)
    wish = _wish(tx, complaint)
    if wish is None:
        raise rules.NothingAsked
    rules.check_reason(command.reason)
    written = texts(reason=command.reason)
    wish.state, wish.settled_at, wish.settled_by = "declined", now, actor.person_id
    wish.settled_reason = written["reason"]
    changed(tx, complaint, rules.ESCALATION_DECLINED, now, actor, {}, written)


@verb(HANDLE, leaves=rules.REFERRED)
def refer(tx: Session, command: Refer, now: datetime, actor: Actor) -> int:
    """Put on record that the case is before an external body, which is level 4; returns the id of the referral.

    Raises ClosedAlready, BodyMissing or ReferralBackwards.
    """
    complaint = for_change(tx, command.reference, command.version)
    rules.check_open(standing(tx, complaint))
    written = texts(body=command.body, body_reference=command.body_reference)
    if not written["body"]:
        raise rules.BodyMissing
    if command.referred_on > today_of_house(tx, now):
        raise rules.ReferralBackwards
    one = ComplaintReferral(
        complaint_id=complaint.id,
        body=written["body"],
        reference=written["body_reference"],
        referred_on=command.referred_on,
        recorded_at=now,
        recorded_by=actor.person_id,
    )
    tx.add(one)
    if complaint.level < EXTERNAL:
        refused = standing(tx, complaint).refused
        triggers = [Trigger.REFUSAL.value if refused else Trigger.OTHER.value]
        _to_level(tx, complaint, EXTERNAL, triggers, command.reason or written["body"], now, actor)
    changed(tx, complaint, rules.REFERRED, now, actor, {"on": command.referred_on.isoformat()}, written)
    return int(one.id)


@verb(HANDLE, leaves=rules.REFERRAL_ENDED)
def end_referral(tx: Session, command: EndReferral, now: datetime, actor: Actor) -> None:
    """Put on record what the external body decided.

    Raises NotFound, EndedAlready, OutcomeMissing or ReferralBackwards.
    """
    complaint = for_change(tx, command.reference, command.version)
    query = select(ComplaintReferral).where(
        ComplaintReferral.complaint_id == complaint.id, ComplaintReferral.id == command.referral_id
    )
    one = tx.execute(query).scalar_one_or_none()
    if one is None:
        raise NotFound
    if one.ended_on is not None:
        raise rules.EndedAlready
    if not command.outcome.strip():
        raise rules.OutcomeMissing
    if not one.referred_on <= command.ended_on <= today_of_house(tx, now):
        raise rules.ReferralBackwards
    written = texts(body_outcome=command.outcome)
    one.ended_on, one.ended_by = command.ended_on, actor.person_id
    one.outcome, one.overturned = written["body_outcome"], command.overturned
    facts = {"on": command.ended_on.isoformat(), "overturned": command.overturned}
    changed(tx, complaint, rules.REFERRAL_ENDED, now, actor, facts, written)


@verb(HANDLE, leaves=rules.WAITING)
def wait_for(tx: Session, command: WaitFor, now: datetime, actor: Actor) -> int:
    """Put on record that information is awaited, from whom and what; returns the id of the pause.

    Raises ClosedAlready, WaitsAlready, UnknownWord or ReasonMissing (nothing awaited).
    """
    complaint = for_change(tx, command.reference, command.version)
    rules.check_open(standing(tx, complaint))
    if _waiting(tx, complaint) is not None:
        raise rules.WaitsAlready
    rules.check_reason(command.awaited)
    waits_for = rules.known_word(command.waits_for, WaitsFor)
    written = texts(awaited=command.awaited)
    one = ComplaintPause(
        complaint_id=complaint.id, waits_for=waits_for, began_at=now, began_by=actor.person_id, **written
    )
    tx.add(one)
    tx.flush()
    changed(tx, complaint, rules.WAITING, now, actor, {"waits_for": waits_for, "pause": one.id}, written)
    return int(one.id)


@verb(HANDLE, leaves=rules.CAME)
def end_wait(tx: Session, command: EndWait, now: datetime, actor: Actor) -> None:
    """The waiting ends. Raises NotWaiting or Conflict."""
    _came(tx, for_change(tx, command.reference, command.version), command.came, now, actor)


@verb(None, leaves=rules.CAME)
def information_came(tx: Session, command: Came, now: datetime, actor: Actor) -> None:
    """The complainant sent what was awaited; whoever calls this has proven that it is the complainant.

    Raises NotWaiting, also when somebody else is waited for.
    """
    complaint = found(tx, command.reference, lock=True)
    waiting = _waiting(tx, complaint)
    if waiting is None or waiting.waits_for != WaitsFor.COMPLAINANT:
        raise rules.NotWaiting
    _came(tx, complaint, command.came, now, actor)


def _came(tx: Session, complaint: Complaint, came: str, now: datetime, actor: Actor) -> None:
    one = _waiting(tx, complaint)
    if one is None:
        raise rules.NotWaiting
    written = texts(awaited=came)
    one.ended_at, one.ended_by, one.came = now, actor.person_id, written["awaited"]
    changed(tx, complaint, rules.CAME, now, actor, {"waits_for": one.waits_for, "pause": one.id}, written)


def _waiting(tx: Session, complaint: Complaint) -> ComplaintPause | None:
    query = select(ComplaintPause).where(ComplaintPause.complaint_id == complaint.id, ComplaintPause.ended_at.is_(None))
    return tx.execute(query).scalar_one_or_none()
