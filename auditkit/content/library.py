"""The library: the shipped content, read once a process, with everything looked up by id.

An audit keeps `checklist.frozen()` and `checklist.digest`; `thaw()` gives the checklist back from what was kept, and
its digest is recomputed from it, so that anybody can see whether it is what the library held (architecture,
decision 6). tests/slices/content/test_content_library.py checks the shipped content through this door.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

import rfc8785

from auditkit.base.errors import BadInput, NotFound
from auditkit.base.text import N_
from auditkit.content.checks import cross_check, full_ref, read_shipped
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile
from auditkit.content.shapes import (
    ChecklistShape,
    EditionShape,
    Id,
    Item,
    NodeKind,
    NodeShape,
    PolicyShape,
    Scale,
    ScalesShape,
    SectionShape,
    Shape,
    Source,
    Strength,
    Text,
    Title,
)

T = TypeVar("T")


class ContentBroken(BadInput):
    """The content cannot be used; `problems` holds every fault, the message the first."""

    message = N_("%(count)s problems in the content. The first: %(first)s. See `auditkit content check`")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(None, None, count=len(problems), first=str(problems[0]))
        self.problems = list(problems)


def canonical(shape: Shape) -> dict[str, Any]:
    """A shape as plain JSON values without what equals the default.

    Defaults stay out so that a field added to a later release does not change the digest of content that lacks it.
    """
    return shape.model_dump(mode="json", exclude_defaults=True)


def digest_of(values: Any) -> str:
    """SHA-256 (64 hexadecimal digits) over the canonical JSON (RFC 8785) of plain JSON values."""
    return hashlib.sha256(rfc8785.dumps(values)).hexdigest()


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

    @property
    def label(self) -> str:
        """`7.4 Acknowledgement of complaint`."""
        return f"{self.id} {self.title}"


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
    """A checklist with its selections followed, its references in full and its scale inside."""

    id: Id
    title: Title
    purpose: Text
    edition: Id
    edition_digest: str
    scale: Scale
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
        return _get(self.by_id, item_id, N_("This checklist has no question %(id)s"))

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
    digest: str

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
class Library:
    """All content by id. Made by `shared()` or `load()`; not to be changed afterwards."""

    editions: dict[str, Edition]
    nodes: dict[str, Node]
    scales: dict[str, Scale]
    checklists: dict[str, Checklist]
    policies: dict[str, PolicyShape]
    items: dict[str, Item]
    items_by_node: dict[str, tuple[Item, ...]]

    def edition(self, edition_id: str) -> Edition:
        """An edition by id (`iso10002-2018`). Raises NotFound."""
        return _get(self.editions, edition_id, N_("The library has no standard %(id)s"))

    def node(self, ref: str) -> Node:
        """A clause, principle or annex by full reference (`iso10002-2018:7.4`). Raises NotFound."""
        return _get(self.nodes, ref, N_("The library has no clause %(id)s"))

    def checklist(self, checklist_id: str) -> Checklist:
        """A checklist by id. Raises NotFound."""
        return _get(self.checklists, checklist_id, N_("The library has no checklist %(id)s"))

    def policy(self, policy_id: str) -> PolicyShape:
        """A policy text by id, its clauses in full. Raises NotFound."""
        return _get(self.policies, policy_id, N_("The library has no policy %(id)s"))

    def path(self, ref: str) -> tuple[Node, ...]:
        """A node with those above it, the topmost first. Raises NotFound."""
        node: Node | None = self.node(ref)
        path: list[Node] = []
        while node is not None:
            path.insert(0, node)
            node = self.nodes[node.parent] if node.parent else None
        return tuple(path)

    def below(self, ref: str) -> Iterator[Node]:
        """A node and everything under it, in the order printed. Raises NotFound."""
        node = self.node(ref)
        yield node
        for child in node.children:
            yield from self.below(child)

    def items_for(self, ref: str) -> tuple[Item, ...]:
        """The questions that name this clause or anything under it."""
        return self.items_by_node.get(self.node(ref).ref, ())

    def items_testing(self, ref: str) -> tuple[Item, ...]:
        """The questions that test this principle in another clause; none where the node is no principle."""
        node = self.node(ref)
        own = {item.id for item in self.items_for(ref)}
        return tuple(
            item
            for item in self.items.values()
            if node.code in item.principles
            and item.id not in own
            and any(self.nodes[clause].edition == node.edition for clause in item.clauses)
        )

    def policies_for(self, ref: str) -> tuple[PolicyShape, ...]:
        """The policy texts with a section that names this clause or anything under it."""
        refs = {node.ref for node in self.below(ref)}
        return tuple(
            policy
            for policy in self.policies.values()
            if any(refs.intersection(section.clauses) for section in policy.sections)
        )

    def checklists_with(self, item_id: str) -> tuple[Checklist, ...]:
        """The checklists that ask this question."""
        return tuple(one for one in self.checklists.values() if item_id in one.by_id)


@cache
def shared() -> Library:
    """The shipped library, read once a process. Raises ContentBroken."""
    reading = read_shipped()
    if reading.problems:
        raise ContentBroken(reading.problems)
    return load(reading.files)


def load(files: Sequence[ReadFile]) -> Library:
    """A library of these files. Raises ContentBroken where a reference leads nowhere or an id is given twice."""
    problems = cross_check(files)
    if problems:
        raise ContentBroken(problems)
    shapes = [file.shape for file in files]
    editions = {one.id: _edition(one) for one in shapes if isinstance(one, EditionShape)}
    nodes = {node.ref: node for edition in editions.values() for node in edition.nodes}
    scales = {scale.id: scale for one in shapes if isinstance(one, ScalesShape) for scale in one.scales}
    checklists = [one for one in shapes if isinstance(one, ChecklistShape)]
    items = {
        item.id: _full_item(item, section, one.edition)
        for one in checklists
        for section in one.sections
        for item in section.items
    }
    return Library(
        editions=editions,
        nodes=nodes,
        scales=scales,
        checklists={one.id: _checklist(one, items, scales[one.scale], editions[one.edition]) for one in checklists},
        policies={one.id: _full_policy(one) for one in shapes if isinstance(one, PolicyShape)},
        items=items,
        items_by_node=_items_by_node(nodes, items),
    )


def _edition(shape: EditionShape) -> Edition:
    return Edition(shape, tuple(_nodes(shape, shape.nodes, None, 1)), digest_of(canonical(shape)))


def _nodes(edition: EditionShape, shapes: Sequence[NodeShape], parent: str | None, level: int) -> Iterator[Node]:
    for shape in shapes:
        ref = f"{edition.id}:{shape.id}"
        yield Node(
            ref=ref,
            edition=edition.id,
            id=shape.id,
            title=shape.title,
            kind=shape.kind,
            code=shape.code,
            strength=shape.strength or edition.strength,
            auditable=shape.auditable,
            source=shape.source or edition.source,
            note=shape.note,
            level=level,
            parent=parent,
            children=tuple(f"{edition.id}:{child.id}" for child in shape.children),
        )
        yield from _nodes(edition, shape.children, ref, level + 1)


def _full(edition: str, refs: Sequence[str]) -> tuple[str, ...]:
    return tuple(full_ref(edition, ref) for ref in refs)


def _full_item(item: Item, section: SectionShape, edition: str) -> Item:
    return item.model_copy(
        update={
            "clauses": _full(edition, item.clauses),
            "typical_nonconformities": item.typical_nonconformities or section.typical_nonconformities,
        }
    )


def _full_policy(policy: PolicyShape) -> PolicyShape:
    sections = tuple(
        section.model_copy(update={"clauses": _full(policy.edition, section.clauses)}) for section in policy.sections
    )
    return policy.model_copy(update={"sections": sections})


def _checklist(shape: ChecklistShape, items: Mapping[str, Item], scale: Scale, edition: Edition) -> Checklist:
    return Checklist(
        id=shape.id,
        title=shape.title,
        purpose=shape.purpose,
        edition=shape.edition,
        edition_digest=edition.digest,
        scale=scale,
        sections=tuple(
            Section(
                id=section.id,
                title=section.title,
                clauses=_full(shape.edition, section.clauses),
                principles=section.principles,
                documents=section.documents,
                typical_nonconformities=section.typical_nonconformities,
                items=tuple(items[name] for name in (*section.select, *(item.id for item in section.items))),
            )
            for section in shape.sections
        ),
    )


def _items_by_node(nodes: Mapping[str, Node], items: Mapping[str, Item]) -> dict[str, tuple[Item, ...]]:
    found: dict[str, dict[str, Item]] = {}
    for item in items.values():
        for ref in item.clauses:
            above: str | None = ref
            while above is not None:
                found.setdefault(above, {})[item.id] = item
                above = nodes[above].parent
    return {ref: tuple(held.values()) for ref, held in found.items()}


def _get(things: Mapping[str, T], name: str, message: str) -> T:
    try:
        return things[name]
    except KeyError:
        raise NotFound(message, id=name) from None
