"""What a transition would decide now, from the crosswalk and the audits by the older edition; and what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditkit.accounts.queries import today_of_house
from auditkit.base.db import Session
from auditkit.content.library import Crosswalk, Library
from auditkit.policies.showing import Shown
from auditkit.policies.showing import shown as documents_in_force
from auditkit.readiness import rules
from auditkit.readiness.queries.counting import counting, names_of
from auditkit.readiness.queries.matrix import matrix
from auditkit.readiness.queries.stated import Carried, carried
from auditkit.readiness.rules import Column, Part, PartKind, Period
from auditkit.readiness.transition.rules import Decided, NoTransition, Verdict, decide

YEARS = 3
"""How far back audits by the older edition count: the cycle of certification."""


@dataclass(frozen=True)
class Transition:
    """What becomes of each clause of the newer edition, what was applied, and documents that name the older one."""

    crosswalk: Crosswalk
    period: Period
    decided: tuple[Decided, ...]
    applied: dict[str, Carried]
    documents: tuple[Shown, ...]

    def of(self, verdict: Verdict) -> int:
        """How many clauses have a verdict."""
        return sum(one.verdict is verdict for one in self.decided)


def crosswalk_to(library: Library, edition_id: str) -> Crosswalk:
    """The crosswalk from an older edition of the same standard. Raises NoTransition."""
    for one in library.crosswalks.values():
        if one.to_edition.id == edition_id and one.within_one_standard:
            return one
    raise NoTransition()


def editions(library: Library) -> list[tuple[str, str]]:
    """(id, name) of the editions that a transition leads to."""
    found = (one for one in library.crosswalks.values() if one.within_one_standard)
    return [(one.to_edition.id, one.to_edition.name) for one in found]


def transition(tx: Session, library: Library, edition_id: str, now: datetime) -> Transition:
    """What a transition to this edition decides from the records as they are. Raises NoTransition, NoProbes."""
    crosswalk = crosswalk_to(library, edition_id)
    today = today_of_house(tx, now)
    period = Period(rules.months_before(today, 12 * YEARS - 1), today)
    older = matrix(tx, library, crosswalk.from_edition.id, period, now)
    audited = {row.ref: _own(row.cell(Column.AUDIT).parts) for row in older.rows}
    decided = []
    for names in names_of(library, counting(library, edition_id)):
        refs = set(names.refs)
        links = [
            (tuple(one.ref for one in row.from_nodes), row.relation.value, row.reason)
            for row in crosswalk.rows
            if any(one.ref in refs for one in row.to_nodes)
        ]
        sources = {ref for refs_of, _relation, _reason in links for ref in refs_of}
        rows = dict.fromkeys(_row_of(library, ref, audited) for ref in sorted(sources))
        parts = [part for ref in rows for part in audited.get(ref, ())]
        decided.append(decide(names.node.ref, links, parts))
    named = f"{crosswalk.from_edition.id}:"
    old = [one for one in documents_in_force(tx, today) if any(clause.startswith(named) for clause in one.clauses)]
    return Transition(crosswalk, period, tuple(decided), carried(tx, edition_id), tuple(old))


def _row_of(library: Library, ref: str, rows: Mapping[str, Any]) -> str:
    """The row of the matrix that a clause is counted in: its own, or that of the nearest one above it."""
    return next((node.ref for node in reversed(library.path(ref)) if node.ref in rows), ref)


def _own(parts: tuple[Part, ...]) -> list[Part]:
    """Audits by the edition itself: what counts for it through the crosswalk was asked by the newer one."""
    return [part for part in parts if part.kind is PartKind.AUDIT and part.via is None]
