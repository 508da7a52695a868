"""Storing rows of a file as complaints: one chunk, one transaction, one journal entry.

Rows go in by executemany (COPY on PostgreSQL): the ORM would take nine times as long. Tables with their constraints
and triggers stay in force, so a chunk is stored whole or not at all. Checked by
tests/slices/complaints_importing/test_importing_running.py and benchmarks/import_complaints.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.numbering import take_numbers
from auditkit.base.verbs import verb
from auditkit.complaints.assigning.naming import assign_rows
from auditkit.complaints.importing import writing
from auditkit.complaints.importing.mapping import MappedRow
from auditkit.complaints.importing.rules import IMPORTED, chunk_digest
from auditkit.complaints.models import SERIES, ImportRun
from auditkit.journal.service import record

RUNNING, FINISHED, UNDONE = "running", "finished", "undone"


@dataclass(frozen=True)
class OpenRun:
    """What is known of an import when it begins."""

    file_name: str
    file_digest: str
    profile: str
    profile_digest: str
    started_at: datetime


@dataclass(frozen=True)
class StoreChunk:
    """Rows to store, none of them stored before. `run_id` is None for the first chunk, which opens the run.

    `counts` are the totals of the run after this chunk; `next_row` is where a killed import goes on.
    """

    opening: OpenRun
    run_id: int | None
    rows: Sequence[MappedRow]
    next_row: int
    counts: dict[str, Any] = field(default_factory=dict)
    is_last: bool = False


@verb("complaints.import", leaves=IMPORTED)
def store_chunk(tx: Session, command: StoreChunk, now: datetime, actor: Actor) -> int:
    """Store the rows, bring the run up to date and journal both; returns the run's id.

    The journal keeps how many rows came in and a digest of them, no personal data.
    """
    run = _run(tx, command, actor)
    if command.rows:
        first = take_numbers(tx, SERIES, now.year, len(command.rows))
        ids = writing.store(tx, command.rows, run_id=run.id, first_reference=first, now=now)
        assign_rows(tx, ids, run.id, now, actor)
    run.next_row = command.next_row
    run.counts = dict(command.counts)
    if command.is_last:
        run.state, run.finished_at = FINISHED, now
    record(
        tx,
        IMPORTED,
        now=now,
        actor=actor,
        subject=("import", run.id),
        facts={
            "file": run.file_digest,
            "profile": run.profile,
            "rows": len(command.rows),
            "digest": chunk_digest(row.digest for row in command.rows),
            "finished": command.is_last,
        },
    )
    return run.id


def _run(tx: Session, command: StoreChunk, actor: Actor) -> ImportRun:
    if command.run_id is not None:
        return tx.execute(select(ImportRun).where(ImportRun.id == command.run_id)).scalar_one()
    opening = command.opening
    run = ImportRun(
        file_name=opening.file_name,
        file_digest=opening.file_digest,
        profile=opening.profile,
        profile_digest=opening.profile_digest,
        state=RUNNING,
        person_id=actor.person_id,
        started_at=opening.started_at,
        next_row=1,
        counts={},
    )
    tx.add(run)
    tx.flush()
    return run
