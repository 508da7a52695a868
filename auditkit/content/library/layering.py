"""The library of an installation or organisation: the shipped content with their own laid over it.

`instance/content/*.yaml` holds what is the installation's, `instance/content/<organisation>/` what is one
organisation's. A file with the kind and id of a shipped one stands in its place; `override` files change single
questions. A folder with a fault is left out as a whole, and the fault is told: nobody audits with half a checklist.
tests/slices/content/test_content_layering.py holds it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from auditkit.content.checks import cross_check, items_with_loc, not_replaced, read_shipped
from auditkit.content.checks.defining import identity
from auditkit.content.checks.overriding import differing
from auditkit.content.digests import base_digest, canonical
from auditkit.content.library.building import load, shared, standards
from auditkit.content.library.lookup import Library, Standards
from auditkit.content.library.parts import ContentBroken
from auditkit.content.locate import Found, locale_in, walk
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile, Reading, read_found
from auditkit.content.shapes import Addition, ChecklistShape, FileShape, Item, OverrideShape, Shape

FOLDER = "content"


@dataclass(frozen=True)
class Difference:
    """A field in which an own text differs from the shipped one, both as plain text."""

    field: str
    shipped: str
    own: str


@dataclass(frozen=True)
class Own:
    """Something that is the installation's or organisation's own."""

    kind: str
    id: str
    change: str
    """`replaced`, `added` or `retired`."""
    file: str
    suspect: bool = False
    """The shipped text has changed since the copy was made, or the copy does not say from what it was made."""
    differences: tuple[Difference, ...] = ()
    because: str | None = None


@dataclass(frozen=True)
class Layered:
    """A library with what is not shipped in it, and the faults for which own content was left out."""

    library: Library
    own: tuple[Own, ...] = ()
    problems: tuple[Problem, ...] = ()
    translations: tuple[Found, ...] = ()
    """Own sidecars; a shipped text may be translated by one."""

    @property
    def suspects(self) -> tuple[Own, ...]:
        """What has to be compared with the shipped text."""
        return tuple(one for one in self.own if one.suspect)

    def own_of(self, kind: str, name: str) -> Own | None:
        """What is own about this question, checklist, policy …; None where it is as shipped."""
        return next((one for one in self.own if (one.kind, one.id) == (kind, name)), None)


def of_organisation(instance: Path, slug: str | None) -> Layered:
    """The library of an organisation, or of the installation where `slug` is None.

    Read again when a file below the folder appears, disappears or changes (by name, size and time of change).
    """
    layers = _own_files(instance, slug)
    if not any(layers):
        return Layered(shared())
    stamps = tuple(_stamp(found) for layer in layers for found in layer)
    held = _held.get((instance, slug))
    if held is None or held[0] != stamps:
        held = _held[instance, slug] = (stamps, layered(layers))
    return held[1]


def standards_of(instance: Path, slug: str | None) -> Standards:
    """The standards in an organisation's library, for who needs no questions: a fifth of what the library weighs."""
    return of_organisation(instance, slug).library if any(_own_files(instance, slug)) else standards()


