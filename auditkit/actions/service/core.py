"""Verbs over actions: open, change, report as done, verify the effect, close.

Permissions: `actions.edit` lets a person open actions and work on their own; `actions.verify` oversees all of them.
tests/slices/actions/ checks every gate and journal entry.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from auditkit.actions import rules, timing
from auditkit.actions.figures import compute_figures
from auditkit.actions.models import Action, ActionAttempt, ActionEffect, ActionPath, ActionScheme, BodyNonconformity
from auditkit.actions.rules import (
    CHANGED,
    CLOSED,
    COMPLETED,
    COMPLETION,
    NC,
    OPENED,
    REOPENED,
    SERIES,
    VERIFICATION,
    VERIFIED,
    Ended,
    Grade,
    Kind,
    OriginMissing,
    ReviewState,
    State,
    StepState,
    Target,
)
from auditkit.actions.taking import (
    OVERSEE,
    attach,
    check_owner,
    effect_of,
    facts_of,
    needs_of,
    note,
    path_of,
    steps_of,
    taken,
    touch,
)
from auditkit.actions.timing import Raised
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb

MANAGE = OVERSEE


@dataclass(frozen=True)
class OpenAction:
    """`origin` is (kind, id) of what the action answers, `origin_title` its text as shown; `due_on` a day.

    `cause_required` when the origin is a major nonconformity: then nothing is done before the cause is written.
    `scheme_id`: the time limits that hold for it, with what they ask of its `grade`. `raised`: from when they run,
    None: from now.
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
    grade: Grade = Grade.NONE
    scheme_id: int | None = None
    raised: Raised | None = None


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
    """Open an action and return its number (`AC-2026-001`).

    Raises TitleMissing, OriginMissing, OwnerNotMember, SchemeEnded.
    """
    rules.check_title(command.title)
    if not command.origin_title.strip():
        raise OriginMissing()
    check_owner(tx, command.owner_id)
    command = _as_the_body_raised_it(tx, command)
    grade = Grade.MAJOR if command.cause_required and command.grade is Grade.NONE else command.grade
    needs = _asked_of(tx, command.scheme_id, grade)
    action = Action(
        number=rules.number(now.year, next_number(tx, SERIES, now.year)),
        kind=command.kind,
        title=command.title.strip(),
        origin_kind=command.origin[0],
        origin_id=command.origin[1],
        origin_title=command.origin_title.strip(),
        cause_required=command.cause_required or grade is Grade.MAJOR,
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
    path = ActionPath(
        action_id=action.id,
        grade=grade,
        scheme_id=command.scheme_id,
        needs=needs,
        review=ReviewState.WAITING if command.origin[0] == NC else ReviewState.NONE,
    )
    tx.add(path)
    tx.flush()
    timing.own_day(tx, action, now)
    timing.set_by_scheme(tx, action, path, command.raised or Raised(now), now)
    note(
        tx,
        OPENED,
        action,
        now,
        actor,
        kind=command.kind,
        origin=[command.origin[0], command.origin[1]],
        owner=command.owner_id,
        due=command.due_on.isoformat(),
        grade=grade.value,
        scheme=command.scheme_id,
    )
    return action.number


def _as_the_body_raised_it(tx: Session, command: OpenAction) -> OpenAction:
    """What answers a body's nonconformity has its grade, its limits and its days, whatever was asked for."""
    if command.origin[0] != NC:
        return command
    nc = tx.execute(select(BodyNonconformity).where(BodyNonconformity.id == command.origin[1])).scalar_one_or_none()
    if nc is None:
        raise NotFound()
    days = {Target.PLAN: nc.plan_due_on, Target.EVIDENCE: nc.evidence_due_on, Target.NEXT_AUDIT: nc.next_audit_on}
    named = {target: day for target, day in days.items() if day is not None}
    raised = Raised(timing.midnight(nc.raised_on), day_only=True, audit_end=nc.audit_ended_on, named=named)
    return replace(command, grade=Grade(nc.grade), scheme_id=nc.scheme_id, raised=raised)


def _asked_of(tx: Session, scheme_id: int | None, grade: Grade) -> str:
    """What the scheme asks of this grade, as it is stored."""
    if scheme_id is None:
        return ""
    scheme = tx.execute(select(ActionScheme).where(ActionScheme.id == scheme_id)).scalar_one_or_none()
    if scheme is None or scheme.ended_at is not None:
        raise rules.SchemeEnded()
    return {Grade.MAJOR: scheme.needs_major, Grade.MINOR: scheme.needs_minor}.get(grade, "")


@verb("actions.edit", leaves=CHANGED)
def change(tx: Session, command: ChangeAction, now: datetime, actor: Actor) -> None:
    """Change an open action. Raises NotFound, Conflict, NotYours, NotOpen, TitleMissing, OwnerNotMember."""
    action = taken(tx, command.number, command.version, actor)
    rules.check_open(State(action.state))
    rules.check_title(command.title)
    if command.owner_id != action.owner_id:
        check_owner(tx, command.owner_id)
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
    if "due_on" in changed:
        timing.own_day(tx, action, now)
    touch(action, now)
    note(tx, CHANGED, action, now, actor, changed=changed, owner=action.owner_id, due=action.due_on.isoformat())


@verb("actions.edit", leaves=COMPLETED)
def complete(tx: Session, command: CompleteAction, now: datetime, actor: Actor) -> None:
    """Report an action as done, with proof; from then on the waiting time of its criterion runs.

    Raises NotFound, Conflict, NotYours, NotOpen, PersonNeeded, CauseMissing, ProofMissing, StepsOpen, PlanNotReady, or
    the refusal of what the grade asks for and is missing.
    """
    action = taken(tx, command.number, command.version, actor)
    rules.check_complete(
        state=State(action.state),
        person_id=actor.person_id,
        cause_required=action.cause_required,
        cause=action.cause,
        proof=command.proof,
        files=len(command.evidence),
    )
    path = path_of(tx, action)
    rules.check_done(
        needs=needs_of(action, path),
        facts=facts_of(tx, action, path),
        plan_ready=path.plan_ready_at is not None,
        open_steps=sum(one.state == StepState.OPEN for one in steps_of(tx, action)),
    )
    effect = effect_of(tx, action)
    if effect is not None:
        effect.check_from = rules.check_from(timing.calendar_at(tx, now).today(now), effect.wait_days)
    tx.flush()
    action.state = State.DONE
    action.completed_at, action.completed_by = now, actor.person_id
    action.completion = command.proof.strip()
    timing.end(tx, action, [Target.DONE, Target.EVIDENCE, Target.PLAN], Ended.MET, now)
    attach(tx, (COMPLETION, action.id), command.evidence, now, actor)
    touch(action, now)
    note(tx, COMPLETED, action, now, actor, round=action.round, files=len(command.evidence))


@verb(MANAGE, leaves=(VERIFIED, REOPENED))
def verify(tx: Session, command: VerifyAction, now: datetime, actor: Actor) -> None:
    """Record whether the action had its effect; without effect it opens again and the round is kept.

    Where the criterion names a figure it is computed here, before and after, and kept.
    Raises NotFound, Conflict, NotDone, PersonNeeded, VerifierIsOwner, VerifierCompletedIt, VerificationTextMissing,
    VerifierDidStep, TooEarly, FiguresSayNo, FigureGone.
    """
    action = taken(tx, command.number, command.version, actor)
    rules.check_verify(
        state=State(action.state),
        verifier_id=actor.person_id,
        owner_id=action.owner_id,
        completed_by=action.completed_by,
        text=command.text,
    )
    path, effect = path_of(tx, action), effect_of(tx, action)
    _check_effect(tx, action, effect, command.effective, now, actor)
    tx.flush()  # what was checked stands before the action says so: a trigger asks for it
    attach(tx, (VERIFICATION, action.id), command.evidence, now, actor)
    facts = {"round": action.round, "files": len(command.evidence), "criterion": effect is not None}
    if command.effective:
        action.state = State.VERIFIED
        action.verified_at, action.verified_by = now, actor.person_id
        action.verification = command.text.strip()
        timing.end(tx, action, [Target.CLOSE, Target.HARD_STOP, Target.NEXT_AUDIT], Ended.MET, now)
    else:
        _open_again(tx, action, command.text.strip(), now, actor)
        path.plan_ready_at = path.plan_ready_by = None
        path.reopened += 1
        tx.flush()
        timing.own_day(tx, action, now)
        timing.run_again(tx, action, [Target.EVIDENCE])
    touch(action, now)
    note(tx, VERIFIED if command.effective else REOPENED, action, now, actor, **facts)


def _check_effect(
    tx: Session, action: Action, effect: ActionEffect | None, effective: bool, now: datetime, actor: Actor
) -> None:
    steps = [one for one in steps_of(tx, action) if one.state != StepState.DROPPED]
    today = timing.calendar_at(tx, now).today(now)
    met = compute_figures(tx, action, effect, today) if effect is not None and effect.measure else None
    shown = [one for one in ((effect.before_value, effect.after_value) if effect else ()) if one is not None]
    rules.check_effect(
        effective=effective,
        today=today,
        earliest=effect.check_from if effect is not None else None,
        measure=effect.measure if effect is not None else "",
        figures_met=met,
        figures=(rules.figure_text(shown[0]), rules.figure_text(shown[1])) if len(shown) == 2 else ("", ""),
        verifier_id=actor.person_id,
        step_people=frozenset(person for one in steps for person in (one.owner_id, one.ended_by) if person is not None),
    )
    if effect is not None:
        effect.checked_on, effect.effective = today, effective


@verb(MANAGE, leaves=CLOSED)
def close(tx: Session, command: CloseAction, now: datetime, actor: Actor) -> None:
    """Close an action whose effect was verified. Raises NotFound, Conflict, NotVerified, BodyNotAccepted."""
    action = taken(tx, command.number, command.version, actor)
    rules.check_close(State(action.state))
    rules.check_body_accepted(ReviewState(path_of(tx, action).review))
    action.state = State.CLOSED
    action.closed_at, action.closed_by = now, actor.person_id
    touch(action, now)
    note(tx, CLOSED, action, now, actor)


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
