"""The rows of an audit with their answers, files and findings: three statements, however many rows there are.

tests/slices/audits/test_audit_run_page.py counts them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Text, and_, bindparam, func, or_, select, type_coerce

from auditkit.audits.models import Audit, AuditRow, Finding
from auditkit.audits.offline.models import AuditArrival
from auditkit.audits.queries.plans import AuditHead, by_number
from auditkit.audits.rules import AnswerState, Grade, standing
from auditkit.audits.tailoring.models import AuditPrevious
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.prepared import Prepared
from auditkit.evidence import queries as evidence

SUBJECT = "audit-row"


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding raised from a row."""

    number: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Trace:
    """When an answer was given on a device, when it arrived, and where it was given, if that was allowed."""

    made_at: datetime
    arrived_at: datetime
    latitude: float | None
    longitude: float | None

    @property
    def late(self) -> bool:
        """Whether it waited for the network."""
        return (self.arrived_at - self.made_at).total_seconds() > 120


@dataclass(frozen=True, slots=True)
class Previous:
    """What the audit before said to a question: the label of the answer, its note, findings that were still open."""

    from_number: str
    answer: str
    conformity: int | None
    note: str
    findings: list[dict[str, Any]]


@dataclass(slots=True)
class RowView:
    """A question as it was asked, its answer, files and findings. `conformity` in percent for answers that count."""

    id: int
    position: int
    item_id: str
    section: str
    section_title: str
    clause: str
    clause_label: str
    edition_name: str
    strength: str
    clauses: tuple[str, ...]
    principles: tuple[str, ...]
    question: str
    good: str
    expected: str
    methods: tuple[str, ...]
    guidance: str
    weight: int
    note_for: tuple[str, ...]
    evidence_for: tuple[str, ...]
    answer: str
    answer_state: AnswerState
    conformity: int | None
    note: str
    answered_at: datetime | None
    answered_by: int | None
    version: int
    source: str
    interviewee: str
    added_digest: str
    previous: Previous | None = None
    trace: Trace | None = None
    findings: list[Mark] = field(default_factory=list)
    files: list[evidence.Attached] = field(default_factory=list)
    named: list[evidence.Named] = field(default_factory=list)

    @property
    def clause_number(self) -> str:
        """`7.4`."""
        return self.clause.rpartition(":")[2]

    @property
    def settled(self) -> bool:
        """Answered, excluded, or left out with a reason."""
        return bool(standing(self.answer_state, self.note))


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of the checklist, or another group of rows; `settled` counts those that need nothing more."""

    id: str
    title: str
    rows: list[RowView]
    settled: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question nobody looked at."""

    position: int
    clause: str
    clause_label: str
    item_id: str
    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """A running or finished audit, ready for its page."""

    head: AuditHead
    sections: list[SectionView]


_ROW = (
    AuditRow.id,
    AuditRow.position,
    AuditRow.item_id,
    AuditRow.section,
    AuditRow.section_title,
    AuditRow.clause,
    AuditRow.clause_label,
    AuditRow.edition_name,
    AuditRow.strength,
    AuditRow.clauses,
    AuditRow.principles,
    AuditRow.question,
    AuditRow.good,
    AuditRow.expected,
    AuditRow.methods,
    AuditRow.guidance,
    AuditRow.weight,
    AuditRow.note_for,
    AuditRow.evidence_for,
    AuditRow.answer,
    AuditRow.answer_state,
    AuditRow.conformity,
    AuditRow.note,
    AuditRow.answered_at,
    AuditRow.answered_by,
    AuditRow.version,
    AuditRow.source,
    AuditRow.interviewee,
    AuditRow.added_digest,
)
_BEFORE = (
    AuditPrevious.from_number,
    AuditPrevious.answer,
    AuditPrevious.conformity,
    AuditPrevious.note,
    AuditPrevious.findings,
)
_TRACE = (AuditArrival.made_at, AuditArrival.arrived_at, AuditArrival.latitude, AuditArrival.longitude)
_WIDTH, _TO_TRACE = len(_ROW), len(_ROW) + len(_BEFORE)
_TO_MARK = _TO_TRACE + len(_TRACE)
_STATE = next(index for index, column in enumerate(_ROW) if column is AuditRow.answer_state)
_STATES = {state.value: state for state in AnswerState}
_LISTS = tuple(index for index, column in enumerate(_ROW) if isinstance(column.type, JSON))


