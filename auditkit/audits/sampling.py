"""Drawing a sample that anybody can draw again (decision 8): population, seed, order, size. Pure.

The members are put in the order of SHA-256(seed, a zero byte, reference) and the first ones are taken. The seed is
made by the machine and its hash journalled before the population is closed; the population is kept as a sorted list
with its digest. tests/rules/test_audits_sampling.py holds it; docs/checking-a-pack.md has the script for strangers.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from math import isqrt
from typing import Any

import rfc8785

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.text import N_

FORMAT = "auditkit/sample/1"
FEWEST = 10
MOST = 1_000
"""More complaints are not captured in one go: each is stored, and nobody reads a thousand files in one audit."""


class Rule(StrEnum):
    """How many are taken."""

    CRITICAL_AND_ROOT = "critical-and-root"
    NUMBER = "number"


class SampleNotRunning(RuleBroken):
    message = N_("Samples are drawn while the audit is running")


class SamplePeriodReversed(BadInput):
    message = N_("Enter a last day that is not before the first day (%(first)s)")


class SampleNumberTooSmall(BadInput):
    message = N_("Enter a number of at least 1, or leave it empty")


class SampleReasonMissing(BadInput):
    message = N_("Say why this number: one of your own needs a reason")


class PopulationEmpty(RuleBroken):
    message = N_("There is nothing to draw from: no complaint received from %(start)s to %(end)s fits. Choose anew")


class SampleTooLarge(RuleBroken):
    message = N_(
        "That would be %(size)s complaints, and at most %(limit)s are drawn at once. Shorten the period, or give a "
        "number of your own with its reason"
    )


@dataclass(frozen=True)
class Population:
    """What is drawn from, closed: references, sorted; `always` are those of them taken in any case, sorted too."""

    references: tuple[str, ...]
    always: tuple[str, ...] = ()

    @classmethod
    def closed(cls, references: Iterable[str], always: Iterable[str] = ()) -> "Population":
        """Sorted by code point, each reference once. Raises ValueError where `always` names one that is not in it."""
        members, certain = set(references), set(always)
        if not certain <= members:
            raise ValueError(f"not in the population: {sorted(certain - members)[:3]}")
        return cls(tuple(sorted(members)), tuple(sorted(certain)))

    def plain(self) -> dict[str, list[str]]:
        """As plain JSON, the form that is digested."""
        return {"always": list(self.always), "references": list(self.references)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over its canonical JSON (RFC 8785), 64 hexadecimal digits."""
        return hashlib.sha256(rfc8785.dumps(self.plain())).hexdigest()


@dataclass(frozen=True)
class Drawn:
    """A member of the sample; `always`: it was not drawn but taken in any case."""

    reference: str
    always: bool


def commitment(seed: str) -> str:
    """SHA-256 of the seed: what is journalled before the population is closed."""
    return hashlib.sha256(seed.encode()).hexdigest()


def place(seed: str, reference: str) -> bytes:
    """By this the members are ordered: SHA-256(seed, a zero byte, reference)."""
    return hashlib.sha256(seed.encode() + b"\x00" + reference.encode()).digest()


def draw(population: Population, seed: str, size: int) -> list[Drawn]:
    """The sample: first those taken in any case, then the first of the others, each part in the order drawn.

    `size` counts both parts. Raises ValueError where it is under what is taken in any case or over the population.
    """
    certain = set(population.always)
    if not len(certain) <= size <= len(population.references):
        raise ValueError(f"{size} of {len(population.references)} cannot be drawn with {len(certain)} taken always")

    def order(references: Iterable[str]) -> list[str]:
        return sorted(references, key=lambda reference: place(seed, reference))

    others = order(reference for reference in population.references if reference not in certain)
    return [
        *(Drawn(reference, always=True) for reference in order(certain)),
        *(Drawn(reference, always=False) for reference in others[: size - len(certain)]),
    ]


def critical_and_root(critical: int, others: int) -> int:
    """All critical ones and the square root of the others (rounded up), at least 10, or all where there are fewer."""
    root = isqrt(others - 1) + 1 if others else 0
    return min(max(critical + root, FEWEST), critical + others)


def check_running(*, running: bool) -> None:
    """Raises SampleNotRunning unless the audit is running."""
    if not running:
        raise SampleNotRunning()


def check_wish(received_from: date, received_to: date, number: int | None, reason: str) -> None:
    """Whether a draw is asked for in full. Raises SamplePeriodReversed, SampleNumberTooSmall, SampleReasonMissing."""
    if received_to < received_from:
        raise SamplePeriodReversed(first=received_from.isoformat())
    if number is not None and number < 1:
        raise SampleNumberTooSmall()
    if number is not None and not reason.strip():
        raise SampleReasonMissing()


def size_of(population: Population, number: int | None) -> int:
    """How many are taken: `number` (or all, where there are fewer), or by the rule. Raises SampleTooLarge."""
    everybody, critical = len(population.references), len(population.always)
    size = critical_and_root(critical, everybody - critical) if number is None else min(number, everybody)
    if size > MOST:
        raise SampleTooLarge(size=size, limit=MOST)
    return size


def described(
    population: Population, seed: str, drawn: Sequence[Drawn], *, rule: Rule, reason: str, asked: dict[str, Any]
) -> dict[str, Any]:
    """The whole draw as plain JSON, from which it can be done again; `asked` says what the population is."""
    return {
        "format": FORMAT,
        **asked,
        "rule": rule.value,
        "reason": reason,
        "seed": seed,
        "seed_sha256": commitment(seed),
        "population": population.plain(),
        "population_sha256": population.digest,
        "size": len(drawn),
        "drawn": [one.reference for one in drawn],
    }
