"""The three-way merge of a returned workbook: what it said when it was taken, what is here now, what came back. Pure.

Cell by cell by the rule of `rules.merging`; rows that did not come back stay as they are. White space alone is no
change, because spreadsheet programs change it by themselves. tests/rules/test_workbook_merging.py compares this with
a merge written another way.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from auditkit.audits.rules import Change, Clash, merge
from auditkit.audits.workbook.rules import Cell

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: cells to take by row, and clashes by row. Every other cell stays as it is."""

    takes: dict[int, dict[str, str]]
    clashes: dict[int, tuple[Clash, ...]]


def merge_rows(base: Mapping[int, Cells], mine: Mapping[int, Cells], theirs: Mapping[int, Cells]) -> Plan:
    """The plan for rows that are in all three. Raises KeyError for a row that came back and was never handed out."""
    takes: dict[int, dict[str, str]] = {}
    clashes: dict[int, tuple[Clash, ...]] = {}
    for row, came in theirs.items():
        changes = {
            cell: Change(base[row][cell], base[row][cell] if same(base[row][cell], value) else value)
            for cell, value in came.items()
        }
        merged = merge(mine[row], changes)
        if merged.changed:
            takes[row] = {cell: merged.values[cell] for cell in Cell if cell in merged.changed}
        found = tuple(one for one in merged.clashes if not same(one.mine, one.theirs))
        if found:
            clashes[row] = found
    return Plan(takes, clashes)


def same(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most."""
    return one.split() == other.split()
