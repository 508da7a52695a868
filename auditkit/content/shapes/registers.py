"""Registers an organisation keeps beside its complaints: risks, interested parties, legal duties, competence …

A register is content: its fields, what must be filled in, when an entry is looked at again, how a level comes out of
likelihood and impact. What people write into it are records (`auditkit.registers`).
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from auditkit.base.text import N_
from auditkit.content.shapes.basics import FileShape, Id, NodeRef, Once, Shape, Source, Text, Title, UniqueIds, refuse


class FieldKind(StrEnum):
    """What is written into a field."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    DAY = "day"
    NUMBER = "number"
    PERSON = "person"


class Choice(Shape):
    """A word to choose. `rank` makes it a step of a scale: 1 is the least."""

    id: Id
    label: Title
    meaning: Text | None = None
    rank: Annotated[int, Field(ge=1, le=10)] | None = None


class RegisterField(Shape):
    """A field of a register. Its id is what an entry stores its value under."""

    id: Id
    title: Title
    kind: FieldKind
    required: bool = False
    listed: bool = False
    """Whether the list of the register has a column for it."""
    help: Text | None = None
    choices: Annotated[tuple[Choice, ...], UniqueIds] = ()

    @model_validator(mode="after")
    def choices_where_one_chooses(self) -> Self:
        """Refuse a choice without words, and words where nobody chooses."""
        chosen = self.kind in (FieldKind.CHOICE, FieldKind.CHOICES)
        if chosen and len(self.choices) < 2:
            raise refuse(N_("Give at least two `choices` to choose from"))
        if self.choices and not chosen:
            raise refuse(N_("Write `kind: choice` where there are `choices`"))
        return self


class Band(Shape):
    """A level: everything from this product on, until the next band begins."""

    id: Id
    label: Title
    begins: Annotated[int, Field(ge=1, le=100)]
    tone: Literal["good", "warn", "bad"]


class Level(Shape):
    """A level that comes out of two fields: the product of their ranks, in bands."""

    id: Id
    title: Title
    of: Annotated[tuple[Id, Id], Once]
    bands: Annotated[tuple[Band, ...], Field(min_length=2), UniqueIds]

    @model_validator(mode="after")
    def bands_ascend_from_one(self) -> Self:
        """Refuse bands that leave out a product, or overlap."""
        begins = [band.begins for band in self.bands]
        if begins[0] != 1 or begins != sorted(set(begins)):
            raise refuse(N_("Begin the first band at 1 and each further one higher than the one before"))
        return self

    def band(self, product: int) -> Band:
        """The band that `product` lies in."""
        return [one for one in self.bands if one.begins <= product][-1]


class Measured(Shape):
    """Entries are measured over time: against which field of the entry, in which unit, and what is better."""

    target: Id
    unit: Id
    better: Id
    """A field that chooses between `higher` and `lower`."""


class Example(Shape):
    """An entry to start from; values as text, several words of a choice parted by commas."""

    id: Id
    values: dict[Id, Text]


class RegisterShape(FileShape):
    """A register: what its entries consist of."""

    kind: Literal["register"]
    id: Id
    title: Title
    entry: Title
    """What one entry is called: `Risk or opportunity`."""
    purpose: Text
    edition: Id
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    source: Source
    series: Annotated[str, Field(pattern=r"^[A-Z]{2,6}$")]
    """Letters of the entries' numbers: `RISK` gives RISK-001."""
    record: Id | None = None
    """The operating record (`records.yaml`) that its entries are."""
    review_months: Annotated[int, Field(ge=1, le=60)] | None = 12
    """How many months after it was written or reviewed an entry is looked at again; none: never by itself."""
    expires: Id | None = None
    """A day field after which an entry no longer holds, such as the last day of a certificate."""
    fields: Annotated[tuple[RegisterField, ...], Field(min_length=1), UniqueIds]
    stated: Annotated[tuple[Id, ...], Once] = ()
    """Fields that documents state, such as a target or who answers for a task: a change makes those out of date."""
    levels: Annotated[tuple[Level, ...], UniqueIds] = ()
    measured: Measured | None = None
    examples: Annotated[tuple[Example, ...], UniqueIds] = ()

    @model_validator(mode="after")
    def the_first_field_names_the_entry(self) -> Self:
        """Refuse a register whose entries would have no name."""
        first = self.fields[0]
        if first.kind is not FieldKind.LINE or not first.required:
            raise refuse(N_("Make the first field a required `line`: it names the entry"))
        return self

    def field(self, name: str) -> RegisterField | None:
        """The field of this id."""
        return next((one for one in self.fields if one.id == name), None)
