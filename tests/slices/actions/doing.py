"""What tests of actions do: open one, take it along its path, look at it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from auditkit.actions import queries, service
from auditkit.actions.rules import CauseMethod, Criterion, Grade, Kind
from auditkit.base import clock as time
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from tests.conftest import House

TODAY = date(2026, 3, 2)


def act(actor: Actor, verb: Callable[..., Any], command: Any) -> Any:
    """One verb in a transaction of its own."""
    with transaction(actor) as tx:
        return verb(tx, command, time.now(), actor)


def scheme(acme: House, preset: str = "usual") -> int:
    """A scheme taken over."""
    return int(act(acme.actor("quality-manager"), service.adopt_scheme, service.AdoptScheme(preset, preset)))


def opened(acme: House, **changes: Any) -> str:
    """An action of the organisation's staff."""
    command = service.OpenAction(
        Kind.CORRECTIVE, "Change the lock", ("finding", 7), "Door 3 stood open", acme.person("staff"), date(2026, 4, 1)
    )
    return str(act(acme.actor("internal-auditor"), service.open_action, replace(command, **changes)))


def graded(acme: House, grade: Grade = Grade.MAJOR, preset: str = "usual") -> str:
    return opened(acme, grade=grade, scheme_id=scheme(acme, preset))


def view(acme: House, number: str) -> queries.ActionView:
    return queries.by_number(reading(acme.system), number)


def path(acme: House, number: str) -> queries.PathView:
    tx = reading(acme.system)
    return queries.path(tx, queries.by_number(tx, number).id)


def version(acme: House, number: str) -> int:
    return view(acme, number).version


class Doing:
    """The path of one action, step by step, by its owner."""

    def __init__(self, acme: House, number: str) -> None:
        self.acme, self.number, self.owner = acme, number, acme.actor("staff")

    @property
    def at(self) -> tuple[str, int]:
        return self.number, version(self.acme, self.number)

    def correction(self, **changes: Any) -> None:
        command = service.WriteCorrection(*self.at, "Locked by hand", self.acme.person("staff"), TODAY, "Seen")
        act(self.owner, service.write_correction, replace(command, **changes))

    def extent(self, looked: str = "Doors 1 to 9", found: str = "Door 5 too") -> None:
        act(self.owner, service.write_extent, service.WriteExtent(*self.at, looked, found))

    def cause(self, method: CauseMethod = CauseMethod.OTHER, **changes: Any) -> None:
        command = service.SettleCause(*self.at, method, "The spring was worn", "Taking it apart")
        act(self.owner, service.settle_cause, replace(command, **changes))

    def step(self, owner: str = "staff", **changes: Any) -> int:
        command = service.PlanStep(self.number, "Order springs", self.acme.person(owner), date(2026, 3, 20))
        return int(act(self.owner, service.plan_step, replace(command, **changes)))

    def criterion(self, **changes: Any) -> None:
        criterion = replace(Criterion("No door found open on ten rounds", wait_days=30), **changes)
        act(self.owner, service.state_criterion, service.StateCriterion(*self.at, criterion))

    def ready(self) -> None:
        act(self.owner, service.plan_ready, service.PlanReady(*self.at))

    def finish(self, step: int, actor: Actor | None = None, note: str = "Delivered") -> None:
        found = next(one for one in path(self.acme, self.number).steps if one.id == step)
        command = service.EndStep(self.number, step, found.version, note)
        act(actor or self.owner, service.finish_step, command)

    def drop(self, step: int, reason: str = "Not needed any more") -> None:
        found = next(one for one in path(self.acme, self.number).steps if one.id == step)
        act(self.owner, service.drop_step, service.EndStep(self.number, step, found.version, reason))

    def done(self) -> None:
        act(self.owner, service.complete, service.CompleteAction(*self.at, "Springs changed"))

    def verify(self, role: str = "quality-manager", effective: bool = True) -> None:
        command = service.VerifyAction(*self.at, effective, "Ten rounds, all doors shut")
        act(self.acme.actor(role), service.verify, command)

    def close(self) -> None:
        act(self.acme.actor("quality-manager"), service.close, service.CloseAction(*self.at))

    def planned(self) -> int:
        """All of the path up to a plan that is ready; the id of its one step."""
        self.correction()
        self.extent()
        self.cause()
        step = self.step()
        self.criterion()
        self.ready()
        return step
