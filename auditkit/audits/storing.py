"""How an answer is stored: one update of the row, one of the audit's counters, one journal entry; nothing recounted.

The verbs that answer (`service.running`, `offline.service`, `workbook.service`) end here.
tests/slices/audits/test_audit_verbs.py compares the counters with a recount,
test_audit_run_page.py counts the statements.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select, update

from auditkit.audits import rules
from auditkit.audits.independence.service import check_may_answer
from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.rules import (
    ANSWERED,
    AnswerChanged,
    AnswerState,
    NoSuchAnswer,
    NotRunning,
    State,
)
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.prepared import Prepared
from auditkit.content.shapes import Answer as ScaleAnswer
from auditkit.evidence import queries as evidence_queries
from auditkit.evidence import service as evidence
from auditkit.journal.service import record

SUBJECT = "audit-row"
MAX_INTERVIEWEE = 200


@dataclass(frozen=True)
class Answer:
    """An answer to one row. `answer` None keeps the present one (a note or a file was added); `evidence` ids of files.

    `version` is the row's as the person saw it; `interviewee` None keeps whom the question is put to.
    """

    number: str
    row_id: int
    version: int
    answer: str | None
    note: str
    evidence: tuple[int, ...] = ()
    interviewee: str | None = None


@dataclass(frozen=True)
class Answered:
    """What was stored: the row's new version."""

    row_id: int
    position: int
    version: int


def store(tx: Session, row: Any, command: Answer, now: datetime, actor: Actor) -> Answered:
    """What `answer` does to a row that `read_row` gave, for verbs that looked at the row before. Raises as `answer`."""
    rules.check_running(State(row.state))
    check_may_answer(tx, row.audit_id, [row.id], actor)
    chosen = _chosen(row, command)
    if chosen is None:
        raise NoSuchAnswer(answer=command.answer)
    if row.version != command.version:
        raise AnswerChanged(position=row.position)
    text = command.note.strip()
    evidence_needed = chosen.id in row.evidence_for
    rules.check_answer(
        label=chosen.label,
        note_needed=chosen.id in row.note_for,
        evidence_needed=evidence_needed,
        note=text,
        files=len(command.evidence) or (evidence_needed and evidence_queries.count_for_subject(tx, (SUBJECT, row.id))),
    )
    state = AnswerState(chosen.state)
    interviewee = row.interviewee if command.interviewee is None else command.interviewee.strip()
    _count(tx, row, state, text, now)
    _store(tx, row, command, chosen, interviewee, now, actor)
    for file_id in command.evidence:
        evidence.link(tx, evidence.Link(file_id, (SUBJECT, row.id)), now, actor)
    record(
        tx,
        ANSWERED,
        now=now,
        actor=actor,
        subject=(SUBJECT, row.id),
        facts={
            "audit": row.number,
            "item": row.item_id,
            "answer": chosen.id,
            "before": row.answer,
            "note_changed": text != row.note,
            "files": len(command.evidence),
            **({"interviewee_changed": True} if interviewee != row.interviewee else {}),
        },
    )
    return Answered(row.id, row.position, command.version + 1)


_READ = Prepared(
    select(
        AuditRow.id,
        AuditRow.audit_id,
        AuditRow.position,
        AuditRow.item_id,
        AuditRow.answer,
        AuditRow.answer_state,
        AuditRow.note,
        AuditRow.note_for,
        AuditRow.evidence_for,
        AuditRow.version,
        AuditRow.interviewee,
        AuditRow.section,
        Audit.number,
        Audit.state,
        Audit.scale,
    )
    .join(Audit, Audit.id == AuditRow.audit_id)
    .where(AuditRow.id == bindparam("row_id"), Audit.number == bindparam("audit_number"))
)
_COUNT = Prepared(
    update(Audit)
    .where(Audit.id == bindparam("audit_id"), Audit.state == State.RUNNING)
    .values(
        changed_at=bindparam("at"),
        rows_answered=Audit.rows_answered + bindparam("more_answered", type_=Integer),
        rows_excluded=Audit.rows_excluded + bindparam("more_excluded", type_=Integer),
        rows_not_covered=Audit.rows_not_covered + bindparam("more_not_covered", type_=Integer),
    )
)
_STORE = Prepared(
    update(AuditRow)
    .where(AuditRow.id == bindparam("row_id"), AuditRow.version == bindparam("seen"))
    .values(
        answer=bindparam("chosen"),
        answer_state=bindparam("chosen_state"),
        conformity=bindparam("counts_for"),
        note=bindparam("text"),
        interviewee=bindparam("asked"),
        answered_at=bindparam("at"),
        answered_by=bindparam("by"),
        version=bindparam("following"),
    )
)


def read_row(tx: Session, number: str, row_id: int) -> Any:
    """A row as the verbs need it, with its audit's number, state and scale. Raises NotFound."""
    found = _READ.one_or_none(tx, {"row_id": row_id, "audit_number": number})
    if found is None:
        raise NotFound()
    return found


def _chosen(row: Any, command: Answer) -> ScaleAnswer | None:
    """The answer of the audit's scale (looked at whole when the audit began); None for one it does not hold."""
    wanted = command.answer if command.answer is not None else row.answer
    found = next((one for one in row.scale["answers"] if one["id"] == wanted), None)
    return ScaleAnswer.model_validate(found) if found else None


def _count(tx: Session, row: Any, state: AnswerState, text: str, now: datetime) -> None:
    """Move the counters by one, only while the audit runs: this also keeps out a report made at the same moment."""
    before, after = rules.standing(AnswerState(row.answer_state), row.note), rules.standing(state, text)
    steps = {f"more_{name}": (after == name) - (before == name) for name in ("answered", "excluded", "not_covered")}
    if _COUNT.touched(tx, {"audit_id": row.audit_id, "at": now, **steps}) != 1:
        raise NotRunning()


def _store(
    tx: Session, row: Any, command: Answer, chosen: ScaleAnswer, interviewee: str, now: datetime, actor: Actor
) -> None:
    """One update, refused by the database's own count where the version moved between the read and now."""
    values = {
        "row_id": row.id,
        "seen": command.version,
        "chosen": chosen.id,
        "chosen_state": chosen.state,
        "counts_for": chosen.conformity,
        "text": command.note.strip(),
        "asked": interviewee[:MAX_INTERVIEWEE],
        "at": now,
        "by": actor.person_id,
        "following": command.version + 1,
    }
    if _STORE.touched(tx, values) != 1:
        raise AnswerChanged(position=row.position)
