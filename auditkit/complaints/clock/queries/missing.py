"""Open complaints whose time is not kept: from a file, or recorded before any limit was in force for them.

They are met along the index of the open ones, portion by portion; each looked up in the clock by its key.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text

from auditkit.base.db import Session
from auditkit.complaints.clock import rules
from auditkit.complaints.clock.knowing import limits_in_force
from auditkit.complaints.clock.models import ComplaintClock
from auditkit.complaints.clock.rules import LimitRule, Scope, Standing, Starts, Target
from auditkit.complaints.models import OPEN, Complaint, ImportRun


@dataclass(frozen=True)
class Missing:
    """How many open complaints have no due dates. `fitting`: a limit in force is for them; `kinds` counts the others
    by their kind of feedback."""

    fitting: int
    kinds: tuple[tuple[str, int], ...]

    @property
    def unfit(self) -> int:
        """For how many no limit in force is."""
        return sum(number for _kind, number in self.kinds)


def without_dates(tx: Session, after: int, most: int, import_run: int | None = None) -> list[int]:
    """The next of them, by the order of recording; `import_run` narrows it to one import."""
    query = _without_clock(select(Complaint.id), import_run).where(Complaint.id > after)
    return list(tx.execute(query.order_by(Complaint.id).limit(most)).scalars())


def missing(tx: Session, now: datetime, import_run: int | None = None) -> Missing:
    """How many there are, and for how many a limit would be found at `now`, chosen as the clock chooses it."""
    limits = limits_in_force(tx, now)
    columns = (Complaint.kind, Complaint.channel, Complaint.category, Complaint.severity, Complaint.priority)
    fitting, unfit = 0, Counter[str]()
    counted: Any = select(*columns, func.count(Complaint.id))
    query = _without_clock(counted, import_run).group_by(*columns)
    for kind, channel, category, severity, priority, number in tx.execute(query):
        standing = Standing(kind, channel, category, severity, priority, "received", now)
        if _fits(limits, standing):
            fitting += number
        else:
            unfit[kind] += number
    return Missing(fitting, tuple(unfit.most_common()))


def import_named(tx: Session, run_id: int) -> str | None:
    """The file of an import; None where there is no such import."""
    return tx.execute(select(ImportRun.file_name).where(ImportRun.id == run_id)).scalar_one_or_none()


def _without_clock(query: Select[Any], import_run: int | None) -> Select[Any]:
    query = query.outerjoin(ComplaintClock, ComplaintClock.complaint_id == Complaint.id)
    query = query.where(text(OPEN), ComplaintClock.complaint_id.is_(None))
    return query.where(Complaint.import_run_id == import_run) if import_run is not None else query


def _fits(limits: Sequence[Any], standing: Standing) -> bool:
    rows = [
        LimitRule(
            limit.id,
            limit.set_id,
            Target(limit.target),
            Starts(limit.starts),
            tuple(limit.severities),
            tuple(limit.priorities),
        )
        for limit, owner in limits
        if Scope(tuple(owner.kinds), tuple(owner.channels), tuple(owner.categories)).holds(standing)
    ]
    return bool(rules.chosen(rows, rules.severity_taken(standing.severity, rules.ASSUMED_SEVERITY), standing.priority))
