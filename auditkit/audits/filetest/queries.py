"""The files of an audit that are to be tested, how far each is, and one file with everything its page shows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import case, func, select, union

from auditkit.accounts.queries import zone_of_house
from auditkit.audits.filetest import rules
from auditkit.audits.filetest.models import AuditFileAnswer, AuditFileForm, AuditFileTest
from auditkit.audits.filetest.rules import CHECKLIST, Fact, File, Step
from auditkit.audits.models import Audit, AuditPick, AuditSample, AuditSampleItem
from auditkit.audits.rules import AnswerState
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.checking.recomputing import Beside, beside
from auditkit.content.library import Checklist, Library
from auditkit.evidence import queries as evidence
from auditkit.evidence.queries import Attached
from auditkit.evidence.queries import File as KeptFile


@dataclass(frozen=True)
class Progress:
    """How many files the audit has to test, sampled and chosen ones, and how many are tested."""

    files: int
    tested: int


@dataclass(frozen=True)
class TestState:
    """How far the test of one file is. `nonconformities`: answers that count for nothing."""

    reference: str
    settled: int
    total: int
    nonconformities: int
    tested_at: datetime | None


@dataclass(frozen=True)
class Answered:
    """An answer as it stands."""

    answer: str
    state: AnswerState
    note: str
    version: int
    answered_at: datetime
    answered_by: int | None
    files: tuple[KeptFile, ...]

    @property
    def settled(self) -> bool:
        """Answered, out of the count, or open with a note that says why."""
        return self.state is not AnswerState.OPEN or bool(self.note)


@dataclass(frozen=True)
class FileView:
    """One file of an audit. `checklist` is the frozen one, or the library's while nobody has begun.

    `judged`: the answers by question. `sampled`: whether it was drawn (and not only chosen by judgement).
    """

    complaint_id: int
    reference: str
    captured: KeptFile
    sampled: bool
    checklist: Checklist
    frozen: bool
    answers: Mapping[str, Answered]
    test_id: int | None
    tested_at: datetime | None
    tested_by: int | None
    facts_file: KeptFile | None
    file: File

    @cached_property
    def trace(self) -> list[Step]:
        """The way of the complaint."""
        return rules.trace(self.file)

    @cached_property
    def facts(self) -> dict[str, list[Fact]]:
        """What was computed, by question."""
        found: dict[str, list[Fact]] = {}
        for one in rules.facts(self.file):
            found.setdefault(one.item, []).append(one)
        return found

    @property
    def settled(self) -> int:
        """How many questions need nothing more."""
        return sum(1 for item in self.checklist.items if (given := self.answers.get(item.id)) and given.settled)

    def settled_in(self, section: str) -> int:
        """The same in one section."""
        items = [item for one in self.checklist.sections if one.id == section for item in one.items]
        return sum(1 for item in items if (given := self.answers.get(item.id)) and given.settled)

    @property
    def changed_since(self) -> bool:
        """Whether the complaint was changed after it was captured, or is gone."""
        return self.file.beside.changed_at is None or self.file.beside.changed_at != self.file.at("changed_at")


def files(tx: Session, audit_id: int) -> dict[str, int]:
    """The files an audit has to test: reference -> complaint id, sampled and chosen ones, each once, by reference."""
    sampled = (
        select(AuditSampleItem.reference, AuditSampleItem.complaint_id)
        .join(AuditSample, AuditSample.id == AuditSampleItem.sample_id)
        .where(AuditSample.audit_id == audit_id)
    )
    picked = select(AuditPick.reference, AuditPick.complaint_id).where(AuditPick.audit_id == audit_id)
    found = {row.reference: row.complaint_id for query in (sampled, picked) for row in tx.execute(query)}
    return dict(sorted(found.items()))


def progress(tx: Session, audit_id: int) -> Progress:
    """How many files there are and how many are tested: two counts."""
    sampled = (
        select(AuditSampleItem.reference)
        .join(AuditSample, AuditSample.id == AuditSampleItem.sample_id)
        .where(AuditSample.audit_id == audit_id)
    )
    picked = select(AuditPick.reference).where(AuditPick.audit_id == audit_id)
    there = union(sampled, picked).subquery()
    tested = select(func.count()).where(AuditFileTest.audit_id == audit_id, AuditFileTest.tested_at.is_not(None))
    return Progress(
        int(tx.execute(select(func.count()).select_from(there)).scalar_one()), int(tx.execute(tested).scalar_one())
    )


def untested(tx: Session, audit_id: int) -> list[str]:
    """References of the audit's files whose test is not finished, by reference: each is a gap of the audit."""
    query = select(AuditFileTest.reference).where(
        AuditFileTest.audit_id == audit_id, AuditFileTest.tested_at.is_not(None)
    )
    tested = set(tx.execute(query).scalars())
    return [reference for reference in files(tx, audit_id) if reference not in tested]


