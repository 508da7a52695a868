"""What complaints are held against: orders, contracts or customers of a month. Pure."""

from datetime import date

from auditkit.base.errors import BadInput
from auditkit.base.events import event
from auditkit.base.text import N_

VOLUME_SET = event("figures:volume-set", N_("Orders, contracts or customers of a month entered"))
MOST = 1_000_000_000
LONGEST = 60


class VolumeImpossible(BadInput):
    message = N_("Enter a whole number from 1 to 1,000,000,000")


class MonthUnreadable(BadInput):
    message = N_("Enter a month, such as 2026-03")


class CountsMissing(BadInput):
    message = N_("Say what is counted, such as orders")


def month_of(text: str) -> date:
    """The first day of a month written as 2026-03. Raises MonthUnreadable."""
    try:
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        raise MonthUnreadable from None


def checked_number(number: int | None) -> int:
    """Raises VolumeImpossible."""
    if number is None or not 1 <= number <= MOST:
        raise VolumeImpossible
    return number


def checked_counts(text: str) -> str:
    """What is counted. Raises CountsMissing."""
    found = " ".join(text.split())[:LONGEST]
    if not found:
        raise CountsMissing
    return found
