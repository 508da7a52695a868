"""Probes over the register of complaints: what came in, the machine tests over it, surveys, what is settled."""

from collections.abc import Callable
from datetime import date
from functools import partial

from auditkit.complaints.checking import machine, showing
from auditkit.complaints.checking.machine import Check
from auditkit.complaints.checking.showing import Shown
from auditkit.readiness.probing.reads import Named, Probe, Reads
from auditkit.readiness.rules import Reading

_NEWEST: dict[Check, Callable[[Shown], date | None]] = {
    Check.ACKNOWLEDGED: lambda one: one.last_acknowledged,
    Check.ACKNOWLEDGED_ON_TIME: lambda one: one.last_acknowledged,
    Check.DECIDED_ON_TIME: lambda one: one.last_decided,
    Check.WITHIN_AUTHORITY: lambda one: one.last_decided,
    Check.DECIDER_FREE: lambda one: one.last_decided,
    Check.REASONS: lambda one: one.last_decided,
    Check.TOLD: lambda one: one.last_decided,
    Check.WAYS_NAMED: lambda one: one.last_decided,
    Check.DELIVERED: lambda one: one.last_decided,
    Check.REFUSAL_OPEN: lambda one: one.last_decided,
    Check.CLOSED_WITH_GROUND: lambda one: one.last_closed,
}


def _counted(count: Callable[[Shown], int]) -> Probe:
    """A plain count of complaints."""

    def read(reads: Reads) -> Reading:
        shown = reads.complaints
        number = count(shown)
        if not number:
            return Reading(0)
        return Reading(number, newest=reads.within(shown.last_received), months=shown.months)

    return Probe(read)


def _checked(check: Check) -> Probe:
    """A machine test over the complaints of the period."""

    def read(reads: Reads) -> Reading:
        shown = reads.complaints
        if not shown.received:
            return Reading(0, 0)
        result = reads.checks[check]
        if not result.checked:
            return Reading(0, 0, unseen=result.not_checked)
        newest = _NEWEST[check](shown) if check in _NEWEST else shown.last_received
        return Reading(
            found=result.passed,
            of=result.checked,
            exceptions=result.exceptions,
            unseen=result.not_checked,
            newest=reads.within(newest),
            months=shown.months,
        )

    return Probe(read, partial(_odd, check))


def _odd(check: Check, reads: Reads, limit: int) -> list[Named]:
    found = machine.exceptions(reads.tx, reads.part, check, reads.now, limit=limit)
    return [Named("complaint", one.reference, one.reference, one.subject) for one in found]


def _settled(count: Callable[[Shown], int]) -> Probe:
    """A count of settings, which have no day."""
    return Probe(lambda reads: Reading(count(reads.complaints)))


PROBES: dict[str, Probe] = {
    "complaints-recorded": _counted(lambda one: one.received),
    "spoken-complaints": _counted(lambda one: one.spoken),
    "channels-used": _counted(lambda one: one.channels),
    "causes-found": _counted(lambda one: one.causes),
    "escalated": _counted(lambda one: one.escalated),
    "detriment-checked": _counted(lambda one: one.detriment_checked),
    "surveys-answered": _counted(lambda one: one.surveys_answered),
    **{check.value: _checked(check) for check in Check},
    "time-limits-set": _settled(lambda one: one.time_limits),
    "authority-set": _settled(lambda one: one.authorities),
    "external-ways-named": _settled(lambda one: one.external_ways),
    "retention-set": _settled(lambda one: one.retention_rules),
}
PROBES["escalated"] = Probe(
    PROBES["escalated"].count,
    lambda reads, limit: [
        Named("complaint", one, one)
        for one in showing.escalated(reads.tx, reads.period.first, reads.period.last, limit)
    ],
)
