"""Percentiles of waiting times, and the estimate after Kaplan and Meier that counts those who still wait. Pure.

Times are whole numbers of a unit (hours, days), cut down: 47 hours are one day. They are handed over as how many cases
took each time, so that a million cases are a few hundred numbers. The estimate is checked against SciPy and a published
table in tests/rules/test_insights_waiting.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

PERCENTILES = (50, 75, 90, 95)


def percentile(counts: Mapping[int, int], percent: float) -> float | None:
    """The percentile of times by how many cases took each, interpolated between neighbours; None of nothing.

    The median of an even number is the middle of the two in the middle, as everybody computes it.
    """
    total = sum(counts.values())
    if not total:
        return None
    place = (total - 1) * percent / 100
    low, high = (_at(counts, index) for index in (floor(place), ceil(place)))
    return low + (high - low) * (place - floor(place))


def _at(counts: Mapping[int, int], index: int) -> int:
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if index < passed:
            return value
    raise IndexError(index)


@dataclass(frozen=True)
class Step:
    """Of the curve: from `time` on a `share` (0 to 1) still waits. `at_risk` waited up to then, `ended` ended there."""

    time: int
    share: float
    at_risk: int
    ended: int
    censored: int


def curve(ended: Mapping[int, int], waiting: Mapping[int, int]) -> tuple[Step, ...]:
    """The product-limit estimate: how many of all would still wait after each time at which somebody's wait ended.

    `waiting` are those who have waited so long and wait still (censored); at equal times they count as still there.
    """
    at_risk = sum(ended.values()) + sum(waiting.values())
    share, steps = 1.0, []
    for time in sorted({*ended, *waiting}):
        done, left = ended.get(time, 0), waiting.get(time, 0)
        if done:
            share *= 1 - done / at_risk
        steps.append(Step(time, share, at_risk, done, left))
        at_risk -= done + left
    return tuple(steps)


def reached(steps: tuple[Step, ...], percent: float) -> int | None:
    """The time after which so many per cent no longer wait; None where the records do not reach that far."""
    for step in steps:
        if step.share <= 1 - percent / 100 + 1e-12:
            return step.time
    return None
