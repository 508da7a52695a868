"""Verbs over the organisation's calendar, time limits and rules of pauses.

What changes here holds for complaints that come in from then on; due dates that are set stay until they are computed
anew by `dates.recompute`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.calendar import kept, public_holidays
from auditkit.base.calendar.days import zone_of
from auditkit.base.calendar.kept import OwnDay, Settings
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.complaints.clock import knowing, rules
from auditkit.complaints.clock.adopting import Preset
from auditkit.complaints.clock.models import PauseLimit, TimeLimit, TimeLimitSet
from auditkit.complaints.clock.queries.limits import limit_set
from auditkit.complaints.clock.rules import Scope
from auditkit.complaints.rules import WaitsFor
from auditkit.journal import service as journal


@dataclass(frozen=True)
class ChangeCalendar:
    """`seen`: the version of the calendar the person looked at, None where nobody did."""

    settings: Settings
    seen: int | None = None


@dataclass(frozen=True)
class PutDay:
    day: OwnDay


@dataclass(frozen=True)
class DropDay:
    day: date


@dataclass(frozen=True)
class Adopt:
    """Take a preset of the library over; `adopting.preset` reads it."""

    preset: Preset


@dataclass(frozen=True)
class LimitValues:
    """What a limit says; see models.TimeLimit."""

    target: str
    starts: str
    amount: int
    unit: str
    working: bool = False
    severities: Sequence[str] = ()
    priorities: Sequence[str] = ()
    binding: bool = False
    pausable: bool = True
    warn_percent: int = 75
    warn_hours: int | None = None
    very_percent: int = 150
    rule: str = ""
    reference: str = ""
    source: str = ""


@dataclass(frozen=True)
class PutSet:
    """A set of limits: a new one (`set_id` None), or other words and another scope for one there is.

    `seen`: the stamp of the set the person looked at, None where nobody did.
    """

    set_id: int | None
    title: str
    scope: Scope = field(default_factory=Scope)
    seen: str | None = None


@dataclass(frozen=True)
class PutLimit:
    """A limit of a set: a new one (`limit_id` None), or one that takes the place of another from now on."""

    set_id: int
    limit_id: int | None
    values: LimitValues


@dataclass(frozen=True)
class EndLimit:
    limit_id: int


@dataclass(frozen=True)
class EndSet:
    set_id: int


@dataclass(frozen=True)
class ChangePause:
    """Whether and how long waiting for somebody stops the clock. `seen`: the rule looked at, None where nobody did."""

    waits_for: str
    rule: rules.PauseRule
    seen: rules.PauseRule | None = None


@verb("organisation.manage", leaves=rules.CALENDAR_CHANGED)
def change_calendar(tx: Session, command: ChangeCalendar, now: datetime, actor: Actor) -> None:
    """Keep the organisation's working time. Raises ZoneUnknown, WholeWeekOff, HoursBackwards or PlaceUnknown, and
    Conflict when somebody else changed it since it was `seen`."""
    settings = command.settings
    if command.seen is not None and command.seen != kept.settings_of(tx).version:
        raise Conflict
    try:
        zone_of(settings.zone)
    except (ValueError, OSError, KeyError) as error:
        raise rules.ZoneUnknown(zone=settings.zone) from error
    if len(settings.weekend) > 6:
        raise rules.WholeWeekOff
    for day, (opening, closing) in settings.hours.items():
        if opening >= closing:
            raise rules.HoursBackwards(day=rules.weekday_title(day))
    if settings.country and not public_holidays.known(settings.country, settings.part):
        raise rules.PlaceUnknown(place="-".join(filter(None, (settings.country, settings.part))))
    version = kept.save(tx, settings, now)
    facts = {
        "version": version,
        "zone": settings.zone,
        "weekend": sorted(settings.weekend),
        "hours": {str(day): [a.isoformat("minutes"), b.isoformat("minutes")] for day, (a, b) in settings.hours.items()},
        "country": settings.country,
        "part": settings.part,
    }
    _tell(tx, rules.CALENDAR_CHANGED, now, actor, facts)


@verb("organisation.manage", leaves=rules.CALENDAR_DAY_SET)
def put_day(tx: Session, command: PutDay, now: datetime, actor: Actor) -> None:
    """Keep a day off, or a working day, of the organisation's own. Raises DayWithoutTitle."""
    if not command.day.title.strip():
        raise rules.DayWithoutTitle
    kept.put_day(tx, command.day)
    facts = {"day": command.day.day.isoformat(), "worked": command.day.worked, "title": command.day.title}
    _tell(tx, rules.CALENDAR_DAY_SET, now, actor, facts)


@verb("organisation.manage", leaves=rules.CALENDAR_DAY_DROPPED)
def drop_day(tx: Session, command: DropDay, now: datetime, actor: Actor) -> None:
    """Forget a day of the organisation's own. Raises NotFound."""
    if not kept.drop_day(tx, command.day):
        raise NotFound
    _tell(tx, rules.CALENDAR_DAY_DROPPED, now, actor, {"day": command.day.isoformat()})


@verb("organisation.manage", leaves=rules.LIMITS_ADOPTED)
def adopt(tx: Session, command: Adopt, now: datetime, actor: Actor) -> int:
    """Copy a preset's limits into the organisation's own. Returns the set's key. Raises TakenOverBefore."""
    preset = command.preset
    twice = select(TimeLimitSet.id).where(TimeLimitSet.source == preset.id, TimeLimitSet.ended_at.is_(None))
    if tx.execute(twice).first():
        raise rules.TakenOverBefore
    row = _set(Scope(), now, title=preset.title, source=preset.id, source_digest=preset.digest)
    tx.add(row)
    tx.flush()
    for values in preset.limits:
        tx.add(_limit(row.id, LimitValues(**values), now))
    tx.flush()
    facts = {"set": row.id, "source": preset.id, "digest": preset.digest, "limits": len(preset.limits)}
    _tell(tx, rules.LIMITS_ADOPTED, now, actor, facts)
    return row.id


