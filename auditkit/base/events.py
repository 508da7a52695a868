"""The registry of journal events: every verb's trace has a name that is declared once, in its slice's `rules.py`.

A test holds the registry against `docs/events.md`.
"""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[a-z][a-z-]*:[a-z][a-z-]*")


@dataclass(frozen=True)
class Event:
    """`name` is `subject:what-happened`; `title` a gettext message id.

    `about_records` is False for events that leave the organisation's records as they were (sign-in, reading,
    building a pack): a pack's journal head passes over them, so that the same records give the same pack.
    """

    name: str
    title: str
    about_records: bool = True


_registry: dict[str, Event] = {}


def event(name: str, title: str, *, about_records: bool = True) -> Event:
    """Declare an event. Raises ValueError for a malformed name or one that is already taken."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"an event is named subject:what-happened, not {name!r}")
    if name in _registry:
        raise ValueError(f"the event {name!r} is declared twice")
    _registry[name] = declared = Event(name, title, about_records)
    return declared


def registered() -> dict[str, Event]:
    """All events declared by the modules imported so far, by name."""
    return dict(_registry)


def names_about_records() -> list[str]:
    """Names of the events that tell of a change to records."""
    return sorted(name for name, known in _registry.items() if known.about_records)


def names_not_about_records() -> list[str]:
    """Names of the events that leave records as they were."""
    return sorted(name for name, known in _registry.items() if not known.about_records)
