"""What slices above hold of a case: they say here how it goes when the case's personal data is erased.

Tables of the case itself are walked by name in `erasing`. tests/slices/packs/test_packs_of_erased.py holds it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auditkit.base.actor import Actor
from auditkit.base.db import Session


@dataclass
class Gone:
    """How many records of a kind went, and what stays: plain JSON with `why` (a message id) for the tombstone."""

    counts: dict[str, int] = field(default_factory=dict)
    kept: list[dict[str, Any]] = field(default_factory=list)


Erase = Callable[[Session, str, datetime, Actor], Gone]
"""In the transaction of the erasure, for a complaint's reference."""
RemoveBytes = Callable[[Actor], int]
"""In the job after it: removes files whose records went; how many."""

_held: dict[str, tuple[Erase, RemoveBytes]] = {}


def holds(name: str, erase: Erase, remove_bytes: RemoveBytes) -> None:
    """A slice holds something of cases; told once where the slice is imported."""
    _held[name] = (erase, remove_bytes)


def erase(tx: Session, reference: str, now: datetime, actor: Actor) -> Gone:
    """Erase it everywhere."""
    gone = Gone()
    for erasing, _bytes in _held.values():
        one = erasing(tx, reference, now, actor)
        gone.counts |= one.counts
        gone.kept += one.kept
    return gone


def remove_bytes(actor: Actor) -> int:
    """Remove the files of what was erased; how many."""
    return sum(removing(actor) for _erase, removing in _held.values())
