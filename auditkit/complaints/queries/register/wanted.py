"""What part of the register may be asked for, and in which order."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from auditkit.complaints import rules

OPEN_STAGES = "open"
NOBODY = 0  # as owner: open complaints that nobody owns
_USUAL = rules.Kind.COMPLAINT.value


class Sort(StrEnum):
    """The orders offered; references are given in the order of recording.

    `DUE`: what is due first on top, then what has no due date that runs, longest waiting first.
    """

    NEWEST = "newest"
    OLDEST = "oldest"
    REFERENCE_DOWN = "reference-down"
    REFERENCE_UP = "reference-up"
    DUE = "due"


class Due(StrEnum):
    """How what is due next in a case stands; a case that waits for somebody counts as it stood."""

    SOON = "soon"
    LATE = "late"
    VERY_LATE = "very-late"


@dataclass(frozen=True)
class Wanted:
    """What part of the register is wanted, and in which order. Empty texts and None ask for everything.

    `stage` is a stage or "open"; `owner` (or NOBODY) and `deputy` are people; `due` needs `now`; the days are both
    included, by the organisation's clocks; `typed` is what stands in the search box, and `find_by_identity` says
    whether it may find by who complained.
    """

    stage: str = ""
    channel: str = ""
    severity: str = ""
    category: str = ""
    received_from: date | None = None
    received_to: date | None = None
    kind: str = ""
    priority: str = ""
    level: int | None = None
    due: Due | None = None
    now: datetime | None = None
    import_run: int | None = None
    owner: int | None = None
    deputy: int | None = None
    typed: str = ""
    find_by_identity: bool = False
    sort: Sort = Sort.NEWEST

    @property
    def narrowed(self) -> int:
        """How many filters are set beside the stage and the words."""
        words = (self.channel, self.severity, self.category, self.kind, self.priority)
        days = (self.received_from, self.received_to)
        rest = (*days, self.import_run, self.owner, self.deputy, self.level, self.due)
        return sum(1 for word in words if word) + sum(1 for value in rest if value is not None)

    @property
    def selective(self) -> bool:
        """Whether a filter is set that has an index of its own, of few complaints."""
        has_level = self.level is not None and self.level > 0
        unusual = self.kind not in ("", _USUAL)
        return bool(self.owner or self.deputy or self.priority or self.severity or has_level or unusual)
