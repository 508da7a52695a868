"""Planning an audit, and starting it: the checklist is frozen then."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert

from auditkit.accounts.queries import members
from auditkit.accounts.rules import Role, permissions_of
from auditkit.audits import rules
from auditkit.audits.models import Audit, AuditChecklist, AuditMember, AuditRow
from auditkit.audits.rules import PLANNED, REPLANNED, SERIES, STARTED, Method, State, TeamRole
from auditkit.audits.service.taking import note, taken, touch
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb
from auditkit.content.library import Checklist, Library, canonical
from auditkit.content.shapes import Item

RUN = "audits.run"


@dataclass(frozen=True)
class PlanAudit:
    """What a plan says. `edition_id` empty: that of the checklist. `team` is (person, role) pairs with one lead."""

    title: str
    objectives: str
    scope: str
    checklist_id: str
    planned_from: date
    planned_to: date
    team: tuple[tuple[int, TeamRole], ...]
    edition_id: str = ""
    criteria: str = ""
    places: str = ""
    method: Method = Method.ON_SITE


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

    Raises NotFound for a checklist or edition the library does not have, and what `rules.check_plan` refuses.
    """
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
    _set_team(tx, audit, command)
    note(tx, PLANNED, audit, now, actor, **_facts(audit, command))
    return audit.number


@verb("audits.plan", leaves=REPLANNED)
def replan(tx: Session, command: ReplanAudit, now: datetime, actor: Actor, *, library: Library) -> None:
    """Change the plan of an audit that has not started. Raises NotFound, PlanChanged, NotPlanned, and as `plan`."""
    audit = taken(tx, command.number, command.version)
    rules.check_planned(State(audit.state))
    _check(tx, command.plan)
    for name, value in _fields(command.plan, library).items():
        setattr(audit, name, value)
    tx.execute(delete(AuditMember).where(AuditMember.audit_id == audit.id))
    _set_team(tx, audit, command.plan)
    touch(audit, now)
    note(tx, REPLANNED, audit, now, actor, **_facts(audit, command.plan))


@verb(RUN, leaves=STARTED)
def start(tx: Session, command: StartAudit, now: datetime, actor: Actor, *, library: Library) -> None:
    """Start the audit: its checklist is copied row by row and kept whole with its digest, whatever the library becomes.

    Raises NotFound, PlanChanged, NotPlanned.
    """
    audit = taken(tx, command.number, command.version)
    rules.check_planned(State(audit.state))
    checklist = library.checklist(audit.checklist_id)
    edition = library.edition(audit.edition_id)
    audit.checklist_title, audit.edition_name = checklist.title, edition.name
    audit.checklist_digest, audit.edition_digest = checklist.digest, edition.digest
    audit.scale = canonical(checklist.scale)
    audit.rows_total = len(checklist.items)
    audit.state, audit.started_at, audit.started_by = State.RUNNING, now, actor.person_id
    touch(audit, now)
    tx.add(AuditChecklist(audit_id=audit.id, content=checklist.frozen()))
    tx.flush()
    tx.execute(insert(AuditRow), _rows(audit, checklist, library))
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
    everybody = members(tx)
    rules.check_plan(
        title=command.title,
        objectives=command.objectives,
        scope=command.scope,
        planned_from=command.planned_from,
        planned_to=command.planned_to,
        team=command.team,
        auditors=[one.person_id for one in everybody if RUN in permissions_of(Role(one.role))],
        people=[one.person_id for one in everybody],
    )


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
    }


def _facts(audit: Audit, command: PlanAudit) -> dict[str, object]:
    return {
        "checklist": audit.checklist_id,
        "edition": audit.edition_id,
        "from": audit.planned_from.isoformat(),
        "to": audit.planned_to.isoformat(),
        "team": [[person, str(role)] for person, role in command.team],
    }


def _set_team(tx: Session, audit: Audit, command: PlanAudit) -> None:
    for person, role in command.team:
        tx.add(AuditMember(audit_id=audit.id, person_id=person, role=role))
    tx.flush()


def _rows(audit: Audit, checklist: Checklist, library: Library) -> list[dict[str, object]]:
    placed = [(section, item) for section in checklist.sections for item in section.items]
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
