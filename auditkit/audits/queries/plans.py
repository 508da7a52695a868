"""Lists of audits, one audit's plan and progress, its team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select

from auditkit.audits.models import Audit, AuditBasis, AuditChecklist, AuditCriterion, AuditFollowed, AuditMember
from auditkit.audits.rules import AuditKind, BasisKind, CriterionKind, CriterionSource, Method, State, Tally, TeamRole
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.prepared import Prepared
from auditkit.content.library import Checklist, standards, thaw

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An audit in a list."""

    id: int
    number: str
    title: str
    kind: AuditKind
    edition_name: str
    planned_from: date
    planned_to: date
    state: State
    tally: Tally
    findings: int


@dataclass(frozen=True, slots=True)
class AuditHead:
    """One audit: plan, what it runs on, how far it is. `scale` is the frozen scale as JSON, None before the start."""

    id: int
    number: str
    title: str
    objectives: str
    scope: str
    edition_id: str
    edition_name: str
    criteria: str
    checklist_id: str
    checklist_title: str
    places: str
    method: Method
    planned_from: date
    planned_to: date
    state: State
    planned_at: datetime
    planned_by: int | None
    started_at: datetime | None
    started_by: int | None
    checklist_digest: str | None
    edition_digest: str | None
    scale: dict[str, Any] | None
    tally: Tally
    findings: int
    conclusion: str
    reported_at: datetime | None
    reported_by: int | None
    closed_at: datetime | None
    closed_by: int | None
    changed_at: datetime
    version: int
    auditee: str
    virtual_places: str
    interviewees: str
    sampling: str
    language: str
    confidentiality: str
    logistics: str
    follow_up: str
    distribution: str
    remote_risk: str
    kind: AuditKind

    @property
    def from_outside(self) -> bool:
        """Whether a certification body did it, so that there is nothing to run here."""
        return self.kind is AuditKind.OUTSIDE


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A standard or policy the audit judges against beside its first edition; `ref` is its id."""

    source: CriterionSource
    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class BasisView:
    """A law, contract or scheme, or the guidelines; `ref` is an edition of the library, or empty."""

    kind: BasisKind
    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Further:
    """What stands beside the head of a plan: further criteria, the number of the audit that is followed up.

    `stated`: laws, contracts and schemes; `guidelines`: the edition it is conducted after, None where none is named.
    """

    criteria: tuple[CriterionView, ...]
    followed: str
    stated: tuple[BasisView, ...] = ()
    guidelines: BasisView | None = None

    def named(self, head: AuditHead) -> list[tuple[CriterionKind, str]]:
        """Every criterion of the audit with what it is, the first edition first."""
        edition = standards().editions.get(head.edition_id)
        first = _NATURES.get(edition.shape.nature, CriterionKind.STANDARD) if edition else CriterionKind.STANDARD
        return [
            (first, head.edition_name),
            *((_SOURCES[one.source], one.title) for one in self.criteria),
            *((CriterionKind(one.kind.value), one.title) for one in self.stated),
            *((CriterionKind.OTHER, line.strip()) for line in head.criteria.splitlines() if line.strip(" -*•\t")),
        ]


_SOURCES = {CriterionSource.STANDARD: CriterionKind.STANDARD, CriterionSource.POLICY: CriterionKind.DOCUMENT}
_NATURES = {"law": CriterionKind.LAW, "scheme": CriterionKind.SCHEME}


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person of the team, by id."""

    person_id: int
    role: TeamRole


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures for the start page: audits running, and audits planned whose first day is past."""

    running: int
    late: int


_PLAIN = (
    Audit.id,
    Audit.number,
    Audit.title,
    Audit.objectives,
    Audit.scope,
    Audit.edition_id,
    Audit.edition_name,
    Audit.criteria,
    Audit.checklist_id,
    Audit.checklist_title,
    Audit.places,
    Audit.planned_from,
    Audit.planned_to,
    Audit.planned_at,
    Audit.planned_by,
    Audit.started_at,
    Audit.started_by,
    Audit.checklist_digest,
    Audit.edition_digest,
    Audit.scale,
    Audit.findings,
    Audit.conclusion,
    Audit.reported_at,
    Audit.reported_by,
    Audit.closed_at,
    Audit.closed_by,
    Audit.changed_at,
    Audit.version,
    Audit.auditee,
    Audit.virtual_places,
    Audit.interviewees,
    Audit.sampling,
    Audit.language,
    Audit.confidentiality,
    Audit.logistics,
    Audit.follow_up,
    Audit.distribution,
    Audit.remote_risk,
)
_NAMES = tuple(column.key for column in _PLAIN)
_COUNTED = (Audit.state, Audit.rows_total, Audit.rows_answered, Audit.rows_excluded, Audit.rows_not_covered)


def _tally(row: Any) -> Tally:
    return Tally(row.rows_total, row.rows_answered, row.rows_excluded, row.rows_not_covered)


def _head(row: Any) -> AuditHead:
    """A row of `_select`, which begins with what is taken as it is."""
    return AuditHead(
        **dict(zip(_NAMES, row, strict=False)),
        method=Method(row.method),
        state=State(row.state),
        kind=AuditKind(row.kind),
        tally=_tally(row),
    )


def _select() -> Select[Any]:
    return select(*_PLAIN, Audit.method, Audit.kind, *_COUNTED)


def _heads(tx: Session, query: Select[Any]) -> list[AuditHead]:
    return [_head(row) for row in tx.execute(query)]


def listing(
    tx: Session,
    state: State | None = None,
    before: tuple[date, int] | None = None,
    kind: AuditKind | None = None,
) -> tuple[list[AuditLine], tuple[date, int] | None]:
    """Audits, latest planned first, at most 50; with the key of the next page, or None at the end."""
    query = (
        select(
            Audit.id,
            Audit.number,
            Audit.title,
            Audit.kind,
            Audit.edition_name,
            Audit.planned_from,
            Audit.planned_to,
            Audit.findings,
            *_COUNTED,
        )
        .order_by(Audit.planned_from.desc(), Audit.id.desc())
        .limit(PAGE + 1)
    )
    if state is not None:
        query = query.where(Audit.state == state)
    if kind is not None:
        query = query.where(Audit.kind == kind)
    if before is not None:
        same_day = and_(Audit.planned_from == before[0], Audit.id < before[1])
        query = query.where(or_(Audit.planned_from < before[0], same_day))
    rows = tx.execute(query).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    lines = [
        AuditLine(
            row.id,
            row.number,
            row.title,
            AuditKind(row.kind),
            row.edition_name,
            row.planned_from,
            row.planned_to,
            State(row.state),
            _tally(row),
            row.findings,
        )
        for row in rows[:PAGE]
    ]
    return lines, (last.planned_from, last.id) if last else None


_BY_NUMBER = Prepared(_select().where(Audit.number == bindparam("audit_number")))


def by_number(tx: Session, number: str) -> AuditHead:
    """One audit. Raises NotFound, also for another organisation's. Every page about an audit asks for it."""
    found = _BY_NUMBER.one_or_none(tx, {"audit_number": number})
    if found is None:
        raise NotFound()
    return _head(found)


