"""What was counted, complaint by complaint."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Counted:
    """References of the complaints counted, each list sorted. A plain count has an empty denominator.

    A measure (days, score) has its figure in `value`, None where there is none, and each case's own in `values`, as a
    text; the numerator holds the cases where it came to an end, the denominator all that were looked at.
    """

    numerator: list[str] = field(default_factory=list)
    denominator: list[str] = field(default_factory=list)
    excluded: dict[str, list[str]] = field(default_factory=dict)
    value: Decimal | None = None
    values: dict[str, str] = field(default_factory=dict)

    def leave_out(self, why: str, reference: str) -> None:
        """Note that a complaint does not count, and why (a message id)."""
        self.excluded.setdefault(why, []).append(reference)

    def take(self, reference: str, *, good: bool, value: str = "") -> None:
        """Count a complaint."""
        self.denominator.append(reference)
        if good:
            self.numerator.append(reference)
        if value:
            self.values[reference] = value
