"""The number made of the cells, by the weights of content. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditkit.readiness.rules.cells import Row
from auditkit.readiness.rules.states import SCORED, Column, State, Why


@dataclass(frozen=True, slots=True)
class Weights:
    """The formula as content gives it."""

    documents: int
    records: int
    audit: int
    findings: int
    stale_months: int
    fewest_months: int

    def of(self, column: Column) -> int:
        """What a column counts; 0 for one that is only shown."""
        return int(getattr(self, column.value)) if column in SCORED else 0


@dataclass(frozen=True, slots=True)
class Score:
    """Readiness as a number, from 0 to 100, with the points behind it and how much was checked at all."""

    points: int
    most: int
    checked: int
    cells: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means everything."""
        return self.points * 100 // self.most if self.most else 0

    @property
    def checked_percent(self) -> int:
        """Of all cells that count, how many in a hundred could be checked; rounded down."""
        return self.checked * 100 // self.cells if self.cells else 0


def score(rows: Iterable[Row], weights: Weights) -> Score:
    """Each clause's documents, records, audit and findings count their weight where records are found, else nothing.

    A cell for which the library has no document asks for nothing and is left out, also of the most there can be.
    """
    points = most = checked = cells = 0
    for row in rows:
        for cell in row.cells:
            weight = weights.of(cell.column)
            if not weight or (cell.why is Why.NO_DOCUMENT_EXPECTED and cell.override is None):
                continue
            cells += 1
            most += weight
            checked += cell.state is not State.NOT_CHECKED
            points += weight * (cell.state is State.FOUND)
    return Score(points, most, checked, cells)
