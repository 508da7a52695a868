"""Policy and procedure texts: Markdown with blanks, tied to clauses."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from auditkit.base.text import N_
from auditkit.content.blanks import stray_braces
from auditkit.content.shapes.basics import (
    FileShape,
    Id,
    NodeRef,
    Once,
    Shape,
    Source,
    Text,
    Title,
    UniqueIds,
    refuse,
)

BlankName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40), Field(examples=["decision_target"])
]


class Blank(Shape):
    """A fact of the organisation that a policy text needs, asked as a question."""

    name: BlankName
    question: Text
    example: Title
    help: Text | None = None
    type: Literal["text", "email", "telephone", "address"] = "text"
    """What the answer must look like; `address` is a web address."""
    required: bool = True
    source: Source | None = None
    """Where a number in the example or the help comes from, when it comes from somewhere."""


def _well_formed(text: str) -> str:
    stray = stray_braces(text)
    if stray:
        raise refuse(N_("Write a blank as {{name}}, in small letters: `%(near)s`"), near=stray)
    return text


class PolicySection(Shape):
    """A section of a policy or procedure: Markdown with blanks, tied to clauses."""

    id: Id
    title: Title
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    text: Annotated[Text, AfterValidator(_well_formed)]


class PolicyShape(FileShape):
    """A policy file."""

    kind: Literal["policy"]
    id: Id
    title: Title
    purpose: Text
    edition: Id
    source: Source = Source.PRACTICE
    """Policy texts are the project's own words, made from practice; `published` where a public source words it so."""
    public: bool = False
    """True for a text that is written to be published to customers."""
    fields: tuple[Blank, ...] = ()
    sections: Annotated[tuple[PolicySection, ...], Field(min_length=1), UniqueIds]

    @cached_property
    def required(self) -> frozenset[str]:
        """Names of the blanks that must be answered."""
        return frozenset(blank.name for blank in self.fields if blank.required)
