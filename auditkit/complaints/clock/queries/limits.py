"""The organisation's time limits in force, its calendar, and its rules of pauses."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.calendar import kept
from auditkit.base.calendar.kept import Settings
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.ids import digest
from auditkit.complaints.clock import knowing
from auditkit.complaints.clock.models import TimeLimit, TimeLimitSet
from auditkit.complaints.clock.rules import PauseRule, Starts, Target
from auditkit.complaints.rules import WaitsFor


@dataclass(frozen=True)
class LimitView:
    """One limit in force; see models.TimeLimit."""

    id: int
    set_id: int
    target: Target
    starts: Starts
    amount: int
    unit: str
    working: bool
    severities: tuple[str, ...]
    priorities: tuple[str, ...]
    binding: bool
    pausable: bool
    warn_percent: int
    warn_hours: int | None
    very_percent: int
    rule: str
    reference: str
    source: str


@dataclass(frozen=True)
class SetView:
    """A set in force with its limits in the order of the way; see models.TimeLimitSet."""

    id: int
    title: str
    source: str
    source_digest: str
    kinds: tuple[str, ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    added_at: datetime
    limits: tuple[LimitView, ...]

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same name and the same complaints of the set."""
        return digest(repr((self.title, self.kinds, self.channels, self.categories)).encode())[:16]

    def limit(self, limit_id: int) -> LimitView:
        """The limit of this key. Raises NotFound."""
        for one in self.limits:
            if one.id == limit_id:
                return one
        raise NotFound


def limit_sets(tx: Session) -> list[SetView]:
    """The sets in force, in the order in which they were added."""
    order = list(Target)
    limits: dict[int, list[LimitView]] = {}
    in_force = select(TimeLimit).where(TimeLimit.ended_at.is_(None)).order_by(TimeLimit.id)
    for row in tx.execute(in_force).scalars():
        limits.setdefault(row.set_id, []).append(_limit(row))
    sets = select(TimeLimitSet).where(TimeLimitSet.ended_at.is_(None)).order_by(TimeLimitSet.id)
    return [
        SetView(
            row.id,
            row.title,
            row.source,
            row.source_digest,
            tuple(row.kinds),
            tuple(row.channels),
            tuple(row.categories),
            row.added_at,
            tuple(sorted(limits.get(row.id, []), key=lambda one: (order.index(one.target), one.id))),
        )
        for row in tx.execute(sets).scalars()
    ]


def limit_set(tx: Session, set_id: int) -> SetView:
    """The set in force of this key. Raises NotFound."""
    for one in limit_sets(tx):
        if one.id == set_id:
            return one
    raise NotFound


def _limit(row: TimeLimit) -> LimitView:
    return LimitView(
        row.id,
        row.set_id,
        Target(row.target),
        Starts(row.starts),
        row.amount,
        row.unit,
        row.working,
        tuple(row.severities),
        tuple(row.priorities),
        row.binding,
        row.pausable,
        row.warn_percent,
        row.warn_hours,
        row.very_percent,
        row.rule,
        row.reference,
        row.source,
    )


def calendar_settings(tx: Session) -> Settings:
    """What the organisation says about its working time; `version` 0: only suggested by its country."""
    return kept.settings_of(tx, knowing.country_of(tx))


def pause_table(tx: Session) -> list[tuple[WaitsFor, PauseRule]]:
    """The rules of pauses in force, for each of whom one may wait."""
    found = knowing.pause_rules(tx)
    return [(waits_for, found[waits_for]) for waits_for in WaitsFor]
