"""The clause matrix as a pack states it: the records as they stood at the pack's own date, told in its language.

Counting is in `matrix.py`, which needs the whole library and the probes (decision 0007).
tests/slices/packs/test_matrix_in_packs.py compares it with the page of readiness.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from auditkit.packs.rules import ClauseState

Hide = Callable[[str], str]


@dataclass(frozen=True)
class Override:
    """What an assessor says a cell is in spite of the records, and why."""

    state: ClauseState
    reason: str
    by: str
    on: date
    records_changed_since: bool


@dataclass(frozen=True)
class PartTold:
    """Something that a cell counts. `exceptions` are named by their references, `more`: there are further ones."""

    kind: str
    id: str
    title: str
    state: ClauseState
    counted: str
    newest: date | None
    via: str
    exceptions: tuple[str, ...]
    more: bool


@dataclass(frozen=True)
class CellTold:
    """A clause under one column: `state` is what holds, `computed` what the records say."""

    column: str
    title: str
    state: ClauseState
    computed: ClauseState
    said: str
    why: str
    parts: tuple[PartTold, ...]
    override: Override | None


@dataclass(frozen=True)
class RowTold:
    """A clause or principle by its reference in full."""

    ref: str
    state: ClauseState
    principle: bool
    cells: tuple[CellTold, ...]


@dataclass(frozen=True)
class Standing:
    """The matrix, or `why` there is none. `digest`: of the same matrix on the page of readiness at that moment."""

    as_of: datetime
    edition: str = ""
    counted_by: str = ""
    digest: str = ""
    content: str = ""
    percent: int | None = None
    points: int | None = None
    most: int | None = None
    cells: int | None = None
    checked: int | None = None
    rows: tuple[RowTold, ...] = ()
    why: str = ""

    def row(self, ref: str) -> RowTold | None:
        """A clause's row, where the matrix has one."""
        return self._by_ref.get(ref)

    @cached_property
    def _by_ref(self) -> Mapping[str, RowTold]:
        return {row.ref: row for row in self.rows}

    def hidden(self, hide: Hide) -> "Standing":
        """With marks in the place of personal values."""
        return replace(self, rows=tuple(replace(row, cells=tuple(_cell(one, hide) for one in row.cells))
                                        for row in self.rows))  # fmt: skip


def _cell(one: CellTold, hide: Hide) -> CellTold:
    override = one.override and replace(one.override, reason=hide(one.override.reason), by=hide(one.override.by))
    parts = tuple(
        replace(part, title=hide(part.title), exceptions=tuple(map(hide, part.exceptions))) for part in one.parts
    )
    return replace(one, said=hide(one.said), parts=parts, override=override)


Standings = dict[str, Standing]
"""The matrix by language."""
