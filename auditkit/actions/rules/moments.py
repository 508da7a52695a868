"""Where an action stood at a moment of the past, from the times it keeps. Pure; tests/rules/test_actions_moments.py."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.actions.rules.core import State


@dataclass(frozen=True, slots=True)
class Moments:
    """When an action took its steps. `attempts`: (reported as done, found without effect) of earlier rounds."""

    opened_at: datetime
    completed_at: datetime | None = None
    verified_at: datetime | None = None
    closed_at: datetime | None = None
    attempts: tuple[tuple[datetime, datetime], ...] = ()


def state_at(moments: Moments, at: datetime) -> State | None:
    """The state at a moment; None before the action was opened."""
    if at < moments.opened_at:
        return None
    for moment, state in (
        (moments.closed_at, State.CLOSED),
        (moments.verified_at, State.VERIFIED),
        (moments.completed_at, State.DONE),
    ):
        if moment is not None and moment <= at:
            return state
    waiting = any(done <= at < judged for done, judged in moments.attempts)
    return State.DONE if waiting else State.OPEN


def judged_between(moments: Moments, first: datetime, until: datetime) -> tuple[int, int]:
    """(found effective, found without effect) by judgements from `first` up to, not including, `until`."""
    effective = moments.verified_at is not None and first <= moments.verified_at < until
    without = sum(first <= judged < until for _done, judged in moments.attempts)
    return int(effective), without
