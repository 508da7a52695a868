"""Running every machine test over a population, reading only: what was found is kept by `service`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from auditkit.audits import sampling
from auditkit.audits.machinetest import rules
from auditkit.audits.sampling import Population
from auditkit.base.db import Session
from auditkit.complaints.checking import machine, populations
from auditkit.complaints.checking.populations import Part

LISTED = 0.1
"""The share of the work that listing the population is."""


@dataclass(frozen=True)
class PopulationWish:
    """All complaints received from one day to another (both included) that fit `filters` (`populations.FILTERS`)."""

    number: str
    received_from: date
    received_to: date
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def part(self) -> Part:
        """What is tested. Raises PartUnknown."""
        return populations.part(self.received_from, self.received_to, self.filters)


@dataclass(frozen=True)
class Examined:
    """What the tests found over a population, before it is kept. `at`: the moment the records were asked for."""

    population: Population
    results: dict[str, dict[str, int]]
    exceptions: dict[machine.Check, list[str]]
    at: datetime


def _quiet(_share: float) -> None:
    """Nobody waits for how far it is."""


def examine(
    tx: Session, command: PopulationWish, now: datetime, progress: Callable[[float], None] = _quiet
) -> Examined:
    """Run every machine test over the part, reading only: others go on writing while a large register is examined.

    Raises SamplePeriodReversed, PartUnknown, PopulationTestEmpty.
    """
    if command.received_to < command.received_from:
        raise sampling.SamplePeriodReversed(first=command.received_from)
    portions = machine.spans(tx, command.part)
    if not portions:
        raise rules.PopulationTestEmpty()
    last = portions[-1][1]
    listed = populations.members(tx, command.part)
    population = Population.closed(one.reference for one in listed if one.id <= last)
    progress(LISTED)
    results, found = machine.examined(
        tx, command.part, now, portions, lambda share: progress(LISTED + (1 - LISTED) * share)
    )
    return Examined(population, {one.test.value: one.plain() for one in results}, found, now)
