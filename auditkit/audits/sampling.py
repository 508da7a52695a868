"""Drawing a sample that anybody can draw again (decision 8): population, seed, order, size, strata. Pure.

The members are put in the order of SHA-256(seed, a zero byte, reference) and the first ones are taken, of each stratum
where there are strata. The seed is made by the machine and its hash journalled before the population is closed; the
population is kept as a sorted list with its digest. tests/rules/test_audits_sampling.py holds it;
`audits/samples/redraw.py` is the script for strangers.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from math import isqrt
from typing import Any

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

COMPLAINT_PICKED = event("audit:complaint-picked", N_("Complaint chosen by judgement"))

FORMAT = "auditkit/sample/2"
"""The second format has `strata`; a population without them is written as in the first."""
FEWEST = 10
MOST_STRATA = 60
MOST = 1_000
"""More complaints are not captured in one go: each is stored, and nobody reads a thousand files in one audit."""


class Rule(StrEnum):
    """How many are taken: by the rule, or a number somebody gave a reason for (which may be all of them)."""

    CRITICAL_AND_ROOT = "critical-and-root"
    NUMBER = "number"


class Method(StrEnum):
    """How a sample is drawn."""

    CRITICAL_AND_ROOT = "critical-and-root"
    RANDOM = "random"
    STRATIFIED = "stratified"
    ALL = "all"


class Stratify(StrEnum):
    """By what a population is divided before it is drawn from."""

    OUTCOME = "outcome"
    SEVERITY = "severity"
    CHANNEL = "channel"
    SITE = "site"
    AGE = "age"
    REPEAT = "repeat"
    SAFETY = "safety"


METHOD_TITLES = {
    Method.CRITICAL_AND_ROOT: N_("All critical ones and the square root of the others, at least 10"),
    Method.RANDOM: N_("A number of them at random"),
    Method.STRATIFIED: N_("Stratified: at random within each group, in proportion, at least one of each"),
    Method.ALL: N_("All of them"),
}
STRATIFY_TITLES = {
    Stratify.OUTCOME: N_("Outcome"),
    Stratify.SEVERITY: N_("Severity"),
    Stratify.CHANNEL: N_("Channel"),
    Stratify.SITE: N_("Site"),
    Stratify.AGE: N_("Age of the case"),
    Stratify.REPEAT: N_("Repeat customer"),
    Stratify.SAFETY: N_("Safety flag"),
}


class SampleNotRunning(RuleBroken):
    message = N_("Samples are drawn while the audit is running")


class SamplePeriodReversed(BadInput):
    message = N_("Enter a last day that is not before the first day (%(first)s)")


class SampleNumberTooSmall(BadInput):
    message = N_("Enter a number of at least 1, or leave it empty")


class SampleReasonMissing(BadInput):
    message = N_("Say why this number: one of your own needs a reason")


class StrataMissing(BadInput):
    message = N_("Choose by what the sample is stratified")


class SampleNumberMissing(BadInput):
    message = N_("Enter how many are to be drawn, or let the size calculator say it")


class TooFewForStrata(BadInput):
    message = N_("There are %(strata)s groups and each gives at least one: enter at least %(strata)s")


class TooManyStrata(RuleBroken):
    message = N_("There are %(strata)s groups, more than %(limit)s. Stratify by something else, or narrow it down")


class PopulationEmpty(RuleBroken):
    message = N_("There is nothing to draw from: no complaint received from %(start)s to %(end)s fits. Choose anew")


class PickReasonMissing(BadInput):
    message = N_("Say why this complaint: what is chosen by judgement needs its reason")


class PickUnknown(BadInput):
    message = N_("The register has no complaint %(reference)s. Enter its reference as the register shows it")


class PickedBefore(RuleBroken):
    message = N_("%(reference)s was chosen for this audit before")


class SampleTooLarge(RuleBroken):
    message = N_(
        "That would be %(size)s complaints, and at most %(limit)s are drawn at once. Shorten the period, or give a "
        "number of your own with its reason"
    )


@dataclass(frozen=True)
class Population:
    """What is drawn from, closed: references, sorted; `always` are those of them taken in any case, sorted too.

    `strata`: the group of each reference, in their order; empty for a population that is not divided.
    """

    references: tuple[str, ...]
    always: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()

    @classmethod
    def closed(
        cls, references: Iterable[str], always: Iterable[str] = (), strata: Mapping[str, str] | None = None
    ) -> "Population":
        """Sorted by code point, each reference once; `strata` names the group of each.

        Raises ValueError where `always` names one that is not in it, or one has no group.
        """
        members, certain = set(references), set(always)
        if not certain <= members:
            raise ValueError(f"not in the population: {sorted(certain - members)[:3]}")
        if strata is not None and not members <= strata.keys():
            raise ValueError(f"in no group: {sorted(members - strata.keys())[:3]}")
        ordered = tuple(sorted(members))
        return cls(ordered, tuple(sorted(certain)), tuple(strata[one] for one in ordered) if strata else ())

    def plain(self) -> dict[str, list[str]]:
        """As plain JSON, the form that is digested."""
        plain = {"always": list(self.always), "references": list(self.references)}
        return {**plain, "strata": list(self.strata)} if self.strata else plain

    @cached_property
    def digest(self) -> str:
        """SHA-256 over its canonical JSON (RFC 8785), 64 hexadecimal digits."""
        return hashlib.sha256(canonical(self.plain())).hexdigest()

    @cached_property
    def counts(self) -> dict[str, int]:
        """The groups by name, sorted, with the number of members not taken in any case; one unnamed without strata."""
        found = Counter(name for _reference, name in self.others())
        return dict(sorted(found.items()))

    def others(self) -> Iterator[tuple[str, str]]:
        """(reference, group) of those not taken in any case, in order."""
        certain = set(self.always)
        for place_, reference in enumerate(self.references):
            if reference not in certain:
                yield reference, self.strata[place_] if self.strata else ""


@dataclass(frozen=True)
class Drawn:
    """A member of the sample; `always`: it was not drawn but taken in any case. `stratum`: the group it came from."""

    reference: str
    always: bool
    stratum: str = ""


@dataclass(frozen=True)
class Stratum:
    """A group of the population: how many it has and how many of them are drawn."""

    name: str
    population: int
    size: int


def canonical(plain: Mapping[str, list[str]]) -> bytes:
    """Canonical JSON (RFC 8785) of lists of texts under plain names: for these the general writer is 20 times slower.

    tests/rules/test_audits_sampling.py compares it with that writer.
    """
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def allocated(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each group are drawn: in proportion, at least one each, the rest by the largest remainder.

    A group whose share is under one gives one, and the others share what is left, until none is under one. Equal
    remainders: the group that is first by name. Raises ValueError where `size` does not fit.
    """
    if not len(counts) <= size <= sum(counts.values()) or any(count < 1 for count in counts.values()):
        raise ValueError(f"{size} cannot be drawn of {dict(counts)}")
    sharing, taken = dict(sorted(counts.items())), dict.fromkeys(counts, 1)
    while True:
        left, members = size - (len(counts) - len(sharing)), sum(sharing.values())
        small = [name for name, count in sharing.items() if left * count < members]
        if not small:
            break
        for name in small:
            del sharing[name]
    taken |= {name: left * count // members for name, count in sharing.items()}
    by_remainder = sorted(sharing, key=lambda name: (-(left * sharing[name] % members), name))
    for name in by_remainder[: size - sum(taken.values())]:
        taken[name] += 1
    return dict(sorted(taken.items()))


def strata_of(population: Population, size: int) -> tuple[Stratum, ...]:
    """The groups with what is drawn of each, by name; none where the population is not divided."""
    if not population.strata:
        return ()
    sizes = allocated(population.counts, size)
    return tuple(Stratum(name, count, sizes[name]) for name, count in population.counts.items())


def commitment(seed: str) -> str:
    """SHA-256 of the seed: what is journalled before the population is closed."""
    return hashlib.sha256(seed.encode()).hexdigest()


def place(seed: str, reference: str) -> bytes:
    """By this the members are ordered: SHA-256(seed, a zero byte, reference)."""
    return hashlib.sha256(seed.encode() + b"\x00" + reference.encode()).digest()


def draw(population: Population, seed: str, size: int) -> list[Drawn]:
    """The sample: first those taken in any case, then the first of the others, each part in the order drawn.

    With strata: the first of each group, group by group. `size` counts all. Raises ValueError where it is under what is
    taken in any case or over the population.
    """
    if not len(population.always) <= size <= len(population.references):
        raise ValueError(
            f"{size} of {len(population.references)} cannot be drawn with {len(population.always)} taken always"
        )

    def order(references: Iterable[str]) -> list[str]:
        return sorted(references, key=lambda reference: place(seed, reference))

    left = size - len(population.always)
    groups: dict[str, list[str]] = {name: [] for name in population.counts}
    for reference, name in population.others():
        groups[name].append(reference)
    sizes = allocated(population.counts, left) if population.strata else dict.fromkeys(groups, left)
    return [
        *(Drawn(reference, always=True) for reference in order(population.always)),
        *(
            Drawn(reference, always=False, stratum=name)
            for name, members in groups.items()
            for reference in order(members)[: sizes[name]]
        ),
    ]


def critical_and_root(critical: int, others: int) -> int:
    """All critical ones and the square root of the others (rounded up), at least 10, or all where there are fewer."""
    root = isqrt(others - 1) + 1 if others else 0
    return min(max(critical + root, FEWEST), critical + others)


def check_running(*, running: bool) -> None:
    """Raises SampleNotRunning unless the audit is running."""
    if not running:
        raise SampleNotRunning()


def check_wish(
    received_from: date,
    received_to: date,
    number: int | None,
    reason: str,
    method: Method = Method.CRITICAL_AND_ROOT,
    by: Stratify | None = None,
) -> None:
    """Whether a draw is asked for in full.

    Raises SamplePeriodReversed, SampleNumberTooSmall, SampleReasonMissing, SampleNumberMissing, StrataMissing.
    """
    if received_to < received_from:
        raise SamplePeriodReversed(first=received_from)
    if number is not None and number < 1:
        raise SampleNumberTooSmall()
    if method is Method.STRATIFIED and by is None:
        raise StrataMissing()
    if method in (Method.RANDOM, Method.STRATIFIED):
        if number is None:
            raise SampleNumberMissing()
        if not reason.strip():
            raise SampleReasonMissing()


def size_of(population: Population, number: int | None, method: Method | None = None) -> int:
    """How many are taken: `number` (or all, where there are fewer), all, or by the rule.

    Raises SampleTooLarge, TooManyStrata, TooFewForStrata.
    """
    everybody, critical = len(population.references), len(population.always)
    if method is Method.ALL:
        size = everybody
    elif number is None:
        size = critical_and_root(critical, everybody - critical)
    else:
        size = min(number, everybody)
    if size > MOST:
        raise SampleTooLarge(size=size, limit=MOST)
    if population.strata:
        strata = len(population.counts)
        if strata > MOST_STRATA:
            raise TooManyStrata(strata=strata, limit=MOST_STRATA)
        if size < strata:
            raise TooFewForStrata(strata=strata)
    return size


def described(
    population: Population, seed: str, drawn: Sequence[Drawn], *, rule: Rule, reason: str, asked: dict[str, Any]
) -> dict[str, Any]:
    """The whole draw as plain JSON, from which it can be done again; `asked` says what the population is."""
    strata = strata_of(population, len(drawn))
    return {
        "format": FORMAT,
        **asked,
        "rule": rule.value,
        "reason": reason,
        "seed": seed,
        "seed_sha256": commitment(seed),
        "population": population.plain(),
        "population_sha256": population.digest,
        "strata": [{"name": one.name, "population": one.population, "size": one.size} for one in strata],
        "size": len(drawn),
        "drawn": [one.reference for one in drawn],
    }
