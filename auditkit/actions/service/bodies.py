"""Verbs over nonconformities of certification bodies: put on record, change, note what the body said to the answer."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.actions import rules, timing
from auditkit.actions.models import Action, ActionScheme, BodyNonconformity, BodyReview
from auditkit.actions.rules import (
    NC,
    NC_CHANGED,
    NC_RECORDED,
    REVIEWED,
    Grade,
    ReviewState,
    State,
    Target,
    Verdict,
)
from auditkit.actions.taking import OVERSEE, attach, path_of, touch
from auditkit.actions.timing import Raised
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.verbs import verb
from auditkit.journal.service import record


@dataclass(frozen=True)
class NcValues:
    """What a body wrote. Days that it named itself come before those of the scheme."""

    body: str
    number: str
    grade: Grade
    statement: str
    raised_on: date
    audit: str = ""
    clause: str = ""
    evidence: str = ""
    raised_by: str = ""
    accepted_by: str = ""
    audit_ended_on: date | None = None
    plan_due_on: date | None = None
    evidence_due_on: date | None = None
    next_audit_on: date | None = None
    scheme_id: int | None = None


@dataclass(frozen=True)
class RecordNc:
    """`files`: ids of evidence files, such as the paper it came on, scanned."""

    values: NcValues
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class ChangeNc:
    """Change what was put on record; due dates that are set stay as they are."""

    nc_id: int
    version: int
    values: NcValues
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class NoteReview:
    """What the body said on `reviewed_on` to the answer in this action. `due_on`: by when it wants more."""

    nc_id: int
    action_number: str
    verdict: Verdict
    reviewed_on: date
    text: str = ""
    due_on: date | None = None


@verb(OVERSEE, leaves=NC_RECORDED)
def record_nc(tx: Session, command: RecordNc, now: datetime, actor: Actor) -> int:
    """Put a nonconformity of a body on record; its id.

    Raises BodyMissing, BodyNumberMissing, NcStatementMissing, NcDatesReversed, BodyNumberTaken, SchemeEnded.
    """
    _check(tx, command.values, None)
    row = BodyNonconformity(**_stripped(command.values), recorded_at=now, recorded_by=actor.person_id, version=1)
    tx.add(row)
    tx.flush()
    attach(tx, (NC, row.id), command.files, now, actor)
    _note(tx, row, now, actor, new=True)
    return row.id


@verb(OVERSEE, leaves=NC_CHANGED)
def change_nc(tx: Session, command: ChangeNc, now: datetime, actor: Actor) -> None:
    """Change it. Raises NotFound, Conflict and what `record_nc` raises."""
    row = _row(tx, command.nc_id)
    if row.version != command.version:
        raise Conflict()
    _check(tx, command.values, row.id)
    for name, value in _stripped(command.values).items():
        setattr(row, name, value)
    row.version += 1
    attach(tx, (NC, row.id), command.files, now, actor)
    _note(tx, row, now, actor, new=False)


def _stripped(values: NcValues) -> dict[str, object]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in asdict(values).items()}


def _check(tx: Session, values: NcValues, own_id: int | None) -> None:
    rules.check_nc(
        body=values.body,
        number=values.number,
        statement=values.statement,
        raised_on=values.raised_on,
        due=(values.plan_due_on, values.evidence_due_on, values.next_audit_on),
    )
    same = select(BodyNonconformity.id).where(
        BodyNonconformity.body == values.body.strip(), BodyNonconformity.number == values.number.strip()
    )
    if any(found != own_id for found in tx.execute(same).scalars()):
        raise rules.BodyNumberTaken()
    if values.scheme_id is not None:
        found = select(ActionScheme.id).where(ActionScheme.id == values.scheme_id, ActionScheme.ended_at.is_(None))
        if tx.execute(found).first() is None:
            raise rules.SchemeEnded()


def _row(tx: Session, nc_id: int) -> BodyNonconformity:
    row = tx.execute(select(BodyNonconformity).where(BodyNonconformity.id == nc_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


@verb(OVERSEE, leaves=REVIEWED)
def note_review(tx: Session, command: NoteReview, now: datetime, actor: Actor) -> None:
    """Note what the body said. "More needed" opens the plan again, and the action where it was done already.

    Raises NotFound, NothingToReview, ReviewTextMissing, ReviewAhead.
    """
    nc, action = _row(tx, command.nc_id), _answer(tx, command)
    path = path_of(tx, action)
    state, again = State(action.state), command.verdict is Verdict.MORE_NEEDED
    today = timing.calendar_at(tx, now).today(now)
    rules.check_review(
        verdict=command.verdict,
        text=command.text,
        reviewed_on=command.reviewed_on,
        today=today,
        plan_ready=path.plan_ready_at is not None or state is not State.OPEN,
    )
    review = BodyReview(
        nonconformity_id=nc.id,
        action_id=action.id,
        round=action.round,
        verdict=command.verdict,
        reviewed_on=command.reviewed_on,
        text=command.text.strip(),
        noted_at=now,
        noted_by=actor.person_id,
    )
    tx.add(review)
    path.review = ReviewState.MORE_NEEDED if again else ReviewState.ACCEPTED
    if again:
        path.plan_ready_at = path.plan_ready_by = None
        if rules.opens_again(command.verdict, state):
            _keep_round(review, action)
            path.reopened += 1
            tx.flush()
            timing.own_day(tx, action, now)
            timing.run_again(tx, action, [Target.EVIDENCE, Target.CLOSE, Target.HARD_STOP])
        named = {Target.PLAN: command.due_on} if command.due_on is not None else {}
        raised = Raised(timing.midnight(command.reviewed_on), day_only=True, named=named)
        timing.set_by_scheme(tx, action, path, raised, now, only=[Target.PLAN])
    touch(action, now)
    facts = {
        "nonconformity": nc.id,
        "number": action.number,
        "verdict": command.verdict.value,
        "on": command.reviewed_on.isoformat(),
        "opened_again": rules.opens_again(command.verdict, state),
    }
    record(tx, REVIEWED, now=now, actor=actor, subject=("action", action.id), facts=facts)


def _answer(tx: Session, command: NoteReview) -> Action:
    found = select(Action).where(
        Action.number == command.action_number, Action.origin_kind == NC, Action.origin_id == command.nc_id
    )
    action = tx.execute(found.with_for_update()).scalar_one_or_none()
    if action is None:
        raise NotFound()
    return action


def _keep_round(review: BodyReview, action: Action) -> None:
    """The round as it was goes into the review; the action is open again."""
    review.completed_at, review.completed_by = action.completed_at, action.completed_by
    review.completion = action.completion
    review.verified_at, review.verified_by = action.verified_at, action.verified_by
    review.verification = action.verification
    action.state = State.OPEN
    action.completed_at = action.completed_by = action.verified_at = action.verified_by = None
    action.closed_at = action.closed_by = None
    action.completion = action.verification = ""
    action.round += 1


def _note(tx: Session, row: BodyNonconformity, now: datetime, actor: Actor, *, new: bool) -> None:
    facts = {"body": row.body, "number": row.number, "grade": row.grade, "raised": row.raised_on.isoformat()}
    what = NC_RECORDED if new else NC_CHANGED
    record(tx, what, now=now, actor=actor, subject=(NC, row.id), facts=facts)
