"""The promised times of a stage: which limits the complaints of a period came under, and where each lies on the axis.

A limit of working time is of another length for every complaint, so its line stands where half of them fell due
earlier. Checked by tests/slices/insights/test_promised_times.py.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, func, select

from auditkit.base.charts import Mark
from auditkit.base.text import _
from auditkit.complaints.clock.models import ComplaintDue, TimeLimit
from auditkit.complaints.clock.rules import Ended, Target
from auditkit.complaints.clock.telling import amount
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import SEVERITY_TITLES
from auditkit.insights.indicators import waiting
from auditkit.insights.indicators.frame import ACKNOWLEDGE, DECIDE, DUES, Conditions, Frame, due
from auditkit.insights.indicators.times import Wait
from auditkit.insights.rules import Selection, Unit
from auditkit.insights.statistics.naming import behind_url
from auditkit.web.languages import listed
from auditkit.web.manner import manner

MOST_LINES = 6
PROMISED = "promised"
STOOD = (Ended.MET.value, Ended.RUNNING.value, Ended.EXTENDED.value)
"""Due dates that were dropped, because the case ended otherwise, promised nothing."""
TARGETS: Mapping[str, tuple[str, ...]] = {
    "time-to-acknowledge": ACKNOWLEDGE,
    "time-to-decide": DECIDE,
    "time-to-close": (Target.CLOSE.value,),
}


@dataclass(frozen=True)
class Limit:
    """A limit that complaints of the period came under. `at`: units from receipt at which half of them were due."""

    id: int
    framework: str
    target: str
    amount: int
    unit: str
    working: bool
    severities: tuple[str, ...]
    priorities: tuple[str, ...]
    cases: int
    at: float

    @property
    def text(self) -> str:
        """The promised time in words, with the severities or priorities it is for."""
        words = amount(self.amount, self.unit, self.working)
        if self.target == Target.DECIDE_LATEST:
            words = _("%(time)s at the latest", time=words)
        for_whom = [_(SEVERITY_TITLES[one]) for one in SEVERITY_TITLES if one in self.severities]
        for_whom += self.priorities
        return f"{words} ({listed(for_whom)})" if for_whom else words


@dataclass(frozen=True)
class Promised:
    """The limits of a wait, the most frequent first, and how many complaints were counted without any."""

    wait: Wait
    limits: tuple[Limit, ...]
    without: int
    MOST_LINES: ClassVar[int] = MOST_LINES

    @property
    def frameworks(self) -> int:
        """How many different ones there are."""
        return len({one.framework for one in self.limits})

    @property
    def lines(self) -> tuple[Mark, ...]:
        """A line for each of the most frequent limits."""
        return tuple(Mark(one.at, self.line_of(one), target=True) for one in self.limits[:MOST_LINES])

    def line_of(self, limit: Limit) -> str:
        """What stands at the line of a limit: its framework only where there are several."""
        if self.frameworks > 1:
            return _("Promised by %(framework)s: %(time)s", framework=limit.framework, time=limit.text)
        return _("Promised: %(time)s", time=limit.text)

    @property
    def says(self) -> str:
        """The lines in a sentence; that there are none where nothing was promised."""
        if not self.limits:
            return _("No time was promised for this stage, so there is no target line.")
        return _(
            "Target lines: %(lines)s.",
            lines=listed(f"{one.framework}, {one.text}: {self.place(one)}" for one in self.limits[:MOST_LINES]),
        )

    def place(self, limit: Limit) -> str:
        """Where its line stands, with the unit of the axis."""
        number = manner().number(limit.at, 1)
        return (
            _("%(number)s hours", number=number)
            if self.wait.unit is Unit.HOURS
            else _("%(number)s days", number=number)
        )

    def url(self, selection: Selection, limit: Limit) -> str:
        """The list of the complaints that came under a limit."""
        return behind_url(selection, PROMISED, (), {"wait": self.wait.name, "limit": limit.id})


def promised(counted: Frame, wait: Wait) -> Promised:
    """The limits that the complaints received in the period came under for this stage, each with its place."""
    step = wait.seconds / 24
    spent = counted.seconds(Complaint.received_at, ComplaintDue.due_at)
    bucket = func.floor(spent * 1.0 / step + 0.5).label("bucket")
    query = (
        select(ComplaintDue.limit_id, ComplaintDue.set_title, bucket, func.count())
        .select_from(Complaint)
        .join(ComplaintDue, ComplaintDue.complaint_id == Complaint.id)
        .where(*_received(counted), *_first_of(wait))
        .group_by(ComplaintDue.limit_id, ComplaintDue.set_title, bucket)
    )
    found: dict[int, Counter[int]] = {}
    titles: dict[int, str] = {}
    for limit_id, title, place, number in counted.tx.execute(query):
        found.setdefault(limit_id, Counter())[int(place)] += int(number)
        titles[limit_id] = title
    limits = [
        Limit(
            row.id, titles[row.id], row.target, row.amount, row.unit, row.working,
            tuple(row.severities), tuple(row.priorities), found[row.id].total(),
            (waiting.percentile(found[row.id], 50) or 0) / 24,
        )
        for row in counted.tx.execute(select(TimeLimit).where(TimeLimit.id.in_(found))).scalars()
    ]  # fmt: skip
    something = due(TARGETS[wait.name], DUES.number == 1, DUES.limit_id.is_not(None), DUES.state.in_(STOOD))
    without = select(func.count()).select_from(Complaint).where(*_received(counted), ~something)
    return Promised(
        wait,
        tuple(sorted(limits, key=lambda one: (-one.cases, one.at, one.id))),
        int(counted.tx.execute(without).scalar_one()),
    )


def behind(counted: Frame, wait: Wait, limit: int) -> Conditions:
    """What a complaint received in the period must be that came under a limit for this stage."""
    those = select(ComplaintDue.complaint_id).where(*_first_of(wait), ComplaintDue.limit_id == limit)
    return [*_received(counted), Complaint.id.in_(those)]


def _received(counted: Frame) -> list[ColumnElement[bool]]:
    return [*counted.selected, counted.within(Complaint.received_at)]


def _first_of(wait: Wait) -> list[Any]:
    """The first round of what was promised and held; a day promised by hand has no limit and no line."""
    return [
        ComplaintDue.target.in_(TARGETS[wait.name]),
        ComplaintDue.number == 1,
        ComplaintDue.limit_id.is_not(None),
        ComplaintDue.state.in_(STOOD),
    ]
