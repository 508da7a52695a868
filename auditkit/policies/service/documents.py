"""Verbs over policies: start, answer, edit, approve, publish, withdraw.

tests/slices/policies/test_service.py holds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785
from sqlalchemy import select

from auditkit.accounts.queries import members_with
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.ids import digest
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb
from auditkit.content.library import Library
from auditkit.content.shapes import PolicyShape
from auditkit.journal.service import record
from auditkit.policies import queries
from auditkit.policies.models import Policy, PolicyVersion
from auditkit.policies.rules import (
    ANSWERED,
    APPROVED,
    COMPLAINTS_POLICY,
    EDITED,
    PUBLISHED,
    STARTED,
    WITHDRAWN,
    AlreadyStarted,
    AnswerMalformed,
    AnswersMalformed,
    Dates,
    DraftChanged,
    NoSuchSection,
    NothingChanged,
    State,
    approval_alone,
    checked_answer,
    checked_reason,
    checked_review,
    checked_section,
    require_answers,
    require_publishable,
    require_withdrawable,
)

LANGUAGE = "en"
"""Of the library's texts."""


@dataclass(frozen=True)
class Start:
    content_id: str = COMPLAINTS_POLICY


@dataclass(frozen=True)
class AnswerQuestions:
    """`answers`: name -> text; a name left out keeps its answer, an empty text takes it back."""

    policy_id: int
    answers: Mapping[str, str]
    revision: int | None = None


@dataclass(frozen=True)
class EditSection:
    """`revision` is that of the draft as the editor saw it; None: no matter."""

    policy_id: int
    section_id: str
    title: str
    text: str
    revision: int | None = None


@dataclass(frozen=True)
class Approve:
    """`reason` says what changed and why; `revision` is that of the draft as the approver read it."""

    policy_id: int
    reason: str
    review_by: date | None = None
    revision: int | None = None


@dataclass(frozen=True)
class Publish:
    policy_id: int
    number: int
    effective_on: date


@dataclass(frozen=True)
class Withdraw:
    policy_id: int
    number: int
    reason: str


@verb("policies.edit", leaves=STARTED)
def start(tx: Session, command: Start, now: datetime, actor: Actor, *, library: Library) -> int:
    """Make the organisation's draft from a text of the library; its id. Raises NotFound, AlreadyStarted.

    Questions that another policy asked already come with the answer given there.
    """
    shape = library.policy(command.content_id)
    if tx.execute(select(Policy.id).where(Policy.content_id == shape.id)).first():
        raise AlreadyStarted
    stored = shape.model_dump(mode="json")
    policy = Policy(
        content_id=shape.id,
        content_digest=digest(rfc8785.dumps(stored)),
        reference=f"POL-{next_number(tx, 'policy', 0):02d}",
        title=shape.title,
        purpose=shape.purpose,
        edition=shape.edition,
        language=LANGUAGE,
        is_public=shape.public,
        questions=stored["fields"],
        answers=queries.answers_elsewhere(tx, queries.questions_stored(stored["fields"])),
        sections=_stored_sections(shape),
        started_at=now,
        edited_by_id=actor.person_id,
        edited_at=now,
    )
    tx.add(policy)
    tx.flush()
    _tell(tx, STARTED, policy, now, actor, content=shape.id, content_digest=policy.content_digest)
    return policy.id


@verb("policies.edit", leaves=ANSWERED)
def answer(tx: Session, command: AnswerQuestions, now: datetime, actor: Actor) -> None:
    """Answer questions of the draft. Raises NotFound, DraftChanged, AnswersMalformed."""
    policy = _draft(tx, command.policy_id, command.revision)
    answers, faults = dict(policy.answers), {}
    for question in queries.questions_of(policy):
        if question.name not in command.answers:
            continue
        try:
            answers[question.name] = checked_answer(question, command.answers[question.name])
        except AnswerMalformed as fault:
            faults[question.name] = fault
    if faults:
        raise AnswersMalformed(faults)
    changed = sorted(name for name in answers if answers[name] != policy.answers.get(name, ""))
    policy.answers = {name: value for name, value in answers.items() if value}
    _edited(policy, now, actor)
    _tell(tx, ANSWERED, policy, now, actor, revision=policy.revision, questions=changed)


@verb("policies.edit", leaves=EDITED)
def edit_section(tx: Session, command: EditSection, now: datetime, actor: Actor) -> None:
    """Replace a section's heading and text in the draft.

    Raises NotFound, NoSuchSection, DraftChanged, and what `rules.checked_section` raises.
    """
    policy = _draft(tx, command.policy_id, command.revision)
    title, text = checked_section(command.title, command.text, [one.name for one in queries.questions_of(policy)])
    if command.section_id not in [one["id"] for one in policy.sections]:
        raise NoSuchSection(id=command.section_id)
    policy.sections = [
        {**one, "title": title, "text": text} if one["id"] == command.section_id else one for one in policy.sections
    ]
    _edited(policy, now, actor)
    _tell(
        tx, EDITED, policy, now, actor, revision=policy.revision, section=command.section_id, text=digest(text.encode())
    )


