"""Who owns what, what was excepted, and what follows from it for one audit.

Answering asks one statement here while a person owns nothing; tests/slices/audits/test_audit_independence.py counts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, select

from auditkit.accounts.queries import members_with
from auditkit.accounts.queries import names as person_names
from auditkit.audits.independence import rules
from auditkit.audits.independence.competence import uncovered
from auditkit.audits.independence.models import AuditedProcess, AuditException, ProcessOwnership
from auditkit.audits.independence.rules import Asked, Days, Ground, Way
from auditkit.audits.models import Audit, AuditMember, AuditPick, AuditRow, AuditSample, AuditSampleItem
from auditkit.audits.rules import AuditKind, TeamRole
from auditkit.base import clock
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.prepared import Prepared
from auditkit.base.text import _
from auditkit.complaints import queries as complaints
from auditkit.web.languages import day_there


@dataclass(frozen=True, slots=True)
class Owned:
    """A process a person is, or within the year before was, responsible for."""

    id: int
    name: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in an audit: role (None: not of the team), what the audit asks, processes that bar."""

    role: TeamRole | None
    asked: Asked
    owned: tuple[Owned, ...]


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """An exception as the report tells it. `about` names the process or the complaint; empty for competence."""

    id: int
    person_id: int
    person: str
    way: Way
    ground: Ground
    process_id: int | None
    complaint_id: int | None
    about: str
    reason: str
    instead: str
    reviewer: str
    made_at: datetime
    made_by: int | None
    made_by_name: str
    settled_at: datetime | None
    outcome: str


_PLACE = Prepared(
    select(
        Audit.kind,
        Audit.edition_id,
        Audit.planned_from,
        Audit.planned_to,
        AuditMember.role,
        ProcessOwnership.since,
        ProcessOwnership.until,
        AuditedProcess.id,
        AuditedProcess.name,
        AuditedProcess.clauses,
    )
    .select_from(Audit)
    .outerjoin(AuditMember, and_(AuditMember.audit_id == Audit.id, AuditMember.person_id == bindparam("person")))
    .outerjoin(
        ProcessOwnership,
        and_(
            ProcessOwnership.organisation_id == Audit.organisation_id,
            ProcessOwnership.person_id == bindparam("person"),
        ),
    )
    .outerjoin(AuditedProcess, AuditedProcess.id == ProcessOwnership.process_id)
    .where(Audit.id == bindparam("audit"))
)


def place(tx: Session, audit_id: int, person_id: int) -> Place:
    """One statement. Raises NotFound."""
    rows = _PLACE.rows(tx, {"audit": audit_id, "person": person_id})
    if not rows:
        raise NotFound()
    kind, edition_id, planned_from, planned_to, role = rows[0][:5]
    days = rules.audited_days(planned_from, planned_to, day_there(clock.now()))
    owned = {
        row.id: Owned(row.id, row.name, tuple(row.clauses))
        for row in rows
        if row.id is not None and rules.counts(Days(row.since, row.until), days)
    }
    return Place(TeamRole(role) if role else None, Asked(AuditKind(kind), edition_id, days), tuple(owned.values()))


def excepted(tx: Session, audit_id: int, person_id: int) -> set[tuple[Ground, int | None]]:
    """(ground, process or complaint) of what was excepted for a person in an audit."""
    rows = tx.execute(
        select(AuditException.ground, AuditException.process_id, AuditException.complaint_id).where(
            AuditException.audit_id == audit_id, AuditException.person_id == person_id
        )
    )
    return {(Ground(row.ground), row.process_id or row.complaint_id) for row in rows}


@dataclass(frozen=True, slots=True)
class Bar:
    """A question a person may not answer, and through which processes."""

    row_id: int
    position: int
    answered_by: int | None
    reason: str


def bars(tx: Session, audit_id: int, person_id: int, of: Place, row_ids: Collection[int] | None = None) -> list[Bar]:
    """The questions (of `row_ids`, or all) that the person's processes stand for, without what is excepted.

    No statement for somebody who owns nothing.
    """
    if not of.owned or of.asked.kind is AuditKind.OUTSIDE:
        return []
    free = excepted(tx, audit_id, person_id)
    barring = [one for one in of.owned if (Ground.PROCESS, one.id) not in free]
    if not barring:
        return []
    query = select(AuditRow.id, AuditRow.position, AuditRow.answered_by, AuditRow.clause, AuditRow.clauses)
    query = query.where(AuditRow.audit_id == audit_id).order_by(AuditRow.position)
    if row_ids is not None:
        query = query.where(AuditRow.id.in_(row_ids))
    found = []
    for row in tx.execute(query):
        through = [one.name for one in barring if rules.stands_for(one.clauses, {row.clause, *row.clauses})]
        if through:
            reason = _("responsible for the process “%(process)s”", process="”, “".join(through))
            found.append(Bar(row.id, row.position, row.answered_by, reason))
    return found


