"""Long work that can be left: a row says what is to be done, a worker takes it, the row shows how far it is.

The row is the queue: it is written in the transaction that asks for the work, so a rollback leaves no job behind, and a
worker that dies leaves a row that the sweep gives to the next one (decision 12, see docs/decisions/0004). A worker that
is asked to end gives its job back at once.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import CheckConstraint, CursorResult, Float, Index, Integer, String, Text, delete, event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base import clock, delivery, outbox
from auditkit.base.actor import Actor
from auditkit.base.db import (
    SCOPE,
    UNSCOPED,
    JsonDict,
    Key,
    Model,
    OfOrganisation,
    Session,
    UtcDateTime,
    db,
    separate_scope,
    transaction,
)
from auditkit.base.errors import AuditkitError
from auditkit.base.text import N_, _, spoken

ATTEMPTS = 3
SILENT_FOR = timedelta(minutes=2)
TOLD_EVERY = 1.0  # seconds between two reports of progress into the row
WATCHED_EVERY = 30.0  # seconds between two rounds of the watches
HEARD_EVERY = 20.0  # seconds after which a job without progress is said to be at work all the same

STOPPED = N_("The work was interrupted three times before it was done. Ask the administrator to look at the log")
FAULT = N_("Something went wrong on our side. Tell the administrator this number: %(number)s")

UNDER_WAY = ("queued", "running")

log = logging.getLogger(__name__)


class Job(OfOrganisation, Model):
    """One piece of long work. `state`: queued, running, done, failed. `progress` 0 to 1; `result` plain JSON.

    `locale` is the language of the person who asked; `heard_at` when a worker last said that it is at it.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    person_id: Mapped[int | None] = mapped_column(Integer)
    role: Mapped[str] = mapped_column(String(40))
    permissions: Mapped[list[str]] = mapped_column(JsonDict)
    locale: Mapped[str] = mapped_column(String(20), default="en")
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
    """A job for reading. `attempts` counts the workers that took it; more than one: it was interrupted."""

    id: int
    kind: str
    payload: dict[str, Any]
    person_id: int | None
    state: str
    attempts: int
    progress: float
    result: dict[str, Any] | None
    message: str | None
    created_at: datetime
    heard_at: datetime

    @property
    def under_way(self) -> bool:
        """Whether it is still to be done."""
        return self.state in UNDER_WAY


Handler = Callable[[dict[str, Any], Actor, Callable[[float], None]], dict[str, Any]]
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function that does jobs of `kind`: `(payload, actor, progress) -> result`, transactions its own."""

    def declare(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return declare


Watch = Callable[[], None]
_watches: list[Watch] = []


def watch(function: Watch) -> Watch:
    """Declare what the worker looks for by itself every half minute, such as dates that have passed.

    It begins with a plain read and takes the write lock only when there is something to do; what it does it does once,
    however long no worker was there. It opens its own transactions.
    """
    _watches.append(function)
    return function


def look_around() -> None:
    """One round of the watches. A watch that fails is logged, and the others look all the same."""
    for one in _watches:
        try:
            one()
        except Exception:
            # The worker must outlive any watch, as it does any job.
            log.exception("the watch %s failed", one.__qualname__)
            db.session.rollback()


def put(tx: Session, kind: str, payload: dict[str, Any], *, now: datetime, actor: Actor, locale: str = "en") -> Job:
    """Queue a job in the open transaction. `payload` holds ids and choices, never contents; texts come in `locale`."""
    job = Job(
        kind=kind,
        payload=payload,
        person_id=actor.person_id,
        role=actor.role,
        permissions=sorted(actor.permissions),
        locale=locale,
        created_at=now,
        heard_at=now,
    )
    tx.add(job)
    tx.flush()
    event.listen(tx, "after_commit", _wake, once=True)
    return job


_asked = threading.Event()
"""Set when work was asked for in this process, so that a worker beside it begins without waiting."""


def _wake(_session: Session) -> None:
    _asked.set()


def view(tx: Session, job_id: int) -> JobView | None:
    """The job as it stands, or None."""
    job = tx.execute(select(Job).where(Job.id == job_id)).scalar_one_or_none()
    return _view(job) if job else None


def under_way(tx: Session, kind: str) -> list[JobView]:
    """The organisation's jobs of `kind` that are queued or running, oldest first."""
    found = select(Job).where(Job.kind == kind, Job.state.in_(UNDER_WAY)).order_by(Job.id)
    return [_view(job) for job in tx.execute(found).scalars()]


def forget_ended(tx: Session, kind: str) -> None:
    """Remove the organisation's jobs of `kind` that have ended: for work that comes again every few minutes."""
    ended = delete(Job).where(Job.kind == kind, Job.state.in_(("done", "failed")))
    tx.execute(ended.where(Job.organisation_id == tx.info[SCOPE]))


def _view(job: Job) -> JobView:
    return JobView(**{name: getattr(job, name) for name in JobView.__dataclass_fields__})


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
            if job.attempts < ATTEMPTS:
                job.state = "queued"
            else:
                with spoken(job.locale):
                    job.state, job.message = "failed", _(STOPPED)
        return len(silent)


def waiting() -> bool:
    """Whether a worker has anything to do: a plain read, so that an idle worker never takes the write lock."""
    session = db.session()
    due = select(Job.id).where(Job.state.in_(UNDER_WAY)).execution_options(**{UNSCOPED: True}).limit(1)
    found = session.execute(due).first() is not None or outbox.waiting(session)
    session.rollback()
    return found


