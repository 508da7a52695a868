"""Reads about imports: the runs of an organisation, newest first, and those of one file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.complaints.models import ImportRun


@dataclass(frozen=True)
class RunSummary:
    """One import. `counts` are whole numbers by name; `finished_at` is None while it runs or after it was killed."""

    id: int
    file_name: str
    profile: str
    profile_digest: str
    state: str
    next_row: int
    counts: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None


def runs_of_file(session: Session, file_digest: str) -> list[RunSummary]:
    """Imports of a file with these very bytes, newest first."""
    found = select(ImportRun).where(ImportRun.file_digest == file_digest).order_by(ImportRun.id.desc())
    return [_summary(run) for run in session.execute(found).scalars()]


def newest_runs(session: Session, limit: int = 20) -> list[RunSummary]:
    """The organisation's newest imports."""
    found = select(ImportRun).order_by(ImportRun.id.desc()).limit(limit)
    return [_summary(run) for run in session.execute(found).scalars()]


def _summary(run: ImportRun) -> RunSummary:
    return RunSummary(
        run.id,
        run.file_name,
        run.profile,
        run.profile_digest,
        run.state,
        run.next_row,
        dict(run.counts),
        run.started_at,
        run.finished_at,
    )
