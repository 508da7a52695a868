"""How an objective stands against its measurements: the light, the trend. Pure.

tests/rules/test_objectives_rules.py is the table of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from auditkit.base.text import N_
from auditkit.registers.rules import reached, trend

NEAR = Decimal("0.1")
"""The share of the target by which a measurement may miss it and still be near."""


class Light(StrEnum):
    """How an objective stands."""

    REACHED = "reached"
    NEAR = "near"
    MISSED = "missed"
    NOT_MEASURED = "not-measured"


LIGHT_TITLES = {
    Light.REACHED: N_("Reached"),
    Light.NEAR: N_("Near the target"),
    Light.MISSED: N_("Missed"),
    Light.NOT_MEASURED: N_("Not measured"),
}
TREND_TITLES = {
    "better": N_("Getting better"),
    "worse": N_("Getting worse"),
    "same": N_("Unchanged"),
    "": N_("Too few measurements for a trend"),
}


@dataclass(frozen=True)
class Standing:
    """The light, the last measurement, and whether it is better than the one before it."""

    light: Light
    value: Decimal | None
    on: date | None
    trend: str


def standing(
    measured: Sequence[tuple[date, Decimal]], *, target: Decimal, higher_is_better: bool, by: date | None, today: date
) -> Standing:
    """How an objective stands on `today` by its measurements, given in the order of their days.

    Near: the last measurement misses the target by at most a tenth of it, and the day `by` which it is to be reached
    has not passed. A target of 0 has no near.
    """
    if not measured:
        return Standing(Light.NOT_MEASURED, None, None, "")
    on, value = measured[-1]
    way = trend([one for _day, one in measured], higher_is_better=higher_is_better)
    if reached(value, target, higher_is_better=higher_is_better):
        return Standing(Light.REACHED, value, on, way)
    near = abs(value - target) <= NEAR * abs(target) and (by is None or today <= by)
    return Standing(Light.NEAR if near else Light.MISSED, value, on, way)
