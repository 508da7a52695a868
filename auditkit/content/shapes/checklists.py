"""Checklists: questions of their own, selections of others' questions, profiles that build on a whole checklist.

Nothing is ever copied: a question is written once, and every other checklist names it by id.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from auditkit.base.text import N_
from auditkit.content.shapes.basics import (
    FileShape,
    Id,
    NodeRef,
    Once,
    PrincipleCode,
    Shape,
    Source,
    Text,
    Title,
    UniqueIds,
    Weight,
    refuse,
)
from auditkit.content.shapes.scales import Answer


class Method(StrEnum):
    """How an auditor finds out: documents, interview, observation, records, live test."""

    DOCUMENTS = "D"
    INTERVIEW = "I"
    OBSERVATION = "O"
    RECORDS = "R"
    TEST = "T"


class Use(StrEnum):
    """What a checklist is for; it decides where it is offered."""

    AUDIT = "audit"
    SHORT = "short-form"
    PROFILE = "profile"
    PRINCIPLES = "principles"
    GAP = "gap-analysis"
    FILE = "file-test"
    READINESS = "readiness"
    REVIEW = "review"
    SUPPLIER = "supplier"


class Demands(Shape):
    """Answers (by id) that demand a note or evidence, beyond what the scale itself demands."""

    note: Annotated[tuple[Id, ...], Once] = ()
    evidence: Annotated[tuple[Id, ...], Once] = ()


class LeadsTo(Shape):
    """The step of the plan that an answer leads to."""

    step: Id
    answers: Annotated[tuple[Id, ...], Once] = ()
    """The answers that lead there; none named means every answer that counts for less than 100 percent."""

    def follows(self, answer: Answer) -> bool:
        """Whether this answer leads to the step."""
        if self.answers:
            return answer.id in self.answers
        return answer.conformity is not None and answer.conformity < 100


class Item(Shape):
    """A question of a checklist. In the library every clause is written in full (`iso10002-2018:7.4`)."""

    id: Id
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    """The first is the one the answer is counted under."""
    principles: Annotated[tuple[PrincipleCode, ...], Once] = ()
    question: Text
    good: Text
    """What good looks like."""
    evidence: Text
    """What an auditor expects to be shown."""
    methods: Annotated[tuple[Method, ...], Field(min_length=1), Once]
    typical_nonconformities: tuple[Text, ...] = ()
    """The section's, unless the item has its own."""
    guidance: Text | None = None
    weight: Weight = 1
    demands: Demands = Demands()
    source: Source = Source.PRACTICE
    """Questions are the project's own words; `published` where a public source asks the same."""
    record: Id | None = None
    """The operating record (`checklists/presets/records.yaml`) that can answer the question."""
    recomputed: Text | None = None
    """How the answer follows from that record without anybody's opinion; left out where a person must judge."""
    leads_to: tuple[LeadsTo, ...] = ()
    """Steps of the checklist's plan that answers lead to; for gap analysis."""

    @model_validator(mode="after")
    def recomputed_from_a_record(self) -> Self:
        """Refuse a recomputation that does not say from which record."""
        if self.recomputed and not self.record:
            raise refuse(N_("Name the `record:` that the answer is recomputed from"))
        return self

    def needs(self, answer: Answer) -> frozenset[str]:
        """What this answer to this question demands: `note`, `evidence`, both or nothing."""
        own = {need for need in ("note", "evidence") if answer.id in getattr(self.demands, need)}
        return frozenset(own | set(answer.needs))

    def steps(self, answer: Answer) -> tuple[str, ...]:
        """Ids of the steps that this answer leads to, in the order of the file."""
        return tuple(one.step for one in self.leads_to if one.follows(answer))


class Step(Shape):
    """A step of the plan that a gap analysis ends in. Steps stand in the order in which they are taken."""

    id: Id
    title: Title
    text: Text
    """What to do and when it is done, in whole sentences."""
    clauses: Annotated[tuple[NodeRef, ...], Once] = ()
    policies: Annotated[tuple[Id, ...], Once] = ()
    """Policy texts of the library to start from."""
    after: Annotated[tuple[Id, ...], Once] = ()
    """Steps that come first."""
    days: Annotated[int, Field(ge=1, le=250)] | None = None
    """Working days it usually takes in a firm of fifty people; practice, and shown as such."""


class SectionShape(Shape):
    """A section of a checklist file: items of its own, items selected from other checklists, or both."""

    id: Id
    title: Title
    clauses: Annotated[tuple[NodeRef, ...], Once] = ()
    principles: Annotated[tuple[PrincipleCode, ...], Once] = ()
    documents: Text | None = None
    """Documented information the section's answers rest on."""
    typical_nonconformities: tuple[Text, ...] = ()
    select: Annotated[tuple[Id, ...], Once] = ()
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def not_empty(self) -> Self:
        """Refuse a section that asks nothing."""
        if not self.select and not self.items:
            raise refuse(N_("Write questions under `items:` or name some under `select:`"))
        return self


class Addition(Shape):
    """Questions put at the end of a section of the checklist a profile builds on."""

    section: Id
    select: Annotated[tuple[Id, ...], Once] = ()
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def not_empty(self) -> Self:
        """Refuse an addition that adds nothing."""
        if not self.select and not self.items:
            raise refuse(N_("Write questions under `items:` or name some under `select:`"))
        return self


class Exclusion(Shape):
    """Questions of the base that a profile does not ask, and why."""

    items: Annotated[tuple[Id, ...], Field(min_length=1), Once]
    because: Text


class ChecklistShape(FileShape):
    """A checklist file: sections of its own, or a profile over another checklist (`based_on`), or both."""

    kind: Literal["checklist"]
    id: Id
    title: Title
    purpose: Text
    use: Use = Use.AUDIT
    edition: Id
    scale: Id
    covers: Literal["whole", "part"] = "whole"
    """`whole` promises a question on every clause of the edition; `part` promises nothing."""
    takes: Title | None = None
    """How long it takes, as people say it: `half a day`."""
    based_on: Id | None = None
    """The checklist whose sections and questions this one starts from."""
    exclude: tuple[Exclusion, ...] = ()
    """Questions of the base that are not asked."""
    add: tuple[Addition, ...] = ()
    """Questions added to sections of the base."""
    weights: dict[Id, Weight] = {}
    """Weights that hold in this checklist only, by question."""
    steps: Annotated[tuple[Step, ...], UniqueIds] = ()
    """The plan that answers lead to."""
    sections: Annotated[tuple[SectionShape, ...], UniqueIds] = ()
    """After the sections of the base, where there is one."""

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        """Refuse a checklist without sections, and changes to a base that is not named."""
        if self.based_on is None and not self.sections:
            raise refuse(N_("Write `sections:`, or name the checklist this one builds on under `based_on:`"))
        if self.based_on is None and (self.exclude or self.add):
            raise refuse(N_("Name the checklist under `based_on:` that `exclude:` and `add:` change"))
        return self
