"""Shares and rates with their intervals, and whether groups are treated alike. Pure.

Wilson, Journal of the American Statistical Association 22 (1927); exact interval of a ratio of rates: Breslow and Day,
Statistical Methods in Cancer Research II (1987), by Clopper and Pearson; Fisher's exact test; Holm, Scandinavian
Journal of Statistics 6 (1979).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditkit.insights.rules import FEWEST

MIN_EXPECTED = 5.0
DOUBTFUL = 0.05


@dataclass(frozen=True)
class Interval:
    """A value with its bounds at the stated confidence (0.95 unless asked otherwise)."""

    value: float
    low: float
    high: float


def wilson(hits: int, of: int, confidence: float = 0.95) -> Interval:
    """A share with the interval of Wilson. Raises ValueError where there are no cases or more hits than cases."""
    from scipy.stats import binomtest

    if of < 1 or not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of}")
    bounds = binomtest(hits, of).proportion_ci(confidence, method="wilson")
    return Interval(hits / of, float(bounds.low), float(bounds.high))


def rate_ratio(after: int, over_after: float, before: int, over_before: float, confidence: float = 0.95) -> Interval:
    """How many times as frequent something is `after` as `before`, both counted over a time or a number of orders.

    The interval is exact, given the sum of both counts. Raises ValueError where nothing happened in either, or over
    nothing. Where nothing happened before, the value and the upper bound are infinite.
    """
    from scipy.stats import binomtest

    if after + before < 1 or min(over_after, over_before) <= 0:
        raise ValueError("nothing to compare")
    bounds = binomtest(after, after + before).proportion_ci(confidence, method="exact")
    scale = over_before / over_after

    def odds(share: float) -> float:
        return float("inf") if share >= 1 else share / (1 - share) * scale

    value = float("inf") if before == 0 else after / before * scale
    return Interval(value, odds(float(bounds.low)), odds(float(bounds.high)))


@dataclass(frozen=True)
class Compared:
    """One group against all others. `chance`: Fisher's exact test, after Holm's correction for so many comparisons.

    None where the group, or all others together, have too few cases to be judged.
    """

    group: str
    hits: int
    of: int
    share: Interval | None
    others: float | None
    chance: float | None

    @property
    def stands_out(self) -> bool:
        """Whether chance alone hardly explains the difference."""
        return self.chance is not None and self.chance < DOUBTFUL


@dataclass(frozen=True)
class Fairness:
    """Whether the share of something differs between groups.

    `chance` of all groups together by chi-square; None where a cell expects fewer than MIN_EXPECTED, so that only the
    exact comparisons count.
    """

    groups: tuple[Compared, ...]
    comparisons: int
    chi_square: float | None
    freedom: int
    chance: float | None


def fairness(table: Mapping[str, tuple[int, int]], fewest: int = FEWEST) -> Fairness:
    """Compare groups; `table` has hits and cases of each, such as upheld of decided by channel.

    A group of fewer than `fewest` cases is counted and not judged.
    """
    hits, cases = sum(one[0] for one in table.values()), sum(one[1] for one in table.values())
    chances: dict[str, float] = {}
    for group, (of_group, size) in table.items():
        if size >= fewest and cases - size >= fewest:
            chances[group] = _exact(of_group, size - of_group, hits - of_group, cases - size - hits + of_group)
    corrected = dict(zip(chances, holm(list(chances.values())), strict=True))
    compared = tuple(
        Compared(
            group,
            of_group,
            size,
            wilson(of_group, size) if size else None,
            (hits - of_group) / (cases - size) if cases > size else None,
            corrected.get(group),
        )
        for group, (of_group, size) in table.items()
    )
    chi, freedom, chance = _together([(one[0], one[1] - one[0]) for one in table.values() if one[1]])
    return Fairness(compared, len(chances), chi, freedom, chance)


def holm(chances: Sequence[float]) -> list[float]:
    """The chances after Holm's correction for their number, in the order given."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    found = [0.0] * len(chances)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - rank) * chances[place]))
        found[place] = highest
    return found


def _exact(a: int, b: int, c: int, d: int) -> float:
    import numpy
    from scipy.stats import fisher_exact

    return float(fisher_exact(numpy.array([[a, b], [c, d]]))[1])


def _together(rows: Sequence[tuple[int, int]]) -> tuple[float | None, int, float | None]:
    from scipy.stats import chi2_contingency

    if len(rows) < 2 or not all(sum(row[side] for row in rows) for side in (0, 1)):
        return None, 0, None
    found = chi2_contingency(rows, correction=False)
    if found.expected_freq.min() < MIN_EXPECTED:
        return None, int(found.dof), None
    return float(found.statistic), int(found.dof), float(found.pvalue)
