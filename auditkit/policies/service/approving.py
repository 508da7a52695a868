"""Verbs of approval: by one person at once, or by several in order; the version they make."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785
from sqlalchemy import delete, select

from auditkit.accounts.queries import members_with, today_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.ids import digest
from auditkit.base.verbs import verb
from auditkit.policies import facts, queries
from auditkit.policies.drafts import draft, tell
from auditkit.policies.models import (
    Policy,
    PolicyApprover,
    PolicyCard,
    PolicyRound,
    PolicyStated,
    PolicyStep,
    PolicyVersion,
)
from auditkit.policies.queries.settings import stated_by
from auditkit.policies.rules import (
    APPROVED,
    Decision,
    DocumentEmpty,
    NothingChanged,
    RoundState,
    State,
    approval_alone,
    approvals,
    checked_reason,
    checked_review,
    require_answers,
)
from auditkit.policies.telling import ask_next, tell_refusal


@dataclass(frozen=True)
class Approve:
    """`reason` says what changed and why; `revision` is that of the draft as the approver read it."""

    policy_id: int
    reason: str
    review_by: date | None = None
    revision: int | None = None


@dataclass(frozen=True)
class SetApprovers:
    """Who approves, in order; none: any one person who may."""

    policy_id: int
    people: tuple[int, ...]


@dataclass(frozen=True)
class HandIn:
    """As Approve; the text is kept as it stands now."""

    policy_id: int
    reason: str
    review_by: date | None = None
    revision: int | None = None


@dataclass(frozen=True)
class Decide:
    """What one of those asked says about the text handed in; `reason` is needed either way."""

    policy_id: int
    approves: bool
    reason: str


@dataclass(frozen=True)
class TakeBack:
    policy_id: int


@dataclass(frozen=True)
class _Text:
    """A draft as it would become a version."""

    title: str
    sections: list[dict[str, Any]]
    answers: dict[str, str]
    stated: dict[str, str]
    digest: str
    edited_by_id: int | None


@verb("policies.approve", leaves=APPROVED)
def approve(tx: Session, command: Approve, now: datetime, actor: Actor) -> int:
    """Freeze the draft as the next version; its number.

    Raises NotFound, DraftChanged, ApprovedInOrder, RoundOpen, DocumentEmpty, FieldsUnanswered, NothingChanged,
    ReasonMissing, ReviewNotAhead, ApproverIsEditor, ApproverUnknown.
    """
    policy = draft(tx, command.policy_id, command.revision)
    reason, review_by = checked_reason(command.reason), checked_review(command.review_by, today_of_house(tx, now))
    may = _may(tx)
    order = [one.person_id for one in _order(tx, policy.id)]
    if order:
        raise approvals.ApprovedInOrder(names=[may.get(person, "–") for person in order])
    text = _text(tx, policy)
    alone = approval_alone(actor.person_id, policy.edited_by_id, may)
    return _make_version(tx, policy, text, reason, review_by, alone, now, actor).number


@verb("policies.edit", leaves=approvals.APPROVERS_SET)
def set_approvers(tx: Session, command: SetApprovers, now: datetime, actor: Actor) -> None:
    """Say who approves the document from now on; a round under way keeps its people.

    Raises NotFound, ApproverNotAllowed, ApproverTwice, TooManyApprovers.
    """
    policy = draft(tx, command.policy_id)
    order = approvals.checked_order(command.people, _may(tx))
    tx.execute(delete(PolicyApprover).where(PolicyApprover.policy_id == policy.id))
    tx.add_all(
        PolicyApprover(policy_id=policy.id, position=position, person_id=person)
        for position, person in enumerate(order, 1)
    )
    tell(tx, approvals.APPROVERS_SET, policy.id, now, actor, people=order)


@verb("policies.edit", leaves=approvals.HANDED_IN)
def hand_in(tx: Session, command: HandIn, now: datetime, actor: Actor) -> None:
    """Hand the draft in to its approvers; the first of them is told by mail.

    Raises NotFound, DraftChanged, RoundOpen, NobodyToAsk, ApproverNotAllowed, WriterApprovesLast, and as `approve`.
    """
    policy = draft(tx, command.policy_id, command.revision)
    reason, review_by = checked_reason(command.reason), checked_review(command.review_by, today_of_house(tx, now))
    order = [one.person_id for one in _order(tx, policy.id)]
    approvals.round_alone(order, policy.edited_by_id, _may(tx))
    text = _text(tx, policy)
    opened = PolicyRound(
        policy_id=policy.id,
        revision=policy.revision,
        title=text.title,
        sections=text.sections,
        answers=text.answers,
        stated=text.stated,
        digest=text.digest,
        reason=reason,
        review_by=review_by,
        edited_by_id=text.edited_by_id,
        opened_at=now,
        opened_by_id=actor.person_id,
    )
    opened.steps = [PolicyStep(position=position, person_id=person) for position, person in enumerate(order, 1)]
    tx.add(opened)
    tx.flush()
    tell(tx, approvals.HANDED_IN, policy.id, now, actor, round=opened.id, digest=text.digest, people=order)
    ask_next(tx, policy, opened, now, actor)


@verb("policies.approve", leaves=(approvals.AGREED, approvals.REFUSED, APPROVED))
def decide(tx: Session, command: Decide, now: datetime, actor: Actor) -> int | None:
    """Say yes or no to the text handed in; the number of the version, when this was the last yes.

    Raises NotFound, RoundEnded, NotAsked, NotYourTurn, ReasonMissing, WriterApprovesLast, NothingChanged.
    """
    policy = draft(tx, command.policy_id)
    current = _round(tx, policy.id)
    steps = [approvals.Asked(one.person_id, Decision(one.decision) if one.decision else None) for one in current.steps]
    may = _may(tx)
    last = approvals.require_turn(RoundState(current.state), steps, actor.person_id, may)
    step = next(one for one in current.steps if one.person_id == actor.person_id)
    step.reason, step.decided_at = checked_reason(command.reason), now
    step.decision = (Decision.APPROVED if command.approves else Decision.REFUSED).value
    if not command.approves:
        current.state, current.ended_at = RoundState.REFUSED.value, now
        tell(tx, approvals.REFUSED, policy.id, now, actor, round=current.id, step=step.position)
        tell_refusal(tx, policy, current, step.reason, now, actor)
        return None
    tell(tx, approvals.AGREED, policy.id, now, actor, round=current.id, step=step.position, digest=current.digest)
    if not last:
        ask_next(tx, policy, current, now, actor)
        return None
    alone = approvals.round_alone([one.person_id for one in current.steps], current.edited_by_id, may)
    text = _Text(current.title, current.sections, current.answers, current.stated, current.digest, current.edited_by_id)
    version = _make_version(tx, policy, text, current.reason, current.review_by, alone, now, actor, open_round=current)
    return version.number


@verb("policies.edit", leaves=approvals.TAKEN_BACK)
def take_back(tx: Session, command: TakeBack, now: datetime, actor: Actor) -> None:
    """Take a text back that is under approval. Raises NotFound, RoundEnded."""
    policy = draft(tx, command.policy_id)
    current = _round(tx, policy.id)
    approvals.require_open(RoundState(current.state))
    current.state, current.ended_at = RoundState.TAKEN_BACK.value, now
    tell(tx, approvals.TAKEN_BACK, policy.id, now, actor, round=current.id)


def _may(tx: Session) -> dict[int, str]:
    return {member.person_id: member.name for member in members_with(tx, "policies.approve")}


def _order(tx: Session, policy_id: int) -> list[PolicyApprover]:
    query = select(PolicyApprover).where(PolicyApprover.policy_id == policy_id).order_by(PolicyApprover.position)
    return list(tx.execute(query).scalars())


def _round(tx: Session, policy_id: int) -> PolicyRound:
    """The newest round. Raises NotFound."""
    query = select(PolicyRound).where(PolicyRound.policy_id == policy_id).order_by(PolicyRound.id.desc()).limit(1)
    found = tx.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _text(tx: Session, policy: Policy) -> _Text:
    """The draft as a version would hold it. Raises RoundOpen, DocumentEmpty, FieldsUnanswered, NothingChanged."""
    open_ones = select(PolicyRound.id).where(
        PolicyRound.policy_id == policy.id, PolicyRound.state == RoundState.OPEN.value
    )
    if tx.execute(open_ones).first():
        raise approvals.RoundOpen
    questions, sections = queries.questions_of(policy), queries.sections_of(policy.sections)
    answers = queries.answers_of(policy, queries.facts(tx))
    require_answers(questions, answers, [one.text for one in sections])
    filled = queries.as_json(queries.filled_sections(questions, answers, sections))
    if not filled:
        raise DocumentEmpty
    text_digest = digest(rfc8785.dumps({"title": policy.title, "sections": filled}))
    if policy.versions and policy.versions[-1].digest == text_digest:
        raise NothingChanged(number=policy.versions[-1].number)
    card = tx.get(PolicyCard, policy.id)
    stated = stated_by(sections, answers, card.states if card else (), facts.live(tx))
    return _Text(policy.title, filled, answers, stated, text_digest, policy.edited_by_id)


def _make_version(
    tx: Session,
    policy: Policy,
    text: _Text,
    reason: str,
    review_by: date | None,
    alone: bool,
    now: datetime,
    actor: Actor,
    open_round: PolicyRound | None = None,
) -> PolicyVersion:
    version = PolicyVersion(
        policy_id=policy.id,
        number=policy.versions[-1].number + 1 if policy.versions else 1,
        title=text.title,
        sections=text.sections,
        answers=text.answers,
        digest=text.digest,
        edited_by_id=text.edited_by_id,
        approved_by_id=actor.person_id,
        approved_at=now,
        approved_alone=alone,
        reason=reason,
        review_by=review_by,
        state=State.APPROVED.value,
    )
    tx.add(version)
    tx.flush()
    tx.add_all(PolicyStated(version_id=version.id, setting=name, value=value) for name, value in text.stated.items())
    if open_round is not None:
        open_round.state, open_round.ended_at = RoundState.APPROVED.value, now
        open_round.version_id = version.id
    tx.flush()
    tx.expire(policy, ["versions"])
    tell(tx, APPROVED, policy.id, now, actor, version=version.number, digest=text.digest, alone=alone)
    return version
