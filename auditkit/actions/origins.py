"""What actions can answer: each kind of origin is made known by its own slice, which lies above this one.

A slice registers its kind when its blueprint is registered (`bp.record_once`); here only names and functions are held.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from auditkit.base.db import Session
from auditkit.base.errors import NotFound

_REGISTRY = "auditkit.action-origins"
OWN = "initiative"


@dataclass(frozen=True)
class Origin:
    """One thing an action answers: what it is called, where it is shown, whether a cause must be written.

    `grade`: major, minor or opportunity, by which time limits are chosen; empty where it has none. `body`, `clause` and
    `words` are of what a certification body said, from which its nonconformity may come.
    """

    title: str
    url: str
    cause_required: bool = False
    grade: str = ""
    body: str = ""
    clause: str = ""
    words: str = ""

    def __post_init__(self) -> None:
        if self.cause_required and not self.grade:
            object.__setattr__(self, "grade", "major")


@dataclass(frozen=True)
class OriginKind:
    """A kind of origin. `permission` is needed to see it; `resolve(tx, id)` raises NotFound."""

    permission: str
    resolve: Callable[[Session, int], Origin]


def register(app: Flask, name: str, kind: OriginKind) -> None:
    """Make a kind of origin known to `app`."""
    app.extensions.setdefault(_REGISTRY, {})[name] = kind


def kind_of(name: str) -> OriginKind | None:
    """The kind called `name`, None where no slice of this application knows it."""
    found: OriginKind | None = current_app.extensions.get(_REGISTRY, {}).get(name)
    return found


def resolve(tx: Session, origin: tuple[str, int]) -> Origin:
    """What lies behind `origin`. Raises NotFound, also for a kind nobody registered."""
    kind = kind_of(origin[0])
    if kind is None:
        raise NotFound()
    return kind.resolve(tx, origin[1])
