"""Medians and percentiles of counted values, and bins for a histogram. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

MIN_CASES = 5
"""Fewer values than this have no percentiles."""


@dataclass(frozen=True)
class Binned:
    """How many values lie from `low` to below `high`; in the last bin `high` itself is included."""

    low: float
    high: float
    count: int


def percentile(counted: Mapping[float, int], share: float) -> float | None:
    """The least value that at least `share` of all do not exceed (nearest rank); None where there are none.

    The value is always one that occurred, so that it opens to records.
    """
    cases = sum(counted.values())
    if not cases:
        return None
    rank = max(1, math.ceil(round(share * cases, 9)))
    so_far = 0
    for value in sorted(counted):
        so_far += counted[value]
        if so_far >= rank:
            return value
    raise AssertionError("a rank beyond all cases")


def binned(counted: Mapping[float, int], about: int = 20) -> list[Binned]:
    """About so many bins of a round width from zero on; the highest hundredth is gathered in the last bin."""
    top = percentile(counted, 0.99)
    if top is None:
        return []
    width = _round_up(max(top, 1.0) / about)
    number = max(1, math.floor(top / width) + 1)
    counts = [0] * number
    for value, count in counted.items():
        counts[min(max(math.floor(value / width), 0), number - 1)] += count
    highest = max(*counted, number * width)
    return [
        Binned(place * width, (place + 1) * width if place < number - 1 else max(highest, (place + 1) * width), count)
        for place, count in enumerate(counts)
    ]


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value * 0.999)