@lru_cache(maxsize=4096)
def _listed(text: str) -> tuple[str, ...]:
    """A list as it is kept. Most questions share theirs with others, so each is read once."""
    return tuple(json.loads(text))


def _views(rows: Iterable[Any]) -> list[RowView]:
    """Rows in order; a row with several findings comes several times and is put together again."""
    views: list[RowView] = []
    for found in rows:
        if not views or views[-1].id != found[0]:
            values = list(found[:_WIDTH])
            values[_STATE] = _STATES[values[_STATE]]
            for at in _LISTS:
                values[at] = _listed(values[at]) if isinstance(values[at], str) else tuple(values[at])
            previous = Previous(*found[_WIDTH:_TO_TRACE]) if found[_WIDTH] else None
            trace = Trace(*found[_TO_TRACE:_TO_MARK]) if found[_TO_TRACE] else None
            view = RowView(*values)
            view.previous, view.trace = previous, trace
            views.append(view)
        number, grade = found[_TO_MARK:]
        if number is not None:
            views[-1].findings.append(Mark(number, Grade(grade)))
    return views


def _attach_files(tx: Session, views: list[RowView]) -> None:
    by_id = {view.id: view for view in views}
    for row_id, files in evidence.for_subjects(tx, SUBJECT, list(by_id)).items():
        by_id[row_id].files = files


def _name_files(tx: Session, audit_id: int, views: list[RowView]) -> None:
    files = _FILES(tx, {"audit": audit_id})
    for view in views:
        view.named = files.get(view.id, [])


def _select(columns: Iterable[Any] = _ROW) -> Any:
    return (
        select(*columns, *_BEFORE, *_TRACE, Finding.number, Finding.grade)
        .outerjoin(AuditPrevious, AuditPrevious.row_id == AuditRow.id)
        # The arrival that made the present answer, where it came from a device.
        .outerjoin(
            AuditArrival, and_(AuditArrival.row_id == AuditRow.id, AuditArrival.arrived_at == AuditRow.answered_at)
        )
        .outerjoin(Finding, Finding.row_id == AuditRow.id)
        .order_by(AuditRow.position, Finding.serial)
    )


# What the run page asks: put together once, and lists left as the text they are kept as (`_listed`).
_RUN = Prepared(
    _select(type_coerce(one, Text) if isinstance(one.type, JSON) else one for one in _ROW).where(
        AuditRow.audit_id == bindparam("audit")
    )
)
_FILES = evidence.named_among(SUBJECT, select(AuditRow.id).where(AuditRow.audit_id == bindparam("audit")))


def rows(tx: Session, audit_id: int) -> list[RowView]:
    """All rows of an audit with files and findings, in the order asked; two statements."""
    views = _views(tx.execute(_select().where(AuditRow.audit_id == audit_id)))
    _attach_files(tx, views)
    return views


def listed(tx: Session, number: str) -> tuple[AuditHead, list[RowView]]:
    """An audit with all its rows, their files by name (`named`); three statements. Raises NotFound."""
    head = by_number(tx, number)
    views = _views(_RUN.rows(tx, {"audit": head.id}))
    _name_files(tx, head.id, views)
    return head, views


def row(tx: Session, number: str, row_id: int) -> RowView:
    """One row of the audit with this number. Raises NotFound."""
    query = _select().join(Audit, Audit.id == AuditRow.audit_id).where(AuditRow.id == row_id, Audit.number == number)
    views = _views(tx.execute(query))
    if not views:
        raise NotFound()
    _attach_files(tx, views)
    return views[0]