def by_ids(tx: Session, audit_ids: Sequence[int]) -> list[AuditHead]:
    """These audits; another organisation's are left out."""
    return _heads(tx, _select().where(Audit.id.in_(audit_ids))) if audit_ids else []


def overlapping(tx: Session, start: date, end: date) -> list[AuditHead]:
    """The audits whose planned days touch the period from `start` to `end` (inclusive), by first day."""
    query = _select().where(Audit.planned_from <= end, Audit.planned_to >= start).order_by(Audit.planned_from, Audit.id)
    return _heads(tx, query)


def further(tx: Session, audit_id: int) -> Further:
    """What stands beside the head of a plan."""
    return furthers(tx, [audit_id])[audit_id]


def furthers(tx: Session, audit_ids: Sequence[int]) -> dict[int, Further]:
    """What stands beside the heads of several plans; three statements, however many."""
    criteria: dict[int, list[CriterionView]] = {}
    for row in tx.execute(
        select(AuditCriterion.audit_id, AuditCriterion.source, AuditCriterion.ref, AuditCriterion.title)
        .where(AuditCriterion.audit_id.in_(audit_ids))
        .order_by(AuditCriterion.position)
    ):
        criteria.setdefault(row.audit_id, []).append(CriterionView(CriterionSource(row.source), row.ref, row.title))
    followed = tx.execute(
        select(AuditFollowed.audit_id, Audit.number)
        .join(Audit, AuditFollowed.followed_id == Audit.id)
        .where(AuditFollowed.audit_id.in_(audit_ids))
    )
    numbers_followed = {row.audit_id: row.number for row in followed}
    bases: dict[int, list[BasisView]] = {}
    for row in tx.execute(
        select(AuditBasis.audit_id, AuditBasis.kind, AuditBasis.ref, AuditBasis.title)
        .where(AuditBasis.audit_id.in_(audit_ids))
        .order_by(AuditBasis.position)
    ):
        bases.setdefault(row.audit_id, []).append(BasisView(BasisKind(row.kind), row.ref, row.title))
    return {
        one: _further(criteria.get(one, []), numbers_followed.get(one, ""), bases.get(one, [])) for one in audit_ids
    }


def _further(criteria: Sequence[CriterionView], followed: str, stated: Sequence[BasisView]) -> Further:
    return Further(
        tuple(criteria),
        followed,
        tuple(one for one in stated if one.kind is not BasisKind.GUIDELINES),
        next((one for one in stated if one.kind is BasisKind.GUIDELINES), None),
    )


def numbers(tx: Session) -> list[tuple[str, str]]:
    """(number, title) of all audits, latest planned first: for choosing the one that is followed up."""
    query = select(Audit.number, Audit.title).order_by(Audit.planned_from.desc(), Audit.id.desc())
    return [(row.number, row.title) for row in tx.execute(query)]


def team(tx: Session, audit_id: int) -> list[TeamMember]:
    """The team of an audit, the lead first."""
    return teams(tx, [audit_id]).get(audit_id, [])


def teams(tx: Session, audit_ids: Sequence[int]) -> dict[int, list[TeamMember]]:
    """The teams of several audits, each with its lead first."""
    order = list(TeamRole)
    found: dict[int, list[TeamMember]] = {}
    query = (
        select(AuditMember.audit_id, AuditMember.person_id, AuditMember.role)
        .where(AuditMember.audit_id.in_(audit_ids))
        .order_by(AuditMember.id)
    )
    for row in tx.execute(query):
        found.setdefault(row.audit_id, []).append(TeamMember(row.person_id, TeamRole(row.role)))
    return {audit: sorted(people, key=lambda one: order.index(one.role)) for audit, people in found.items()}


def checklist(tx: Session, audit_id: int) -> Checklist | None:
    """The whole checklist as the audit runs on it, None before the start; its digest must equal the head's."""
    content = tx.execute(select(AuditChecklist.content).where(AuditChecklist.audit_id == audit_id)).scalar_one_or_none()
    return thaw(content) if content is not None else None


def counts(tx: Session, today: date) -> Counts:
    """Figures for the start page."""
    row = tx.execute(
        select(
            func.count().filter(Audit.state == State.RUNNING),
            func.count().filter(Audit.state == State.PLANNED, Audit.planned_from < today),
        ).select_from(Audit)
    ).one()
    return Counts(*row)
