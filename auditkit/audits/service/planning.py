"""Planning an audit, and starting it: the checklist is frozen then."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from auditkit.accounts.queries import members, today_of_house
from auditkit.accounts.rules import Role, permissions_of
from auditkit.audits import basis, rules
from auditkit.audits.basis import PlanAudit
from auditkit.audits.independence import service as independence
from auditkit.audits.independence.rules import Asked, Days, Ground, Way
from auditkit.audits.models import (
    Audit,
    AuditBasis,
    AuditChecklist,
    AuditCriterion,
    AuditFollowed,
    AuditMember,
    AuditRow,
)
from auditkit.audits.rules import (
    PLANNED,
    REPLANNED,
    SERIES,
    STARTED,
    TEAM_CHANGED,
    AuditKind,
    Method,
    State,
    TeamRole,
)
from auditkit.audits.service.taking import note, taken, touch
from auditkit.audits.tailoring import starting as tailoring
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb
from auditkit.content.library import Checklist, Library, canonical
from auditkit.content.shapes import Item

RUN = "audits.run"


@dataclass(frozen=True)
class ChangeTeam:
    """The whole team of a planned or running audit anew, with the reason."""

    number: str
    version: int
    team: tuple[tuple[int, TeamRole], ...]
    reason: str


@dataclass(frozen=True)
class ReplanAudit:
    """The whole plan anew; `version` is the one the person was looking at."""

    number: str
    version: int
    plan: PlanAudit


@dataclass(frozen=True)
class StartAudit:
    number: str
    version: int | None = None


@verb("audits.plan", leaves=PLANNED)
def plan(tx: Session, command: PlanAudit, now: datetime, actor: Actor, *, library: Library) -> str:
    """Plan an audit and return its number (`A-2026-001`).

    Raises NotFound for a checklist, edition or followed audit there is none of, what `rules.check_plan` refuses, and
    NotCompetent, as `independence`.
    """
    rules.check_remote(command.kind, command.method, command.remote_risk, command.virtual_places)
    audit = _make(tx, command, now, actor, library=library)
    _check_competence(tx, audit, command, now, actor)
    note(tx, PLANNED, audit, now, actor, **_facts(audit, command))
    return audit.number


@verb("audits.plan", leaves=PLANNED)
def plan_ahead(tx: Session, command: PlanAudit, now: datetime, actor: Actor, *, library: Library) -> str:
    """As `plan`, for the programme: competence, and the risk of remote work, are asked for when the audit starts."""
    audit = _make(tx, command, now, actor, library=library)
    note(tx, PLANNED, audit, now, actor, **_facts(audit, command))
    return audit.number


def _make(tx: Session, command: PlanAudit, now: datetime, actor: Actor, *, library: Library) -> Audit:
    """The record of a new audit with its team, criteria and the audit it follows. Raises as `plan`."""
    _check(tx, command)
    audit = Audit(
        number=rules.number(now.year, next_number(tx, SERIES, now.year)),
        state=State.PLANNED,
        planned_at=now,
        planned_by=actor.person_id,
        changed_at=now,
        version=1,
        **_fields(command, library),
    )
    tx.add(audit)
    tx.flush()
    _set_team(tx, audit, command.team)
    basis.set_criteria(tx, audit, command, library)
    basis.set_bases(tx, audit, command, library)
    basis.set_followed(tx, audit, command)
    return audit


@verb("audits.plan", leaves=REPLANNED)
def replan(tx: Session, command: ReplanAudit, now: datetime, actor: Actor, *, library: Library) -> None:
    """Change the plan of an audit that has not started. Raises NotFound, PlanChanged, NotPlanned, and as `plan`."""
    audit = taken(tx, command.number, command.version)
    rules.check_planned(State(audit.state))
    wanted = command.plan
    rules.check_remote(wanted.kind, wanted.method, wanted.remote_risk, wanted.virtual_places)
    _check(tx, command.plan)
    for name, value in _fields(command.plan, library).items():
        setattr(audit, name, value)
    for model in (AuditMember, AuditCriterion, AuditBasis, AuditFollowed):
        tx.execute(delete(model).where(model.audit_id == audit.id))
    _set_team(tx, audit, command.plan.team)
    basis.set_criteria(tx, audit, command.plan, library)
    basis.set_bases(tx, audit, command.plan, library)
    basis.set_followed(tx, audit, command.plan)
    _check_competence(tx, audit, command.plan, now, actor)
    touch(audit, now)
    note(tx, REPLANNED, audit, now, actor, **_facts(audit, command.plan))


@verb("audits.plan", leaves=TEAM_CHANGED)
def change_team(tx: Session, command: ChangeTeam, now: datetime, actor: Actor) -> None:
    """Change who audits, before the audit or in the middle of it. Answers given stay whose they are.

    Raises NotFound, PlanChanged, TeamReasonMissing, TeamStands, what `rules.check_team` refuses, and NotCompetent.
    """
    audit = taken(tx, command.number, command.version)
    rules.check_team_change(State(audit.state), command.reason)
    _check_people(tx, command.team)
    independence.check_team(tx, _asked(tx, audit, now), command.team, audit.id)
    tx.execute(delete(AuditMember).where(AuditMember.audit_id == audit.id))
    _set_team(tx, audit, command.team)
    touch(audit, now)
    team = [[person, str(role)] for person, role in command.team]
    note(tx, TEAM_CHANGED, audit, now, actor, team=team, reason=command.reason.strip())


@verb(RUN, leaves=STARTED)
def start(tx: Session, command: StartAudit, now: datetime, actor: Actor, *, library: Library) -> None:
    """Start the audit: its checklist is copied row by row and kept whole with its digest, whatever the library becomes.

    An audit that a certification body did has no questions of ours: it begins with an empty checklist.
    Raises NotFound, PlanChanged, NotPlanned, and NotCompetent where a competence record has run out since the plan.
    """
    audit = taken(tx, command.number, command.version)
    rules.check_planned(State(audit.state))
    rules.check_remote(AuditKind(audit.kind), Method(audit.method), audit.remote_risk)
    independence.check_team(tx, _asked(tx, audit, now, begins=today_of_house(tx, now)), _team(tx, audit), audit.id)
    begun = tailoring.chosen(tx, audit, library)
    checklist = begun.checklist
    if audit.kind == AuditKind.OUTSIDE:
        checklist = Checklist.model_validate({**checklist.frozen(), "sections": []})
    edition = library.edition(audit.edition_id)
    audit.checklist_title, audit.edition_name = checklist.title, edition.name
    audit.checklist_digest, audit.edition_digest = checklist.digest, edition.digest
    audit.scale = canonical(checklist.scale)
    rows = _rows(audit, checklist, library, begun.items)
    audit.rows_total = len(rows)
    audit.state, audit.started_at, audit.started_by = State.RUNNING, now, actor.person_id
    touch(audit, now)
    tx.add(AuditChecklist(audit_id=audit.id, content=checklist.frozen()))
    tx.flush()
    if rows:
        tx.execute(insert(AuditRow), rows)
        tailoring.carry(tx, audit, begun)
    note(
        tx,
        STARTED,
        audit,
        now,
        actor,
        checklist=audit.checklist_id,
        checklist_digest=audit.checklist_digest,
        edition=audit.edition_id,
        edition_digest=audit.edition_digest,
        rows=audit.rows_total,
    )


def _check(tx: Session, command: PlanAudit) -> None:
    rules.check_plan(
        title=command.title,
        objectives=command.objectives,
        scope=command.scope,
        planned_from=command.planned_from,
        planned_to=command.planned_to,
    )
    rules.check_kind(command.kind, auditee=command.auditee, followed=command.followed)
    _check_people(tx, command.team)


def _check_people(tx: Session, team: Sequence[tuple[int, TeamRole]]) -> None:
    everybody = members(tx)
    rules.check_team(
        team=team,
        auditors=[one.person_id for one in everybody if RUN in permissions_of(Role(one.role))],
        people=[one.person_id for one in everybody],
    )


def _check_competence(tx: Session, audit: Audit, command: PlanAudit, now: datetime, actor: Actor) -> None:
    """That the team is competent; with a reason, somebody responsible for the programme permits who is not."""
    asked = _asked(tx, audit, now)
    if command.competence_reason.strip():
        for person in independence.not_competent(tx, asked, command.team, audit.id):
            permit = independence.Except(
                audit.number, person, Way.OVERRIDE, Ground.COMPETENCE, command.competence_reason
            )
            independence.make_exception(tx, permit, now, actor)
    independence.check_team(tx, asked, command.team, audit.id)


def _asked(tx: Session, audit: Audit, now: datetime, begins: date | None = None) -> Asked:
    """What the audit asks of its team: competence from its first day, or from today once it runs, to its last."""
    today = today_of_house(tx, now)
    if audit.state == State.RUNNING:
        begins = today
    first = begins or audit.planned_from
    return Asked(AuditKind(audit.kind), audit.edition_id, Days(first, max(audit.planned_to, first)))


def _team(tx: Session, audit: Audit) -> list[tuple[int, TeamRole]]:
    rows = tx.execute(select(AuditMember.person_id, AuditMember.role).where(AuditMember.audit_id == audit.id))
    return [(row.person_id, TeamRole(row.role)) for row in rows]


def _fields(command: PlanAudit, library: Library) -> dict[str, object]:
    checklist = library.checklist(command.checklist_id)
    edition = library.edition(command.edition_id or checklist.edition)
    return {
        "title": command.title.strip(),
        "objectives": command.objectives.strip(),
        "scope": command.scope.strip(),
        "edition_id": edition.id,
        "edition_name": edition.name,
        "criteria": command.criteria.strip(),
        "checklist_id": checklist.id,
        "checklist_title": checklist.title,
        "places": command.places.strip(),
        "method": command.method,
        "planned_from": command.planned_from,
        "planned_to": command.planned_to,
        "kind": command.kind,
        **{name: getattr(command, name).strip() for name in _TEXTS},
    }


_TEXTS = (
    "auditee",
    "virtual_places",
    "interviewees",
    "sampling",
    "language",
    "confidentiality",
    "logistics",
    "follow_up",
    "distribution",
    "remote_risk",
)


def _facts(audit: Audit, command: PlanAudit) -> dict[str, object]:
    return {
        "kind": audit.kind,
        "checklist": audit.checklist_id,
        "edition": audit.edition_id,
        "from": audit.planned_from.isoformat(),
        "to": audit.planned_to.isoformat(),
        "team": [[person, str(role)] for person, role in command.team],
    }


def _set_team(tx: Session, audit: Audit, team: Sequence[tuple[int, TeamRole]]) -> None:
    for person, role in team:
        tx.add(AuditMember(audit_id=audit.id, person_id=person, role=role))
    tx.flush()


def _rows(audit: Audit, checklist: Checklist, library: Library, asked: Collection[str]) -> list[dict[str, object]]:
    placed = [(section, item) for section in checklist.sections for item in section.items if item.id in asked]
    return [
        {
            "organisation_id": audit.organisation_id,
            "audit_id": audit.id,
            "position": position,
            "section": section.id,
            "section_title": section.title,
            **_question(item, checklist, library),
        }
        for position, (section, item) in enumerate(placed, start=1)
    ]


def _question(item: Item, checklist: Checklist, library: Library) -> dict[str, object]:
    node = library.node(item.clauses[0])
    needs = {answer.id: item.needs(answer) for answer in checklist.scale.answers}
    return {
        "item_id": item.id,
        "clause": node.ref,
        "clause_label": node.label,
        "edition_name": library.edition(node.edition).name,
        "strength": node.strength.value,
        "clauses": list(item.clauses),
        "principles": list(item.principles),
        "question": item.question,
        "good": item.good,
        "expected": item.evidence,
        "methods": [method.value for method in item.methods],
        "guidance": item.guidance or "",
        "weight": item.weight,
        "note_for": [name for name, what in needs.items() if "note" in what],
        "evidence_for": [name for name, what in needs.items() if "evidence" in what],
        "answer": checklist.scale.initial,
        "answer_state": "open",
        "conformity": None,
        "note": "",
        "version": 0,
        "source": item.source.value,
    }
