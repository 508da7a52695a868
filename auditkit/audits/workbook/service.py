"""Handing out a workbook, merging one that comes back, and settling what both sides changed.

What a workbook changes goes through the same door as every answer (`storing.store`), so it needs the notes and
files every answer needs, and leaves the same entries. tests/slices/audits/run/test_audit_workbook.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from auditkit.audits import rules as audit_rules
from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.queries import plans, run
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.run import RowView
from auditkit.audits.rules import State
from auditkit.audits.service.taking import note, taken
from auditkit.audits.storing import Answer, read_row, store
from auditkit.audits.wording import Wording
from auditkit.audits.workbook import queries
from auditkit.audits.workbook.merging import merge_rows, same
from auditkit.audits.workbook.models import AuditWorkbook, AuditWorkbookConflict, AuditWorkbookReturn
from auditkit.audits.workbook.reading import Came, Returned
from auditkit.audits.workbook.rules import (
    RETURNED,
    SETTLED,
    TAKEN,
    AlreadySettled,
    Cell,
    Kept,
    NotOurWorkbook,
)
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import BadInput, Conflict, NotFound, RuleBroken
from auditkit.base.ids import new_secret
from auditkit.base.text import _
from auditkit.base.verbs import verb
from auditkit.content.library import Library, in_language
from auditkit.content.shapes import Scale


@dataclass(frozen=True)
class Take:
    """Take a workbook out in a language; empty: in the one in which the questions were frozen."""

    number: str
    language: str = ""


@dataclass(frozen=True)
class Taken:
    """A workbook to be written: its number in the audit, the code that stands in it, the audit and its rows as read."""

    serial: int
    code: str
    head: AuditHead
    rows: list[RowView]


@dataclass(frozen=True)
class BringBack:
    """A workbook that was read; `digest` is of its file, `name` what the file was called."""

    number: str
    returned: Returned
    digest: str
    name: str


@dataclass(frozen=True)
class Settle:
    """What is to stand of a conflict. `version` is the row's as the person saw it."""

    number: str
    conflict_id: int
    kept: Kept
    version: int


@verb("audits.run", leaves=TAKEN)
def take(tx: Session, command: Take, now: datetime, actor: Actor, *, library: Library | None = None) -> Taken:
    """Hand out a workbook: what every row says now is kept as its base, and how it was worded.

    `library`: whose texts of the questions are written, in the language asked for; without it they stay as frozen.
    Raises NotFound, NotRunning.
    """
    audit = taken(tx, command.number)
    audit_rules.check_running(State(audit.state))
    head, rows = plans.by_number(tx, command.number), run.rows(tx, audit.id)
    frozen = head, {row.id: row.question for row in rows}
    if library is not None and command.language:
        words = Wording(in_language(library, command.language))
        head, rows = words.head(head), words.rows(rows, head)
    last = tx.execute(select(func.max(AuditWorkbook.serial)).where(AuditWorkbook.audit_id == audit.id)).scalar_one()
    book = AuditWorkbook(
        audit_id=audit.id,
        serial=(last or 0) + 1,
        code=new_secret(24),
        base={str(row.id): [row.answer, row.note] for row in rows},
        taken_at=now,
        taken_by=actor.person_id,
        language=command.language,
        words=_words(*frozen, head, rows),
    )
    tx.add(book)
    tx.flush()
    note(tx, TAKEN, audit, now, actor, workbook=book.serial, rows=len(book.base), language=command.language)
    return Taken(book.serial, book.code, head, rows)


def _words(frozen: AuditHead, questions: dict[int, str], head: AuditHead, rows: list[RowView]) -> dict[str, Any]:
    """What the workbook says otherwise than it was frozen."""
    asked = {str(row.id): str(row.question) for row in rows if row.question != questions[row.id]}
    labels = {one["label"] for one in (frozen.scale or {}).get("answers", ())}
    said = {str(one["label"]): one["id"] for one in (head.scale or {}).get("answers", ()) if one["label"] not in labels}
    return {"questions": asked, "answers": said} if asked or said else {}


@verb("audits.run", leaves=RETURNED)
def bring_back(tx: Session, command: BringBack, now: datetime, actor: Actor) -> int:
    """Merge a returned workbook and return the id of the return. Ask `queries.known` before: a file returns once.

    Raises NotFound, NotRunning, NotOurWorkbook. Rows that cannot be taken are listed in the outcome with the reason.
    """
    audit = taken(tx, command.number)
    audit_rules.check_running(State(audit.state))
    book = tx.execute(
        select(AuditWorkbook).where(AuditWorkbook.audit_id == audit.id, AuditWorkbook.code == command.returned.code)
    ).scalar_one_or_none()
    if book is None:
        raise NotOurWorkbook
    came, refused = _ours(tx, audit, book, command.returned.rows)
    base = {int(row): {Cell.ANSWER.value: said[0], Cell.NOTE.value: said[1]} for row, said in book.base.items()}
    plan = merge_rows(base, queries.cells_now(tx, audit.id, list(came)), {row: one.cells for row, one in came.items()})
    changed = 0
    for row_id, cells in plan.takes.items():
        reason = _store(tx, command.number, row_id, cells, now, actor)
        if reason:
            refused.append({"place": came[row_id].place, "why": reason})
        else:
            changed += 1
    back = AuditWorkbookReturn(
        workbook_id=book.id,
        digest=command.digest,
        name=command.name[:255],
        returned_at=now,
        returned_by=actor.person_id,
        outcome={
            "changed": changed,
            "conflicts": sum(map(len, plan.clashes.values())),
            "unchanged": len(came) - len(plan.takes.keys() | plan.clashes.keys()),
            "missing": len(base.keys() - came.keys()),
            "refused": refused,
            "formulas": list(command.returned.formulas),
        },
    )
    tx.add(back)
    tx.flush()
    _keep_conflicts(tx, back, plan.clashes, actor)
    counts = {name: back.outcome[name] for name in ("changed", "conflicts", "unchanged", "missing")}
    note(tx, RETURNED, audit, now, actor, workbook=book.serial, digest=command.digest, refused=len(refused), **counts)
    return int(back.id)


