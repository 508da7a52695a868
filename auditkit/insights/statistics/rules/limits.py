"""Control limits of counts, rates and shares, and the rules by which points of a run chart are noticed. Pure.

c-, u- and p-charts: Shewhart limits at three standard deviations (Montgomery, Introduction to Statistical Quality
Control, chapter 7). Rules for runs: Anhøj and Olesen, Run charts revisited, PLoS ONE 9 (2014) e113825; they are about
the median, so that they hold for any distribution. Gaps between rare events: Benneyan, Number-between g-type
statistical quality control charts, Health Care Management Science 4 (2001). Each rule tells how often it is wrong.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

MIN_POINTS = 12
"""Fewer points than this have no limits: they would say more about chance than about the process."""
SIGMAS = 3.0


class Rule(StrEnum):
    """Why something about a series is noticed."""

    BEYOND = "beyond"
    LONG_RUN = "long-run"
    FEW_CROSSINGS = "few-crossings"


@dataclass(frozen=True)
class Limits:
    """Centre and the limits of each point. `false_alarms`: chance that a point of a calm process lies beyond them."""

    centre: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    false_alarms: float

    def beyond(self, values: Sequence[float]) -> list[int]:
        """Places of the points beyond their limits."""
        bounds = zip(values, self.lower, self.upper, strict=True)
        return [place for place, (value, low, high) in enumerate(bounds) if value < low or value > high]


def counts(values: Sequence[int]) -> Limits:
    """Limits of a c-chart: counts in equal times. Raises ValueError for no values."""
    centre = _mean(values)
    half = SIGMAS * math.sqrt(centre)
    low, high = max(centre - half, 0.0), centre + half
    return Limits(centre, (low,) * len(values), (high,) * len(values), _poisson_beyond(centre, low, high))


def rates(values: Sequence[int], exposures: Sequence[float]) -> Limits:
    """Limits of a u-chart: `values` counted over `exposures` (all above zero), such as complaints per 1000 orders."""
    whole = sum(exposures)
    if not values or whole <= 0:
        raise ValueError("no exposure")
    centre = sum(values) / whole
    halves = [SIGMAS * math.sqrt(centre / one) for one in exposures]
    low = tuple(max(centre - half, 0.0) for half in halves)
    high = tuple(centre + half for half in halves)
    # Of the usual point: the exposure that half of the points exceed.
    usual = median(exposures)
    half = SIGMAS * math.sqrt(centre * usual)
    chance = _poisson_beyond(centre * usual, max(centre * usual - half, 0.0), centre * usual + half)
    return Limits(centre, low, high, chance)


def shares(values: Sequence[int], sizes: Sequence[int]) -> Limits:
    """Limits of a p-chart: `values` of `sizes` each (all above zero), such as late ones of all decided."""
    whole = sum(sizes)
    if not values or whole <= 0:
        raise ValueError("no cases")
    centre = sum(values) / whole
    halves = [SIGMAS * math.sqrt(centre * (1 - centre) / one) for one in sizes]
    low = tuple(max(centre - half, 0.0) for half in halves)
    high = tuple(min(centre + half, 1.0) for half in halves)
    usual = int(median(sizes))
    half = SIGMAS * math.sqrt(centre * (1 - centre) / usual)
    return Limits(centre, low, high, _binomial_beyond(usual, centre, max(centre - half, 0.0), min(centre + half, 1.0)))


def gaps(values: Sequence[int]) -> Limits:
    """Limits of a g-chart: days without an event between rare events. Only long gaps lie beyond; runs show short
    ones.
    """
    centre = _mean(values)
    high = centre + SIGMAS * math.sqrt(centre * (centre + 1))
    chance = (centre / (centre + 1)) ** (math.floor(high) + 1) if centre > 0 else 0.0
    return Limits(centre, (0.0,) * len(values), (high,) * len(values), chance)


def dispersion(values: Sequence[int], limits: Limits, exposures: Sequence[float] | None = None) -> float:
    """How much more the points scatter than chance alone explains: 1 is chance; 2 means limits half as wide as due.

    The standard deviation of the standardised points by their moving range (Laney, Quality Engineering 14, 2002).
    """
    parts = exposures or [1.0] * len(values)
    if limits.centre <= 0 or len(values) < 2:
        return 1.0
    scores = [
        (value / part - limits.centre) / math.sqrt(limits.centre / part)
        for value, part in zip(values, parts, strict=True)
    ]
    ranges = [abs(after - before) for before, after in pairwise(scores)]
    return sum(ranges) / len(ranges) / 1.128


# Runs about the median


@dataclass(frozen=True)
class Runs:
    """Runs of a series about its median; points on the median are left out of `useful`.

    `longest_allowed`, `crossings_needed`: a longer run, or fewer crossings, is noticed. `long_run` are the places of
    the points in the longest run where it is too long.
    """

    median: float
    useful: int
    longest: int
    longest_allowed: int
    crossings: int
    crossings_needed: int
    long_run: tuple[int, ...]

    @property
    def noticed(self) -> list[Rule]:
        """Which rules the series breaks."""
        found = [Rule.LONG_RUN] if self.longest > self.longest_allowed else []
        return found + ([Rule.FEW_CROSSINGS] if self.crossings < self.crossings_needed else [])


def runs(values: Sequence[float]) -> Runs:
    """Runs and crossings of a series. With fewer than ten useful points nothing is noticed."""
    middle = median(values) if values else 0.0
    sides = [(place, value > middle) for place, value in enumerate(values) if value != middle]
    longest: list[int] = []
    now: list[int] = []
    crossings = 0
    before: bool | None = None
    for place, above in sides:
        if above == before:
            now.append(place)
        else:
            crossings += before is not None
            now = [place]
        before = above
        longest = list(now) if len(now) > len(longest) else longest
    useful = len(sides)
    allowed, needed = (longest_allowed(useful), crossings_needed(useful)) if useful >= 10 else (useful, 0)
    return Runs(
        middle, useful, len(longest), allowed, crossings, needed, tuple(longest) if len(longest) > allowed else ()
    )


def longest_allowed(useful: int) -> int:
    """The longest run still due to chance among so many useful points."""
    return round(math.log2(useful)) + 3


def crossings_needed(useful: int) -> int:
    """The fewest crossings of the median still due to chance: the 5th percentile of fair coin tosses."""
    from scipy.stats import binom

    return int(binom.ppf(0.05, useful - 1, 0.5))


def long_run_chance(useful: int, longest: int) -> float:
    """The chance of a run longer than `longest` in a calm series of so many points."""
    # ways[k]: sequences whose last run has k + 1 points and no run is longer than allowed, as a share of all
    ways = [0.0] * longest
    if not useful or not longest:
        return 0.0
    ways[0] = 1.0
    for _ in range(useful - 1):
        ways = [sum(ways) / 2, *(one / 2 for one in ways[:-1])]
    return 1.0 - sum(ways)


def few_crossings_chance(useful: int, needed: int) -> float:
    """The chance of fewer crossings than `needed` in a calm series of so many points."""
    from scipy.stats import binom

    return float(binom.cdf(needed - 1, useful - 1, 0.5)) if useful > 1 else 0.0


def _mean(values: Sequence[int]) -> float:
    if not values:
        raise ValueError("no values")
    return sum(values) / len(values)


def _poisson_beyond(mean: float, low: float, high: float) -> float:
    from scipy.stats import poisson

    if mean <= 0:
        return 0.0
    return float(poisson.sf(math.floor(high), mean) + poisson.cdf(math.ceil(low) - 1, mean))


def _binomial_beyond(size: int, share: float, low: float, high: float) -> float:
    from scipy.stats import binom

    if not size or not 0 < share < 1:
        return 0.0
    return float(
        binom.sf(math.floor(high * size + 1e-9), size, share) + binom.cdf(math.ceil(low * size - 1e-9) - 1, size, share)
    )
