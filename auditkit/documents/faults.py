"""What can be wrong with a template, as plain values that cross the pipe between the child and its parent.

The child never translates: it sends codes and parameters; `problems.py` holds the sentence for each code, and
tests/rules/test_documents_problems.py compares the two sets.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Place:
    """Where in a document something stands, counted from 1 as a reader would count.

    `part` is `document`, `header1`, `footer1`, `footnotes`, `properties` …; `paragraph` counts the paragraphs of the
    part that stand outside tables; inside a table `table`, `row` and `cell` are given instead. `tag` is the tag's
    own text, which a search in Word finds.
    """

    part: str
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    cell: int | None = None
    tag: str | None = None


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a code of `problems.MESSAGES`, its parameters, and where."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)
    place: Place | None = None
    level: str = ERROR

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Fault":
        """The inverse of `plain`."""
        place = plain["place"]
        return cls(plain["code"], plain["params"], Place(**place) if place else None, plain["level"])


class Refused(Exception):
    """The template cannot be used, or not with these data; carries every fault that was found."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults
