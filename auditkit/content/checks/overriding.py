"""Overrides: what they change is there, and what they were written against has not changed since."""

from collections.abc import Iterator, Sequence

from auditkit.base.text import _
from auditkit.content.checks.defining import Index, identity, items_with_loc
from auditkit.content.checks.referring import demanded, listed, of_item
from auditkit.content.digests import base_digest, canonical
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile
from auditkit.content.shapes import ChecklistShape, FileShape, Item, OverrideShape, Shape
from auditkit.content.yaml_reader import Loc


def of_override(file: ReadFile, shape: OverrideShape, index: Index) -> Iterator[Problem]:
    """The questions, checklists and sections that an override names are there."""
    for number, replacement in enumerate(shape.replace):
        loc: Loc = ("replace", number, "item")
        if replacement.item.id not in index.items:
            message = _("No checklist has a question `%(id)s`. Correct the id or take it out", id=replacement.item.id)
            yield file.problem((*loc, "id"), message)
        home = _home_of(replacement.item, index)
        steps, scale = (home.steps, index.scales.get(home.scale)) if home else ((), None)
        yield from of_item(file, shape.edition, steps, replacement.item, loc, scale, index)
    for number, added in enumerate(shape.add):
        checklist = index.checklists.get(added.checklist)
        if checklist is None:
            message = _("There is no checklist `%(id)s`. Correct the id", id=added.checklist)
            yield file.problem(("add", number, "checklist"), message)
            continue
        base = index.checklists.get(checklist.based_on or "")
        known = [section.id for one in (base, checklist) if one for section in one.sections]
        if added.section not in known:
            message = _("There is no section `%(id)s`. Write one of: %(known)s", id=added.section, known=listed(known))
            yield file.problem(("add", number, "section"), message)
        scale = index.scales.get(checklist.scale)
        for position, name in enumerate(added.select):
            if name not in index.items:
                message = _("No checklist has a question `%(id)s`. Correct the id or take it out", id=name)
                yield file.problem(("add", number, "select", position), message)
            else:
                yield from demanded(file, ("add", number, "select", position), index.items[name], scale)
        for position, item in enumerate(added.items):
            loc = ("add", number, "items", position)
            yield from of_item(file, shape.edition, checklist.steps, item, loc, scale, index)
    for number, retired in enumerate(shape.retire):
        there = retired.id in index.items if retired.kind == "question" else (retired.kind, retired.id) in index.places
        if not there:
            message = _("There is no %(kind)s `%(id)s`. Correct the id", kind=retired.kind, id=retired.id)
            yield file.problem(("retire", number, "id"), message)


def suspects(files: Sequence[ReadFile], shipped: Sequence[ReadFile]) -> list[Problem]:
    """Copies whose base has changed since they were made, with the fields in which they differ from it now."""
    bases = {identity(file): file.shape for file in shipped}
    items = {
        item.id: item
        for file in shipped
        if isinstance(file.shape, ChecklistShape)
        for item, _loc in items_with_loc(file.shape)
    }
    found: list[Problem] = []
    for file in files:
        base = bases.get(identity(file))
        if base is not None and isinstance(file.shape, FileShape):
            found += _suspect(file, ("base",), file.shape.base, file.shape, base)
        if isinstance(file.shape, OverrideShape):
            for number, one in enumerate(file.shape.replace):
                if one.item.id in items:
                    found += _suspect(file, ("replace", number, "base"), one.base, one.item, items[one.item.id])
    return found


def differing(own: Shape, base: Shape) -> tuple[str, ...]:
    """Names of the fields in which two shapes of one kind differ; `base` itself is none of them."""
    mine, theirs = canonical(own), canonical(base)
    return tuple(
        name for name in dict.fromkeys((*theirs, *mine)) if name != "base" and mine.get(name) != theirs.get(name)
    )


def _suspect(file: ReadFile, loc: Loc, noted: str | None, own: Shape, base: Shape) -> Iterator[Problem]:
    now = base_digest(base)
    if noted is None or noted == now:
        return
    message = _(
        "The shipped text has changed since this was copied; it differs in: %(fields)s. Compare the two, take over "
        "what is wanted, then write `base: %(digest)s`",
        fields=", ".join(differing(own, base)) or _("nothing"),
        digest=now,
    )
    yield file.problem(loc, message)


def _home_of(item: Item, index: Index) -> ChecklistShape | None:
    """The checklist that writes the question."""
    for checklist in index.checklists.values():
        if any(one.id == item.id for one, _loc in items_with_loc(checklist)):
            return checklist
    return None
