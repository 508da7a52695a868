"""Tailoring an audit before its start, questions of its own while it runs, and whom questions are put to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from auditkit.audits import rules as audit_rules
from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.rules import State
from auditkit.audits.service.taking import note, taken, touch
from auditkit.audits.tailoring import queries, rules
from auditkit.audits.tailoring.models import AuditTailoring
from auditkit.audits.tailoring.rules import INTERVIEWEE_NAMED, QUESTION_ADDED, TAILORED, Asked, Wish
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict
from auditkit.base.verbs import verb
from auditkit.content.library import Checklist, Library, digest_of
from auditkit.content.shapes import Method, Scale


@dataclass(frozen=True)
class Tailor:
    """`profile_id` empty: the planned checklist. `sections` none: all. `previous_id` None: begin afresh.

    `spared`: ids of single questions that are not asked, though their section is. `seen`: the stamp of the tailoring
    the person looked at, None where nobody did.
    """

    number: str
    profile_id: str = ""
    sections: tuple[str, ...] = ()
    least_weight: int = 1
    keep_failed: bool = True
    previous_id: int | None = None
    reason: str = ""
    spared: tuple[str, ...] = ()
    seen: str | None = None


@dataclass(frozen=True)
class AddQuestion:
    """A question for this audit only, in one of its sections (by id)."""

    number: str
    section: str
    question: str
    good: str = ""
    expected: str = ""
    methods: tuple[str, ...] = ("I",)
    weight: int = 1


@dataclass(frozen=True)
class NameInterviewee:
    """Whom the questions of a section are put to; `all_rows` False leaves alone those that name somebody already."""

    number: str
    section: str
    name: str
    all_rows: bool = False


@verb("audits.plan", leaves=TAILORED)
def tailor(tx: Session, command: Tailor, now: datetime, actor: Actor, *, library: Library) -> None:
    """Say what a planned audit asks. Raises NotFound, NotPlanned, NotAProfile, NoSuchPrevious, NothingLeft,
    NoSuchQuestion, TailoringReasonMissing, and Conflict when somebody else tailored it since it was `seen`.
    """
    audit = taken(tx, command.number)
    audit_rules.check_planned(State(audit.state))
    if command.seen is not None and command.seen != queries.tailoring(tx, audit.id).stamp:
        raise Conflict
    checklist = library.checklist(command.profile_id or audit.checklist_id)
    if command.profile_id and checklist.based_on != audit.checklist_id:
        raise rules.NotAProfile(id=command.profile_id)
    wish = Wish(command.sections, command.least_weight, command.keep_failed, frozenset(command.spared))
    rules.check_wish(wish, command.reason)
    _check_previous(tx, command.previous_id)
    questions = questions_of(checklist)
    if unknown := sorted(wish.spared - {one.item for one in questions}):
        raise rules.NoSuchQuestion(ids=unknown)
    asked, left_out = rules.split(questions, wish)
    if not asked:
        raise rules.NothingLeft
    found = tx.execute(select(AuditTailoring).where(AuditTailoring.audit_id == audit.id)).scalar_one_or_none()
    kept = found or AuditTailoring(audit_id=audit.id, left_out=[])
    kept.profile_id, kept.clauses, kept.least_weight = command.profile_id, list(command.sections), command.least_weight
    kept.keep_failed, kept.previous_id = command.keep_failed, command.previous_id
    kept.spared = sorted(wish.spared)
    kept.narrowed, kept.reason = wish.narrows, command.reason.strip()
    kept.changed_at, kept.changed_by = now, actor.person_id
    tx.add(kept)
    touch(audit, now)
    facts: dict[str, Any] = {"profile": command.profile_id, "sections": list(command.sections)}
    facts |= {"least_weight": command.least_weight, "previous": command.previous_id, "left_out": len(left_out)}
    facts |= {"spared": kept.spared} if kept.spared else {}
    note(tx, TAILORED, audit, now, actor, **facts)


def questions_of(checklist: Checklist) -> list[Asked]:
    """What decides over each question of a checklist."""
    return [Asked(item.id, section.id, item.weight) for section in checklist.sections for item in section.items]


def _check_previous(tx: Session, previous_id: int | None) -> None:
    if previous_id is None:
        return
    state = tx.execute(select(Audit.state).where(Audit.id == previous_id)).scalar_one_or_none()
    if state in (None, State.PLANNED):
        raise rules.NoSuchPrevious


@verb("audits.run", leaves=QUESTION_ADDED)
def add_question(tx: Session, command: AddQuestion, now: datetime, actor: Actor) -> int:
    """Add a question to a running audit and return its position. What it asks is kept with a digest of its own.

    Raises NotFound, NotRunning, QuestionMissing, SectionUnknown.
    """
    audit = taken(tx, command.number)
    audit_rules.check_running(State(audit.state))
    if not command.question.strip():
        raise rules.QuestionMissing
    beside = tx.execute(
        select(AuditRow).where(AuditRow.audit_id == audit.id, AuditRow.section == command.section).limit(1)
    ).scalar_one_or_none()
    if beside is None:
        raise rules.SectionUnknown
    added = func.count().filter(AuditRow.added_digest != "")
    position, before = tx.execute(select(func.max(AuditRow.position), added).where(AuditRow.audit_id == audit.id)).one()
    content = content_of(command, beside, serial=before + 1)
    row = AuditRow(**_row(audit, beside, content), position=position + 1, added_digest=digest_of(content))
    tx.add(row)
    audit.rows_total += 1
    touch(audit, now)
    note(tx, QUESTION_ADDED, audit, now, actor, item=row.item_id, digest=row.added_digest)
    return row.position


def content_of(command: AddQuestion, beside: AuditRow, serial: int) -> dict[str, Any]:
    """What a question of its own asks, as its digest is made of it."""
    return {
        "item_id": f"added-{serial}",
        "clause": beside.clause,
        "question": command.question.strip(),
        "good": command.good.strip(),
        "expected": command.expected.strip(),
        "methods": [Method(one).value for one in command.methods],
        "weight": command.weight,
    }


def _row(audit: Audit, beside: AuditRow, content: dict[str, Any]) -> dict[str, Any]:
    scale = Scale.model_validate(audit.scale)
    return {
        **content,
        "audit_id": audit.id,
        "section": beside.section,
        "section_title": beside.section_title,
        "clause_label": beside.clause_label,
        "edition_name": beside.edition_name,
        "strength": beside.strength,
        "clauses": [beside.clause],
        "principles": [],
        "guidance": "",
        "note_for": [one.id for one in scale.answers if "note" in one.needs],
        "evidence_for": [one.id for one in scale.answers if "evidence" in one.needs],
        "answer": scale.initial,
        "answer_state": "open",
        "conformity": None,
        "note": "",
        "version": 0,
    }


@verb("audits.run", leaves=INTERVIEWEE_NAMED)
def name_interviewee(tx: Session, command: NameInterviewee, now: datetime, actor: Actor) -> None:
    """Name whom the questions of a section are put to. Raises NotFound, NotRunning, SectionUnknown."""
    audit = taken(tx, command.number)
    audit_rules.check_running(State(audit.state))
    where = [AuditRow.audit_id == audit.id, AuditRow.section == command.section]
    known = tx.execute(select(func.count()).select_from(AuditRow).where(*where)).scalar_one()
    if not known:
        raise rules.SectionUnknown
    if not command.all_rows:
        where.append(AuditRow.interviewee == "")
    statement = update(AuditRow).where(*where).values(interviewee=command.name.strip()[:200])
    tx.execute(statement.execution_options(synchronize_session=False))
    touch(audit, now)
    note(tx, INTERVIEWEE_NAMED, audit, now, actor, section=command.section, all_rows=command.all_rows)
