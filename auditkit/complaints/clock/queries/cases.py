"""The due dates of one complaint with their explanations, and the same as plain JSON for evidence and exports."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select

from auditkit.base.db import Session
from auditkit.complaints.clock import rules
from auditkit.complaints.clock.models import ClockHold, ComplaintClock, ComplaintDue
from auditkit.complaints.clock.rules import State, Target
from auditkit.complaints.queries import asked_first, snapshot_part

PORTION = 500
CLOCK, DUES, HOLDS = (asked_first(kind.__tablename__) for kind in (ComplaintClock, ComplaintDue, ClockHold))


@dataclass(frozen=True)
class DueView:
    """One due date as it stands now. `set_title` empty: a day promised by hand. `explanation`: see models."""

    id: int
    target: Target
    number: int
    set_title: str
    binding: bool
    pausable: bool
    state: State
    starts_at: datetime
    warn_at: datetime
    due_at: datetime
    ended_at: datetime | None
    set_at: datetime
    explanation: dict[str, Any]

    @property
    def zone(self) -> str:
        """The time zone it was computed in."""
        return str(self.explanation["calendar"]["zone"])

    @property
    def runs(self) -> bool:
        """Whether it is still to be kept."""
        return self.ended_at is None


@dataclass(frozen=True)
class HoldView:
    """A pause: whether it stopped the clock (a key of rules.HOLD_TITLES), and until when at most."""

    waits_for: str
    verdict: str
    began_at: datetime
    holds_until: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class CaseClock:
    """The clock of a complaint. `running` by what is due first; `ended` newest first.

    `kept` False: nobody has asked for due dates (a complaint from a file, or from before any limit was in force).
    """

    kept: bool
    running: list[DueView]
    ended: list[DueView]
    holds: list[HoldView]
    paused_until: datetime | None = None
    paused_seconds: int = 0
    severity_assumed: str = ""
    zone: str = "UTC"

    @property
    def next(self) -> DueView | None:
        """What is due first."""
        return self.running[0] if self.running else None

    @property
    def by_target(self) -> list[list[DueView]]:
        """What runs, by what is due first; dates of several frameworks for one step stand together, ours on top."""
        groups: dict[Target, list[DueView]] = {}
        for due in self.running:
            groups.setdefault(due.target, []).append(due)
        return list(groups.values())

    @property
    def may_extend(self) -> bool:
        """Whether the decision may be put off to a latest date."""
        latest = {due.set_title for due in self.running if due.target is Target.DECIDE_LATEST}
        return any(due.target is Target.DECIDE and due.set_title in latest for due in self.running)


_WANTED: Any = bindparam("wanted")
_CLOCK = select(
    ComplaintClock.paused_until, ComplaintClock.paused_seconds, ComplaintClock.severity, ComplaintClock.assumed_severity
).where(ComplaintClock.complaint_id == _WANTED)
_DUES = (
    select(
        *(getattr(ComplaintDue, name) for name in DueView.__dataclass_fields__),
        ComplaintDue.late,
        ComplaintDue.very_at,
    )
    .where(ComplaintDue.complaint_id == _WANTED)
    .order_by(ComplaintDue.id)
)
_HOLDS = (
    select(*(getattr(ClockHold, name) for name in HoldView.__dataclass_fields__))
    .where(ClockHold.complaint_id == _WANTED)
    .order_by(ClockHold.began_at)
)


def _may_have(_name: str) -> bool:
    return True


def for_case(tx: Session, complaint_id: int, now: datetime, has: Callable[[str], bool] = _may_have) -> CaseClock:
    """The clock of a complaint at `now`. `has`: of a page that knows already what hangs on the complaint."""
    wanted = {"wanted": complaint_id}
    clock = tx.execute(_CLOCK, wanted).one_or_none() if has(CLOCK) else None
    if clock is None:
        return CaseClock(False, [], [], [])
    paused = clock.paused_until is not None and now < clock.paused_until
    dues = [_view(due, paused, now) for due in tx.execute(_DUES, wanted)] if has(DUES) else []
    holds = tx.execute(_HOLDS, wanted).all() if has(HOLDS) else []
    return CaseClock(
        kept=True,
        running=sorted((due for due in dues if due.runs), key=lambda due: (due.due_at, due.id)),
        ended=sorted(
            (due for due in dues if not due.runs), key=lambda due: (due.ended_at or now, due.id), reverse=True
        ),
        holds=[HoldView(*one) for one in holds],
        paused_until=clock.paused_until if paused else None,
        paused_seconds=clock.paused_seconds,
        severity_assumed="" if clock.severity else clock.assumed_severity,
        zone=dues[-1].zone if dues else "UTC",
    )


def _view(due: Any, paused: bool, now: datetime) -> DueView:
    state = rules.state_of(due.state, due.late, due.warn_at, due.due_at, due.very_at, paused and due.pausable, now)
    return DueView(
        due.id,
        Target(due.target),
        due.number,
        due.set_title,
        due.binding,
        due.pausable,
        state,
        due.starts_at,
        due.warn_at,
        due.due_at,
        due.ended_at,
        due.set_at,
        due.explanation,
    )


@snapshot_part("due_dates")
def snapshots(tx: Session, complaint_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Complaint -> its due dates as plain JSON values with their explanations, in the order in which they were set.

    Part of a case's snapshot for evidence and exports. It says what is on record, not how late a running date is by
    now: the same records give the same snapshot. Complaints without due dates are not in it.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    ids = sorted(set(complaint_ids))
    for start in range(0, len(ids), PORTION):
        query = select(ComplaintDue).where(ComplaintDue.complaint_id.in_(ids[start : start + PORTION]))
        for due in tx.execute(query.order_by(ComplaintDue.complaint_id, ComplaintDue.id)).scalars():
            found.setdefault(due.complaint_id, []).append(_plain(due))
    return found


def _plain(due: ComplaintDue) -> dict[str, Any]:
    return {
        "target": due.target,
        "number": due.number,
        "framework": due.set_title,
        "binding": due.binding,
        "state": due.state,
        "late": due.late,
        "starts_at": _moment(due.starts_at),
        "due_at": _moment(due.due_at),
        "ended_at": _moment(due.ended_at) if due.ended_at else None,
        "set_at": _moment(due.set_at),
        "explanation": due.explanation,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
