"""Parts that several documents share."""

from dataclasses import dataclass
from typing import NewType

Picture = NewType("Picture", str)
"""The bytes of a PNG or JPEG picture in base64; empty for none."""


@dataclass(frozen=True)
class Organisation:
    """Whose document it is."""

    name: str


@dataclass(frozen=True)
class DocumentFacts:
    """What stands in the cover block and at the foot of each page."""

    reference: str
    version: str
    date: str


@dataclass(frozen=True)
class Count:
    """A line of a summary: `Minor nonconformity`, 3."""

    label: str
    count: int


@dataclass(frozen=True)
class Person:
    """Somebody with a part in an audit."""

    name: str
    role: str


@dataclass(frozen=True)
class Criterion:
    """What an audit judges against; `kind` says in words whether it is a standard, a law, a contract …"""

    kind: str
    title: str
    clauses: str


@dataclass(frozen=True)
class LeftOut:
    """Something that is not there, and why; silence would be the worst failure."""

    what: str
    reason: str
