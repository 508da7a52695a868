"""Keep the clause matrix as it stands at a visit."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.journal import service as journal
from auditkit.readiness.models import ReadinessVisit
from auditkit.readiness.rules import Matrix, State
from auditkit.readiness.visits.rules import LONGEST_NOTE, VISIT_TAKEN

SUBJECT = "readiness-visit"


@dataclass(frozen=True)
class TakeVisit:
    """The matrix as the person sees it, and a word about the visit."""

    made: Matrix
    note: str = ""


@verb("readiness.assess", leaves=VISIT_TAKEN)
def take(tx: Session, command: TakeVisit, now: datetime, actor: Actor) -> int:
    """Keep the numbers, the state of each clause and the digest of all of it."""
    made = command.made
    row = ReadinessVisit(
        edition=made.edition,
        begins=made.period.first,
        ends=made.period.last,
        note=command.note.strip()[:LONGEST_NOTE],
        content=made.content,
        digest=made.digest,
        percent=made.score.percent,
        checked=made.score.checked_percent,
        stops=[one.id for one in made.stops if one.state is State.GAP],
        states={one.ref: one.state.value for one in made.rows},
        taken_at=now,
        taken_by=actor.person_id,
    )
    tx.add(row)
    tx.flush()
    facts = {"edition": row.edition, "percent": row.percent, "checked": row.checked, "digest": row.digest}
    journal.record(tx, VISIT_TAKEN, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)
    return row.id
