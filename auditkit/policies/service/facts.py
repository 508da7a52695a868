"""Verbs over facts of the organisation: each is kept once and stands in every document that has its blank."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.journal.service import record
from auditkit.policies import queries
from auditkit.policies.drafts import draft, edited, tell
from auditkit.policies.models import OrganisationFact, Policy
from auditkit.policies.rules import ANSWERED, AnswerMalformed, AnswersMalformed, Question, checked_answer
from auditkit.policies.rules.drift import FACT_SET


@dataclass(frozen=True)
class AnswerQuestions:
    """`answers`: name -> text; a name left out keeps its answer, an empty text takes it back."""

    policy_id: int
    answers: Mapping[str, str]
    revision: int | None = None


@dataclass(frozen=True)
class SetFact:
    """`kind` as of the question: text, email, telephone, address. An empty value takes the fact back."""

    name: str
    kind: str
    value: str


@verb("policies.edit", leaves=ANSWERED)
def answer(tx: Session, command: AnswerQuestions, now: datetime, actor: Actor) -> None:
    """Answer questions of a document: the answers become facts, for every document that asks the same.

    What the document answered otherwise so far and is left as it was stays its own. Raises NotFound, DraftChanged,
    AnswersMalformed.
    """
    policy = draft(tx, command.policy_id, command.revision)
    known = queries.facts(tx)
    before, faults, given = queries.answers_of(policy, known), {}, {}
    for question in queries.questions_of(policy):
        if question.name not in command.answers:
            continue
        try:
            given[question] = checked_answer(question, command.answers[question.name])
        except AnswerMalformed as fault:
            faults[question.name] = fault
    if faults:
        raise AnswersMalformed(faults)
    changed = [one for one, value in given.items() if value != before.get(one.name, "")]
    policy.answers = {
        name: value for name, value in policy.answers.items() if name not in {one.name for one in changed}
    }
    for question in changed:
        _keep(tx, question, given[question], now, actor)
    edited(policy, now, actor)
    touched = _touch(tx, changed, now, actor, but=policy.id)
    names = sorted(one.name for one in changed)
    tell(tx, ANSWERED, policy.id, now, actor, revision=policy.revision, questions=names, also=touched)


@verb("policies.edit", leaves=FACT_SET)
def set_fact(tx: Session, command: SetFact, now: datetime, actor: Actor) -> list[int]:
    """Set a fact for every document that states it; their ids. Raises NotFound, AnswerMalformed."""
    asked = {(one.name, one.kind): one for row in _all(tx) for one in queries.questions_of(row)}
    question = asked.get((command.name, command.kind))
    if question is None:
        raise NotFound
    fact = _keep(tx, question, checked_answer(question, command.value), now, actor)
    touched = _touch(tx, [question], now, actor)
    facts = {"name": question.name, "set": fact is not None, "documents": touched}
    record(tx, FACT_SET, now=now, actor=actor, subject=("fact", fact.id if fact else 0), facts=facts)
    return touched


def _keep(tx: Session, question: Question, value: str, now: datetime, actor: Actor) -> OrganisationFact | None:
    query = select(OrganisationFact).where(
        OrganisationFact.name == question.name, OrganisationFact.kind == question.kind
    )
    fact = tx.execute(query).scalar_one_or_none()
    if not value:
        if fact is not None:
            tx.delete(fact)
            tx.flush()
        return None
    if fact is None:
        fact = OrganisationFact(name=question.name, kind=question.kind)
        tx.add(fact)
    fact.value, fact.changed_at, fact.changed_by_id = value, now, actor.person_id
    tx.flush()
    return fact


def _touch(tx: Session, changed: list[Question], now: datetime, actor: Actor, but: int | None = None) -> list[int]:
    """The drafts in which a changed fact stands were edited by this person; their ids."""
    keys = {(one.name, one.kind) for one in changed}
    touched = []
    for row in _all(tx):
        stands = any((one.name, one.kind) in keys and one.name not in row.answers for one in queries.questions_of(row))
        if row.id != but and stands:
            edited(row, now, actor)
            touched.append(row.id)
    return touched


def _all(tx: Session) -> list[Policy]:
    rows: Any = tx.execute(select(Policy).order_by(Policy.id).with_for_update()).scalars()
    return list(rows)
