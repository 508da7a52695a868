"""Findings of all audits: the list, how long they have been open, what was said to them, what they may repeat.

A finding's state follows from its actions. So that a list can be filtered and paged by it, `_state` says in SQL what
`rules.finding_state` says in Python; tests/slices/audits_findings/test_findings_list.py compares the two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from auditkit.actions.queries.progress import furthest_behind
from auditkit.audits.findings import rules
from auditkit.audits.findings.models import FindingRepeat, FindingResolution, FindingResponse
from auditkit.audits.findings.rules import Age, Outcome, ResponseKind, Verdict
from auditkit.audits.models import Audit, AuditRow, Finding
from auditkit.audits.outside.models import OutsideFinding
from auditkit.audits.queries.findings import SUBJECT, FindingView
from auditkit.audits.rules import NONCONFORMITIES, FindingState, Grade
from auditkit.base.db import Session
from auditkit.base.errors import NotFound

PAGE = 50
LOOKED_AT = 300
"""Earlier findings that are compared with a new one, the newest: more than a person could judge."""


@dataclass(frozen=True)
class Wanted:
    """What the list shows; empty values leave a filter out. `on` is the day ages are counted to."""

    on: date
    grade: Grade | None = None
    state: FindingState | None = None
    open_only: bool = False
    clause: str = ""
    principle: str = ""
    audit: str = ""
    checklist: str = ""
    repeat: bool = False
    disputed: bool = False
    age: Age | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A finding in the list. `days` is how long it has been open, None once it is settled.

    `their_number` is the certification body's, empty for our own findings, as is `response_due`.
    """

    id: int
    number: str
    audit_number: str
    audit_title: str
    grade: Grade
    clause: str
    edition_name: str
    strength: str
    principles: list[str]
    statement: str
    criterion: str
    evidence: str
    grade_reason: str
    raised_at: datetime
    state: FindingState
    repeats: int
    disputed: bool
    their_number: str
    response_due: date | None
    days: int | None


@dataclass(frozen=True, slots=True)
class AgeBand:
    """How many open findings are that old, by gravity."""

    age: Age
    major: int
    minor: int
    other: int

    @property
    def all(self) -> int:
        """Of any grade."""
        return self.major + self.minor + self.other


