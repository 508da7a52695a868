"""Apply a transition: keep what becomes of each clause. Applied again over the same records it changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.content.digests import digest_of
from auditkit.journal import service as journal
from auditkit.readiness.models import ReadinessCarried
from auditkit.readiness.transition.queries import Transition
from auditkit.readiness.transition.rules import TRANSITION_APPLIED, Decided, Verdict

SUBJECT = "readiness-transition"


@dataclass(frozen=True)
class ApplyTransition:
    """A transition as the person sees it."""

    transition: Transition


@dataclass(frozen=True, slots=True)
class Applied:
    """How many clauses stand in each verdict now, and how many of them were decided otherwise before or not at all."""

    carried: int
    again: int
    new: int
    changed: int


@verb("readiness.assess", leaves=TRANSITION_APPLIED)
def apply(tx: Session, command: ApplyTransition, now: datetime, actor: Actor) -> Applied:
    """Decide for each clause of the newer edition; clauses about which nothing changed keep their day and person."""
    given = command.transition
    edition = given.crosswalk.to_edition.id
    found = tx.execute(select(ReadinessCarried).where(ReadinessCarried.clause.in_([d.clause for d in given.decided])))
    stored = {row.clause: row for row in found.scalars()}
    changed = 0
    for one in given.decided:
        values = _values(one, given.crosswalk.from_edition.id)
        row = stored.get(one.clause)
        if row is not None and all(getattr(row, name) == value for name, value in values.items()):
            continue
        changed += 1
        if row is None:
            row = ReadinessCarried(clause=one.clause)
            tx.add(row)
        for name, value in {**values, "applied_at": now, "applied_by": actor.person_id}.items():
            setattr(row, name, value)
    tx.flush()
    applied = Applied(given.of(Verdict.CARRIED), given.of(Verdict.AGAIN), given.of(Verdict.NEW), changed)
    facts = {
        "edition": edition, "from": given.crosswalk.from_edition.id, "carried": applied.carried,
        "again": applied.again, "new": applied.new, "changed": changed,
    }  # fmt: skip
    journal.record(tx, TRANSITION_APPLIED, now=now, actor=actor, subject=(SUBJECT, actor.organisation_id), facts=facts)
    return applied


def _values(one: Decided, from_edition: str) -> dict[str, object]:
    basis = "" if one.verdict is Verdict.NEW else digest_of([part.plain() for part in one.parts])
    return {
        "from_edition": from_edition,
        "sources": list(one.sources),
        "relation": one.relation,
        "verdict": one.verdict.value,
        "basis": basis,
    }
