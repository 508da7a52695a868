"""What content files define: every id once, with the place where it was first given."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from auditkit.base.text import _
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile, Where
from auditkit.content.shapes import (
    ChecklistShape,
    EditionShape,
    IndicatorsShape,
    Item,
    NodeShape,
    OverrideShape,
    Record,
    RecordsShape,
    Scale,
    ScalesShape,
    SectionShape,
    ValuesShape,
)
from auditkit.content.yaml_reader import Loc


@dataclass
class Index:
    """Everything that can be referred to, and where it was first defined (`file:line`)."""

    editions: dict[str, EditionShape] = field(default_factory=dict)
    nodes: dict[str, NodeShape] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    checklists: dict[str, ChecklistShape] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    policies: set[str] = field(default_factory=set)
    records: dict[str, Record] = field(default_factory=dict)
    values: dict[str, ValuesShape] = field(default_factory=dict)
    places: dict[tuple[str, str], Where] = field(default_factory=dict)


def full_ref(edition: str, ref: str) -> str:
    """`7.4` in a file for `iso10002-2018` is `iso10002-2018:7.4`; a reference with an edition stays."""
    return ref if ":" in ref else f"{edition}:{ref}"


def nodes_with_loc(shapes: Iterable[NodeShape], loc: Loc) -> Iterator[tuple[NodeShape, Loc]]:
    """Every node of a tree, parents first, with its place in the file."""
    for number, node in enumerate(shapes):
        here = (*loc, number)
        yield node, here
        yield from nodes_with_loc(node.children, (*here, "children"))


def sections(shape: ChecklistShape) -> Iterator[tuple[SectionShape, Loc]]:
    """The sections of a file with their places."""
    for number, section in enumerate(shape.sections):
        yield section, ("sections", number)


def items_with_loc(shape: ChecklistShape) -> Iterator[tuple[Item, Loc]]:
    """The questions that a file writes itself, with their places."""
    for number, addition in enumerate(shape.add):
        for place, item in enumerate(addition.items):
            yield item, ("add", number, "items", place)
    for section, loc in sections(shape):
        for place, item in enumerate(section.items):
            yield item, (*loc, "items", place)


def own_items(shape: OverrideShape) -> Iterator[tuple[Item, Loc]]:
    """The questions that an override adds, with their places."""
    for number, added in enumerate(shape.add):
        for place, item in enumerate(added.items):
            yield item, ("add", number, "items", place)


def identity(file: ReadFile) -> tuple[str, str]:
    """What names a file: its kind and id."""
    return file.kind, file.id


def define(file: ReadFile, index: Index) -> Iterator[Problem]:
    """Enter what a file defines; yields a problem for every id that is taken."""
    shape = file.shape
    kind, name = identity(file)
    yield from _once(file, index, kind, name, ("id",))
    match shape:
        case EditionShape():
            index.editions.setdefault(name, shape)
            yield from _define_nodes(file, shape, index)
        case ScalesShape():
            for number, scale in enumerate(shape.scales):
                yield from _once(file, index, "scale", scale.id, ("scales", number, "id"))
                index.scales.setdefault(scale.id, scale)
        case ChecklistShape():
            index.checklists.setdefault(name, shape)
            for item, loc in items_with_loc(shape):
                yield from _once(file, index, "item", item.id, (*loc, "id"))
                index.items.setdefault(item.id, item)
        case OverrideShape():
            for item, loc in own_items(shape):
                yield from _once(file, index, "item", item.id, (*loc, "id"))
                index.items.setdefault(item.id, item)
        case RecordsShape():
            for number, record in enumerate(shape.records):
                yield from _once(file, index, "record", record.id, ("records", number, "id"))
                index.records.setdefault(record.id, record)
        case IndicatorsShape():
            for number, indicator in enumerate(shape.indicators):
                yield from _once(file, index, "indicator", indicator.id, ("indicators", number, "id"))
        case ValuesShape():
            index.values.setdefault(name, shape)
    if kind == "policy":
        index.policies.add(name)


def _define_nodes(file: ReadFile, shape: EditionShape, index: Index) -> Iterator[Problem]:
    codes = index.codes.setdefault(shape.id, set())
    for node, loc in nodes_with_loc(shape.nodes, ("nodes",)):
        ref = full_ref(shape.id, node.id)
        yield from _once(file, index, "clause", ref, (*loc, "id"))
        index.nodes.setdefault(ref, node)
        if node.code:
            if node.code in codes:
                message = _("Give each principle its own code; %(code)s is taken", code=node.code)
                yield file.problem((*loc, "code"), message)
            codes.add(node.code)


def _once(file: ReadFile, index: Index, kind: str, name: str, loc: Loc) -> Iterator[Problem]:
    first = index.places.get((kind, name))
    if first is None:
        index.places[kind, name] = file.where(loc)
    else:
        message = _("`%(id)s` is taken (%(place)s). Give this one an id of its own", id=name, place=str(first))
        yield file.problem(loc, message)
