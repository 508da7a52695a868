"""Presets: lists of words, the priority matrix, time limits by framework, indicators, and the records auditkit keeps.

An installation starts from these and may replace any of them. Time limits are data, never constants: ISO 10002 sets
none.
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
    Shape,
    Source,
    Text,
    Title,
    UniqueIds,
    refuse,
)


class Value(Shape):
    """A word of a list. Its id is what a record stores."""

    id: Id
    label: Title
    meaning: Text
    group: Title | None = None
    """A heading above it, where a list is long."""


class ValuesShape(FileShape):
    """A list of words that records choose from: problem categories, channels, remedies …"""

    kind: Literal["values"]
    id: Id
    title: Title
    purpose: Text
    edition: Id
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    source: Source
    values: Annotated[tuple[Value, ...], Field(min_length=2), UniqueIds]


class Cell(Shape):
    """A cell of the matrix: how bad, for how many, hence how soon."""

    severity: Id
    reach: Id
    priority: Id


class MatrixShape(FileShape):
    """Severity and reach give the priority; some facts give the highest one whatever the matrix says."""

    kind: Literal["matrix"]
    id: Id
    title: Title
    purpose: Text
    edition: Id
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    source: Source
    severities: Id
    """The list of words that the rows are."""
    reaches: Annotated[tuple[Value, ...], Field(min_length=2), UniqueIds]
    priorities: Annotated[tuple[Value, ...], Field(min_length=2), UniqueIds]
    """The most urgent first."""
    overrides: Annotated[tuple[Value, ...], UniqueIds] = ()
    """Facts that make a complaint most urgent at once."""
    cells: Annotated[tuple[Cell, ...], Field(min_length=4)]

    def priority(self, severity: str, reach: str) -> str | None:
        """The priority's id for a severity and reach; None for words the matrix does not have."""
        return next((one.priority for one in self.cells if (one.severity, one.reach) == (severity, reach)), None)


class LimitStage(StrEnum):
    """What must have happened when the time is up."""

    ACKNOWLEDGE = "acknowledge"
    UPDATE = "update"
    EARLY = "settle-early"
    DECIDE = "decide"
    DECIDE_LATEST = "decide-latest"
    REVIEW = "review"
    KEEP = "keep-records"


class Limit(Shape):
    """A time limit for a stage, for some severities or all."""

    id: Id
    stage: LimitStage
    severities: Annotated[tuple[Id, ...], Once] = ()
    """None named means every severity."""
    amount: Annotated[int, Field(ge=1, le=1000)]
    unit: Literal["hours", "days", "weeks", "months", "years"]
    days: Literal["calendar", "working"] = "calendar"
    """Whether days that are not worked count; hours, weeks, months and years always run on the calendar."""
    starts: Literal["receipt", "acknowledgement", "update", "request", "closing"] = "receipt"
    """The moment the time runs from; `update` is the previous one, `request` the complainant's."""
    binding: bool = True
    """False for what a framework recommends or an organisation chooses."""
    rule: Text
    """What the framework asks, in the project's own words, with conditions and exceptions."""
    reference: Title | None = None
    """Where the framework says so."""
    source: Source

    @model_validator(mode="after")
    def working_days_are_days(self) -> Self:
        """Refuse working hours, weeks, months and years: a working-day calendar counts days."""
        if self.days == "working" and self.unit != "days":
            raise refuse(N_("Write working time in `unit: days`"))
        return self


class TimeLimitsShape(FileShape):
    """Time limits of one framework."""

    kind: Literal["time-limits"]
    id: Id
    title: Title
    purpose: Text
    edition: Id
    """The edition whose clauses the stages belong to."""
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    framework: Id | None = None
    """The law or rules as an edition of the library, where it is one."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """ISO 3166 code; none where the framework is not one country's."""
    note: Text | None = None
    severities: Id = "severities"
    """The list of words that limits name."""
    limits: Annotated[tuple[Limit, ...], Field(min_length=1), UniqueIds]


class Indicator(Shape):
    """How a figure is made, and how it misleads."""

    id: Id
    number: Annotated[int, Field(ge=1)]
    title: Title
    answers: Text
    """The question a manager asks that this figure answers."""
    formula: Text
    numerator: Text | None = None
    denominator: Text | None = None
    """What is divided by; always shown beside the figure."""
    unit: Title
    better: Literal["lower", "higher", "neither"]
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    record: Id
    """The operating record it is computed from."""
    pitfalls: Annotated[tuple[Text, ...], Field(min_length=1)]
    source: Source


class IndicatorsShape(FileShape):
    """A set of indicators."""

    kind: Literal["indicators"]
    id: Id
    title: Title
    purpose: Text
    edition: Id
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1), UniqueIds]


class Record(Shape):
    """A kind of operating record: what it shows, for which clauses, and whether auditkit keeps it."""

    id: Id
    title: Title
    shows: Text
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    kept: Literal["auditkit", "file"] = "auditkit"
    """`auditkit` where the program keeps the record itself, `file` where an organisation attaches one as evidence."""


class RecordsShape(FileShape):
    """The kinds of operating record that can answer questions."""

    kind: Literal["records"]
    id: Id
    edition: Id
    records: Annotated[tuple[Record, ...], Field(min_length=1), UniqueIds]


Column = Literal["questions", "policies", "templates", "records"]


class Explained(Shape):
    """Clauses for which something is missing from the library, and why that is right."""

    lacks: Column
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    because: Text


class CoverageShape(FileShape):
    """Explains the holes that `auditkit content coverage` finds."""

    kind: Literal["coverage"]
    id: Id
    edition: Id
    explained: tuple[Explained, ...]
