"""An action's state at moments of the past, and its judgements in a span: without effect once, then effective."""

from datetime import UTC, datetime

import pytest

from auditkit.actions.rules import State
from auditkit.actions.rules.moments import Moments, judged_between, state_at


def day(number: int) -> datetime:
    return datetime(2026, 3, number, 12, tzinfo=UTC)


STORY = Moments(day(2), day(20), day(25), day(28), attempts=((day(5), day(10)),))


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (1, None),
        (2, State.OPEN),
        (5, State.DONE),
        (9, State.DONE),
        (10, State.OPEN),
        (19, State.OPEN),
        (20, State.DONE),
        (25, State.VERIFIED),
        (28, State.CLOSED),
    ],
)
def test_state_at(at: int, state: State | None) -> None:
    assert state_at(STORY, day(at)) is state


@pytest.mark.parametrize(
    ("first", "until", "judged"), [(1, 31, (1, 1)), (1, 10, (0, 0)), (10, 25, (0, 1)), (11, 26, (1, 0))]
)
def test_judged_between(first: int, until: int, judged: tuple[int, int]) -> None:
    assert judged_between(STORY, day(first), day(until)) == judged
