"""Probes over the registers that the organisation keeps: entries in use, and those past their day."""

from functools import partial

from auditkit.readiness.probing.reads import Named, Probe, Reads
from auditkit.readiness.rules import Reading
from auditkit.registers import showing

REGISTERS = (
    "awareness",
    "changes",
    "communication",
    "competence",
    "context-issues",
    "interested-parties",
    "legal-duties",
    "lessons",
    "objectives",
    "outsourced",
    "public-information",
    "resources",
    "risks",
    "roles",
)
OBJECTIVES = "objectives"
_NONE = showing.Shown(0, 0, 0, None)


def _kept(register: str, reads: Reads) -> Reading:
    shown = reads.registers.get(register, _NONE)
    return Reading(shown.entries - shown.late, shown.entries, shown.late, newest=reads.within(shown.newest))


def _late(register: str, reads: Reads, limit: int) -> list[Named]:
    return [_named(one) for one in showing.late(reads.tx, register, reads.period.last, limit)]


def _measured(reads: Reads) -> Reading:
    shown = reads.registers.get(OBJECTIVES, _NONE)
    missing = shown.entries - shown.measured
    return Reading(shown.measured, shown.entries, missing, newest=reads.within(shown.newest))


def _unmeasured(reads: Reads, limit: int) -> list[Named]:
    found = showing.unmeasured(reads.tx, OBJECTIVES, reads.period.first, reads.period.last, limit)
    return [_named(one) for one in found]


def _named(entry: showing.Entry) -> Named:
    return Named("register-entry", f"{entry.register}/{entry.number}", entry.number, entry.title)


PROBES: dict[str, Probe] = {
    **{f"register-{name}": Probe(partial(_kept, name), partial(_late, name)) for name in REGISTERS},
    "objectives-measured": Probe(_measured, _unmeasured),
}
