"""Times that have not all ended: Kaplan and Meier's curve, in which open cases count, and the log-rank test. Pure.

Times come counted: how many cases ended after so long, and how many were still open after so long. So a million
cases are a few hundred numbers. Kaplan and Meier, Journal of the American Statistical Association 53 (1958); the
variance is Greenwood's, bounds by the log(-log) transformation (Kalbfleisch and Prentice, 1980); Mantel, Cancer
Chemotherapy Reports 50 (1966) for the log-rank test.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """How many cases `ended` and how many were still `running` (censored) at each time, by time in any one unit."""

    ended: Mapping[int, int]
    running: Mapping[int, int]

    @property
    def cases(self) -> int:
        """All of them."""
        return sum(self.ended.values()) + sum(self.running.values())


@dataclass(frozen=True)
class Moment:
    """From `time` on the share `open_share` is not ended yet; `at_risk` were still open just before."""

    time: int
    at_risk: int
    ended: int
    open_share: float
    low: float
    high: float
    deviation: float


@dataclass(frozen=True)
class Survival:
    """The curve. It begins with everything open at time 0."""

    moments: tuple[Moment, ...]
    cases: int
    still_open: int

    def quantile(self, share: float) -> int | None:
        """After what time at least `share` of the cases had ended; None where the curve does not get there."""
        return next((at.time for at in self.moments if 1 - at.open_share >= share - 1e-12), None)

    def open_after(self, time: float) -> float:
        """The share still open after `time`."""
        return next((at.open_share for at in reversed(self.moments) if at.time <= time), 1.0)


def kaplan_meier(times: Times, confidence: float = 0.95) -> Survival:
    """The share still open over time with its bounds. A case censored at a time counts as open at that time."""
    z = _normal(confidence)
    at_risk = times.cases
    share, spread = 1.0, 0.0
    found = [Moment(0, at_risk, 0, 1.0, 1.0, 1.0, 0.0)]
    for time in sorted({*times.ended, *times.running}):
        ended = times.ended.get(time, 0)
        if ended:
            share *= 1 - ended / at_risk
            spread += ended / (at_risk * (at_risk - ended)) if at_risk > ended else math.inf
            low, high = _bounds(share, spread, z)
            deviation = share * math.sqrt(spread) if share > 0 else 0.0
            found.append(Moment(time, at_risk, ended, share, low, high, deviation))
        at_risk -= ended + times.running.get(time, 0)
    return Survival(tuple(found), times.cases, sum(times.running.values()))


def _bounds(share: float, spread: float, z: float) -> tuple[float, float]:
    if not 0 < share < 1:
        return share, share
    half = z * math.sqrt(spread) / abs(math.log(share))
    return share ** math.exp(half), share ** math.exp(-half)


def _normal(confidence: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + confidence / 2)


@dataclass(frozen=True)
class LogRank:
    """Whether groups end at the same pace. `expected`: how many would have ended in each if all had the same pace."""

    observed: tuple[int, ...]
    expected: tuple[float, ...]
    chi_square: float
    freedom: int
    chance: float


def log_rank(groups: Sequence[Times]) -> LogRank | None:
    """Compare two or more groups; None for fewer, or where nothing ended."""
    import numpy
    from scipy.stats import chi2

    number = len(groups)
    moments = sorted({time for one in groups for time, ended in one.ended.items() if ended})
    if number < 2 or not moments:
        return None
    observed = [sum(one.ended.values()) for one in groups]
    expected = numpy.zeros(number)
    variance = numpy.zeros((number, number))
    for risks, ended in _at_risk(groups, moments):
        together = sum(risks)
        shares = numpy.array(risks) / together
        expected += ended * shares
        if together > 1:
            weight = ended * (together - ended) / (together - 1)
            variance += weight * (numpy.diag(shares) - numpy.outer(shares, shares))
    away = numpy.array(observed) - expected
    chi = float(away @ numpy.linalg.pinv(variance) @ away)
    chance = float(chi2.sf(chi, number - 1))
    return LogRank(tuple(observed), tuple(float(one) for one in expected), chi, number - 1, chance)


def _at_risk(groups: Sequence[Times], moments: Sequence[int]) -> list[tuple[list[int], int]]:
    """At each moment how many of each group were still open just before it, and how many ended at it together."""
    found = []
    left = [one.cases for one in groups]
    waiting = [sorted({*one.ended, *one.running}) for one in groups]
    places = [0] * len(groups)
    for moment in moments:
        for number, one in enumerate(groups):
            times = waiting[number]
            while places[number] < len(times) and times[places[number]] < moment:
                time = times[places[number]]
                left[number] -= one.ended.get(time, 0) + one.running.get(time, 0)
                places[number] += 1
        found.append((list(left), sum(one.ended.get(moment, 0) for one in groups)))
    return found
