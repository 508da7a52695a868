"""The list of findings: filtered, paged, counted, and how long those that are open have been so.

A finding's state follows from its actions. So that a list can be filtered and paged by it, `_state` says in SQL what
`rules.finding_state` says in Python; tests/slices/audits_findings/test_findings_list.py compares the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, String, and_, case, cast, exists, func, or_, select

from auditkit.accounts.queries import zone_of_house
from auditkit.actions.queries.progress import furthest_behind
from auditkit.audits.findings import rules
from auditkit.audits.findings.models import FindingRepeat, FindingResponse
from auditkit.audits.findings.rules import Age, ResponseKind, Verdict
from auditkit.audits.models import Audit, Finding
from auditkit.audits.outside.models import OutsideFinding
from auditkit.audits.queries.findings import SUBJECT
from auditkit.audits.rules import NONCONFORMITIES, FindingState, Grade
from auditkit.base.calendar.spans import day_of, start_of
from auditkit.base.db import Session

PAGE = 50


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


def _select(wanted: Wanted, zone: ZoneInfo) -> Select[Any]:
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
    found: Select[Any] = query.where(*_conditions(wanted, state, zone))
    return found


def _conditions(wanted: Wanted, state: Any, zone: ZoneInfo) -> Iterator[Any]:
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
        yield from _aged(wanted.age, wanted.on, zone)


def _aged(age: Age, on: date, zone: ZoneInfo) -> Iterator[Any]:
    """Raised on a day that makes a finding that old on the day `on`."""
    least, most = rules.AGE_DAYS[age]
    yield Finding.raised_at < start_of(on - timedelta(days=least - 1), zone)
    if most is not None:
        yield Finding.raised_at >= start_of(on - timedelta(days=most), zone)


def _line(row: Any, on: date, zone: ZoneInfo) -> Line:
    state = FindingState(row.state)
    waiting = state.value in _WAITING
    values = {
        **row._mapping,
        "grade": Grade(row.grade),
        "state": state,
        "disputed": bool(row.disputed),
        "days": rules.days_open(day_of(row.raised_at, zone), on) if waiting else None,
    }
    return Line(**values)


def listing(tx: Session, wanted: Wanted, before: tuple[datetime, int] | None = None) -> tuple[list[Line], str | None]:
    """Findings, newest first, at most 50; with the key of the next page, or None at the end."""
    zone = zone_of_house(tx)
    query = _select(wanted, zone).order_by(Finding.raised_at.desc(), Finding.id.desc()).limit(PAGE + 1)
    if before is not None:
        same = and_(Finding.raised_at == before[0], Finding.id < before[1])
        query = query.where(or_(Finding.raised_at < before[0], same))
    rows = tx.execute(query).all()
    lines = [_line(row, wanted.on, zone) for row in rows[:PAGE]]
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
    zone = zone_of_house(tx)
    query = _select(wanted, zone).order_by(Finding.raised_at.desc(), Finding.id.desc())
    for row in tx.execute(query.execution_options(yield_per=500)):
        yield _line(row, wanted.on, zone)


def count(tx: Session, wanted: Wanted) -> int:
    """How many findings are wanted."""
    return int(tx.execute(select(func.count()).select_from(_select(wanted, zone_of_house(tx)).subquery())).scalar_one())


def ageing(tx: Session, on: date) -> list[AgeBand]:
    """Open findings by age on the day `on`, and by gravity; every band, also empty ones."""
    state, zone = _state(_progress()), zone_of_house(tx)
    found = tx.execute(select(Finding.grade, Finding.raised_at).where(state.in_(_WAITING))).all()
    counted = {age: [0, 0, 0] for age in Age}
    for grade, raised_at in found:
        place = {Grade.MAJOR: 0, Grade.MINOR: 1}.get(Grade(grade), 2)
        counted[rules.age_of(rules.days_open(day_of(raised_at, zone), on))][place] += 1
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
    rows = tx.execute(_select(Wanted(on=date.min, audit=number), zone_of_house(tx))).all()
    return Figures(
        {grade: sum(row.grade == grade for row in rows) for grade in Grade},
        sum(row.state in _WAITING for row in rows),
        sum(bool(row.disputed) for row in rows),
        sum(row.repeats > 0 for row in rows),
    )
