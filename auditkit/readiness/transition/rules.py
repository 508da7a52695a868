"""What becomes of a clause in a transition. Pure; tests/rules/test_readiness_rules.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from auditkit.base.errors import NotFound
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.readiness.rules import Part, State

TRANSITION_APPLIED = event("readiness:transition-applied", N_("Transition to a newer edition applied"))


class Verdict(StrEnum):
    """What becomes of a clause of the newer edition."""

    CARRIED = "carried"
    AGAIN = "again"
    NEW = "new"


VERDICT_TITLES = {
    Verdict.CARRIED: N_("Carries over"),
    Verdict.AGAIN: N_("Examine again"),
    Verdict.NEW: N_("New: examine"),
}


class Because(StrEnum):
    """Why."""

    SAME = "same"
    WIDER = "wider"
    NOT_AUDITED = "not-audited"
    GAP = "gap"
    NEW = "new"


BECAUSE_TITLES = {
    Because.SAME: N_("The clause is the same, and an audit by the older edition found records"),
    Because.WIDER: N_("The newer edition asks for more, or for something else"),
    Because.NOT_AUDITED: N_("The clause is the same, but no finished audit by the older edition looked at it"),
    Because.GAP: N_("The clause is the same, but answers by the older edition were below full conformity"),
    Because.NEW: N_("The older edition has nothing like it"),
}


class NoTransition(NotFound):
    message = N_("The library has no crosswalk from an older edition of the same standard")


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of a clause and why. `sources` are the older edition's clauses in full, `reason` the crosswalk's."""

    clause: str
    sources: tuple[str, ...]
    relation: str
    verdict: Verdict
    because: Because
    reason: str
    parts: tuple[Part, ...] = ()


def decide(clause: str, links: Sequence[tuple[tuple[str, ...], str, str]], audited: Iterable[Part]) -> Decided:
    """What becomes of a clause. `links`: (sources, relation, reason) of the crosswalk; `audited`: the audits' parts.

    A clause carries over only where every link says "the same" and a finished audit found it so.
    """
    sources = tuple(dict.fromkeys(ref for refs, _relation, _reason in links for ref in refs))
    relations = {relation for _refs, relation, _reason in links if relation != "new"}
    reason = " ".join(dict.fromkeys(why for _refs, _relation, why in links))
    if not sources:
        return Decided(clause, (), "new", Verdict.NEW, Because.NEW, reason)
    relation = "same" if relations == {"same"} else next(iter(sorted(relations - {"same"})))
    if relation != "same" or any(one == "new" for _refs, one, _reason in links):
        return Decided(clause, sources, relation, Verdict.AGAIN, Because.WIDER, reason, tuple(audited))
    parts = tuple(audited)
    states = {part.state for part in parts}
    if State.GAP in states:
        return Decided(clause, sources, relation, Verdict.AGAIN, Because.GAP, reason, parts)
    if State.FOUND in states:
        return Decided(clause, sources, relation, Verdict.CARRIED, Because.SAME, reason, parts)
    return Decided(clause, sources, relation, Verdict.AGAIN, Because.NOT_AUDITED, reason, parts)
