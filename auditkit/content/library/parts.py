"""What a library consists of: nodes with what they inherit, editions, checklists as asked, crosswalks with both ends.

An audit keeps `checklist.frozen()` and `checklist.digest`; `thaw()` gives the checklist back from what was kept, and
its digest is recomputed from it, so that anybody can see whether it is what the library held (architecture,
decision 6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from auditkit.base.errors import BadInput, NotFound
from auditkit.base.text import N_
from auditkit.content.digests import canonical, digest_of
from auditkit.content.problems import Problem
from auditkit.content.shapes import (
    CrosswalkShape,
    EditionShape,
    Exclusion,
    Id,
    Item,
    NodeKind,
    Relation,
    Scale,
    Shape,
    Source,
    Step,
    Strength,
    Text,
    Title,
    Use,
)
from auditkit.content.texts import like

T = TypeVar("T")


class ContentBroken(BadInput):
    """The content cannot be used; `problems` holds every fault, the message the first."""

    message = N_("%(count)s problems in the content. The first: %(first)s. See `auditkit content check`")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(None, None, count=len(problems), first=str(problems[0]))
        self.problems = list(problems)


def get(things: Mapping[str, T], name: str, message: str) -> T:
    """`things[name]`. Raises NotFound with the message, in which `%(id)s` is the name."""
    try:
        return things[name]
    except KeyError:
        raise NotFound(message, id=name) from None


@dataclass(frozen=True, slots=True)
class Node:
    """A clause, principle or annex with what it inherits and who its relatives are."""

    ref: str
    edition: str
    id: str
    title: str
    kind: NodeKind
    code: str | None
    strength: Strength
    auditable: bool
    source: Source
    note: str | None
    level: int
    parent: str | None
    children: tuple[str, ...]
    text: str | None = None

    @property
    def label(self) -> str:
        """`7.4 Acknowledgement of complaint`."""
        return like(self.title, f"{self.id} {self.title}")


class Section(Shape):
    """A section of a checklist as it is asked: own and selected items, in the order of the file."""

    id: Id
    title: Title
    clauses: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    documents: Text | None = None
    typical_nonconformities: tuple[Text, ...] = ()
    items: tuple[Item, ...]


class Checklist(Shape):
    """A checklist with its base and selections followed, its references in full and its scale inside."""

    id: Id
    title: Title
    purpose: Text
    use: Use = Use.AUDIT
    edition: Id
    edition_digest: str
    scale: Scale
    takes: Title | None = None
    based_on: Id | None = None
    excluded: tuple[Exclusion, ...] = ()
    """Questions of the base that are left out, with the reasons."""
    steps: tuple[Step, ...] = ()
    sections: tuple[Section, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every question in the order asked."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """The questions by id."""
        return {item.id: item for item in self.items}

    def item(self, item_id: str) -> Item:
        """The question with this id. Raises NotFound."""
        return get(self.by_id, item_id, N_("This checklist has no question %(id)s"))

    def step(self, step_id: str) -> Step:
        """The step of its plan with this id. Raises NotFound."""
        return get({step.id: step for step in self.steps}, step_id, N_("This checklist has no step %(id)s"))

    def frozen(self) -> dict[str, Any]:
        """Plain JSON values that hold all of it; what an audit keeps."""
        return canonical(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what `frozen()` gives."""
        return digest_of(self.frozen())


def thaw(values: Mapping[str, Any]) -> Checklist:
    """The checklist that `frozen()` gave these values. Raises pydantic.ValidationError where they were damaged."""
    return Checklist.model_validate(dict(values))


@dataclass(frozen=True)
class Edition:
    """An edition of a standard and its digest. `nodes` are in the order printed, parents first."""

    shape: EditionShape
    nodes: tuple[Node, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the edition's content."""
        return digest_of(canonical(self.shape))

    @property
    def id(self) -> str:
        """`iso10002-2018`."""
        return self.shape.id

    @property
    def name(self) -> str:
        """`ISO 10002:2018`."""
        return self.shape.name

    @property
    def principles(self) -> tuple[Node, ...]:
        """The guiding principles, in the order printed."""
        return tuple(node for node in self.nodes if node.kind is NodeKind.PRINCIPLE)


@dataclass(frozen=True)
class Row:
    """A row of a crosswalk with its nodes. An empty side has no counterpart."""

    from_nodes: tuple[Node, ...]
    to_nodes: tuple[Node, ...]
    relation: Relation
    reason: str
    source: Source


@dataclass(frozen=True)
class Crosswalk:
    """A crosswalk with both editions. `rows` are in the order of the file."""

    shape: CrosswalkShape
    from_edition: Edition
    to_edition: Edition
    rows: tuple[Row, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the crosswalk's content."""
        return digest_of(canonical(self.shape))

    @property
    def id(self) -> str:
        """`iso10002-2014-to-2018`."""
        return self.shape.id

    @property
    def within_one_standard(self) -> bool:
        """Whether it leads from one edition of a standard to another of the same."""
        return self.from_edition.shape.standard == self.to_edition.shape.standard

    @property
    def new(self) -> tuple[Row, ...]:
        """Rows of what the right side has and the left has not: where somebody who knows the left has gaps."""
        return tuple(row for row in self.rows if row.relation is Relation.NEW)

    @property
    def dropped(self) -> tuple[Row, ...]:
        """Rows of what the left side has and the right has not."""
        return tuple(row for row in self.rows if row.relation is Relation.DROPPED)


@dataclass(frozen=True)
class Counterpart:
    """What corresponds to a clause in another edition, as one row of a crosswalk says.

    `nodes` is empty where that edition has nothing for it. `stated_for` are the clauses the row names: the clause
    itself, or the one above or below it that the row speaks of.
    """

    crosswalk: Crosswalk
    edition: Edition
    nodes: tuple[Node, ...]
    stated_for: tuple[Node, ...]
    relation: Relation
    reason: str
    source: Source
    forward: bool
    """True where the clause is on the left of the crosswalk."""
