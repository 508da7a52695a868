"""Finding shifts in weekly counts, with a stated rate of false alarms. Pure.

Each week is looked at with what was known by then: the last 1, 4 and 12 weeks against the weeks before, up to a year.
Where nothing changed, the part of the recent weeks in the sum of both is binomial, whatever the level is; so the test
is exact and needs no estimate of it (Przyborowski and Wilenski, Biometrika 31, 1940). Counts that scatter more than
chance are divided by their dispersion first (McCullagh and Nelder, Generalized Linear Models, 1989, 4.5). Six
questions are asked each week, so each may be wrong a sixth as often as stated (Bonferroni), and less: see MARGIN.
The week of the shift is where the likelihood of two levels is greatest. After a signal the new level is learnt.

What the test takes for granted is that weeks vary by chance around a level. A register that was brought in by bursts,
such as a file with gaps, shifts indeed, and signals say so.

The stated rate is measured by tests/rules/test_signals.py on the shared register files, shuffled, and with planted
shifts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

STATED = 1 / 1000
"""Where nothing changes, at most so many false signals for each series and week."""
MARGIN = 0.5
"""The dispersion is itself estimated, from few weeks; therefore each question is asked more strictly by this factor."""
WINDOWS = (1, 4, 12)
LEARN = 13
"""Weeks before the first question, and after a signal."""
YEAR = 52
BACK = 26
"""How far before it was noticed a shift may have begun."""


@dataclass(frozen=True)
class Shift:
    """A shift of a series, by places of weeks: it began at `began` and was noticed at the end of `noticed`.

    `before` and `after` are means a week: since the last shift, and from `began` up to `noticed`.
    """

    began: int
    noticed: int
    before: float
    after: float
    weeks_before: int
    count_before: int
    count_after: int
    chance: float

    @property
    def up(self) -> bool:
        """Whether it rose."""
        return self.after > self.before

    @property
    def weeks_after(self) -> int:
        """From its beginning to when it was noticed."""
        return self.noticed - self.began + 1


def shifts(counts: Sequence[int], stated: float = STATED) -> list[Shift]:
    """The shifts of a series of weekly counts, oldest first, each noticed with what was known by then."""
    found: list[Shift] = []
    base = 0
    level = stated * MARGIN / (2 * len(WINDOWS))
    while True:
        alarm = _first_alarm(counts, base, level)
        if alarm is None:
            return found
        noticed, chance = alarm
        began = _began(counts, base, noticed)
        before, after = counts[base:began], counts[began : noticed + 1]
        found.append(
            Shift(
                began,
                noticed,
                sum(before) / len(before),
                sum(after) / len(after),
                len(before),
                sum(before),
                sum(after),
                min(1.0, chance * 2 * len(WINDOWS)),
            )
        )
        base = began


def _first_alarm(counts: Sequence[int], base: int, level: float) -> tuple[int, float] | None:
    """The first week that is beyond the level, with its chance; what is known from week `base` on counts."""
    import numpy

    values = numpy.asarray(counts[base:], dtype=float)
    if len(values) < LEARN + 1:
        return None
    chances = numpy.ones(len(values))
    for window in WINDOWS:
        chances = numpy.minimum(chances, _chances(values, window))
    beyond = numpy.flatnonzero(chances < level)
    if not len(beyond):
        return None
    first = int(beyond[0])
    return base + first, float(chances[first])


def _chances(values: "numpy.ndarray[Any, Any]", window: int) -> "numpy.ndarray[Any, Any]":
    """For each week the chance of its last `window` weeks given those before; one where too few are known."""
    import numpy
    from scipy.stats import binom

    sums = numpy.concatenate([[0.0], numpy.cumsum(values)])
    squares = numpy.concatenate([[0.0], numpy.cumsum(values**2)])
    ends = numpy.arange(1, len(values) + 1)
    middles = ends - window
    starts = numpy.maximum(middles - YEAR, 0)
    known = middles >= LEARN
    chances = numpy.ones(len(values))
    if not known.any():
        return chances
    ends, middles, starts = ends[known], middles[known], starts[known]
    weeks = (middles - starts).astype(float)
    recent, before = sums[ends] - sums[middles], sums[middles] - sums[starts]
    mean = before / weeks
    variance = (squares[middles] - squares[starts] - weeks * mean**2) / (weeks - 1)
    spread = numpy.where(mean > 0, numpy.maximum(variance / numpy.maximum(mean, 1e-9), 1.0), 1.0)
    share = window / (window + weeks)
    recent_fair, whole_fair = recent / spread, numpy.rint((recent + before) / spread)
    above = binom.sf(numpy.floor(recent_fair) - 1, whole_fair, share)
    below = binom.cdf(numpy.ceil(recent_fair), whole_fair, share)
    chances[known] = numpy.minimum(above, below)
    return chances


def _began(counts: Sequence[int], base: int, noticed: int) -> int:
    """The week at which two levels explain the counts best."""
    from math import log

    def explained(part: Sequence[int]) -> float:
        whole = sum(part)
        return whole * log(whole / len(part)) if whole else 0.0

    first = max(base + 4, noticed - BACK)
    return max(
        range(first, noticed + 1), key=lambda week: explained(counts[base:week]) + explained(counts[week : noticed + 1])
    )