def sampled(tx: Session, audit_id: int) -> dict[int, str]:
    """References of the complaints an audit looks at, drawn or picked by judgement, by complaint id."""
    drawn = (
        select(AuditSampleItem.complaint_id, AuditSampleItem.reference)
        .join(AuditSample, AuditSample.id == AuditSampleItem.sample_id)
        .where(AuditSample.audit_id == audit_id)
    )
    picked = select(AuditPick.complaint_id, AuditPick.reference).where(AuditPick.audit_id == audit_id)
    found = {row.complaint_id: row.reference for query in (drawn, picked) for row in tx.execute(query)}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def hands_on(tx: Session, complaint_ids: Sequence[int]) -> dict[int, set[int]]:
    """Complaint id -> the persons who had a hand in it."""
    return complaints.hands_on(tx, complaint_ids)


def handled(tx: Session, audit_id: int, person_id: int, complaint_ids: Sequence[int]) -> set[int]:
    """Those of the complaints that the person had a hand in, without what is excepted."""
    mine = {one for one, persons in hands_on(tx, complaint_ids).items() if person_id in persons}
    if not mine:
        return set()
    free = excepted(tx, audit_id, person_id)
    return {one for one in mine if (Ground.COMPLAINT, one) not in free}


def exceptions(tx: Session, audit_id: int) -> list[ExceptionView]:
    """The exceptions of an audit in the order made."""
    rows = tx.execute(
        select(AuditException, AuditedProcess.name)
        .outerjoin(AuditedProcess, AuditedProcess.id == AuditException.process_id)
        .where(AuditException.audit_id == audit_id)
        .order_by(AuditException.id)
    ).all()
    if not rows:
        return []
    names, references = person_names(tx), sampled(tx, audit_id)
    return [_exception(one, process, names, references) for one, process in rows]


def _exception(one: AuditException, process: str | None, names: dict[int, str], refs: dict[int, str]) -> ExceptionView:
    about = process or (refs.get(one.complaint_id, "") if one.complaint_id else "")
    return ExceptionView(
        id=one.id,
        person_id=one.person_id,
        person=names.get(one.person_id, ""),
        way=Way(one.way),
        ground=Ground(one.ground),
        process_id=one.process_id,
        complaint_id=one.complaint_id,
        about=about,
        reason=one.reason,
        instead=one.instead,
        reviewer=one.reviewer,
        made_at=one.made_at,
        made_by=one.made_by,
        made_by_name=names.get(one.made_by, "") if one.made_by else "",
        settled_at=one.settled_at,
        outcome=one.outcome,
    )


# Processes


@dataclass(frozen=True, slots=True)
class OwnerView:
    """Somebody responsible for a process, from when to when."""

    id: int
    person_id: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ProcessView:
    """A process with its owners, the newest first."""

    id: int
    name: str
    description: str
    clauses: tuple[str, ...]
    retired_at: datetime | None
    owners: tuple[OwnerView, ...]


def processes(tx: Session) -> list[ProcessView]:
    """All processes by name, those that are no longer used last."""
    owners: dict[int, list[OwnerView]] = {}
    query = select(
        ProcessOwnership.process_id,
        ProcessOwnership.id,
        ProcessOwnership.person_id,
        ProcessOwnership.since,
        ProcessOwnership.until,
    ).order_by(ProcessOwnership.since.desc(), ProcessOwnership.id.desc())
    for row in tx.execute(query):
        owners.setdefault(row.process_id, []).append(OwnerView(row.id, row.person_id, row.since, row.until))
    found = tx.execute(
        select(
            AuditedProcess.id,
            AuditedProcess.name,
            AuditedProcess.description,
            AuditedProcess.clauses,
            AuditedProcess.retired_at,
        ).order_by(AuditedProcess.retired_at.is_not(None), AuditedProcess.name)
    )
    return [
        ProcessView(
            row.id, row.name, row.description, tuple(row.clauses), row.retired_at, tuple(owners.get(row.id, ()))
        )
        for row in found
    ]


def process(tx: Session, process_id: int) -> ProcessView:
    """One process. Raises NotFound, also for another organisation's."""
    found = [one for one in processes(tx) if one.id == process_id]
    if not found:
        raise NotFound()
    return found[0]


def others_for_process(tx: Session, of: Place, process_id: int, person_id: int) -> list[int]:
    """Other members who could answer what belongs to the process: may run audits, do not own it, are competent."""
    owners = {
        row.person_id
        for row in tx.execute(
            select(ProcessOwnership.person_id, ProcessOwnership.since, ProcessOwnership.until).where(
                ProcessOwnership.process_id == process_id
            )
        )
        if rules.counts(Days(row.since, row.until), of.asked.days)
    }
    return _competent_others(tx, of, owners | {person_id})


def others_for_complaint(tx: Session, of: Place, complaint_id: int, person_id: int) -> list[int]:
    """Other members who could judge the complaint: may run audits, had no hand in it, are competent."""
    return _competent_others(tx, of, hands_on(tx, [complaint_id]).get(complaint_id, set()) | {person_id})


def _competent_others(tx: Session, of: Place, barred: set[int]) -> list[int]:
    others = [one.person_id for one in members_with(tx, "audits.run") if one.person_id not in barred]
    lacking = uncovered(tx, of.asked, others)
    return [one for one in others if one not in lacking]


def team_of(tx: Session, audit_id: int) -> dict[int, TeamRole]:
    """Role by person of an audit's team."""
    rows: Sequence[Any] = tx.execute(
        select(AuditMember.person_id, AuditMember.role).where(AuditMember.audit_id == audit_id)
    ).all()
    return {row.person_id: TeamRole(row.role) for row in rows}
