"""Standards and the crosswalks between them: numbers, titles, strengths, and what corresponds to what.

The sentences of a standard are its publisher's and are not in shipped files.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from auditkit.base.text import N_
from auditkit.content.shapes.basics import (
    FileShape,
    Id,
    NodeId,
    Once,
    PrincipleCode,
    Shape,
    Source,
    Text,
    Title,
    refuse,
)


class Strength(StrEnum):
    """How strong a criterion is: a requirement, guidance, a legal duty, or the organisation's own rule."""

    SHALL = "shall"
    SHOULD = "should"
    LAW = "law"
    OWN = "own"


class NodeKind(StrEnum):
    CLAUSE = "clause"
    PRINCIPLE = "principle"
    ANNEX = "annex"


class NodeShape(Shape):
    """A clause, guiding principle or annex of an edition, with its subclauses."""

    id: NodeId
    """The number as printed, for ever: `7.4`, `D.2`, `B`."""
    title: Title
    kind: NodeKind = NodeKind.CLAUSE
    code: PrincipleCode | None = None
    """Three letters; principles have one and nothing else does."""
    strength: Strength | None = None
    """Only where it differs from the edition's."""
    auditable: bool = True
    """False for scope, definitions and headings that hold no criterion of their own."""
    source: Source | None = None
    """Only where it differs from the edition's."""
    note: Text | None = None
    text: Text | None = None
    """The criterion's own words: only in files of an organisation that may hold them, never in shipped ones."""
    children: tuple["NodeShape", ...] = ()

    @model_validator(mode="after")
    def principles_carry_codes(self) -> Self:
        """Refuse a principle without a code and a code without a principle."""
        if (self.kind is NodeKind.PRINCIPLE) != (self.code is not None):
            raise refuse(N_("Give a principle its three-letter `code`, and nothing else one"))
        return self


class EditionShape(FileShape):
    """One edition of a standard, as a tree. Numbers and titles only: the sentences belong to the publisher."""

    kind: Literal["standard"]
    id: Id
    standard: Id
    number: Title
    """As people say it: `ISO 10002`."""
    edition: Title
    title: Title
    publisher: Title
    nature: Literal["guidance", "requirements", "specification", "law", "scheme"]
    strength: Strength
    """What a criterion of this edition is unless its node says otherwise."""
    status: Literal["current", "superseded", "draft"]
    replaces: Id | None = None
    source: Source
    """How well the numbers are supported."""
    titles: Source
    """How well the English titles are supported."""
    note: Text | None = None
    nodes: Annotated[tuple[NodeShape, ...], Field(min_length=1)]

    @property
    def name(self) -> str:
        """`ISO 10002:2018`; laws and schemes, which are known by date, go by their number alone."""
        return self.number if self.nature in ("law", "scheme") else f"{self.number}:{self.edition}"


class Relation(StrEnum):
    """What the clause on the right is to the clause on the left."""

    SAME = "same"
    WIDENED = "widened"
    NARROWED = "narrowed"
    PARTIAL = "partial"
    SUPPORTS = "supports"
    NEW = "new"
    DROPPED = "dropped"


class Link(Shape):
    """A row of a crosswalk: clauses on the left, clauses on the right, how they relate, and why."""

    from_clauses: Annotated[tuple[NodeId, ...], Once, Field(alias="from")] = ()
    """Empty for what is new on the right."""
    to_clauses: Annotated[tuple[NodeId, ...], Once, Field(alias="to")] = ()
    """Empty for what was dropped."""
    relation: Relation
    reason: Text
    """What changes for somebody who audits, in the project's own words."""
    source: Source | None = None
    """Only where it differs from the crosswalk's."""

    @model_validator(mode="after")
    def ends_fit_the_relation(self) -> Self:
        """Refuse `new` with a left end, `dropped` with a right end, and any other without both."""
        wanted = (self.relation is not Relation.NEW, self.relation is not Relation.DROPPED)
        if (bool(self.from_clauses), bool(self.to_clauses)) != wanted:
            raise refuse(
                N_("Write `from:` and `to:`; leave out `from:` only with `new`, and `to:` only with `dropped`")
            )
        return self


class CrosswalkShape(FileShape):
    """What corresponds between two editions. Every auditable clause of both is named in some row."""

    kind: Literal["crosswalk"]
    id: Id
    title: Title
    purpose: Text
    from_edition: Annotated[Id, Field(alias="from")]
    to_edition: Annotated[Id, Field(alias="to")]
    source: Source
    """How well the rows are supported unless a row says otherwise."""
    links: Annotated[tuple[Link, ...], Field(min_length=1)]
