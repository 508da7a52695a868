"""Verbs over actions: open, change, report as done, verify the effect, close.

Permissions: `actions.edit` lets a person open actions and work on their own; `actions.verify` oversees all of them.
tests/slices/actions/ checks every gate and journal entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import members_with
from auditkit.actions import rules
from auditkit.actions.models import Action, ActionAttempt
from auditkit.actions.rules import (
    CHANGED,
    CLOSED,
    COMPLETED,
    COMPLETION,
    OPENED,
    REOPENED,
    SERIES,
    VERIFICATION,
    VERIFIED,
    Kind,
    OriginMissing,
    OwnerNotMember,
    State,
)
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.events import Event
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb
from auditkit.evidence import service as evidence
from auditkit.journal.service import record

MANAGE = "actions.verify"


@dataclass(frozen=True)
class OpenAction:
    """`origin` is (kind, id) of what the action answers, `origin_title` its text as shown; `due_on` a day.

    `cause_required` when the origin is a major nonconformity: then nothing is done before the cause is written.
    """

    kind: Kind
    title: str
    origin: tuple[str, int]
    origin_title: str
    owner_id: int
    due_on: date
    correction: str = ""
    cause: str = ""
    plan: str = ""
    cause_required: bool = False


@dataclass(frozen=True)
class ChangeAction:
    """The whole of what may be changed while the action is open; `version` is the one the person was looking at."""

    number: str
    version: int
    kind: Kind
    title: str
    owner_id: int
    due_on: date
    correction: str = ""
    cause: str = ""
    plan: str = ""


@dataclass(frozen=True)
class CompleteAction:
    """`proof` says what was done and how it can be seen; `evidence` are ids of evidence records."""

    number: str
    version: int
    proof: str
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True)
class VerifyAction:
    """`effective` False opens the action again; `text` says how the effect was checked and what was seen."""

    number: str
    version: int
    effective: bool
    text: str
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True)
class CloseAction:
    number: str
    version: int


@verb("actions.edit", leaves=OPENED)
def open_action(tx: Session, command: OpenAction, now: datetime, actor: Actor) -> str:
    """Open an action and return its number (`AC-2026-001`). Raises TitleMissing, OriginMissing, OwnerNotMember."""
    rules.check_title(command.title)
    if not command.origin_title.strip():
        raise OriginMissing()
    _check_owner(tx, command.owner_id)
    action = Action(
        number=rules.number(now.year, next_number(tx, SERIES, now.year)),
        kind=command.kind,
        title=command.title.strip(),
        origin_kind=command.origin[0],
        origin_id=command.origin[1],
        origin_title=command.origin_title.strip(),
        cause_required=command.cause_required,
        correction=command.correction.strip(),
        cause=command.cause.strip(),
        plan=command.plan.strip(),
        owner_id=command.owner_id,
        due_on=command.due_on,
        state=State.OPEN,
        round=1,
        opened_at=now,
        opened_by=actor.person_id,
        changed_at=now,
        version=1,
    )
    tx.add(action)
    tx.flush()
    _note(
        tx,
        OPENED,
        action,
        now,
        actor,
        kind=command.kind,
        origin=[command.origin[0], command.origin[1]],
        owner=command.owner_id,
        due=command.due_on.isoformat(),
    )
    return action.number


@verb("actions.edit", leaves=CHANGED)
def change(tx: Session, command: ChangeAction, now: datetime, actor: Actor) -> None:
    """Change an open action. Raises NotFound, Conflict, NotYours, NotOpen, TitleMissing, OwnerNotMember."""
    action = _taken(tx, command.number, command.version, actor)
    rules.check_open(State(action.state))
    rules.check_title(command.title)
    if command.owner_id != action.owner_id:
        _check_owner(tx, command.owner_id)
    wanted = {
        "kind": str(command.kind),
        "title": command.title.strip(),
        "owner_id": command.owner_id,
        "due_on": command.due_on,
        "correction": command.correction.strip(),
        "cause": command.cause.strip(),
        "plan": command.plan.strip(),
    }
    changed = sorted(name for name, value in wanted.items() if getattr(action, name) != value)
    for name in changed:
        setattr(action, name, wanted[name])
    _touch(action, now)
    _note(tx, CHANGED, action, now, actor, changed=changed, owner=action.owner_id, due=action.due_on.isoformat())


@verb("actions.edit", leaves=COMPLETED)
def complete(tx: Session, command: CompleteAction, now: datetime, actor: Actor) -> None:
    """Report an action as done, with proof.

    Raises NotFound, Conflict, NotYours, NotOpen, PersonNeeded, CauseMissing, ProofMissing.
    """
    action = _taken(tx, command.number, command.version, actor)
    rules.check_complete(
        state=State(action.state),
        person_id=actor.person_id,
        cause_required=action.cause_required,
        cause=action.cause,
        proof=command.proof,
        files=len(command.evidence),
    )
    action.state = State.DONE
    action.completed_at, action.completed_by = now, actor.person_id
    action.completion = command.proof.strip()
    _attach(tx, action, command.evidence, COMPLETION, now, actor)
    _touch(action, now)
    _note(tx, COMPLETED, action, now, actor, round=action.round, files=len(command.evidence))


@verb(MANAGE, leaves=(VERIFIED, REOPENED))
def verify(tx: Session, command: VerifyAction, now: datetime, actor: Actor) -> None:
    """Record whether the action had its effect; without effect it opens again and the round is kept.

    Raises NotFound, Conflict, NotDone, PersonNeeded, VerifierIsOwner, VerifierCompletedIt, VerificationTextMissing.
    """
    action = _taken(tx, command.number, command.version, actor)
    rules.check_verify(
        state=State(action.state),
        verifier_id=actor.person_id,
        owner_id=action.owner_id,
        completed_by=action.completed_by,
        text=command.text,
    )
    _attach(tx, action, command.evidence, VERIFICATION, now, actor)
    facts = {"round": action.round, "files": len(command.evidence)}
    if command.effective:
        action.state = State.VERIFIED
        action.verified_at, action.verified_by = now, actor.person_id
        action.verification = command.text.strip()
    else:
        _open_again(tx, action, command.text.strip(), now, actor)
    _touch(action, now)
    _note(tx, VERIFIED if command.effective else REOPENED, action, now, actor, **facts)


@verb(MANAGE, leaves=CLOSED)
def close(tx: Session, command: CloseAction, now: datetime, actor: Actor) -> None:
    """Close an action whose effect was verified. Raises NotFound, Conflict, NotVerified."""
    action = _taken(tx, command.number, command.version, actor)
    rules.check_close(State(action.state))
    action.state = State.CLOSED
    action.closed_at, action.closed_by = now, actor.person_id
    _touch(action, now)
    _note(tx, CLOSED, action, now, actor)


def _taken(tx: Session, number: str, version: int, actor: Actor) -> Action:
    action = tx.execute(select(Action).where(Action.number == number).with_for_update()).scalar_one_or_none()
    if action is None:
        raise NotFound()
    rules.check_may_work(person_id=actor.person_id, owner_id=action.owner_id, oversees=actor.may(MANAGE))
    if action.version != version:
        raise Conflict()
    return action


def _touch(action: Action, now: datetime) -> None:
    action.changed_at = now
    action.version += 1


def _check_owner(tx: Session, owner_id: int) -> None:
    if owner_id not in {member.person_id for member in members_with(tx, "actions.edit")}:
        raise OwnerNotMember()


def _open_again(tx: Session, action: Action, text: str, now: datetime, actor: Actor) -> None:
    tx.add(
        ActionAttempt(
            action_id=action.id,
            round=action.round,
            owner_id=action.owner_id,
            completed_at=action.completed_at,
            completed_by=action.completed_by,
            completion=action.completion,
            verified_at=now,
            verified_by=actor.person_id,
            verification=text,
        )
    )
    action.state = State.OPEN
    action.completed_at = action.completed_by = None
    action.completion = ""
    action.round += 1


def _attach(
    tx: Session, action: Action, evidence_ids: Sequence[int], subject: str, now: datetime, actor: Actor
) -> None:
    for evidence_id in evidence_ids:
        evidence.link(tx, evidence.Link(evidence_id, (subject, action.id)), now, actor)


def _note(tx: Session, what: Event, action: Action, now: datetime, actor: Actor, **facts: object) -> None:
    record(tx, what, now=now, actor=actor, subject=("action", action.id), facts={"number": action.number, **facts})