@dataclass(frozen=True, slots=True)
class ResponseView:
    """What was said to a finding, and, for a dispute that ended, how."""

    id: int
    finding_id: int
    kind: ResponseKind
    text: str
    said_by: str
    in_meeting: bool
    responded_at: datetime
    recorded_by: int | None
    outcome: Outcome | None
    resolution: str
    resolved_at: datetime | None
    resolved_by: int | None

    @property
    def open_dispute(self) -> bool:
        """A dispute that has not ended."""
        return self.kind is ResponseKind.DISPUTED and self.outcome is None


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier finding that this one may repeat. `verdict` None: nobody judged it yet."""

    id: int
    number: str
    audit_number: str
    statement: str
    grade: Grade
    raised_at: datetime
    same_question: bool
    same_clause: bool
    likeness: int
    verdict: Verdict | None
    judged_by: int | None
    judged_at: datetime | None


def _progress() -> Any:
    """The state of the action furthest behind, as a number; NULL without actions."""
    return furthest_behind(SUBJECT, Finding.__table__.c.id)


_OF_ACTION = (FindingState.PLANNED, FindingState.DONE, FindingState.VERIFIED, FindingState.CLOSED)


def _state(behind: Any) -> Any:
    """The state of a finding in SQL, from `_progress`."""
    by_action = {number: state.value for number, state in enumerate(_OF_ACTION)}
    return case(
        (
            behind.is_(None),
            case((Finding.grade.in_(sorted(NONCONFORMITIES)), FindingState.OPEN.value), else_=FindingState.NOTED.value),
        ),
        else_=case(by_action, value=behind),
    )


def _repeats() -> Any:
    return (
        select(func.count())
        .where(FindingRepeat.finding_id == Finding.id, FindingRepeat.verdict == Verdict.CONFIRMED)
        .correlate(Finding)
        .scalar_subquery()
    )


def _disputed() -> Any:
    """Whether it was ever disputed: a dispute stays visible when it has ended."""
    return (
        exists()
        .where(FindingResponse.finding_id == Finding.id, FindingResponse.kind == ResponseKind.DISPUTED)
        .correlate(Finding)
    )


_WAITING = (FindingState.OPEN.value, FindingState.PLANNED.value, FindingState.DONE.value)


def _select(wanted: Wanted) -> Select[Any]:
    state = _state(_progress())
    query: Any = select(
        Finding.id,
        Finding.number,
        func.coalesce(OutsideFinding.number, "").label("their_number"),
        OutsideFinding.response_due,
        Audit.number.label("audit_number"),
        Audit.title.label("audit_title"),
        Finding.grade,
        Finding.clause,
        Finding.edition_name,
        Finding.strength,
        Finding.principles,
        Finding.statement,
        Finding.criterion,
        Finding.evidence,
        Finding.grade_reason,
        Finding.raised_at,
        state.label("state"),
        _repeats().label("repeats"),
        _disputed().label("disputed"),
    ).join(Audit, Audit.id == Finding.audit_id)
    query = query.outerjoin(OutsideFinding, OutsideFinding.finding_id == Finding.id)
    found: Select[Any] = query.where(*_conditions(wanted, state))
    return found


def _conditions(wanted: Wanted, state: Any) -> Iterator[Any]:
    if wanted.grade is not None:
        yield Finding.grade == wanted.grade
    if wanted.state is not None:
        yield state == wanted.state.value
    if wanted.open_only or wanted.age is not None:
        yield state.in_(_WAITING)
    if wanted.clause:
        yield or_(Finding.clause.endswith(f":{wanted.clause}"), Finding.clause.contains(f":{wanted.clause}."))
    if wanted.principle:
        yield cast(Finding.principles, String).contains(f'"{wanted.principle}"')
    if wanted.audit:
        yield Audit.number == wanted.audit
    if wanted.checklist:
        yield Audit.checklist_id == wanted.checklist
    if wanted.repeat:
        yield _repeats() > 0
    if wanted.disputed:
        yield _disputed()
    if wanted.age is not None:
        yield from _aged(wanted.age, wanted.on)


def _aged(age: Age, on: date) -> Iterator[Any]:
    """Raised on a day that makes a finding that old on the day `on`."""
    least, most = rules.AGE_DAYS[age]
    yield Finding.raised_at < _midnight(on - timedelta(days=least - 1))
    if most is not None:
        yield Finding.raised_at >= _midnight(on - timedelta(days=most))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _line(row: Any, on: date) -> Line:
    state = FindingState(row.state)
    waiting = state.value in _WAITING
    values = {
        **row._mapping,
        "grade": Grade(row.grade),
        "state": state,
        "disputed": bool(row.disputed),
        "days": rules.days_open(row.raised_at, _midnight(on)) if waiting else None,
    }
    return Line(**values)


def listing(tx: Session, wanted: Wanted, before: tuple[datetime, int] | None = None) -> tuple[list[Line], str | None]:
    """Findings, newest first, at most 50; with the key of the next page, or None at the end."""
    query = _select(wanted).order_by(Finding.raised_at.desc(), Finding.id.desc()).limit(PAGE + 1)
    if before is not None:
        same = and_(Finding.raised_at == before[0], Finding.id < before[1])
        query = query.where(or_(Finding.raised_at < before[0], same))
    rows = tx.execute(query).all()
    lines = [_line(row, wanted.on) for row in rows[:PAGE]]
    return lines, key_of(lines[-1]) if len(rows) > PAGE else None


def key_of(line: Line) -> str:
    """Where the page after this line begins, as it stands in an address."""
    return f"{line.raised_at.isoformat()}~{line.id}"


def read_key(key: str) -> tuple[datetime, int] | None:
    """What `key_of` wrote; None for anything else."""
    moment, _tilde, number = key.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(number)) if at.tzinfo is not None and number.isdecimal() else None


def every(tx: Session, wanted: Wanted) -> Iterator[Line]:
    """All findings that are wanted, newest first, as a stream: for exports."""
    query = _select(wanted).order_by(Finding.raised_at.desc(), Finding.id.desc())
    for row in tx.execute(query.execution_options(yield_per=500)):
        yield _line(row, wanted.on)


def count(tx: Session, wanted: Wanted) -> int:
    """How many findings are wanted."""
    return int(tx.execute(select(func.count()).select_from(_select(wanted).subquery())).scalar_one())


def ageing(tx: Session, on: date) -> list[AgeBand]:
    """Open findings by age on the day `on`, and by gravity; every band, also empty ones."""
    state = _state(_progress())
    found = tx.execute(select(Finding.grade, Finding.raised_at).where(state.in_(_WAITING))).all()
    counted = {age: [0, 0, 0] for age in Age}
    for grade, raised_at in found:
        place = {Grade.MAJOR: 0, Grade.MINOR: 1}.get(Grade(grade), 2)
        counted[rules.age_of(rules.days_open(raised_at, _midnight(on)))][place] += 1
    return [AgeBand(age, *numbers) for age, numbers in counted.items()]


@dataclass(frozen=True, slots=True)
class Figures:
    """The findings of one audit counted. `grades` in the order of gravity."""

    grades: dict[Grade, int]
    unsettled: int
    disputed: int
    repeats: int


def figures(tx: Session, number: str) -> Figures:
    """How many findings an audit has: by grade, not settled yet, disputed, repeats of earlier ones."""
    rows = tx.execute(_select(Wanted(on=date.min, audit=number))).all()
    return Figures(
        {grade: sum(row.grade == grade for row in rows) for grade in Grade},
        sum(row.state in _WAITING for row in rows),
        sum(bool(row.disputed) for row in rows),
        sum(row.repeats > 0 for row in rows),
    )


def audits_with_findings(tx: Session) -> list[tuple[str, str]]:
    """(number, title) of the audits that have findings, newest first."""
    query = select(Audit.number, Audit.title).where(Audit.findings > 0).order_by(Audit.id.desc()).limit(200)
    return [(row.number, row.title) for row in tx.execute(query)]


def checklists_with_findings(tx: Session) -> list[tuple[str, str]]:
    """(id, title) of the checklists of audits that have findings."""
    query = select(Audit.checklist_id, func.max(Audit.checklist_title).label("title")).where(Audit.findings > 0)
    return [(row.checklist_id, row.title) for row in tx.execute(query.group_by(Audit.checklist_id))]


def clauses_with_findings(tx: Session) -> list[str]:
    """The numbers of the clauses that findings stand under, in the order of the standard."""
    found = {clause.rpartition(":")[2] for clause in tx.execute(select(Finding.clause).distinct()).scalars()} - {""}
    return sorted(found, key=lambda one: [(not part.isdecimal(), part.zfill(4)) for part in one.split(".")])


def principles_with_findings(tx: Session) -> list[str]:
    """The codes of the principles that findings name."""
    found = tx.execute(select(Finding.principles).where(cast(Finding.principles, String) != "[]")).scalars()
    return sorted({code for codes in found for code in codes})


# What was said to findings


def responses(tx: Session, finding_ids: Sequence[int]) -> dict[int, list[ResponseView]]:
    """What was said to each of these findings, in the order said."""
    query = (
        select(
            FindingResponse.id,
            FindingResponse.finding_id,
            FindingResponse.kind,
            FindingResponse.text,
            FindingResponse.said_by,
            FindingResponse.in_meeting,
            FindingResponse.responded_at,
            FindingResponse.recorded_by,
            FindingResolution.outcome,
            FindingResolution.text.label("resolution"),
            FindingResolution.resolved_at,
            FindingResolution.resolved_by,
        )
        .outerjoin(FindingResolution, FindingResolution.response_id == FindingResponse.id)
        .where(FindingResponse.finding_id.in_(finding_ids))
        .order_by(FindingResponse.id)
    )
    found: dict[int, list[ResponseView]] = {}
    for row in tx.execute(query):
        view = ResponseView(
            **{
                **row._mapping,
                "kind": ResponseKind(row.kind),
                "outcome": Outcome(row.outcome) if row.outcome else None,
                "resolution": row.resolution or "",
            }
        )
        found.setdefault(row.finding_id, []).append(view)
    return found


def response(tx: Session, response_id: int) -> tuple[str, ResponseView]:
    """One answer with the number of its finding. Raises NotFound."""
    found = tx.execute(
        select(Finding.number, Finding.id)
        .join(FindingResponse, FindingResponse.finding_id == Finding.id)
        .where(FindingResponse.id == response_id)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found.number, next(one for one in responses(tx, [found.id])[found.id] if one.id == response_id)


# Repeats


def alike(tx: Session, finding: FindingView) -> list[Alike]:
    """Earlier findings of other audits that this one may repeat: those a person judged, and those worth a look.

    Suggested are findings of the same question, and of the same clause with like words; most alike first.
    """
    item = _item_of(tx, finding.row_id)
    words = rules.telling_words(f"{finding.statement} {finding.criterion}")
    found = []
    for row in tx.execute(_earlier(finding)):
        same_question = bool(item) and row.item_id == item
        same_clause = bool(finding.clause) and row.clause == finding.clause
        percent = rules.likeness(
            words,
            rules.telling_words(f"{row.statement} {row.criterion}"),
            same_question=same_question,
            same_clause=same_clause,
        )
        if row.verdict is None and not rules.suggested(percent, same_question=same_question, same_clause=same_clause):
            continue
        found.append(_alike(row, same_question, same_clause, percent))
    return sorted(found, key=lambda one: (one.verdict is None, -one.likeness, -one.id))


def _item_of(tx: Session, row_id: int | None) -> str:
    if row_id is None:
        return ""
    return str(tx.execute(select(AuditRow.item_id).where(AuditRow.id == row_id)).scalar_one_or_none() or "")


def _earlier(finding: FindingView) -> Select[Any]:
    judged = aliased(FindingRepeat)
    query: Any = (
        select(
            Finding.id,
            Finding.number,
            Audit.number.label("audit_number"),
            Finding.statement,
            Finding.criterion,
            Finding.grade,
            Finding.raised_at,
            Finding.clause,
            AuditRow.item_id,
            judged.verdict,
            judged.judged_by,
            judged.judged_at,
        )
        .join(Audit, Audit.id == Finding.audit_id)
        .outerjoin(AuditRow, AuditRow.id == Finding.row_id)
        .outerjoin(judged, and_(judged.earlier_id == Finding.id, judged.finding_id == literal(finding.id)))
        .where(Finding.id < finding.id, Finding.audit_id != finding.audit_id, Finding.grade != Grade.GOOD_PRACTICE)
        .order_by(Finding.id.desc())
        .limit(LOOKED_AT)
    )
    found: Select[Any] = query
    return found


def _alike(row: Any, same_question: bool, same_clause: bool, percent: int) -> Alike:
    return Alike(
        id=row.id,
        number=row.number,
        audit_number=row.audit_number,
        statement=row.statement,
        grade=Grade(row.grade),
        raised_at=row.raised_at,
        same_question=same_question,
        same_clause=same_clause,
        likeness=percent,
        verdict=Verdict(row.verdict) if row.verdict else None,
        judged_by=row.judged_by,
        judged_at=row.judged_at,
    )


def repeats(tx: Session, finding_ids: Sequence[int]) -> dict[int, list[str]]:
    """The numbers of the earlier findings that each of these repeats, as a person confirmed."""
    earlier = aliased(Finding)
    query = (
        select(FindingRepeat.finding_id, earlier.number)
        .join(earlier, earlier.id == FindingRepeat.earlier_id)
        .where(FindingRepeat.finding_id.in_(finding_ids), FindingRepeat.verdict == Verdict.CONFIRMED)
        .order_by(earlier.id)
    )
    found: dict[int, list[str]] = {}
    for finding_id, number in tx.execute(query):
        found.setdefault(finding_id, []).append(number)
    return found


def repeated_by(tx: Session, finding_id: int) -> list[str]:
    """The numbers of later findings that were confirmed to repeat this one."""
    later = aliased(Finding)
    query = (
        select(later.number)
        .join(FindingRepeat, FindingRepeat.finding_id == later.id)
        .where(FindingRepeat.earlier_id == finding_id, FindingRepeat.verdict == Verdict.CONFIRMED)
        .order_by(later.id)
    )
    return list(tx.execute(query).scalars())