def states(tx: Session, audit_id: int) -> dict[str, TestState]:
    """How far the begun tests of an audit are, by reference; two statements."""
    frozen = tx.execute(select(AuditFileForm.content).where(AuditFileForm.audit_id == audit_id)).scalar_one_or_none()
    if frozen is None:
        return {}
    total = len(Checklist.model_validate(frozen).items)
    is_settled = (AuditFileAnswer.answer_state != AnswerState.OPEN) | (AuditFileAnswer.note != "")
    query = (
        select(
            AuditFileTest.reference,
            AuditFileTest.tested_at,
            func.coalesce(func.sum(case((is_settled, 1), else_=0)), 0).label("settled"),
            func.coalesce(func.sum(case((AuditFileAnswer.conformity == 0, 1), else_=0)), 0).label("against"),
        )
        .outerjoin(AuditFileAnswer, AuditFileAnswer.test_id == AuditFileTest.id)
        .where(AuditFileTest.audit_id == audit_id)
        .group_by(AuditFileTest.id, AuditFileTest.reference, AuditFileTest.tested_at)
    )
    return {
        row.reference: TestState(row.reference, int(row.settled), total, int(row.against), row.tested_at)
        for row in tx.execute(query)
    }


def show(tx: Session, audit_id: int, reference: str, library: Library) -> FileView:
    """One file with what was captured, computed and answered. Raises NotFound where it is none of its."""
    kept_id, complaint_id, sampled = _captured(tx, audit_id, reference)
    test = tx.execute(
        select(AuditFileTest).where(AuditFileTest.audit_id == audit_id, AuditFileTest.reference == reference)
    ).scalar_one_or_none()
    checklist, frozen = checklist_of(tx, audit_id, library)
    kept = evidence.file(tx, test.evidence_file_id if test else kept_id)
    return FileView(
        complaint_id=complaint_id,
        reference=reference,
        captured=kept,
        sampled=sampled,
        checklist=checklist,
        frozen=frozen,
        answers=_answers(tx, test.id) if test else {},
        test_id=test.id if test else None,
        tested_at=test.tested_at if test else None,
        tested_by=test.tested_by if test else None,
        facts_file=evidence.file(tx, test.facts_file_id) if test and test.facts_file_id else None,
        file=read(tx, kept, complaint_id),
    )


def read(tx: Session, kept: KeptFile, complaint_id: int) -> File:
    """A captured complaint with what stands beside it; a file that was erased since reads as an empty record."""
    record: dict[str, Any] = {}
    if evidence.erasure(tx, kept.id) is None:
        record = json.loads(b"".join(evidence.open_stream(tx, kept.digest)))["record"]
    return File(record, beside(tx, complaint_id), zone_of_house(tx))


def checklist_of(tx: Session, audit_id: int, library: Library) -> tuple[Checklist, bool]:
    """The questions of this audit's file tests, and whether they are frozen. Raises FileTestMissing."""
    frozen = tx.execute(select(AuditFileForm.content).where(AuditFileForm.audit_id == audit_id)).scalar_one_or_none()
    if frozen is not None:
        return Checklist.model_validate(frozen), True
    if CHECKLIST not in library.checklists:
        raise rules.FileTestMissing(checklist=CHECKLIST)
    return library.checklists[CHECKLIST], False


def place(tx: Session, kind: str, number: int) -> tuple[str, str]:
    """(number of the audit, reference) of a test (`audit-file-test`) or of one of its answers. Raises NotFound."""
    query = select(Audit.number, AuditFileTest.reference).join(Audit, Audit.id == AuditFileTest.audit_id)
    if kind == rules.SUBJECT:
        query = query.where(AuditFileTest.id == number)
    else:
        query = query.join(AuditFileAnswer, AuditFileAnswer.test_id == AuditFileTest.id)
        query = query.where(AuditFileAnswer.id == number)
    found = tx.execute(query).one_or_none()
    if found is None:
        raise NotFound()
    return found.number, found.reference


def _captured(tx: Session, audit_id: int, reference: str) -> tuple[int, int, bool]:
    """(evidence file, complaint id, whether sampled): of the newest sample it is in, else of the pick."""
    sampled = (
        select(AuditSampleItem.evidence_file_id, AuditSampleItem.complaint_id)
        .join(AuditSample, AuditSample.id == AuditSampleItem.sample_id)
        .where(AuditSample.audit_id == audit_id, AuditSampleItem.reference == reference)
        .order_by(AuditSampleItem.id.desc())
        .limit(1)
    )
    picked = select(AuditPick.evidence_file_id, AuditPick.complaint_id).where(
        AuditPick.audit_id == audit_id, AuditPick.reference == reference
    )
    for query, drawn in ((sampled, True), (picked, False)):
        found = tx.execute(query).one_or_none()
        if found is not None:
            return found.evidence_file_id, found.complaint_id, drawn
    raise NotFound()


def _answers(tx: Session, test_id: int) -> dict[str, Answered]:
    rows = tx.execute(select(AuditFileAnswer).where(AuditFileAnswer.test_id == test_id)).scalars().all()
    attached: Mapping[int, list[Attached]] = evidence.for_subjects(tx, rules.ANSWER_SUBJECT, [row.id for row in rows])
    return {
        row.item_id: Answered(
            row.answer,
            AnswerState(row.answer_state),
            row.note,
            row.version,
            row.answered_at,
            row.answered_by,
            tuple(one.file for one in attached.get(row.id, [])),
        )
        for row in rows
    }


__all__ = [
    "Beside",
    "FileView",
    "Progress",
    "TestState",
    "checklist_of",
    "files",
    "place",
    "progress",
    "read",
    "show",
    "states",
    "untested",
]
