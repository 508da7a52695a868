"""A reported figure beside the one counted again: reading it, computing, comparing within its rounding. Pure."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

INDICATOR_RECOUNTED = event("audit:indicator-recounted", N_("Reported figure counted again"))
SUBJECT = "audit-recount"
FORMAT = "auditkit/recount/1"
WANTED = 3
"""Three indicators recounted are what the test programme asks for."""

_FIGURE = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫,", "01234567890123456789..")


class FigureUnreadable(BadInput):
    message = N_("%(text)r is no figure. Enter it as it was reported, such as 98.2")


class FigureSourceMissing(BadInput):
    message = N_("Say where the figure was reported, such as “Management review, March, page 4”")


class RecountPeriodReversed(BadInput):
    message = N_("Enter a last day that is not before the first day (%(first)s)")


class RecountNotRunning(RuleBroken):
    message = N_("Figures are counted again while the audit is running")


@dataclass(frozen=True)
class Compared:
    """`found` None: there was nothing to count. `difference` is reported less found; `within` the rounding."""

    reported: Decimal
    found: Decimal | None
    difference: Decimal | None
    within: bool | None


def figure(text: str) -> Decimal:
    """The figure as it was reported, its decimals kept. Raises FigureUnreadable."""
    plain = text.translate(_DIGITS).replace("%", "").replace("٪", "").replace("\u00a0", "").replace(" ", "").strip()
    if not _FIGURE.fullmatch(plain):
        raise FigureUnreadable(text=text[:40])
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise FigureUnreadable(text=text[:40]) from error


def found(numerator: int, denominator: int, *, is_share: bool) -> Decimal | None:
    """The figure as counted: a count, or a share in per cent to six decimals; None where nothing is divided by."""
    if not is_share:
        return Decimal(numerator)
    if not denominator:
        return None
    return (Decimal(100) * numerator / denominator).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def compared(reported: Decimal, counted: Decimal | None) -> Compared:
    """Whether the reported figure is the counted one, rounded to as many decimals as were reported."""
    if counted is None:
        return Compared(reported, None, None, None)
    exponent = reported.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    half = Decimal(5).scaleb(-places - 1)
    difference = reported - counted
    return Compared(reported, counted, difference, abs(difference) <= half)
