"""Percentiles of waiting times that ended. Pure. Those that have not are for `statistics.rules.survival`.

Times are whole numbers of a unit (hours, days), cut down: 47 hours are one day. They are handed over as how many cases
took each time, so that a million cases are a few hundred numbers. tests/rules/test_insights_waiting.py.
"""

from collections.abc import Mapping
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