@verb("organisation.manage", leaves=rules.LIMITS_CHANGED)
def put_set(tx: Session, command: PutSet, now: datetime, actor: Actor) -> int:
    """Make a set of limits, or change what one is called and which complaints it is for.

    Raises NotFound, and Conflict when somebody else changed the set since it was `seen`.
    """
    if command.set_id is None:
        row = _set(command.scope, now, title=command.title)
        tx.add(row)
    else:
        row = _set_in_force(tx, command.set_id)
        if command.seen is not None and command.seen != limit_set(tx, row.id).stamp:
            raise Conflict
        row.title = command.title
        row.kinds, row.channels, row.categories = map(list, _words(command.scope))
    tx.flush()
    kinds, channels, categories = map(list, _words(command.scope))
    facts = {"set": row.id, "title": row.title, "kinds": kinds, "channels": channels, "categories": categories}
    _tell(tx, rules.LIMITS_CHANGED, now, actor, facts)
    return row.id


@verb("organisation.manage", leaves=rules.LIMITS_CHANGED)
def put_limit(tx: Session, command: PutLimit, now: datetime, actor: Actor) -> int:
    """Add a limit, or let it take the place of another from now on; returns its key.

    Raises NotFound, and LimitReplaced when the other one holds no longer: somebody else changed or ended it.
    """
    owner = _set_in_force(tx, command.set_id)
    if command.limit_id is not None:
        replaced = _limit_row(tx, command.limit_id)
        if replaced is None:
            raise rules.LimitReplaced
        replaced.ended_at = now
    row = _limit(owner.id, command.values, now)
    tx.add(row)
    tx.flush()
    values = {
        name: list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
        for name, value in vars(command.values).items()
    }
    _tell(
        tx, rules.LIMITS_CHANGED, now, actor, {"limit": row.id, "instead": command.limit_id, "set": owner.id, **values}
    )
    return row.id


@verb("organisation.manage", leaves=rules.LIMITS_ENDED)
def end_limit(tx: Session, command: EndLimit, now: datetime, actor: Actor) -> None:
    """Let a limit end: complaints that come in from now on do not get it. Raises NotFound."""
    row = _limit_in_force(tx, command.limit_id)
    row.ended_at = now
    _tell(tx, rules.LIMITS_ENDED, now, actor, {"limit": row.id, "set": row.set_id})


@verb("organisation.manage", leaves=rules.LIMITS_ENDED)
def end_set(tx: Session, command: EndSet, now: datetime, actor: Actor) -> None:
    """Let a set of limits end. Raises NotFound."""
    row = _set_in_force(tx, command.set_id)
    row.ended_at = now
    _tell(tx, rules.LIMITS_ENDED, now, actor, {"set": row.id})


@verb("organisation.manage", leaves=rules.PAUSES_CHANGED)
def change_pause(tx: Session, command: ChangePause, now: datetime, actor: Actor) -> None:
    """Keep whether waiting for somebody stops the clock; pauses that began keep their rule.

    Raises Conflict when somebody else changed the rule since it was `seen`.
    """
    if command.seen is not None and command.seen != knowing.pause_rules(tx)[WaitsFor(command.waits_for)]:
        raise Conflict
    row = tx.execute(select(PauseLimit).where(PauseLimit.waits_for == command.waits_for)).scalar_one_or_none()
    if row is None:
        row = PauseLimit(waits_for=command.waits_for)
        tx.add(row)
    row.holds, row.max_days, row.max_count = command.rule.holds, command.rule.max_days, command.rule.max_count
    _tell(tx, rules.PAUSES_CHANGED, now, actor, {"waits_for": command.waits_for, **vars(command.rule)})


def _words(scope: Scope) -> tuple[tuple[str, ...], ...]:
    return scope.kinds, scope.channels, scope.categories


def _set(scope: Scope, now: datetime, **values: str) -> TimeLimitSet:
    kinds, channels, categories = map(list, _words(scope))
    return TimeLimitSet(added_at=now, kinds=kinds, channels=channels, categories=categories, **values)


def _limit(set_id: int, values: LimitValues, now: datetime) -> TimeLimit:
    row = TimeLimit(set_id=set_id, added_at=now, **vars(values))
    row.severities, row.priorities = list(values.severities), list(values.priorities)
    return row


def _set_in_force(tx: Session, set_id: int) -> TimeLimitSet:
    query = select(TimeLimitSet).where(TimeLimitSet.id == set_id, TimeLimitSet.ended_at.is_(None)).with_for_update()
    found = tx.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _limit_in_force(tx: Session, limit_id: int) -> TimeLimit:
    found = _limit_row(tx, limit_id)
    if found is None:
        raise NotFound
    return found


def _limit_row(tx: Session, limit_id: int) -> TimeLimit | None:
    query = select(TimeLimit).where(TimeLimit.id == limit_id, TimeLimit.ended_at.is_(None)).with_for_update()
    return tx.execute(query).scalar_one_or_none()


def _tell(tx: Session, what: Event, now: datetime, actor: Actor, facts: dict[str, Any]) -> None:
    journal.record(tx, what, now=now, actor=actor, subject=("organisation", actor.organisation_id), facts=facts)
