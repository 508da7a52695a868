"""The steps on the way to a certification audit, and where an organisation stands on them. Pure.

The steps are those a certification body describes to its clients: the present handling is analysed, documents are
brought up to date, internal audits, risk analysis and corrective action follow, then the body audits.
tests/rules/test_stage1_rules.py holds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from auditkit.base.text import N_


class Part(StrEnum):
    """A step of the path; the members stand in its order."""

    ANALYSIS = "analysis"
    DOCUMENTS = "documents"
    CHECKS = "checks"
    CERTIFICATION = "certification"


PART_TITLES = {
    Part.ANALYSIS: N_("Analysis of how complaints are handled now"),
    Part.DOCUMENTS: N_("Documents and registers brought up to date"),
    Part.CHECKS: N_("Internal audits, risks, corrective actions"),
    Part.CERTIFICATION: N_("Certification audit"),
}


class Standing(StrEnum):
    """How one thing on the path stands."""

    MISSING = "missing"
    UNDER_WAY = "under-way"
    DONE = "done"


STANDING_TITLES = {
    Standing.MISSING: N_("Missing"),
    Standing.UNDER_WAY: N_("Under way"),
    Standing.DONE: N_("Done"),
}


@dataclass(frozen=True)
class Line:
    """One thing on the path. `title` and `said` are translated; `name` is a record's own words.

    `place` is the page it leads to, endpoint and values; `who` are ids of people, the first who is to act first.
    """

    title: str
    standing: Standing
    said: str
    place: tuple[str, Mapping[str, Any]]
    name: str = ""
    due: date | None = None
    who: tuple[int, ...] = ()

    def overdue(self, today: date) -> bool:
        """Whether it is not done and its day is past."""
        return self.standing is not Standing.DONE and self.due is not None and self.due < today


@dataclass(frozen=True)
class Step:
    """A step with its lines. `hidden` are permissions that the reader lacks: then nobody may call the step done."""

    part: Part
    lines: tuple[Line, ...]
    hidden: tuple[str, ...] = ()

    @property
    def done(self) -> int:
        """How many of its lines are done."""
        return sum(one.standing is Standing.DONE for one in self.lines)

    @property
    def standing(self) -> Standing:
        """Done when every line is and none is hidden, missing while nothing has begun."""
        if self.lines and not self.hidden and self.done == len(self.lines):
            return Standing.DONE
        begun = any(one.standing is not Standing.MISSING for one in self.lines)
        return Standing.UNDER_WAY if begun else Standing.MISSING

    def to_do(self, today: date) -> list[Line]:
        """Its lines that are not done: overdue ones first, then by day, what has no day last."""
        open_lines = [one for one in self.lines if one.standing is not Standing.DONE]
        return sorted(open_lines, key=lambda one: (not one.overdue(today), one.due is None, one.due or date.max))

    @property
    def finished(self) -> list[Line]:
        """Its lines that are done, in their order."""
        return [one for one in self.lines if one.standing is Standing.DONE]


@dataclass(frozen=True)
class Path:
    """All steps of one organisation as they stand on a day."""

    today: date
    steps: tuple[Step, ...] = field(default=())

    @property
    def at(self) -> Step | None:
        """The first step that is not done; None when all are."""
        return next((one for one in self.steps if one.standing is not Standing.DONE), None)

    @property
    def lines(self) -> list[Line]:
        """All lines in order."""
        return [line for step in self.steps for line in step.lines]

    @property
    def done(self) -> int:
        """How many lines are done."""
        return sum(step.done for step in self.steps)

    @property
    def overdue(self) -> list[Line]:
        """What should have been done, the oldest first."""
        return sorted((one for one in self.lines if one.overdue(self.today)), key=_day)

    def next_dates(self, number: int) -> list[Line]:
        """The lines that come next, by day; of those that are done, the day they are looked at again."""
        coming = [one for one in self.lines if one.due is not None and one.due >= self.today]
        return sorted(coming, key=_day)[:number]


def _day(line: Line) -> date:
    return line.due or date.max


def earliest(days: Iterable[date | None]) -> date | None:
    """The first of these days that there are."""
    return min((one for one in days if one is not None), default=None)


def each_once(people: Sequence[int | None]) -> tuple[int, ...]:
    """These people in order, nobody twice, without those not known."""
    return tuple(dict.fromkeys(one for one in people if one is not None))
