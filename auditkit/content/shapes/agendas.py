"""The agenda of a management review: what is looked at, what the program can compute for it, what must come out.

Own wording on clauses 8.6.1 to 8.6.3. `auditkit.reviews` computes every input named here; its tests compare the two.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from auditkit.base.text import N_
from auditkit.content.shapes.basics import FileShape, Id, NodeRef, Once, Shape, Source, Text, Title, UniqueIds, refuse


class AgendaPart(StrEnum):
    """What an item of an agenda is for. `input` is looked at, `conclusion` is judged, `decision` is decided on."""

    INPUT = "input"
    CONCLUSION = "conclusion"
    DECISION = "decision"


class AgendaInput(StrEnum):
    """What can be computed from the records for a review."""

    LAST_DECISIONS = "last-decisions"
    POLICIES = "policies"
    OBJECTIVES = "objectives"
    COMPLAINTS = "complaints"
    SATISFACTION = "satisfaction"
    SUGGESTIONS = "suggestions"
    AUDITS = "audits"
    FINDINGS = "findings"
    ACTIONS = "actions"
    CHANGES = "changes"
    CONTEXT = "context"
    LEGAL_DUTIES = "legal-duties"
    RISKS = "risks"
    RESOURCES = "resources"
    COMPETENCE = "competence"
    PARTNERS = "partners"


class AgendaItem(Shape):
    """An item of the agenda. Its id is what the minutes store their words under."""

    id: Id
    part: AgendaPart = AgendaPart.INPUT
    title: Title
    question: Text
    """What is to be talked about, or answered."""
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    inputs: Annotated[tuple[AgendaInput, ...], Once] = ()
    bring: Text | None = None
    """Papers that nobody can compute."""


class AgendaShape(FileShape):
    """An agenda for management reviews."""

    kind: Literal["agenda"]
    id: Id
    title: Title
    purpose: Text
    edition: Id
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    source: Source
    items: Annotated[tuple[AgendaItem, ...], Field(min_length=1), UniqueIds]

    @model_validator(mode="after")
    def every_part_is_there_and_no_input_twice(self) -> Self:
        """Refuse an agenda that looks at nothing, judges nothing or decides nothing."""
        for part in AgendaPart:
            if not any(one.part is part for one in self.items):
                raise refuse(N_("Give the agenda at least one item with `part: %(part)s`"), part=part.value)
        seen: set[AgendaInput] = set()
        for item in self.items:
            for name in item.inputs:
                if name in seen:
                    raise refuse(N_("Show the input `%(id)s` under one item only"), id=name.value)
                seen.add(name)
        return self

    def item(self, name: str) -> AgendaItem | None:
        """The item of this id."""
        return next((one for one in self.items if one.id == name), None)
