"""Taking a case to a decision, as handlers do; for tests that look at it from the complainant's side."""

from typing import Any

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.complaints import queries, service
from auditkit.complaints.rules import Stage


def act(house: Any, verb: Any, command: Any, role: str = "quality-manager") -> Any:
    """Do one verb as a member of `house`."""
    actor = house.actor(role)
    with transaction(actor) as tx:
        return verb(tx, command, clock.now(), actor)


def version(house: Any, reference: str) -> int:
    """The version that the next command has to name."""
    reading(house.system).rollback()
    return queries.by_reference(reading(house.system), reference).version


def decide(house: Any, reference: str, outcome: str, reasons: str, *, told: str = "other") -> None:
    """Give a decision, whatever has to come before it; `told`: the channel by which it is told, empty: not yet."""
    if queries.by_reference(reading(house.system), reference).stage == Stage.RECEIVED:
        act(house, service.acknowledge, service.Acknowledge(reference, version(house, reference)))
        act(
            house,
            service.assess,
            service.Assess(reference, version(house, reference), severity="low", complexity="simple", reach="one"),
        )
    act(
        house, service.decide, service.Decide(reference, version(house, reference), outcome, reasons, told_channel=told)
    )
