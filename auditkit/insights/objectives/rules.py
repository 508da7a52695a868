"""How an objective stands against its measurements: the light, the trend. Pure.

tests/rules/test_objectives_rules.py is the table of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.insights.rules import Span, Unit
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


SOURCE_SET = event("objective:source-set", N_("Objective is measured by an indicator"))
COMMENTED = event("objective:commented", N_("Objective commented"))
TAKEN = event("objective:measured-by-indicator", N_("Measurement of an objective taken from its indicator"))

LONGEST_COMMENT = 5_000


class NoSource(RuleBroken):
    message = N_("Choose first which indicator this objective is measured by")


class CannotBeTold(RuleBroken):
    message = N_("The indicator cannot be told for this period: %(why)s. Nothing was measured")


class CommentMissing(BadInput):
    message = N_("Write the comment")


class UnknownFigure(BadInput):
    message = N_("Choose one of the indicators")


class ReadSince(BadInput):
    message = N_("Choose a period that moves on with the days, such as last month")


def as_measured(unit: Unit, value: float) -> Decimal:
    """A figure in the unit people write targets in: shares in percent, money in whole units; six decimals."""
    factor = {Unit.SHARE: Decimal(100), Unit.MONEY: Decimal("0.01")}.get(unit, Decimal(1))
    return round(Decimal(str(value)) * factor, 6)


def check_source(*, figure: str, known: Collection[str], span: Span) -> None:
    """Raises UnknownFigure or ReadSince."""
    if figure not in known:
        raise UnknownFigure()
    if span is Span.OWN:
        raise ReadSince()
