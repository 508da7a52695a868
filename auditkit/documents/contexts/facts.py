"""Parts that several documents share."""

from dataclasses import dataclass
from typing import NewType

from auditkit.documents.contexts.records import Kind, drawn_from

Picture = NewType("Picture", str)
"""The bytes of a PNG or JPEG picture in base64; empty for none."""
NO_PICTURE = Picture("")


@drawn_from(Kind.ORGANISATION, "name")
@dataclass(frozen=True)
class Organisation:
    """Whose document it is. `own/making.py` puts the logo in, so that no maker of a document has to think of it."""

    name: str
    logo: Picture = NO_PICTURE


EXAMPLE_HOUSE = Organisation(
    "Borjomi Home Appliances",
    Picture(
        "iVBORw0KGgoAAAANSUhEUgAAAEgAAAAYAQAAAABxGIYdAAAAU0lEQVR42mP4DwMMSCxGGOsPQz2U9YPBHsr6wCAPZT2o4f/AAATy"
        "DA/+wVgH/7NDWYf/t2NjQfXiYAHVAS2HmgJiQUxmhNiG4QKEqxAuRbgei98AiBCdIR2IZuUAAAAASUVORK5CYII="
    ),
)
"""Of examples; its logo is a ring and two bars."""


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
class ChartFacts:
    """A chart as a picture, what it shows in a sentence, and `alt`: the same for those who do not see it."""

    title: str
    says: str
    alt: str
    source: str
    picture: Picture


EXAMPLE_CHART = ChartFacts(
    "Complaints received by month",
    "A month that still runs is not whole yet.",
    "Complaints received by month. January 9, February 12, March 15",
    "Register of complaints, 1 January 2026 to 31 March 2026",
    Picture("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="),
)
"""Of examples; its picture is one grey dot."""


@dataclass(frozen=True)
class LeftOut:
    """Something that is not there, and why; silence would be the worst failure."""

    what: str
    reason: str
