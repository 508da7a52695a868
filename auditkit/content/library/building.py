"""Makes a library of content files: references in full, selections and profiles followed, counterparts joined."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache

from auditkit.content.checks import cross_check, full_ref, items_with_loc, read_shipped, read_standards
from auditkit.content.library.lookup import Library, Standards
from auditkit.content.library.parts import (
    Checklist,
    ContentBroken,
    Crosswalk,
    Edition,
    Node,
    Row,
    Section,
)
from auditkit.content.locate import Found
from auditkit.content.reading import ReadFile
from auditkit.content.shapes import (
    AgendaShape,
    ChecklistShape,
    CoverageShape,
    CrosswalkShape,
    EditionShape,
    IndicatorsShape,
    Item,
    MatrixShape,
    NodeShape,
    PolicyShape,
    ProbesShape,
    RecordsShape,
    RegisterShape,
    Scale,
    ScalesShape,
    SectionShape,
    Shape,
    TimeLimitsShape,
    ValuesShape,
)


@cache
def shared() -> Library:
    """The shipped library, read once a process. Raises ContentBroken."""
    with _nothing_thrown_away():
        reading = read_shipped()
        if reading.problems:
            raise ContentBroken(reading.problems)
        return load(reading.files, sidecars=reading.sidecars)


@cache
def standards() -> Standards:
    """The shipped standards, without the rest of the library where nobody has read that. Raises ContentBroken."""
    if shared.cache_info().currsize:
        return shared()
    with _nothing_thrown_away():
        reading = read_standards()
        problems = reading.problems or cross_check(reading.files, whole=False)
        if problems:
            raise ContentBroken(problems)
        editions = _editions([file.shape for file in reading.files])
        return Standards(editions, _nodes_of(editions))


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Everything made inside stays; looking for garbage among it takes a fifth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def load(files: Sequence[ReadFile], *, whole: bool = True, sidecars: Sequence[Found] = ()) -> Library:
    """A library of these files. Raises ContentBroken where a reference leads nowhere or an id is given twice.

    `whole=False` does not ask whether every clause is covered. Of the `sidecars` a later one goes before an earlier.
    """
    problems = cross_check(files, whole=whole)
    if problems:
        raise ContentBroken(problems)
    return build([file.shape for file in files], sidecars)


def build(shapes: Sequence[Shape], sidecars: Sequence[Found] = ()) -> Library:
    """A library of shapes that were checked with each other."""
    editions = _editions(shapes)
    nodes = _nodes_of(editions)
    scales = {scale.id: scale for one in shapes if isinstance(one, ScalesShape) for scale in one.scales}
    checklists = {one.id: one for one in shapes if isinstance(one, ChecklistShape)}
    items = {item.id: item for one in checklists.values() for item in _own_items(one, checklists)}
    return Library(
        editions=editions,
        nodes=nodes,
        scales=scales,
        checklists={
            name: _checklist(one, checklists, items, scales[one.scale], editions[one.edition])
            for name, one in checklists.items()
        },
        policies={one.id: _full_policy(one) for one in shapes if isinstance(one, PolicyShape)},
        items=items,
        items_by_node=_items_by_node(nodes, items),
        crosswalks={one.id: _crosswalk(one, editions, nodes) for one in shapes if isinstance(one, CrosswalkShape)},
        values={one.id: one for one in shapes if isinstance(one, ValuesShape)},
        matrices={one.id: one for one in shapes if isinstance(one, MatrixShape)},
        time_limits={one.id: one for one in shapes if isinstance(one, TimeLimitsShape)},
        indicator_sets={one.id: _full_indicators(one) for one in shapes if isinstance(one, IndicatorsShape)},
        records={
            record.id: record.model_copy(update={"clauses": _full(one.edition, record.clauses)})
            for one in shapes
            if isinstance(one, RecordsShape)
            for record in one.records
        },
        registers={
            one.id: one.model_copy(update={"clauses": _full(one.edition, one.clauses)})
            for one in shapes
            if isinstance(one, RegisterShape)
        },
        agendas={one.id: _full_agenda(one) for one in shapes if isinstance(one, AgendaShape)},
        probe_sets={one.edition: _full_probes(one) for one in shapes if isinstance(one, ProbesShape)},
        explained=tuple(one for one in shapes if isinstance(one, CoverageShape)),
        shapes=tuple(shapes),
        sidecars=tuple(sidecars),
    )


# --- standards -------------------------------------------------------------------------------------------------


def _editions(shapes: Sequence[Shape]) -> dict[str, Edition]:
    return {one.id: _edition(one) for one in shapes if isinstance(one, EditionShape)}


def _nodes_of(editions: Mapping[str, Edition]) -> dict[str, Node]:
    return {node.ref: node for edition in editions.values() for node in edition.nodes}


def _edition(shape: EditionShape) -> Edition:
    return Edition(shape, tuple(_nodes(shape, shape.nodes, None, 1)))


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
            text=shape.text,
            level=level,
            parent=parent,
            children=tuple(f"{edition.id}:{child.id}" for child in shape.children),
        )
        yield from _nodes(edition, shape.children, ref, level + 1)


def _crosswalk(shape: CrosswalkShape, editions: Mapping[str, Edition], nodes: Mapping[str, Node]) -> Crosswalk:
    return Crosswalk(
        shape=shape,
        from_edition=editions[shape.from_edition],
        to_edition=editions[shape.to_edition],
        rows=tuple(
            Row(
                from_nodes=tuple(nodes[f"{shape.from_edition}:{one}"] for one in link.from_clauses),
                to_nodes=tuple(nodes[f"{shape.to_edition}:{one}"] for one in link.to_clauses),
                relation=link.relation,
                reason=link.reason,
                source=link.source or shape.source,
            )
            for link in shape.links
        ),
    )


# --- references in full ----------------------------------------------------------------------------------------


def _full(edition: str, refs: Sequence[str]) -> tuple[str, ...]:
    return tuple(full_ref(edition, ref) for ref in refs)


def _full_policy(policy: PolicyShape) -> PolicyShape:
    sections = tuple(
        section.model_copy(update={"clauses": _full(policy.edition, section.clauses)}) for section in policy.sections
    )
    return policy.model_copy(update={"sections": sections})


def _full_indicators(shape: IndicatorsShape) -> IndicatorsShape:
    indicators = tuple(
        one.model_copy(update={"clauses": _full(shape.edition, one.clauses)}) for one in shape.indicators
    )
    return shape.model_copy(update={"indicators": indicators})


def _full_agenda(shape: AgendaShape) -> AgendaShape:
    items = tuple(one.model_copy(update={"clauses": _full(shape.edition, one.clauses)}) for one in shape.items)
    return shape.model_copy(update={"items": items, "clauses": _full(shape.edition, shape.clauses)})


def _full_probes(shape: ProbesShape) -> ProbesShape:
    probes = tuple(one.model_copy(update={"clauses": _full(shape.edition, one.clauses)}) for one in shape.probes)
    stops = tuple(one.model_copy(update={"documents": _full(shape.edition, one.documents)}) for one in shape.stops)
    return shape.model_copy(update={"probes": probes, "stops": stops})


def _own_items(shape: ChecklistShape, checklists: Mapping[str, ChecklistShape]) -> Iterator[Item]:
    """The questions a file writes itself, with clauses in full and the typical nonconformities of their section."""
    base = checklists[shape.based_on].sections if shape.based_on else ()
    for item, loc in items_with_loc(shape):
        if loc[0] == "add":
            name = shape.add[int(loc[1])].section
            section = next(one for one in base if one.id == name)
        else:
            section = shape.sections[int(loc[1])]
        yield item.model_copy(
            update={
                "clauses": _full(shape.edition, item.clauses),
                "typical_nonconformities": item.typical_nonconformities or section.typical_nonconformities,
            }
        )


# --- checklists as they are asked --------------------------------------------------------------------------------


def _checklist(
    shape: ChecklistShape,
    checklists: Mapping[str, ChecklistShape],
    items: Mapping[str, Item],
    scale: Scale,
    edition: Edition,
) -> Checklist:
    asked = {name: _weighted(item, shape.weights.get(name)) for name, item in items.items()}
    sections: list[Section] = []
    if shape.based_on:
        base = checklists[shape.based_on]
        left_out = {name for one in shape.exclude for name in one.items}
        for section in base.sections:
            names = [name for name in _names(section) if name not in left_out]
            for addition in shape.add:
                if addition.section == section.id:
                    names += [*addition.select, *(item.id for item in addition.items)]
            if names:
                sections.append(_section(section, base.edition, [asked[name] for name in names]))
    sections += [
        _section(section, shape.edition, [asked[name] for name in _names(section)]) for section in shape.sections
    ]
    return Checklist.model_construct(  # of checked parts; checking again would forget the language of a text
        id=shape.id,
        title=shape.title,
        purpose=shape.purpose,
        use=shape.use,
        edition=shape.edition,
        edition_digest=edition.digest,
        scale=scale,
        takes=shape.takes,
        based_on=shape.based_on,
        excluded=shape.exclude,
        steps=tuple(step.model_copy(update={"clauses": _full(shape.edition, step.clauses)}) for step in shape.steps),
        sections=tuple(sections),
    )


def _names(section: SectionShape) -> tuple[str, ...]:
    return (*section.select, *(item.id for item in section.items))


def _section(section: SectionShape, edition: str, items: Sequence[Item]) -> Section:
    return Section.model_construct(
        id=section.id,
        title=section.title,
        clauses=_full(edition, section.clauses),
        principles=section.principles,
        documents=section.documents,
        typical_nonconformities=section.typical_nonconformities,
        items=tuple(items),
    )


def _weighted(item: Item, weight: int | None) -> Item:
    return item if weight is None else item.model_copy(update={"weight": weight})


def _items_by_node(nodes: Mapping[str, Node], items: Mapping[str, Item]) -> dict[str, tuple[Item, ...]]:
    found: dict[str, dict[str, Item]] = {}
    for item in items.values():
        for ref in item.clauses:
            above: str | None = ref
            while above is not None:
                found.setdefault(above, {})[item.id] = item
                above = nodes[above].parent
    return {ref: tuple(held.values()) for ref, held in found.items()}
