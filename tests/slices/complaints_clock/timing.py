"""Organisations whose time is kept, for tests: a calendar, limits, complaints by the verbs of the core."""

from datetime import UTC, datetime, time
from typing import Any

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.calendar.kept import Settings
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import queries as core_queries
from auditkit.complaints import service as core
from auditkit.complaints.clock import queries, service
from auditkit.complaints.clock.adopting import preset
from auditkit.complaints.clock.rules import Scope
from auditkit.complaints.clock.service.settings import LimitValues
from auditkit.content.library import shared

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # where the frozen clock stands
LONDON = Settings(zone="Europe/London", country="GB", part="ENG")
LONDON_OPEN = Settings(
    zone="Europe/London", country="GB", part="ENG", hours={day: (time(9), time(17)) for day in range(1, 6)}
)
TEHRAN = Settings(zone="Asia/Tehran", weekend=frozenset({5}), country="IR")


def keep(house: Any, settings: Settings = LONDON) -> None:
    """Give the house a calendar."""
    with transaction(house.system) as tx:
        service.change_calendar(tx, service.ChangeCalendar(settings), clock.now(), house.system)


def adopt(house: Any, name: str = "generic") -> int:
    """Take a preset over; returns the set's key."""
    with transaction(house.system) as tx:
        shape = shared().limits(f"time-limits-{name}")
        return service.adopt(tx, service.Adopt(preset(shape)), clock.now(), house.system)


def own(house: Any, *limits: LimitValues, title: str = "Our promise", scope: Scope | None = None) -> int:
    """Write a set of the house's own; returns its key."""
    with transaction(house.system) as tx:
        command = service.PutSet(None, title, scope or Scope())
        set_id = service.put_set(tx, command, clock.now(), house.system)
        for values in limits:
            service.put_limit(tx, service.PutLimit(set_id, None, values), clock.now(), house.system)
    return set_id


def decide_in(amount: int, unit: str = "days", **more: Any) -> LimitValues:
    """A limit for the decision."""
    return LimitValues(**{"target": "decide", "starts": "receipt", "amount": amount, "unit": unit, **more})


def registered(actor: Actor, **fields: Any) -> str:
    """A complaint received now; its reference."""
    fields.setdefault("received_at", clock.now())
    with transaction(actor) as tx:
        return core.register(tx, core.Register("Late delivery", **fields), clock.now(), actor).reference


def do(actor: Actor, verb: Any, command_type: Any, reference: str, *arguments: Any, **more: Any) -> Any:
    """Run a verb of the core on the complaint as it stands now."""
    with transaction(actor) as tx:
        version = core_queries.by_reference(tx, reference).version
        return verb(tx, command_type(reference, version, *arguments, **more), clock.now(), actor)


def acknowledged(actor: Actor, reference: str) -> None:
    """Acknowledge it."""
    do(actor, core.acknowledge, core.Acknowledge, reference)


def assessed(actor: Actor, reference: str, severity: str = "medium") -> None:
    """Assess it."""
    do(actor, core.assess, core.Assess, reference, severity, "simple", "one")


def decided(actor: Actor, reference: str, **more: Any) -> None:
    """Assess it if nobody did, decide it, and tell the complainant in the same breath."""
    more = {"told_channel": "e-mail", **more}
    db.session.rollback()
    if not core_queries.by_reference(reading(actor), reference).severity:
        assessed(actor, reference)
    do(actor, core.decide, core.Decide, reference, "upheld", "The parcel was lost by us", **more)


def seen(actor: Actor, reference: str) -> queries.CaseClock:
    """The clock of the complaint as it stands now."""
    db.session.rollback()
    tx = reading(actor)
    found = queries.for_case(tx, core_queries.by_reference(tx, reference).id, clock.now())
    db.session.rollback()
    return found


def dues(found: queries.CaseClock) -> dict[str, str]:
    """Target -> due moment of what runs, as text."""
    return {due.target.value: due.due_at.isoformat() for due in found.running}


def states(found: queries.CaseClock) -> dict[str, str]:
    """Target -> state of the newest due date of it."""
    return {due.target.value: due.state.value for due in (*reversed(found.ended), *found.running)}