# Doing it


@dataclass(frozen=True)
class _Taken:
    """A job in the hands of this worker. `attempt` tells this taking from a later one."""

    id: int
    kind: str
    payload: dict[str, Any]
    actor: Actor
    locale: str
    attempt: int

    def store(self, tx: Session, **values: Any) -> bool:
        """Write into the row while it is still this worker's; whether it was."""
        mine = update(Job).where(Job.id == self.id, Job.state == "running", Job.attempts == self.attempt)
        done = tx.execute(mine.values(**values).execution_options(**{UNSCOPED: True}))
        assert isinstance(done, CursorResult)  # noqa: S101 - what an UPDATE gives
        return done.rowcount > 0


class _LeftOff(Exception):
    """Raised where a handler reports progress: it is to end here. `give_back`: somebody else shall go on."""

    def __init__(self, *, give_back: bool) -> None:
        self.give_back = give_back


def run_next(stopping: Callable[[], bool] = lambda: False) -> bool:
    """Take the oldest queued job and do it. Returns False when there was none.

    When `stopping` becomes true the job goes back into the queue at its next report of progress.
    """
    job = _take()
    if job is None:
        return False
    with separate_scope(), spoken(job.locale), _heartbeat(job, stopping) as report:
        try:
            result = _handlers[job.kind](job.payload, job.actor, report)
        except _LeftOff as end:
            if end.give_back:
                _end(job, state="queued", attempts=job.attempt - 1)
        except AuditkitError as error:
            _end(job, state="failed", message=str(error))
        except Exception:
            # The worker must outlive any job; the fault is logged whole and the row says that it failed.
            log.exception("job %s (%s) failed", job.id, job.kind)
            _end(job, state="failed", message=_(FAULT, number=job.id))
        else:
            _end(job, state="done", progress=1.0, result=result)
    return True


def _take() -> _Taken | None:
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
            return None
        job.state, job.heard_at = "running", clock.now()
        job.attempts += 1
        actor = Actor(job.organisation_id, job.person_id, job.role, job.kind, frozenset(job.permissions))
        return _Taken(job.id, job.kind, job.payload, actor, job.locale, job.attempts)


def _end(job: _Taken, **values: Any) -> None:
    with transaction() as tx:
        job.store(tx, **values)


@contextmanager
def _heartbeat(job: _Taken, stopping: Callable[[], bool]) -> Iterator[Callable[[float], None]]:
    """For the block a thread tells the row that the job is at work, and how far; yields what the handler reports to."""
    heart = _Heart(current_app._get_current_object(), job)  # type: ignore[attr-defined]  # the app behind the proxy

    def report(share: float) -> None:
        heart.share = min(max(share, 0.0), 1.0)
        if heart.lost:
            raise _LeftOff(give_back=False)
        if stopping():
            raise _LeftOff(give_back=True)

    heart.start()
    try:
        yield report
    finally:
        heart.ended.set()
        heart.join()


class _Heart(threading.Thread):
    """Writes into a job's row in a session of its own: the handler's may be in the middle of something.

    So reporting costs a handler nothing, and one that has nothing to report is not taken for dead.
    """

    def __init__(self, app: Flask, job: _Taken) -> None:
        super().__init__(name=f"auditkit-job-{job.id}", daemon=True)
        self.app, self.job = app, job
        self.share: float | None = None
        self.lost = False
        self.ended = threading.Event()

    def run(self) -> None:
        """Beat until the job has ended."""
        told, at = self.share, time.monotonic()
        while not self.ended.wait(TOLD_EVERY):
            share = self.share
            if share != told or time.monotonic() - at >= HEARD_EVERY:
                with self.app.app_context():
                    self._tell(share)
                told, at = share, time.monotonic()

    def _tell(self, share: float | None) -> None:
        known = {} if share is None else {"progress": share}
        try:
            with transaction() as tx:
                self.lost = not self.job.store(tx, heard_at=clock.now(), **known)
        except SQLAlchemyError:
            # The next beat tries again; the sweep waits for several.
            log.warning("job %s could not tell how far it is", self.job.id, exc_info=True)


class Worker(threading.Thread):
    """The worker of a single-process installation: jobs first, then due mail, then it waits."""

    def __init__(self, app: Flask, pause_seconds: float = 1.0) -> None:
        super().__init__(name="auditkit-worker", daemon=True)
        self.app, self.pause_seconds = app, pause_seconds
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work until told to end."""
        settings = self.app.extensions["auditkit.settings"]
        deliver = delivery.deliverer(settings)
        watched = -WATCHED_EVERY
        while not self.stopping.is_set():
            _asked.clear()
            busy = False
            try:
                with self.app.app_context():
                    if time.monotonic() - watched >= WATCHED_EVERY:
                        watched = time.monotonic()
                        look_around()
                    if waiting():
                        requeue_silent()
                        busy = run_next(self.stopping.is_set)
                        outbox.send_due(deliver, settings.mail_from)
            except SQLAlchemyError:
                log.exception("the worker could not reach the database; it tries again")
            if not busy and not self.stopping.is_set():
                _asked.wait(self.pause_seconds)

    def stop(self) -> None:
        """Ask the worker to end; the job it is doing goes back into the queue."""
        self.stopping.set()
        _asked.set()
