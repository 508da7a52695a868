"""Whether the months of the year differ, once there are two whole years. Pure.

Friedman, Journal of the American Statistical Association 32 (1937): months are ranked within each year, so neither the
level of a year nor a single wild month decides. A steady rise would rank the months too and is taken out before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MONTHS = 12
DOUBTFUL = 0.05


@dataclass(frozen=True)
class Seasons:
    """`years` whole years were looked at; `ratio` of each month (January first) to the usual month, and the chance."""

    years: int
    ratio: tuple[float, ...]
    chance: float

    @property
    def noticed(self) -> bool:
        """Whether chance alone hardly explains the differences between months."""
        return self.chance < DOUBTFUL

    @property
    def highest(self) -> int:
        """The number of the month that stands highest, January 1."""
        return self.ratio.index(max(self.ratio)) + 1


def seasons(counts: Sequence[int], first_month: int) -> Seasons | None:
    """Look for seasons in counts of months, oldest first; `first_month` is the first one's number (January 1).

    The newest whole years count. None where there are fewer than two years, or nothing happened at all.
    """
    from scipy.stats import friedmanchisquare

    years = len(counts) // MONTHS
    if years < 2 or not any(counts):
        return None
    kept = list(counts[-years * MONTHS :])
    skipped = len(counts) - len(kept)
    level = _trend(kept)
    ratios = [count / usual if usual > 0 else 1.0 for count, usual in zip(kept, level, strict=True)]
    by_month = [[ratios[place] for place in range(month, len(ratios), MONTHS)] for month in range(MONTHS)]
    chance = _chance(friedmanchisquare, by_month)
    turned = (first_month - 1 + skipped) % MONTHS
    ratio = [0.0] * MONTHS
    for place, values in enumerate(by_month):
        ratio[(turned + place) % MONTHS] = sum(values) / len(values)
    return Seasons(years, tuple(ratio), chance)


def _chance(test: object, by_month: list[list[float]]) -> float:
    if all(value == by_month[0][0] for month in by_month for value in month):
        return 1.0
    return float(test(*by_month).pvalue)  # type: ignore[operator]  # a function of SciPy, loaded late


def _trend(values: Sequence[int]) -> list[float]:
    """The straight line of least squares through the values."""
    number = len(values)
    middle = (number - 1) / 2
    mean = sum(values) / number
    slope = sum((place - middle) * value for place, value in enumerate(values)) / sum(
        (place - middle) ** 2 for place in range(number)
    )
    return [mean + slope * (place - middle) for place in range(number)]
