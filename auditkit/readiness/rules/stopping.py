"""What a first stage would stop at, by its clauses and in its order. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from auditkit.readiness.rules.cells import Row
from auditkit.readiness.rules.states import State


@dataclass(frozen=True, slots=True)
class Stopped:
    """Whether a first stage would stop at something: GAP it would, FOUND it would not. `refs` are the clauses."""

    id: str
    rank: int
    state: State
    parts: tuple[str, ...]
    refs: tuple[str, ...]
    exceptions: int


def stop(
    stop_id: str, rank: int, judged: Mapping[str, tuple[State, int]], rows: Sequence[Row], gaps: Sequence[str],
    clauses: Mapping[str, Sequence[str]],
) -> Stopped:  # fmt: skip
    """One thing a first stage stops at. `judged`: part -> (state, exceptions); `gaps`: clauses without document.

    `clauses`: part -> the clauses it is counted for.
    """
    causing = [name for name, (state, _number) in judged.items() if state is State.GAP]
    refs = [ref for name in causing for ref in clauses.get(name, ())]
    refs += gaps
    if causing or gaps:
        state = State.GAP
    elif judged and all(state is State.NOT_CHECKED for state, _number in judged.values()):
        state = State.NOT_CHECKED
    else:
        state = State.FOUND
    shown = {row.ref for row in rows}
    ordered = tuple(ref for ref in dict.fromkeys(refs) if ref in shown)
    return Stopped(stop_id, rank, state, tuple(causing), ordered, sum(judged[name][1] for name in causing))


def worst_first(stops: Iterable[Stopped]) -> tuple[Stopped, ...]:
    """What stops before what was not checked before what does not stop; of each the gravest and widest first."""
    order = (State.GAP, State.NOT_CHECKED, State.FOUND)
    return tuple(sorted(stops, key=lambda one: (order.index(one.state), -one.rank, -len(one.refs), one.id)))
