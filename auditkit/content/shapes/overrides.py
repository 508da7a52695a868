"""Overrides: an installation's or organisation's own questions in place of shipped ones, added ones, retired ones.

A whole file needs no override: a file with the kind and id of a shipped one stands in its place.
"""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from auditkit.base.text import N_
from auditkit.content.shapes.basics import Digest, FileShape, Id, Once, Shape, Text, refuse
from auditkit.content.shapes.checklists import Item


class Replacement(Shape):
    """A question in place of the shipped one with the same id, everywhere that one is asked."""

    base: Digest | None = None
    """Digest of the shipped question it was written against; when that changes, this one is suspect."""
    item: Item


class Added(Shape):
    """Questions put at the end of a section of a checklist."""

    checklist: Id
    section: Id
    select: Annotated[tuple[Id, ...], Once] = ()
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def not_empty(self) -> Self:
        """Refuse an addition that adds nothing."""
        if not self.select and not self.items:
            raise refuse(N_("Write questions under `items:` or name some under `select:`"))
        return self


class Retired(Shape):
    """Something that is no longer offered; what was audited with it keeps it."""

    id: Id
    kind: Literal["question", "checklist", "policy", "crosswalk", "values", "matrix", "time-limits", "indicators"] = (
        "question"
    )
    because: Text


class OverrideShape(FileShape):
    """Changes to shipped content, by id."""

    kind: Literal["override"]
    id: Id
    edition: Id
    """The edition whose clauses its questions name."""
    replace: tuple[Replacement, ...] = ()
    add: tuple[Added, ...] = ()
    retire: tuple[Retired, ...] = ()

    @model_validator(mode="after")
    def changes_something(self) -> Self:
        """Refuse an override without a change."""
        if not (self.replace or self.add or self.retire):
            raise refuse(N_("Write what changes under `replace:`, `add:` or `retire:`"))
        return self
