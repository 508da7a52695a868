"""What entries can be tied to: each kind of record is made known by the slices that lie above, at registration.

An upper slice says how a record is found by what people call it, and how it is shown; here only functions are held.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from auditkit.base.db import Session
from auditkit.base.errors import NotFound

_REGISTRY = "auditkit.register-targets"
_ANSWERS = "auditkit.register-answers"


@dataclass(frozen=True)
class Shown:
    """A record as an entry's page shows it; `url` None where it has no page."""

    label: str
    url: str | None


@dataclass(frozen=True)
class Target:
    """A kind of record. `title` is a message id; `find(tx, text)` gives its id or None, `show(tx, id)` raises NotFound.

    `permission` is needed to see it.
    """

    title: str
    permission: str
    find: Callable[[Session, str], int | None]
    show: Callable[[Session, int], Shown]


def register(app: Flask, kind: str, target: Target) -> None:
    """Make a kind of record known to `app`."""
    app.extensions.setdefault(_REGISTRY, {})[kind] = target


@dataclass(frozen=True)
class Answers:
    """What is done about an entry: `show(tx, entry id)`. `permission` is needed to see it; `title` is a message id."""

    title: str
    permission: str
    show: Callable[[Session, int], list[Shown]]


def register_answers(app: Flask, answers: Answers) -> None:
    """Make known to `app` where what is done about entries is found."""
    app.extensions.setdefault(_ANSWERS, []).append(answers)


def answers() -> list[Answers]:
    """Everything that tells what is done about entries."""
    found: list[Answers] = current_app.extensions.get(_ANSWERS, [])
    return found


def known() -> dict[str, Target]:
    """Every kind that can be tied, by its short name."""
    found: dict[str, Target] = current_app.extensions.get(_REGISTRY, {})
    return found


def shown(tx: Session, kind: str, subject_id: int) -> Shown:
    """A tied record; its bare name where it is gone or its slice is not served."""
    target = known().get(kind)
    if target is None:
        return Shown(f"{kind} {subject_id}", None)
    try:
        return target.show(tx, subject_id)
    except NotFound:
        return Shown(f"{kind} {subject_id}", None)
