"""What the clause matrix counts: probes, the formula of readiness, and what a first stage of an audit stops at.

A probe is named here and counted in code (`auditkit/readiness/probing`); both ways are checked.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from auditkit.base.text import N_
from auditkit.content.shapes.basics import FileShape, Id, NodeRef, Once, Shape, Text, Title, UniqueIds, Weight, refuse


class Probe(Shape):
    """Something counted in the operating records that shows clauses at work."""

    id: Id
    """Also the name of the code that counts it."""
    title: Title
    counts: Text
    """What is counted, and what an exception is."""
    record: Id
    """The kind of operating record it reads."""
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    least: Annotated[int, Field(ge=1, le=100)] = 100
    """Of those that were checked, how many in a hundred must be without an exception for "records found"."""
    absent: Literal["gap", "not-checked"] = "gap"
    """What it means that there is none: something is missing, or there was no occasion."""


class Stop(Shape):
    """Something that a first stage of a certification audit usually stops at; it does where a named part is a gap."""

    id: Id
    title: Title
    because: Text
    rank: Weight
    """5: the body cannot go on; 1: it is written down and looked at again."""
    probes: Annotated[tuple[Id, ...], Once] = ()
    documents: Annotated[tuple[NodeRef, ...], Once] = ()
    """Clauses for which no document is in force."""
    findings: bool = False
    """Whether an open major nonconformity stops."""
    item: Id | None = None
    """The question of the readiness checklist that is about it."""

    @model_validator(mode="after")
    def looks_at_something(self) -> Self:
        """Refuse a stop that nothing can cause."""
        if not (self.probes or self.documents or self.findings):
            raise refuse(N_("Name what it looks at: `probes:`, `documents:` or `findings: true`"))
        return self


class Formula(Shape):
    """How readiness becomes a number. Each part of a clause that holds counts its weight; gaps and unknowns count 0."""

    documents: Weight
    records: Weight
    audit: Weight
    findings: Weight
    stale_months: Annotated[int, Field(ge=1, le=60)]
    """Records older than that at the end of the period are stale."""
    fewest_months: Annotated[int, Field(ge=1, le=36)]
    """In how many months of the period there must be records."""


class ReadinessBand(Shape):
    """Words for a span of the number: from `least` percent up to the next band."""

    id: Id
    least: Annotated[int, Field(ge=0, le=100)]
    title: Title
    meaning: Text
    despite_stops: bool = True
    """False: not given while something is found that a body cannot go on with (rank 5)."""


class ProbesShape(FileShape):
    """The probes of one edition with the formula made of them."""

    kind: Literal["probes"]
    id: Id
    title: Title
    purpose: Text
    edition: Id
    formula: Formula
    bands: Annotated[tuple[ReadinessBand, ...], Field(min_length=2), UniqueIds]
    probes: Annotated[tuple[Probe, ...], Field(min_length=1), UniqueIds]
    stops: Annotated[tuple[Stop, ...], UniqueIds] = ()

    @model_validator(mode="after")
    def bands_rise_from_zero(self) -> Self:
        """Refuse bands that leave a number without words, and stops that name a probe which is not here."""
        floors = [one.least for one in self.bands]
        if floors[0] != 0 or floors != sorted(set(floors)) or not self.bands[0].despite_stops:
            raise refuse(N_("Begin the bands with `least: 0`, let each begin higher, and give the first in any case"))
        known = {one.id for one in self.probes}
        for stop in self.stops:
            for name in stop.probes:
                if name not in known:
                    raise refuse(N_("There is no probe `%(id)s` in this file"), id=name)
        return self
