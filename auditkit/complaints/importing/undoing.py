"""Taking an import back: its complaints are removed, while nobody has built anything on them.

Portion by portion, each a transaction with its journal entry, so that others can work meanwhile; before each portion
it is asked again what was built on it. Triggers keep the search index right, foreign keys take the references along.
Checked by tests/slices/complaints_importing/test_importing_undoing.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, select

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import Base, Session, reading, transaction
from auditkit.base.events import registered
from auditkit.base.text import N_, _
from auditkit.base.verbs import verb
from auditkit.complaints.assigning.models import ComplaintAssignment
from auditkit.complaints.clock.models import ComplaintUntimed
from auditkit.complaints.importing.models import ImportedReference, ImportUndo
from auditkit.complaints.importing.rules import UNDONE, ImportAlreadyUndone, ImportBuiltOn, ImportNotUndoable
from auditkit.complaints.importing.service import RUNNING
from auditkit.complaints.importing.service import UNDONE as STATE_UNDONE
from auditkit.complaints.models import Complaint, ImportRun
from auditkit.journal.service import record
from auditkit.web.languages import listed

PORTION = 2_000
TOLD = 10

# What people call the rows of other tables that hang on a complaint; a table that is not here is called by its name.
_TITLES = {
    "complaint_assessment": N_("assessment"),
    "complaint_investigation": N_("investigation"),
    "complaint_party": N_("person complained about"),
    "complaint_decision": N_("decision"),
    "complaint_escalation": N_("escalation"),
    "complaint_referral": N_("external body"),
    "complaint_link": N_("link to another complaint"),
    "complaint_note": N_("internal note"),
    "complaint_detriment": N_("look for detriment"),
    "complaint_remedy_check": N_("check of a remedy"),
    "complaint_pause": N_("pause"),
    "complaint_message": N_("message"),
    "complaint_tracking": N_("page of the complainant"),
    "complaint_receipt": N_("receipt"),
    "complaint_intake": N_("details of receipt"),
    "complaint_clock": N_("due dates"),
    "complaint_due": N_("due dates"),
    "audit_sample_item": N_("sample of an audit"),
}
_NOT_BUILT = (
    Complaint.__tablename__,
    ImportedReference.__tablename__,
    ComplaintAssignment.__tablename__,
    ComplaintUntimed.__tablename__,
)
_CHANGED, _JOURNALLED = N_("changed since"), N_("journal")
_ACTION, _EVIDENCE = N_("action"), N_("evidence")


@dataclass(frozen=True)
class BuiltOn:
    """A complaint somebody has worked on, and what there is: words for people."""

    complaint_id: int
    reference: str
    what: tuple[str, ...]

    @property
    def text(self) -> str:
        """`C-2026-000007 (message, action)`."""
        return f"{self.reference} ({listed(self.what)})"


def built_on(tx: Session, run_id: int, limit: int = TOLD, ids: list[int] | None = None) -> list[BuiltOn]:
    """Complaints of the import that something hangs on, the first `limit`; among `ids` only, where these are given.

    Looking at a complaint, which the journal tells of too, is no building.
    """
    of_run = select(Complaint.id).where(Complaint.import_run_id == run_id)
    if ids is not None:
        of_run = of_run.where(Complaint.id.between(ids[0], ids[-1]))
    found: dict[int, list[str]] = {}

    def take(title: str, query: Any) -> None:
        for (complaint_id,) in tx.execute(query.limit(limit)):
            words = found.setdefault(complaint_id, [])
            if _(title) not in words:
                words.append(_(title))

    for table, column in _hanging():
        model = _model_of(table)
        attribute = getattr(model, column)
        take(_TITLES.get(table.name, table.name), select(attribute).where(attribute.in_(of_run)).order_by(attribute))
    names = [one.name for one in registered().values() if one.about_records]
    entry, action, link = (
        _model_of(Base.metadata.tables[name]) for name in ("journal_entry", "action", "evidence_link")
    )
    entries = select(entry.subject_id).where(entry.subject_kind == "complaint", entry.event.in_(names))
    take(_JOURNALLED, entries.where(entry.subject_id.in_(of_run)))
    take(_ACTION, select(action.origin_id).where(action.origin_kind == "complaint", action.origin_id.in_(of_run)))
    take(_EVIDENCE, select(link.subject_id).where(link.subject_kind == "complaint", link.subject_id.in_(of_run)))
    take(_CHANGED, of_run.where(Complaint.version > 1).order_by(Complaint.id))
    if not found:
        return []
    chosen = sorted(found)[:limit]
    named = tx.execute(select(Complaint.id, Complaint.reference).where(Complaint.id.in_(chosen)))
    references = {row.id: row.reference for row in named}
    return [BuiltOn(one, references[one], tuple(found[one])) for one in chosen if one in references]


def _hanging() -> list[tuple[Table, str]]:
    """(table, column) of everything that names a complaint, but the import's own, what rules of assignment decided by
    themselves and the note that it has no due dates; samples name one without a key."""
    complaint = Base.metadata.tables["complaint"]
    found = set()
    for table in Base.metadata.sorted_tables:
        if table.name not in _NOT_BUILT:
            found |= {(table, key.parent.key) for key in table.foreign_keys if key.column.table is complaint}
            found |= {(table, column.key) for column in table.columns if column.key == "complaint_id"}
    return sorted(found, key=lambda one: (one[0].name, one[1]))


def _model_of(table: Table) -> Any:
    # By the table's name: the records of other slices are only counted here, and most of these slices lie above
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)


@dataclass(frozen=True)
class UndoPortion:
    """Remove the next complaints of this import, at most `most`."""

    run_id: int
    most: int = PORTION


@verb("complaints.import", leaves=UNDONE)
def undo_portion(tx: Session, command: UndoPortion, now: datetime, actor: Actor) -> int:
    """Remove the newest complaints that are left of the import; returns how many are left after that.

    Raises ImportNotUndoable, ImportAlreadyUndone, and ImportBuiltOn with the complaints that stand in the way.
    """
    run = tx.execute(select(ImportRun).where(ImportRun.id == command.run_id)).scalar_one()
    if run.state == STATE_UNDONE:
        raise ImportAlreadyUndone
    if run.state == RUNNING:
        raise ImportNotUndoable
    of_run = select(Complaint.id).where(Complaint.import_run_id == run.id).order_by(Complaint.id.desc())
    ids = sorted(tx.execute(of_run.limit(command.most)).scalars())
    if ids:
        blocking = built_on(tx, run.id, ids=ids)
        if blocking:
            raise ImportBuiltOn(cases=listed(one.text for one in blocking))
    undo = _undo_of(tx, run.id, ids, now, actor)
    if ids:
        tx.execute(
            delete(Complaint).where(Complaint.import_run_id == run.id, Complaint.id.between(ids[0], ids[-1])),
            execution_options={"synchronize_session": False},
        )
    undo.removed += len(ids)
    left = tx.execute(select(func.count(Complaint.id)).where(Complaint.import_run_id == run.id)).scalar_one()
    if not left:
        run.state, undo.ended_at = STATE_UNDONE, now
    facts = {"file": run.file_digest, "rows": len(ids), "left": left}
    record(tx, UNDONE, now=now, actor=actor, subject=("import", run.id), facts=facts)
    return left


def _undo_of(tx: Session, run_id: int, ids: list[int], now: datetime, actor: Actor) -> ImportUndo:
    undo = tx.execute(select(ImportUndo).where(ImportUndo.import_run_id == run_id)).scalar_one_or_none()
    if undo is None:
        undo = ImportUndo(
            import_run_id=run_id, last_id=ids[-1] if ids else 0, removed=0, begun_at=now, begun_by=actor.person_id
        )
        tx.add(undo)
    return undo


def undo_import(run_id: int, actor: Actor, on_progress: Callable[[float], None] = lambda _share: None) -> int:
    """Take the whole import back; returns how many complaints were removed by this call.

    Outside a transaction. What was cut off goes on when it is called again. Raises as `undo_portion`; when something
    in the import was built on, before anything is removed.
    """
    actor.require("complaints.import")
    session = reading(actor)
    blocking = built_on(session, run_id)
    if blocking:
        raise ImportBuiltOn(cases=listed(one.text for one in blocking))
    total = int(session.execute(select(func.count(Complaint.id)).where(Complaint.import_run_id == run_id)).scalar_one())
    left = total
    while True:
        with transaction(actor) as tx:
            left = undo_portion(tx, UndoPortion(run_id), clock.now(), actor)
        if not left:
            return total
        on_progress(1 - left / total)
