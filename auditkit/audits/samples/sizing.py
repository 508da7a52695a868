"""How many files have to be looked at for what they are to say, exactly: binomial, and for finite populations. Pure.

A population is *accepted* when at most `allowed` exceptions are found; the size is the smallest at which a population
with the tolerable rate would pass by chance at most as often as the confidence leaves.
tests/rules/test_audits_sizing.py compares it with published tables.
"""

from dataclasses import dataclass
from math import ceil, exp, lgamma, log, log1p

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.text import N_, _
from auditkit.documents.direction import figure

LARGEST = 5_000
CONFIDENCES = (80, 90, 95, 99)


class ConfidenceUnknown(BadInput):
    message = N_("Choose a confidence of 80, 90, 95 or 99 per cent")


class RateImpossible(BadInput):
    message = N_("Enter a tolerable rate between 0.1 and 50 per cent")


class ExpectedTooHigh(RuleBroken):
    message = N_(
        "The expected rate has to be well below the tolerable one: with these two no sample of up to %(limit)s files "
        "can tell them apart. Accept a higher rate, or look at all files"
    )


@dataclass(frozen=True)
class Sizing:
    """What was asked and what it comes to. Rates in per cent; `population` None: as if without end (binomial).

    `allowed`: with at most so many exceptions found, it may be said that the rate is not above the tolerable one.
    """

    confidence: int
    tolerable: float
    expected: float
    population: int | None
    size: int
    allowed: int

    def plain(self) -> dict[str, float | int | None]:
        """As plain JSON."""
        return dict(self.__dict__)

    @property
    def words(self) -> str:
        """What it means, for whoever reads the report."""
        said = {
            "size": self.size,
            "allowed": self.allowed,
            "confidence": self.confidence,
            "tolerable": figure(f"{self.tolerable:g}"),
        }
        if self.allowed == 0:
            return _(
                "Test %(size)s files drawn at random. If none of them has the fault, it can be said with a confidence "
                "of %(confidence)s per cent that it is in no more than %(tolerable)s per cent of the population. One "
                "fault is enough to make that untrue.",
                **said,
            )
        return _(
            "Test %(size)s files drawn at random. If no more than %(allowed)s of them have the fault, it can be said "
            "with a confidence of %(confidence)s per cent that it is in no more than %(tolerable)s per cent of the "
            "population.",
            **said,
        )


def at_most(allowed: int, size: int, rate: float) -> float:
    """The chance of at most `allowed` faults in `size` files where each has one with probability `rate` (0 to 1)."""
    if rate >= 1:
        return 1.0 if allowed >= size else 0.0
    return sum(
        exp(_ways(size, found) + found * log(rate) + (size - found) * log1p(-rate))
        for found in range(min(allowed, size) + 1)
    )


def at_most_of(allowed: int, size: int, faults: int, population: int) -> float:
    """The same where `size` of `population` files are drawn, `faults` of which have the fault (hypergeometric)."""
    least, most = max(0, size - (population - faults)), min(allowed, size, faults)
    return sum(
        exp(_ways(faults, found) + _ways(population - faults, size - found) - _ways(population, size))
        for found in range(least, most + 1)
    )


def _ways(things: int, taken: int) -> float:
    """The logarithm of the number of ways to take so many of so many things."""
    return lgamma(things + 1) - lgamma(taken + 1) - lgamma(things - taken + 1)


def sized(confidence: int, tolerable: float, expected: float = 0.0, population: int | None = None) -> Sizing:
    """The smallest sample that does. Rates in per cent, `expected` the rate that is thought to be there.

    As many exceptions are allowed as the expected rate would bring into the sample, rounded up. Raises
    ConfidenceUnknown, RateImpossible, ExpectedTooHigh.
    """
    if confidence not in CONFIDENCES:
        raise ConfidenceUnknown()
    if not 0.1 <= tolerable <= 50:
        raise RateImpossible()
    if not 0 <= expected < tolerable:
        raise ExpectedTooHigh(limit=LARGEST)
    risk, size = 1 - confidence / 100, 1
    for allowed in range(LARGEST):
        size = _smallest(allowed, size, risk, tolerable / 100, population)
        if size > LARGEST and population is None:
            break
        if population is not None and size >= population:
            return Sizing(confidence, tolerable, expected, population, population, allowed)
        if ceil(round(size * expected / 100, 9)) <= allowed:
            return Sizing(confidence, tolerable, expected, population, size, allowed)
    raise ExpectedTooHigh(limit=LARGEST)


def _smallest(allowed: int, start: int, risk: float, rate: float, population: int | None) -> int:
    """The smallest size from `start` on at which at most `allowed` faults are found no more often than `risk`."""
    end = LARGEST + 1 if population is None else population
    # The tolerable number of faults in a population of whole files: the next one above is what must not pass
    faults = 0 if population is None else min(population, int(round(rate * population, 9)) + 1)

    def passes(size: int) -> bool:
        if population is None:
            return at_most(allowed, size, rate) <= risk + 1e-9
        return at_most_of(allowed, size, faults, population) <= risk + 1e-9

    low, high = max(start, allowed + 1), end
    if low >= high:
        return high
    while low < high:
        middle = (low + high) // 2
        if passes(middle):
            high = middle
        else:
            low = middle + 1
    return low


def upper_limit(found: int, size: int, confidence: int) -> float:
    """The highest rate (per cent) that `found` faults in `size` files leave open, one-sided (Clopper and Pearson)."""
    if found >= size:
        return 100.0
    low, high, risk = found / size, 1.0, 1 - confidence / 100
    for _step in range(60):
        middle = (low + high) / 2
        if at_most(found, size, middle) > risk:
            low = middle
        else:
            high = middle
    return high * 100