@verb("policies.approve", leaves=APPROVED)
def approve(tx: Session, command: Approve, now: datetime, actor: Actor) -> int:
    """Freeze the draft as the next version; its number.

    Raises NotFound, DraftChanged, FieldsUnanswered, NothingChanged, ReasonMissing, ReviewNotAhead,
    ApproverIsEditor, ApproverUnknown.
    """
    policy = _draft(tx, command.policy_id, command.revision)
    reason, review_by = checked_reason(command.reason), checked_review(command.review_by, now.date())
    questions, sections = queries.questions_of(policy), queries.sections_of(policy.sections)
    require_answers(questions, policy.answers, [one.text for one in sections])
    approvers = {member.person_id: member.name for member in members_with(tx, "policies.approve")}
    alone = approval_alone(actor.person_id, policy.edited_by_id, approvers)
    filled = queries.as_json(queries.filled_sections(questions, policy.answers, sections))
    text_digest = digest(rfc8785.dumps({"title": policy.title, "sections": filled}))
    newest = policy.versions[-1] if policy.versions else None
    if newest is not None and newest.digest == text_digest:
        raise NothingChanged(number=newest.number)
    version = PolicyVersion(
        policy_id=policy.id,
        number=newest.number + 1 if newest else 1,
        title=policy.title,
        sections=filled,
        answers=policy.answers,
        digest=text_digest,
        edited_by_id=policy.edited_by_id,
        approved_by_id=actor.person_id,
        approved_at=now,
        approved_alone=alone,
        reason=reason,
        review_by=review_by,
        state=State.APPROVED.value,
    )
    tx.add(version)
    tx.flush()
    tx.expire(policy, ["versions"])
    _tell(tx, APPROVED, policy, now, actor, version=version.number, digest=text_digest, alone=alone)
    return version.number


@verb("policies.approve", leaves=PUBLISHED)
def publish(tx: Session, command: Publish, now: datetime, actor: Actor) -> None:
    """Publish an approved version, in force from `effective_on`.

    Raises NotFound, NotApproved, EffectiveTooEarly, NewerPublished, BeforeOneBefore.
    """
    policy = _draft(tx, command.policy_id, None)
    version = _version(policy, command.number)
    others = [Dates(one.number, one.effective_on, one.withdrawn_on) for one in policy.versions]
    require_publishable(version.number, State(version.state), version.approved_at.date(), command.effective_on, others)
    version.state = State.PUBLISHED.value
    version.effective_on, version.published_at, version.published_by_id = command.effective_on, now, actor.person_id
    effective = command.effective_on.isoformat()
    _tell(tx, PUBLISHED, policy, now, actor, version=version.number, digest=version.digest, effective_on=effective)


@verb("policies.approve", leaves=WITHDRAWN)
def withdraw(tx: Session, command: Withdraw, now: datetime, actor: Actor) -> None:
    """Withdraw a version from today on; it stays readable. Raises NotFound, NotWithdrawable, ReasonMissing."""
    policy = _draft(tx, command.policy_id, None)
    version = _version(policy, command.number)
    require_withdrawable(version.number, State(version.state))
    version.withdrawn_reason = checked_reason(command.reason)
    version.state = State.WITHDRAWN.value
    version.withdrawn_on, version.withdrawn_at, version.withdrawn_by_id = now.date(), now, actor.person_id
    _tell(tx, WITHDRAWN, policy, now, actor, version=version.number, digest=version.digest)


def _stored_sections(shape: PolicyShape) -> list[dict[str, Any]]:
    return queries.as_json(queries.Section(one.id, one.title, tuple(one.clauses), one.text) for one in shape.sections)


def _draft(tx: Session, policy_id: int, revision: int | None) -> Policy:
    """The policy, locked against other writers where the database can."""
    policy = tx.execute(select(Policy).where(Policy.id == policy_id).with_for_update()).scalar_one_or_none()
    if policy is None:
        raise NotFound
    if revision is not None and revision != policy.revision:
        raise DraftChanged
    return policy


def _version(policy: Policy, number: int) -> PolicyVersion:
    for version in policy.versions:
        if version.number == number:
            return version
    raise NotFound


def _edited(policy: Policy, now: datetime, actor: Actor) -> None:
    policy.revision += 1
    policy.edited_by_id, policy.edited_at = actor.person_id, now


def _tell(tx: Session, what: Event, policy: Policy, now: datetime, actor: Actor, **facts: Any) -> None:
    record(tx, what, now=now, actor=actor, subject=("policy", policy.id), facts=facts)
