"""Merging two changes of one cell that started from the same value. Pure.

Phones and workbooks merge by the same rule: a cell that only one side changed is taken from that side, a cell both
sides changed alike is that value, and a cell both changed differently is for a person to settle; nothing is guessed.
tests/rules/test_audit_merging.py compares it with a merge written down as a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditkit.base.events import event
from auditkit.base.text import N_

CONFLICT_MET = event("audit:answer-conflict", N_("Answer met another person's change; nothing was overwritten"))


class Side(StrEnum):
    """What becomes of a cell: `mine` stays, `theirs` is taken over, `both` changed it and a person must choose."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Change:
    """A cell as somebody saw it and as they left it."""

    base: str
    value: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell that both sides changed: what it was, what it is here, what the other side made of it."""

    cell: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The cells as they are to stand (clashing ones as they are here), which of them changed, and the clashes."""

    values: dict[str, str]
    changed: frozenset[str]
    clashes: tuple[Clash, ...]


def side(base: str, mine: str, theirs: str) -> Side:
    """Whose value stands, of a cell that was `base`, is `mine` here and was made `theirs` elsewhere."""
    if theirs in (base, mine):
        return Side.MINE
    return Side.THEIRS if mine == base else Side.BOTH


def merge(mine: Mapping[str, str], changes: Mapping[str, Change]) -> Merged:
    """Merge `changes` into the cells as they are here. Cells that are not in `changes` stay. Raises KeyError."""
    values, changed, clashes = dict(mine), set(), []
    for cell, change in changes.items():
        match side(change.base, mine[cell], change.value):
            case Side.THEIRS:
                values[cell] = change.value
                changed.add(cell)
            case Side.BOTH:
                clashes.append(Clash(cell, change.base, mine[cell], change.value))
            case Side.MINE:
                pass
    return Merged(values, frozenset(changed), tuple(clashes))
