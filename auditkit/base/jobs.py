"""Long work that can be left: a row says what is to be done, a worker takes it, the row shows how far it is.

The row is the queue: it is written in the transaction that asks for the work, so a rollback leaves no job behind, and a
worker that dies leaves a row that the sweep gives to the next one (decision 12, see docs/decisions/0004).
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import CheckConstraint, Float, Index, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base import clock, outbox
from auditkit.base.actor import Actor
from auditkit.base.db import (
    UNSCOPED,
    JsonDict,
    Key,
    OfOrganisation,
    Session,
    UtcDateTime,
    db,
    separate_scope,
    transaction,
)
from auditkit.base.errors import AuditkitError

ATTEMPTS = 3
SILENT_FOR = timedelta(minutes=2)

log = logging.getLogger(__name__)


class Job(OfOrganisation, db.Model):  # type: ignore[name-defined]  # Flask-SQLAlchemy makes Model at run time
    """One piece of long work. `state`: queued, running, done, failed. `progress` 0 to 1; `result` plain JSON."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    person_id: Mapped[int | None] = mapped_column(Integer)
    role: Mapped[str] = mapped_column(String(40))
    permissions: Mapped[list[str]] = mapped_column(JsonDict)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonDict)
    message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state_known"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_share"),
        Index(None, "state", "id"),
    )


@dataclass(frozen=True)
class JobView:
    """A job for reading."""

    id: int
    kind: str
    state: str
    progress: float
    result: dict[str, Any] | None
    message: str | None


Handler = Callable[[dict[str, Any], Actor, Callable[[float], None]], dict[str, Any]]
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function that does jobs of `kind`: `(payload, actor, progress) -> result`, transactions its own."""

    def declare(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return declare


def put(tx: Session, kind: str, payload: dict[str, Any], *, now: datetime, actor: Actor) -> Job:
    """Queue a job in the open transaction. `payload` holds ids and choices, never contents."""
    job = Job(
        kind=kind,
        payload=payload,
        person_id=actor.person_id,
        role=actor.role,
        permissions=sorted(actor.permissions),
        created_at=now,
        heard_at=now,
    )
    tx.add(job)
    tx.flush()
    return job


def view(tx: Session, job_id: int) -> JobView | None:
    """The job as it stands, or None."""
    job = tx.execute(select(Job).where(Job.id == job_id)).scalar_one_or_none()
    return JobView(job.id, job.kind, job.state, job.progress, job.result, job.message) if job else None


def requeue_silent() -> int:
    """Give jobs whose worker fell silent to the next worker; after the last attempt they fail. Returns how many."""
    with transaction() as tx:
        silent = (
            tx.execute(
                select(Job)
                .where(Job.state == "running", Job.heard_at < clock.now() - SILENT_FOR)
                .execution_options(**{UNSCOPED: True})
            )
            .scalars()
            .all()
        )
        for job in silent:
            job.state = "queued" if job.attempts < ATTEMPTS else "failed"
            job.message = "the worker stopped before the work was done"
        return len(silent)


def waiting() -> bool:
    """Whether a worker has anything to do: a plain read, so that an idle worker never takes the write lock."""
    session = db.session()
    due = select(Job.id).where(Job.state.in_(("queued", "running"))).execution_options(**{UNSCOPED: True}).limit(1)
    found = session.execute(due).first() is not None or outbox.waiting(session)
    session.rollback()
    return found


def run_next() -> bool:
    """Take the oldest queued job and do it. Returns False when there was none."""
    with transaction() as tx:
        job = tx.execute(
            select(Job)
            .where(Job.state == "queued", Job.kind.in_(_handlers))
            .order_by(Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(**{UNSCOPED: True})
        ).scalar_one_or_none()
        if job is None:
            return False
        job.state, job.heard_at = "running", clock.now()
        job.attempts += 1
        job_id, kind, payload = job.id, job.kind, job.payload
        actor = Actor(job.organisation_id, job.person_id, job.role, kind, frozenset(job.permissions))

    def report(share: float) -> None:
        _store(job_id, progress=min(max(share, 0.0), 1.0), heard_at=clock.now())

    with separate_scope():
        try:
            result = _handlers[kind](payload, actor, report)
        except AuditkitError as error:
            _store(job_id, state="failed", message=str(error))
        except Exception:
            # The worker must outlive any job; the fault is logged whole and the row says that it failed.
            log.exception("job %s (%s) failed", job_id, kind)
            _store(job_id, state="failed", message="an unexpected fault; the log has it under this job's number")
        else:
            _store(job_id, state="done", progress=1.0, result=result)
    return True


def _store(job_id: int, **values: Any) -> None:
    with transaction() as tx:
        tx.execute(update(Job).where(Job.id == job_id).values(**values).execution_options(**{UNSCOPED: True}))


class Worker(threading.Thread):
    """The worker of a single-process installation: jobs first, then due mail, then it waits."""

    def __init__(self, app: Flask, pause_seconds: float = 1.0) -> None:
        super().__init__(name="auditkit-worker", daemon=True)
        self.app, self.pause_seconds = app, pause_seconds
        self.stopping = threading.Event()

    def run(self) -> None:
        settings = self.app.extensions["auditkit.settings"]
        deliver = outbox.deliverer(settings)
        while not self.stopping.is_set():
            busy = False
            with self.app.app_context():
                if waiting():
                    requeue_silent()
                    busy = run_next()
                    outbox.send_due(deliver, settings.mail_from)
            if not busy:
                self.stopping.wait(self.pause_seconds)

    def stop(self) -> None:
        """Ask the worker to end after what it is doing."""
        self.stopping.set()
