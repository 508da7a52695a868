"""The whole matrix of an edition over a period, as a value and as plain JSON with its digest. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditkit.base.errors import NotFound
from auditkit.base.text import N_
from auditkit.readiness.rules.cells import Reading, Row, digest_of
from auditkit.readiness.rules.periods import Period
from auditkit.readiness.rules.scoring import Score
from auditkit.readiness.rules.states import State
from auditkit.readiness.rules.stopping import Stopped


class NoProbes(NotFound):
    message = N_("The library does not say how the records show %(edition)s, and no crosswalk leads there")


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole matrix of an edition over a period, as the records stand."""

    edition: str
    period: Period
    rows: tuple[Row, ...]
    readings: Mapping[str, Reading]
    """What each probe counted, by its id."""
    content: str
    """SHA-256 of the content that says what is counted."""
    score: Score
    stops: tuple[Stopped, ...]
    bridge: str = ""
    """The edition whose probes are counted here through a crosswalk; empty where it is this one's."""

    def row(self, ref: str) -> Row:
        """The row of a clause in full. Raises NotFound."""
        for one in self.rows:
            if one.ref == ref:
                return one
        raise NotFound()

    def counts(self) -> dict[State, int]:
        """How many clauses stand in each state."""
        return {state: sum(row.state is state for row in self.rows) for state in State}

    def plain(self) -> dict[str, Any]:
        """As plain JSON. The same records, content and period give the same, whoever asks and when."""
        return {
            "edition": self.edition,
            "counted_by": self.bridge or self.edition,
            "content": self.content,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "score": {
                "points": self.score.points,
                "most": self.score.most,
                "checked": self.score.checked,
                "cells": self.score.cells,
                "percent": self.score.percent,
            },
            "stops": [one.id for one in self.stops if one.state is State.GAP],
            "clauses": [
                {
                    "clause": row.ref,
                    "state": row.state.value,
                    "cells": {cell.column.value: cell.plain() for cell in row.cells},
                }
                for row in self.rows
            ],
        }

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON (RFC 8785) of `plain()`."""
        return digest_of(self.plain())