def place(tx: Session, row_id: int) -> tuple[str, int]:
    """The audit's number and the position of a row. Raises NotFound."""
    found = tx.execute(
        select(Audit.number, AuditRow.position).join(Audit, Audit.id == AuditRow.audit_id).where(AuditRow.id == row_id)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found.number, found.position


def section_progress(tx: Session, number: str, section: str) -> tuple[int, int]:
    """(settled, all) rows of one section."""
    found = tx.execute(
        select(AuditRow.answer_state, AuditRow.note)
        .join(Audit, Audit.id == AuditRow.audit_id)
        .where(Audit.number == number, AuditRow.section == section)
    ).all()
    return sum(bool(standing(AnswerState(state), note)) for state, note in found), len(found)


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How far one section is."""

    id: str
    title: str
    settled: int
    total: int


def progress(tx: Session, audit_id: int) -> list[SectionProgress]:
    """How far each section is, in the order asked."""
    settled = func.count().filter(or_(AuditRow.answer_state != AnswerState.OPEN, AuditRow.note != ""))
    query = (
        select(AuditRow.section, AuditRow.section_title, settled, func.count())
        .where(AuditRow.audit_id == audit_id)
        .group_by(AuditRow.section, AuditRow.section_title)
        .order_by(func.min(AuditRow.position))
    )
    return [SectionProgress(*row) for row in tx.execute(query)]


def answer_counts(tx: Session, audit_id: int) -> dict[str, int]:
    """How many rows have each answer, by the answer's id."""
    query = (
        select(AuditRow.answer, func.count().label("rows"))
        .where(AuditRow.audit_id == audit_id)
        .group_by(AuditRow.answer)
    )
    return {row.answer: row.rows for row in tx.execute(query)}


def not_covered(tx: Session, audit_id: int) -> list[LeftOut]:
    """The questions nobody looked at, with the reason written down, which is empty where it still must be."""
    query = (
        select(
            AuditRow.position,
            AuditRow.clause,
            AuditRow.clause_label,
            AuditRow.item_id,
            AuditRow.question,
            AuditRow.note,
        )
        .where(AuditRow.audit_id == audit_id, AuditRow.answer_state == AnswerState.OPEN)
        .order_by(AuditRow.position)
    )
    return [LeftOut(*row) for row in tx.execute(query)]


def sections(views: Iterable[RowView]) -> list[SectionView]:
    """Rows put into their sections, in the order asked."""
    grouped: dict[str, list[RowView]] = {}
    for view in views:
        grouped.setdefault(view.section, []).append(view)
    return [
        SectionView(name, held[0].section_title, held, sum(view.settled for view in held))
        for name, held in grouped.items()
    ]


def by_principle(views: Iterable[RowView], titles: Mapping[str, str], none: str) -> list[SectionView]:
    """Rows by their first principle, in the order of `titles` (by code); `none` names the group of those without."""
    return _grouped(views, lambda view: view.principles[0] if view.principles else "", titles, none)


def by_interviewee(views: Iterable[RowView], none: str) -> list[SectionView]:
    """Rows by whom they are put to, by name; `none` names the group of those put to nobody in particular."""
    held = list(views)
    names = sorted({view.interviewee for view in held if view.interviewee}, key=str.casefold)
    return _grouped(held, lambda view: view.interviewee, {name: name for name in names}, none)


def _grouped(
    views: Iterable[RowView], key: Callable[[RowView], str], titles: Mapping[str, str], none: str
) -> list[SectionView]:
    grouped: dict[str, list[RowView]] = {name: [] for name in titles}
    for view in views:
        grouped.setdefault(key(view), []).append(view)
    last = grouped.pop("", [])
    filled = [(titles.get(name, name), held) for name, held in grouped.items() if held]
    filled += [(none, last)] if last else []
    return [
        SectionView(f"g{place}", title, held, sum(view.settled for view in held))
        for place, (title, held) in enumerate(filled, start=1)
    ]
