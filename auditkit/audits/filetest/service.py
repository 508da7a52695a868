"""Testing files: answer questions on one, finish its test (what was computed is captured), open it again.

Who handled the complaint cannot judge it (`independence.check_may_judge`). tests/slices/audits_filetest holds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.audits.filetest import queries, rules
from auditkit.audits.filetest.models import AuditFileAnswer, AuditFileForm, AuditFileTest
from auditkit.audits.filetest.rules import (
    ANSWER_SUBJECT,
    FACTS_FORMAT,
    FILE_ANSWERED,
    FILE_REOPENED,
    FILE_TESTED,
    SUBJECT,
)
from auditkit.audits.independence.service import check_may_judge
from auditkit.audits.models import Audit
from auditkit.audits.rules import AnswerState, NoSuchAnswer, State, check_answer
from auditkit.audits.service.taking import taken, touch
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.content.library import Checklist, Library
from auditkit.content.shapes import Item
from auditkit.evidence import queries as kept
from auditkit.evidence import service as evidence
from auditkit.journal.service import record


@dataclass(frozen=True)
class Given:
    """An answer to one question; `version` is that of the answer seen, 0 for none. `files` are ids of evidence."""

    item: str
    version: int
    answer: str
    note: str = ""
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class AnswerFile:
    """Answers to questions on the file `reference` of the audit `number`; those that change nothing are passed over."""

    number: str
    reference: str
    given: Sequence[Given]


@dataclass(frozen=True)
class FinishFile:
    number: str
    reference: str


@dataclass(frozen=True)
class ReopenFile:
    number: str
    reference: str


@verb("audits.run", leaves=FILE_ANSWERED)
def answer_file(tx: Session, command: AnswerFile, now: datetime, actor: Actor, *, library: Library) -> int:
    """Store answers; the first of an audit freezes the questions. Returns how many were stored.

    Raises NotFound, FileTestNotRunning, FileTestFinished, FileTestMissing, what `check_may_judge` refuses,
    NoSuchAnswer, NoteMissing, EvidenceMissing, FileAnswerChanged, FileNothingSaid.
    """
    audit, test = _begun(tx, command.number, command.reference, now, actor, library)
    if test.tested_at is not None:
        raise rules.FileTestFinished()
    checklist, _frozen = queries.checklist_of(tx, audit.id, library)
    items = {item.id: item for item in checklist.items}
    known = {
        row.item_id: row
        for row in tx.execute(select(AuditFileAnswer).where(AuditFileAnswer.test_id == test.id)).scalars()
    }
    stored = [one.item for one in command.given if _store(tx, test, items, known, one, checklist, now=now, actor=actor)]
    if not stored:
        raise rules.FileNothingSaid()
    touch(audit, now)
    _tell(tx, FILE_ANSWERED, audit, test, now, actor, items=stored)
    return len(stored)


@verb("audits.run", leaves=FILE_TESTED)
def finish_file(tx: Session, command: FinishFile, now: datetime, actor: Actor, *, library: Library) -> None:
    """Finish the test of a file: every question has its answer, and what was computed is captured as evidence.

    Raises NotFound, FileTestNotRunning, FileTestFinished, what `check_may_judge` refuses, FileNotFinished.
    """
    audit, test = _begun(tx, command.number, command.reference, now, actor, library)
    if test.tested_at is not None:
        raise rules.FileTestFinished()
    view = queries.show(tx, audit.id, test.reference, library)
    waiting = len(view.checklist.items) - view.settled
    if waiting:
        raise rules.FileNotFinished(count=waiting)
    capture = evidence.Capture(
        kind=SUBJECT,
        origin=(SUBJECT, test.id),
        record={
            "format": FACTS_FORMAT,
            "audit": audit.number,
            "reference": test.reference,
            "captured_sha256": view.captured.digest,
            "computed_at": now.isoformat(),
            "facts": [fact.plain() for fact in rules.facts(view.file)],
        },
        name=f"{audit.number}-{test.reference}-facts.json",
        subject=(SUBJECT, test.id),
    )
    test.facts_file_id = evidence.capture(tx, capture, now, actor)
    test.tested_at, test.tested_by = now, actor.person_id
    touch(audit, now)
    _tell(tx, FILE_TESTED, audit, test, now, actor, questions=len(view.checklist.items))


@verb("audits.run", leaves=FILE_REOPENED)
def reopen_file(tx: Session, command: ReopenFile, now: datetime, actor: Actor) -> None:
    """Open a finished test again while the audit runs. Raises NotFound, FileTestNotRunning, what may not judge."""
    audit = _running(tx, command.number)
    test = tx.execute(
        select(AuditFileTest)
        .where(AuditFileTest.audit_id == audit.id, AuditFileTest.reference == command.reference)
        .with_for_update()
    ).scalar_one_or_none()
    if test is None or test.tested_at is None:
        raise NotFound()
    check_may_judge(tx, audit.id, test.complaint_id, actor)
    test.tested_at = test.tested_by = test.facts_file_id = None
    touch(audit, now)
    _tell(tx, FILE_REOPENED, audit, test, now, actor)


def _running(tx: Session, number: str) -> Audit:
    audit = taken(tx, number)
    if State(audit.state) is not State.RUNNING:
        raise rules.FileTestNotRunning()
    return audit


def _begun(
    tx: Session, number: str, reference: str, now: datetime, actor: Actor, library: Library
) -> tuple[Audit, AuditFileTest]:
    """The audit and the test of the file, begun where it was not; the questions are frozen with the first."""
    audit = _running(tx, number)
    complaint_id = queries.files(tx, audit.id).get(reference)
    if complaint_id is None:
        raise NotFound()
    check_may_judge(tx, audit.id, complaint_id, actor)
    checklist, frozen = queries.checklist_of(tx, audit.id, library)
    if not frozen:
        tx.add(
            AuditFileForm(
                audit_id=audit.id,
                checklist_id=checklist.id,
                digest=checklist.digest,
                content=checklist.frozen(),
                frozen_at=now,
            )
        )
    found = select(AuditFileTest).where(AuditFileTest.audit_id == audit.id, AuditFileTest.reference == reference)
    test = tx.execute(found.with_for_update()).scalar_one_or_none()
    if test is None:
        view = queries.show(tx, audit.id, reference, library)
        test = AuditFileTest(
            audit_id=audit.id,
            complaint_id=complaint_id,
            reference=reference,
            evidence_file_id=view.captured.id,
            begun_at=now,
            begun_by=actor.person_id,
        )
        tx.add(test)
    tx.flush()
    return audit, test


def _store(
    tx: Session,
    test: AuditFileTest,
    items: dict[str, Item],
    known: dict[str, AuditFileAnswer],
    given: Given,
    checklist: Checklist,
    *,
    now: datetime,
    actor: Actor,
) -> bool:
    """Store one answer; whether anything changed."""
    item, row = items.get(given.item), known.get(given.item)
    if item is None:
        raise NotFound()
    note = given.note.strip()
    wanted = given.answer or (row.answer if row else checklist.scale.initial)
    before = (row.answer, row.note) if row else (checklist.scale.initial, "")
    if (wanted, note) == before and not given.files:
        return False
    if (row.version if row else 0) != given.version:
        raise rules.FileAnswerChanged()
    chosen = checklist.scale.answer(wanted)
    if chosen is None:
        raise NoSuchAnswer(answer=wanted)
    needs = item.needs(chosen)
    there = kept.count_for_subject(tx, (ANSWER_SUBJECT, row.id)) if row else 0
    check_answer(
        label=f"{chosen.label} ({given.item})",
        note_needed="note" in needs,
        evidence_needed="evidence" in needs,
        note=note,
        files=len(given.files) + there,
    )
    if row is None:
        row = AuditFileAnswer(test_id=test.id, item_id=given.item, version=0)
        tx.add(row)
    row.answer, row.note, row.version = chosen.id, note, row.version + 1
    row.answer_state = AnswerState(chosen.state).value
    row.conformity = chosen.conformity
    row.answered_at, row.answered_by = now, actor.person_id
    tx.flush()
    for file_id in given.files:
        evidence.link(tx, evidence.Link(file_id, (ANSWER_SUBJECT, row.id)), now, actor)
    return True


def _tell(
    tx: Session, what: Event, audit: Audit, test: AuditFileTest, now: datetime, actor: Actor, **facts: object
) -> None:
    record(
        tx,
        what,
        now=now,
        actor=actor,
        subject=(SUBJECT, test.id),
        facts={"audit": audit.number, "reference": test.reference, **facts},
    )