def tried(instance: Path, slug: str, name: str, text: str) -> Layered:
    """An organisation's library as it would be with one more file, or another text of one.

    `name` is the file's path below the organisation's folder, `text` what it would say.

    Nothing is written. Own files that are wrong already are among the problems.
    """
    label = f"{FOLDER}/{slug}/{name}"
    layers = [tuple(found for found in layer if found.name != label) for layer in _own_files(instance, slug)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_text(text, encoding="utf-8")
        organisation = layers.pop() if (instance / FOLDER / slug).is_dir() else ()
        return layered([*layers, (*organisation, Found(label, path))])


def _own_files(instance: Path, slug: str | None) -> list[tuple[Found, ...]]:
    top = instance / FOLDER
    layers: list[tuple[Found, ...]] = []
    if top.is_dir():
        layers.append(tuple(Found(f"{FOLDER}/{one.name}", one) for one in sorted(top.glob("*.yaml")) if one.is_file()))
    if slug and (top / slug).is_dir():
        layers.append(tuple(found for found in walk(top / slug, f"{FOLDER}/{slug}") if found.is_yaml))
    return layers


_held: dict[tuple[Path, str | None], tuple[tuple[tuple[str, int, int], ...], Layered]] = {}
"""The last state of each organisation's files, and the library made of them."""


def _stamp(found: Found) -> tuple[str, int, int]:
    assert isinstance(found.file, Path)  # noqa: S101 - an instance is a folder on disk; for the type checker
    status = found.file.stat()
    return found.name, status.st_size, status.st_mtime_ns


def layered(layers: Iterable[Iterable[Found]]) -> Layered:
    """The shipped content with the layers laid over it in their order; a layer with a fault is left out."""
    shipped = read_shipped()
    if shipped.problems:
        raise ContentBroken(shipped.problems)
    files, own, problems, sidecars = shipped.files, [], [], list(shipped.sidecars)
    for layer in layers:
        reading = Reading()
        for found in layer:
            if locale_in(found.name):
                sidecars.append(found)
            else:
                read_found(found, reading)
        faults = reading.problems or cross_check(reading.files, not_replaced(files, reading.files), whole=False)
        if not faults:
            laid = _lay(files, reading.files)
            faults = cross_check(laid, whole=False)
            if not faults:
                own += _described(files, reading.files)
                files = laid
        problems += faults
    library = load(files, whole=False, sidecars=sidecars) if own else shared()
    if not own and len(sidecars) > len(shipped.sidecars):
        library = replace(library, sidecars=tuple(sidecars), spoken={})
    return Layered(library, tuple(own), tuple(problems), tuple(sidecars[len(shipped.sidecars) :]))


# --- laying one layer over another ---------------------------------------------------------------------------------


def _lay(files: Sequence[ReadFile], over: Sequence[ReadFile]) -> list[ReadFile]:
    laid = [*not_replaced(files, over), *(file for file in over if not isinstance(file.shape, OverrideShape))]
    for file in over:
        if isinstance(file.shape, OverrideShape):
            laid = _changed(laid, file.shape)
    return laid


def _changed(files: Sequence[ReadFile], override: OverrideShape) -> list[ReadFile]:
    gone = {(one.kind, one.id) for one in override.retire}
    questions = {name for kind, name in gone if kind == "question"}
    replaced = {
        one.item.id: one.item.model_copy(update={"clauses": _full(override, one.item)}) for one in override.replace
    }
    laid = []
    for file in files:
        if identity(file) in gone:
            continue
        shape: Shape | None = file.shape
        if isinstance(shape, ChecklistShape):
            shape = _without(_with(shape, override, replaced), questions)
            shape = _starting_from(shape, {name for kind, name in gone if kind == "policy"}) if shape else None
        if shape is None:  # nothing is left to ask
            continue
        laid.append(file if shape is file.shape else replace(file, shape=shape))
    return laid


def _full(override: OverrideShape, item: Item) -> tuple[str, ...]:
    return tuple(ref if ":" in ref else f"{override.edition}:{ref}" for ref in item.clauses)


def _with(shape: ChecklistShape, override: OverrideShape, replaced: dict[str, Item]) -> ChecklistShape:
    """The checklist with replaced and added questions."""
    added = [one for one in override.add if one.checklist == shape.id]
    own = {section.id for section in shape.sections}
    if not added and not any(item.id in replaced for item, _loc in items_with_loc(shape)):
        return shape
    sections = []
    for section in shape.sections:
        here = [one for one in added if one.section == section.id]
        sections.append(
            section.model_copy(
                update={
                    "select": (*section.select, *(name for one in here for name in one.select)),
                    "items": (
                        *(replaced.get(item.id, item) for item in section.items),
                        *(_in_full(override, item) for one in here for item in one.items),
                    ),
                }
            )
        )
    add = [
        one.model_copy(update={"items": tuple(replaced.get(item.id, item) for item in one.items)}) for one in shape.add
    ]
    add += [
        Addition(section=one.section, select=one.select, items=tuple(_in_full(override, item) for item in one.items))
        for one in added
        if one.section not in own
    ]
    return shape.model_copy(update={"sections": tuple(sections), "add": tuple(add)})


def _in_full(override: OverrideShape, item: Item) -> Item:
    return item.model_copy(update={"clauses": _full(override, item)})


def _without(shape: ChecklistShape, questions: set[str]) -> ChecklistShape | None:
    """The checklist without retired questions; None where nothing is left to ask."""
    if not questions:
        return shape

    def kept(part: Any) -> Any:
        return part.model_copy(
            update={
                "select": tuple(name for name in part.select if name not in questions),
                "items": tuple(item for item in part.items if item.id not in questions),
            }
        )

    sections = tuple(one for one in map(kept, shape.sections) if one.select or one.items)
    add = tuple(one for one in map(kept, shape.add) if one.select or one.items)
    exclude = tuple(
        one.model_copy(update={"items": left})
        for one in shape.exclude
        if (left := tuple(name for name in one.items if name not in questions))
    )
    weights = {name: weight for name, weight in shape.weights.items() if name not in questions}
    led_to = {lead.step for part in (*sections, *add) for item in part.items for lead in item.leads_to}
    steps = tuple(
        step.model_copy(update={"after": tuple(name for name in step.after if name in led_to)})
        for step in shape.steps
        if step.id in led_to
    )
    if not sections and shape.based_on is None:
        return None
    return shape.model_copy(
        update={"sections": sections, "add": add, "exclude": exclude, "weights": weights, "steps": steps}
    )


def _starting_from(shape: ChecklistShape, retired: set[str]) -> ChecklistShape:
    """The checklist whose steps name no retired policy text."""
    if not any(retired.intersection(step.policies) for step in shape.steps):
        return shape
    steps = tuple(
        step.model_copy(update={"policies": tuple(name for name in step.policies if name not in retired)})
        for step in shape.steps
    )
    return shape.model_copy(update={"steps": steps})


# --- saying what is own ------------------------------------------------------------------------------------------


def _described(files: Sequence[ReadFile], over: Sequence[ReadFile]) -> list[Own]:
    bases = {identity(file): file.shape for file in files}
    items = {
        item.id: item
        for file in files
        if isinstance(file.shape, ChecklistShape)
        for item, _loc in items_with_loc(file.shape)
    }
    found: list[Own] = []
    for file in over:
        shape = file.shape
        if isinstance(shape, OverrideShape):
            found += [
                _replaced("question", one.item.id, file, one.base, one.item, items[one.item.id])
                for one in shape.replace
            ]
            found += [Own("question", item.id, "added", file.name) for added in shape.add for item in added.items]
            found += [Own(gone.kind, gone.id, "retired", file.name, because=gone.because) for gone in shape.retire]
            continue
        kind, name = identity(file)
        base = bases.get((kind, name))
        if base is None:
            found.append(Own(kind, name, "added", file.name))
        else:
            assert isinstance(shape, FileShape)  # noqa: S101 - every kind of content file is one; for the type checker
            found.append(_replaced(kind, name, file, shape.base, shape, base))
    return found


def _replaced(kind: str, name: str, file: ReadFile, noted: str | None, own: Shape, base: Shape) -> Own:
    mine, theirs = canonical(own), canonical(base)
    differences = tuple(
        Difference(field, _plain(theirs.get(field)), _plain(mine.get(field))) for field in differing(own, base)
    )
    return Own(kind, name, "replaced", file.name, noted != base_digest(base), differences)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_plain(one)}" for name, one in value.items())
    return str(value)
