"""The only place that tells the time (decision 13); a test walks the code for others."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class FrozenClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a frozen clock needs an aware time")
        self.at = at.astimezone(UTC)

    def advance(self, **by: float) -> datetime:
        """Move the clock by a timedelta's arguments (`days=3`) and return the new time."""
        self.at += timedelta(**by)
        return self.at


_frozen: FrozenClock | None = None


def now() -> datetime:
    """The present moment as an aware UTC datetime."""
    return _frozen.at if _frozen else datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[FrozenClock]:
    """Stop the clock at `at` (aware) for the block; yields the clock, so that a test can advance it."""
    global _frozen
    before, _frozen = _frozen, FrozenClock(at)
    try:
        yield _frozen
    finally:
        _frozen = before
