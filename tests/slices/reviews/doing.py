"""A review on its way: planned, prepared, held, signed; each step by its verb."""

from datetime import date, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.content import library
from auditkit.content.shapes import AgendaPart
from auditkit.reviews import queries, service
from auditkit.reviews.rules import Attendance, Proof
from tests.conftest import House

AGENDA = "review-agenda-2018"


def agenda() -> Any:
    return library.shared().agenda(AGENDA)


def act(house: House, verb: Any, command: Any, role: str = "quality-manager", **more: Any) -> Any:
    actor = house.actor(role)
    with transaction(actor) as tx:
        return verb(tx, command, clock.now(), actor, **more)


def planned(house: House, **change: Any) -> str:
    today = clock.now().date()
    given: dict[str, Any] = {
        "title": "Spring review",
        "planned_on": today,
        "period_from": today - timedelta(days=90),
        "period_to": today - timedelta(days=1),
        "chair_id": house.person("administrator"),
        "agenda": agenda(),
    }
    return str(act(house, service.plan, service.PlanReview(**(given | change))))


def frozen(house: House, number: str) -> dict[str, str]:
    command = service.FreezeInputs(number)
    return dict(act(house, service.freeze, command, library=library.shared()))


def attended(house: House, number: str, state: Attendance = Attendance.PRESENT, note: str = "") -> None:
    with transaction(house.system) as tx:
        guests = queries.guests(tx, queries.by_number(tx, number).id)
    act(house, service.attend, service.NoteAttendance(number, {one.id: (state, note) for one in guests}))


def held(house: House, number: str, on: date | None = None) -> None:
    act(house, service.hold, service.HoldReview(number, on or clock.now().date()))


def written(house: House, number: str, *, but: tuple[str, ...] = ()) -> None:
    for item in agenda().items:
        if item.id not in but:
            act(house, service.write, service.WriteNote(number, item.id, f"Said about {item.title}", 0))


def decided(house: House, number: str, text: str = "Train a second auditor", days: int = 60) -> int:
    item = next(one.id for one in agenda().items if one.part is AgendaPart.DECISION)
    due = clock.now().date() + timedelta(days=days)
    command = service.Decide(number, item, text, house.person("complaint-handler"), due)
    return int(act(house, service.decide, command))


def ready(house: House) -> str:
    """A review that was held and only wants the signature."""
    number = planned(house)
    frozen(house, number)
    attended(house, number)
    held(house, number)
    written(house, number)
    decided(house, number)
    return number


def signed(house: House, number: str) -> str:
    actor = house.actor("administrator")
    command = service.SignMinutes(number, actor.name, Proof.PASSWORD)
    return str(act(house, service.sign, command, "administrator", key=Ed25519PrivateKey.generate()))
