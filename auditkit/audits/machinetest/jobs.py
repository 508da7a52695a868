"""Testing a large population, as a job. tests/slices/audits_machinetest holds it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from auditkit.audits.machinetest.examining import PopulationWish, examine
from auditkit.audits.machinetest.service import run_tests
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction

RUN = "audits.population-test"
AT_ONCE = 20_000
"""Populations of more complaints are tested by a worker."""


def payload(command: PopulationWish) -> dict[str, Any]:
    """What a job keeps of the wish."""
    return {
        "number": command.number,
        "received_from": command.received_from.isoformat(),
        "received_to": command.received_to.isoformat(),
        "filters": dict(command.filters),
    }


@jobs.handler(RUN)
def run(asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """Test the population; a job that was cut off before the end has kept nothing."""
    wish = PopulationWish(
        asked["number"],
        date.fromisoformat(asked["received_from"]),
        date.fromisoformat(asked["received_to"]),
        asked["filters"],
    )
    actor.require("complaints.read")
    found = examine(reading(actor), wish, clock.now(), progress)
    with transaction(actor) as tx:
        serial = run_tests(tx, wish, clock.now(), actor, examined=found)
    return {"number": asked["number"], "run": serial}
