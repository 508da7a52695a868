"""What must be covered: clauses and principles by questions, clauses of both editions by the rows of a crosswalk."""

from collections.abc import Iterator, Sequence

from auditkit.base.text import _
from auditkit.content.checks.defining import Index, full_ref, items_with_loc, nodes_with_loc
from auditkit.content.checks.referring import known_edition
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile
from auditkit.content.shapes import ChecklistShape, CrosswalkShape, EditionShape, NodeKind, NodeShape

# A question about 5.4 as a whole covers the roles in 5.4.1 to 5.4.5; so does a row of a crosswalk.
LEVELS = 2


def uncovered(file: ReadFile, edition: EditionShape, every: Sequence[ReadFile]) -> Iterator[Problem]:
    """Auditable clauses that no question names and principles that no question tests.

    Only for editions that some checklist says it covers whole: an outline kept for its crosswalk needs no questions.
    """
    checklists = [
        one.shape for one in every if isinstance(one.shape, ChecklistShape) and one.shape.edition == edition.id
    ]
    if not any(one.covers == "whole" for one in checklists):
        return
    items = [(one, item) for one in checklists for item, _loc in items_with_loc(one)]
    covered = {full_ref(one.edition, ref) for one, item in items for ref in item.clauses}
    tested = {code for _one, item in items for code in item.principles}
    for node, loc in nodes_with_loc(edition.nodes, ("nodes",)):
        if len(loc) // 2 > LEVELS:
            continue
        if node.auditable and not _names(node, edition.id, covered):
            yield file.problem(
                (*loc, "id"),
                _(
                    "No question covers “%(number)s %(title)s”. Write one, or set `auditable: false`",
                    number=node.id,
                    title=node.title,
                ),
            )
        if node.kind is NodeKind.PRINCIPLE and node.code not in tested:
            yield file.problem(
                (*loc, "code"),
                _(
                    "No question tests the principle %(code)s (%(title)s). Name it under `principles:` of one",
                    code=node.code,
                    title=node.title,
                ),
            )


def of_crosswalk(file: ReadFile, shape: CrosswalkShape, index: Index) -> Iterator[Problem]:
    """Ends that lead nowhere, and auditable clauses of either edition that no row names."""
    sides = (("from", shape.from_edition, "from_clauses"), ("to", shape.to_edition, "to_clauses"))
    missing = [problem for side, edition, _field in sides for problem in known_edition(file, edition, (side,), index)]
    if missing:
        yield from missing
        return
    for side, edition, field in sides:
        named: set[str] = set()
        for number, link in enumerate(shape.links):
            for position, node_id in enumerate(getattr(link, field)):
                named.add(f"{edition}:{node_id}")
                if f"{edition}:{node_id}" not in index.nodes:
                    message = _("%(edition)s has no clause “%(ref)s”. Correct the number", edition=edition, ref=node_id)
                    yield file.problem(("links", number, side, position), message)
        for node in _unnamed(index.editions[edition], named):
            message = _(
                "No row names “%(number)s %(title)s” of %(edition)s. Say what corresponds to it, or that nothing does",
                number=node.id,
                title=node.title,
                edition=edition,
            )
            yield file.problem(("links",), message)


def _unnamed(edition: EditionShape, named: set[str]) -> Iterator[NodeShape]:
    above: list[NodeShape] = []
    for node, loc in nodes_with_loc(edition.nodes, ("nodes",)):
        level = len(loc) // 2
        above = [*above[: level - 1], node]
        if level > LEVELS or not node.auditable or _names(node, edition.id, named):
            continue
        if not any(f"{edition.id}:{one.id}" in named for one in above):
            yield node


def _names(node: NodeShape, edition: str, covered: set[str]) -> bool:
    return f"{edition}:{node.id}" in covered or any(_names(child, edition, covered) for child in node.children)
