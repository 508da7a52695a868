"""An assessor's word over what the records say: when it may be given, and rows with it. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from auditkit.base.errors import BadInput, NotFound, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.readiness.rules.cells import Override, Row
from auditkit.readiness.rules.states import Column, State

OVERRIDDEN = event("readiness:cell-overridden", N_("Cell of the clause matrix overridden"))
WITHDRAWN = event("readiness:override-withdrawn", N_("Override of a cell withdrawn"))
LONGEST_REASON = 2_000


class ReasonMissing(BadInput):
    message = N_("Write down why the state is another one than the records say")


class NothingOverridden(RuleBroken):
    message = N_("The records say so already. There is nothing to override")


class OverrideGone(NotFound):
    message = N_("This cell is not overridden any more")


def overridden(row: Row, overrides: Mapping[tuple[str, Column], Override]) -> Row:
    """The row with what assessors said about its cells."""
    cells = tuple(replace(cell, override=overrides.get((row.ref, cell.column))) for cell in row.cells)
    return replace(row, cells=cells)


def check_override(*, computed: State, state: State, reason: str) -> None:
    """Raises ReasonMissing or NothingOverridden."""
    if not reason.strip():
        raise ReasonMissing()
    if computed is state:
        raise NothingOverridden()
