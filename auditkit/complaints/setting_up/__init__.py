"""One page with everything that an organisation sets up for its complaints, what each does, and how it stands.

A folder above `complaints` puts its own settings there by `declare`. Checked by
tests/slices/complaints_survey/test_setting_up.py.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """One thing to set up. `title` and `does` are message ids; `state` says in a few words how it stands now."""

    title: str
    does: str
    endpoint: str
    icon: str
    state: Callable[[], str]


_above: list[Subject] = []


def declare(subject: Subject) -> None:
    """Put a subject of a slice above at the end of the page."""
    _above.append(subject)


def from_above() -> list[Subject]:
    """What the slices above declared."""
    return list(_above)
