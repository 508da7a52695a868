"""What changed between a visit and now. Pure; tests/rules/test_readiness_rules.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.readiness.rules import Matrix, State

VISIT_TAKEN = event("readiness:visit-taken", N_("Clause matrix kept as it stood at a visit"))

LONGEST_NOTE = 500
_ORDER = (State.GAP, State.NOT_CHECKED, State.FOUND)


@dataclass(frozen=True, slots=True)
class Since:
    """What changed: clauses in full that stand better or worse, stops that came or went, points of the number."""

    better: tuple[str, ...]
    worse: tuple[str, ...]
    stops_gone: tuple[str, ...]
    stops_come: tuple[str, ...]
    percent: int

    @property
    def nothing(self) -> bool:
        """Whether nothing changed."""
        return not (self.better or self.worse or self.stops_gone or self.stops_come or self.percent)


def since(states: Mapping[str, str], stops: Sequence[str], percent: int, made: Matrix) -> Since:
    """What changed from a visit (`states` by clause, `stops` by id) to now. Clauses that came since are left out.

    A clause that was found and is no longer checked stands worse, one whose gap is no longer checked better.
    """
    then = {ref: _ORDER.index(State(state)) for ref, state in states.items()}
    now = {row.ref: _ORDER.index(row.state) for row in made.rows}
    both = [row.ref for row in made.rows if row.ref in then]
    stands = [one.id for one in made.stops if one.state is State.GAP]
    return Since(
        better=tuple(ref for ref in both if now[ref] > then[ref]),
        worse=tuple(ref for ref in both if now[ref] < then[ref]),
        stops_gone=tuple(one for one in stops if one not in stands),
        stops_come=tuple(one for one in stands if one not in stops),
        percent=made.score.percent - percent,
    )
