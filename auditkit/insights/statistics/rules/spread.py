"""Bins for a histogram of counted values. Pure. Percentiles are those of `indicators.waiting`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from auditkit.insights.indicators.waiting import percentile


@dataclass(frozen=True)
class Binned:
    """How many values lie from `low` to below `high`; `high` None: and all above."""

    low: float
    high: float | None
    count: int


def binned(counted: Mapping[int, int], about: int = 20) -> list[Binned]:
    """About so many bins of a round width from zero on; the highest hundredth is gathered in the last bin."""
    top = percentile(counted, 99)
    if top is None:
        return []
    width = _round_up(max(top, 1.0) / about)
    number = max(1, math.floor(top / width) + 1)
    counts = [0] * number
    for value, count in counted.items():
        counts[min(max(math.floor(value / width), 0), number - 1)] += count
    gathers = max(counted) >= number * width
    return [
        Binned(place * width, None if gathers and place == number - 1 else (place + 1) * width, count)
        for place, count in enumerate(counts)
    ]


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value * 0.999)
