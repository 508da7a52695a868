"""The clause matrix as a pack states it: the records as they stood at the pack's own date, told in its language.

Counting (`matrix.py`) needs the whole library and the probes, which weigh a quarter of what a building may weigh. So a
process that builds a pack has a fork of itself count (`apart`), which is soon gone with all of that (decision 0007).
tests/slices/packs/test_matrix_in_packs.py compares it with the page of readiness.
"""

import os
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from auditkit.packs.rules import ClauseState

Hide = Callable[[str], str]


class CountingDied(RuntimeError):
    """The fork that counts ended without an answer; what it wrote to standard error says why."""


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


def apart(read: Callable[[], Standings]) -> Callable[[], Standings]:
    """Begin `read` in a fork of this process; what is returned waits for its answer.

    `read` must open connections of its own. Where the system has no fork it is done here, when it is asked for.
    """
    if not hasattr(os, "fork"):
        return read
    answer, say = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(answer)
            with os.fdopen(say, "wb") as pipe:
                pickle.dump(read(), pipe)
            code = 0
        finally:
            os._exit(code)  # nothing of the parent is tidied up by its fork
    os.close(say)

    def told() -> Standings:
        with os.fdopen(answer, "rb") as pipe:
            said = pipe.read()
        _pid, status = os.waitpid(child, 0)
        if status:
            raise CountingDied(f"exit status {status}")
        found: Standings = pickle.loads(said)  # noqa: S301 - of this process's own fork
        return found

    return told