@dataclass(frozen=True)
class _Row:
    place: str
    cells: dict[str, str]


def _ours(
    tx: Session, audit: Audit, book: AuditWorkbook, rows: Iterable[Came]
) -> tuple[dict[int, _Row], list[dict[str, str]]]:
    """The rows that this workbook was handed out with, by id; and the others with why each is refused."""
    query = select(AuditRow.id, AuditRow.question).where(AuditRow.audit_id == audit.id)
    asked: dict[str, str] = book.words.get("questions", {})
    questions = {row.id: asked.get(str(row.id), row.question) for row in tx.execute(query)}
    scale = Scale.model_validate(audit.scale)
    worded: dict[str, str] = book.words.get("answers", {})
    labels = [*worded] or [one.label for one in scale.answers]
    answers = {said.casefold(): one.id for one in scale.answers for said in (one.id, one.label)}
    answers |= {label.casefold(): answer for label, answer in worded.items()}
    found: dict[int, _Row] = {}
    refused: list[dict[str, str]] = []
    for came in rows:
        row_id = int(came.mark) if came.mark.isdecimal() and came.mark in book.base else 0
        if not row_id or row_id not in questions:
            why = _("This row does not come from this audit, so it was left out")
        elif row_id in found:
            why = _("This row is there twice; the first one counts")
        elif not same(came.question, questions[row_id]):
            why = _("The question and the hidden mark of this row belong to different questions; sort whole rows only")
        elif came.answer and came.answer.casefold() not in answers:
            why = _(
                "“%(answer)s” is no answer of this audit. Choose one of the list: %(answers)s",
                answer=came.answer[:80],
                answers=labels,
            )
        else:
            answer = answers.get(came.answer.casefold(), scale.initial)
            found[row_id] = _Row(came.place, {Cell.ANSWER.value: answer, Cell.NOTE.value: came.note})
            continue
        refused.append({"place": came.place, "why": str(why)})
    return found, refused


def _store(tx: Session, number: str, row_id: int, cells: dict[str, str], now: datetime, actor: Actor) -> str:
    """Answer a row as the workbook says; why not, where the rules refuse it (they do so before anything is written)."""
    row = read_row(tx, number, row_id)
    answer = Answer(number, row_id, row.version, cells.get(Cell.ANSWER, row.answer), cells.get(Cell.NOTE, row.note))
    try:
        store(tx, row, answer, now, actor)
    except (RuleBroken, BadInput, Conflict) as refusal:
        return str(refusal)
    return ""


def _keep_conflicts(tx: Session, back: AuditWorkbookReturn, clashes: dict[int, Any], actor: Actor) -> None:
    rows = [
        {
            "organisation_id": actor.organisation_id,
            "return_id": back.id,
            "row_id": row_id,
            "cell": one.cell,
            "base": one.base,
            "mine": one.mine,
            "theirs": one.theirs,
            "kept": "",
        }
        for row_id, found in clashes.items()
        for one in found
    ]
    if rows:
        tx.execute(insert(AuditWorkbookConflict), rows)


@verb("audits.run", leaves=SETTLED)
def settle(tx: Session, command: Settle, now: datetime, actor: Actor) -> None:
    """Let one side of a conflict stand. Raises NotFound, AlreadySettled, and what answering raises."""
    found = tx.execute(
        select(AuditWorkbookConflict)
        .join(AuditWorkbookReturn, AuditWorkbookReturn.id == AuditWorkbookConflict.return_id)
        .join(AuditWorkbook, AuditWorkbook.id == AuditWorkbookReturn.workbook_id)
        .join(Audit, Audit.id == AuditWorkbook.audit_id)
        .where(AuditWorkbookConflict.id == command.conflict_id, Audit.number == command.number)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    if found.kept:
        raise AlreadySettled
    audit = taken(tx, command.number)
    audit_rules.check_running(State(audit.state))
    if command.kept is Kept.THEIRS:
        row = read_row(tx, command.number, found.row_id)
        answer = found.theirs if found.cell == Cell.ANSWER else row.answer
        text = found.theirs if found.cell == Cell.NOTE else row.note
        store(tx, row, Answer(command.number, found.row_id, command.version, answer, text), now, actor)
    found.kept, found.settled_at, found.settled_by = command.kept.value, now, actor.person_id
    note(tx, SETTLED, audit, now, actor, conflict=found.id, cell=found.cell, kept=found.kept)
