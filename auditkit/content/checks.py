"""What holds between content files: references that lead somewhere, ids given once, clauses and principles covered.

A folder is checked together with the shipped content, so that somebody's own checklist may refer to a shipped
standard or select shipped questions; a file with the kind and id of a shipped one stands in its place.
Each check has a planted violation in tests/slices/content/test_content_checks.py.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from auditkit.base.text import _
from auditkit.content import locate
from auditkit.content.blanks import blanks_in
from auditkit.content.problems import Problem
from auditkit.content.reading import Kind, NotChecked, ReadFile, Reading, read_folders
from auditkit.content.shapes import (
    KINDS,
    ChecklistShape,
    EditionShape,
    Item,
    NodeKind,
    NodeShape,
    PolicyShape,
    Scale,
    ScalesShape,
    SectionShape,
)
from auditkit.content.yaml_reader import Loc

SHIPPED_FOLDERS = ("checklists", "policies")
TEMPLATES = "doc_templates"


@dataclass(frozen=True)
class Report:
    """What a check looked at, what it did not, and what it found."""

    files: int
    found: dict[str, int]
    problems: list[Problem]
    not_checked: list[NotChecked]


@dataclass
class Index:
    """Everything that can be referred to, and where it was first defined (`file:line`)."""

    editions: dict[str, EditionShape] = field(default_factory=dict)
    nodes: dict[str, NodeShape] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)


def check(paths: Sequence[Traversable] = ()) -> list[Problem]:
    """Every problem in the content below `paths` (default: the shipped content), in order of file and line."""
    return examine(paths).problems


def examine(paths: Sequence[Traversable] = (), more: Mapping[str, Kind] | None = None) -> Report:
    """Check the content below `paths` (default: the shipped content) and say what was and was not looked at.

    `more` brings the kinds of slices above (`pack`, `document-template`), each with its shape and its own check.
    Raises FileNotFoundError for a path that does not exist.
    """
    for path in paths:
        if isinstance(path, Path) and not path.exists():
            raise FileNotFoundError(str(path))
    shipped = read_shipped()
    more = more or {}
    kinds = {**KINDS, **{name: kind.shape for name, kind in more.items()}}
    if paths:
        reading = read_folders(((str(path).rstrip("/"), path) for path in dict.fromkeys(paths)), kinds)
    else:
        names = (*SHIPPED_FOLDERS, TEMPLATES) if more else SHIPPED_FOLDERS
        reading = read_folders(((name, locate.folder(name)) for name in names), kinds)
    around = _not_replaced(shipped.files, reading.files) if paths else []
    of_content = [file for file in reading.files if str(file.document.get("kind")) not in more]
    found = reading.problems + cross_check(of_content, around)
    for file in reading.files:
        if (kind := more.get(str(file.document.get("kind")))) is not None:
            found.extend(kind.check(file))
    return Report(
        files=len({*(file.name for file in reading.files), *(one.file for one in reading.problems)}),
        found=_count(reading.files),
        problems=sorted(found, key=lambda one: (one.file, one.line or 0, one.column or 0, one.field)),
        not_checked=reading.not_checked,
    )


def read_shipped() -> Reading:
    """The shipped content files as they were read; references are not followed yet."""
    return read_folders((name, locate.folder(name)) for name in SHIPPED_FOLDERS)


def cross_check(files: Sequence[ReadFile], around: Sequence[ReadFile] = ()) -> list[Problem]:
    """Problems of `files` with each other and with the files `around` them, whose own problems are not reported."""
    index = Index()
    for file in around:
        list(_define(file, index))
    problems = [problem for file in files for problem in _define(file, index)]
    every = [*around, *files]
    for file in files:
        problems.extend(_references(file, index))
        if isinstance(file.shape, EditionShape):
            problems.extend(_uncovered(file, file.shape, every))
    return problems


def full_ref(edition: str, ref: str) -> str:
    """`7.4` in a file for `iso10002-2018` is `iso10002-2018:7.4`; a reference with an edition stays."""
    return ref if ":" in ref else f"{edition}:{ref}"


def nodes_with_loc(shapes: Iterable[NodeShape], loc: Loc) -> Iterator[tuple[NodeShape, Loc]]:
    """Every node of a tree, parents first, with its place in the file."""
    for number, node in enumerate(shapes):
        here = (*loc, number)
        yield node, here
        yield from nodes_with_loc(node.children, (*here, "children"))


# --- what is defined, once -------------------------------------------------------------------------------------


def _define(file: ReadFile, index: Index) -> Iterator[Problem]:
    shape = file.shape
    match shape:
        case EditionShape():
            yield from _once(file, index, "standard", shape.id, ("id",))
            index.editions.setdefault(shape.id, shape)
            yield from _define_nodes(file, shape, index)
        case ScalesShape():
            yield from _once(file, index, "scales", shape.id, ("id",))
            for number, scale in enumerate(shape.scales):
                yield from _once(file, index, "scale", scale.id, ("scales", number, "id"))
                index.scales.setdefault(scale.id, scale)
        case ChecklistShape():
            yield from _once(file, index, "checklist", shape.id, ("id",))
            for section, loc in _sections(shape):
                for number, item in enumerate(section.items):
                    yield from _once(file, index, "item", item.id, (*loc, "items", number, "id"))
                    index.items.setdefault(item.id, item)
        case PolicyShape():
            yield from _once(file, index, "policy", shape.id, ("id",))


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
        message = _("`%(id)s` is taken (%(place)s). Give this one an id of its own", id=name, place=first)
        yield file.problem(loc, message)


# --- what is referred to ---------------------------------------------------------------------------------------


def _references(file: ReadFile, index: Index) -> Iterator[Problem]:
    shape = file.shape
    if isinstance(shape, ChecklistShape | PolicyShape) and shape.edition not in index.editions:
        yield file.problem(
            ("edition",),
            _("There is no edition `%(id)s`. Write one of: %(known)s", id=shape.edition, known=_list(index.editions)),
        )
        return  # every clause in the file would be reported again for the same reason
    if isinstance(shape, ChecklistShape):
        yield from _checklist_references(file, shape, index)
    elif isinstance(shape, PolicyShape):
        yield from _policy_references(file, shape, index)


def _checklist_references(file: ReadFile, shape: ChecklistShape, index: Index) -> Iterator[Problem]:
    scale = index.scales.get(shape.scale)
    if scale is None:
        yield file.problem(
            ("scale",),
            _("There is no answer scale `%(id)s`. Write one of: %(known)s", id=shape.scale, known=_list(index.scales)),
        )
    held: dict[str, str] = {}
    for section, loc in _sections(shape):
        yield from _clauses(file, shape.edition, section.clauses, (*loc, "clauses"), index)
        yield from _principles(file, shape.edition, section.principles, (*loc, "principles"), index)
        for number, name in enumerate(section.select):
            here = (*loc, "select", number)
            if name not in index.items:
                yield file.problem(
                    here, _("No checklist has a question `%(id)s`. Correct the id or take it out", id=name)
                )
            yield from _held_once(file, here, name, held)
        for number, item in enumerate(section.items):
            here = (*loc, "items", number)
            yield from _clauses(file, shape.edition, item.clauses, (*here, "clauses"), index)
            yield from _principles(file, shape.edition, item.principles, (*here, "principles"), index)
            yield from _demands(file, item, here, scale)
            yield from _held_once(file, here, item.id, held)


def _held_once(file: ReadFile, loc: Loc, name: str, held: dict[str, str]) -> Iterator[Problem]:
    if name in held:
        message = _(
            "This checklist asks `%(id)s` already (%(place)s). Keep it in one section", id=name, place=held[name]
        )
        yield file.problem(loc, message)
    else:
        held[name] = file.where(loc)


def _demands(file: ReadFile, item: Item, loc: Loc, scale: Scale | None) -> Iterator[Problem]:
    if scale is None:
        return
    known = [answer.id for answer in scale.answers]
    for need in ("note", "evidence"):
        for number, answer in enumerate(getattr(item.demands, need)):
            if answer not in known:
                yield file.problem(
                    (*loc, "demands", need, number),
                    _("The scale has no answer `%(id)s`. Write one of: %(known)s", id=answer, known=_list(known)),
                )


def _policy_references(file: ReadFile, shape: PolicyShape, index: Index) -> Iterator[Problem]:
    asked: set[str] = set()
    for number, blank in enumerate(shape.fields):
        if blank.name in asked:
            yield file.problem(("fields", number, "name"), _("`%(name)s` is asked for twice", name=blank.name))
        asked.add(blank.name)
    used: set[str] = set()
    for number, section in enumerate(shape.sections):
        yield from _clauses(file, shape.edition, section.clauses, ("sections", number, "clauses"), index)
        for name in blanks_in(section.text):
            used.add(name)
            if name not in asked:
                yield file.problem(
                    ("sections", number, "text"),
                    _("Nobody is asked for {{%(name)s}}. Add it under `fields:` or correct the name", name=name),
                )
    for number, blank in enumerate(shape.fields):
        if blank.name not in used:
            yield file.problem(
                ("fields", number, "name"), _("No section uses {{%(name)s}}. Use it or take it out", name=blank.name)
            )


def _clauses(file: ReadFile, edition: str, refs: Sequence[str], loc: Loc, index: Index) -> Iterator[Problem]:
    for number, ref in enumerate(refs):
        if full_ref(edition, ref) not in index.nodes:
            yield file.problem(
                (*loc, number),
                _(
                    "%(edition)s has no clause “%(ref)s”. Correct the number",
                    edition=full_ref(edition, ref).partition(":")[0],
                    ref=ref.rpartition(":")[2],
                ),
            )


def _principles(file: ReadFile, edition: str, codes: Sequence[str], loc: Loc, index: Index) -> Iterator[Problem]:
    known = index.codes.get(edition, set())
    for number, code in enumerate(codes):
        if code not in known:
            yield file.problem(
                (*loc, number),
                _(
                    "%(edition)s has no principle %(code)s. Write one of: %(known)s",
                    edition=edition,
                    code=code,
                    known=_list(sorted(known)),
                ),
            )


# --- what is covered -------------------------------------------------------------------------------------------


def _uncovered(file: ReadFile, edition: EditionShape, every: Sequence[ReadFile]) -> Iterator[Problem]:
    """Auditable clauses that no question names and principles that no question tests.

    Only for editions that some checklist is written for: an outline kept for its crosswalk needs no questions.
    """
    checklists = [
        one.shape for one in every if isinstance(one.shape, ChecklistShape) and one.shape.edition == edition.id
    ]
    if not checklists:
        return
    items = [(one, item) for one in checklists for section, _loc in _sections(one) for item in section.items]
    covered = {full_ref(one.edition, ref) for one, item in items for ref in item.clauses}
    tested = {code for _one, item in items for code in item.principles}
    for node, loc in nodes_with_loc(edition.nodes, ("nodes",)):
        if len(loc) // 2 > 2:
            continue  # a question about 5.4 as a whole covers the roles in 5.4.1 to 5.4.5
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


def _names(node: NodeShape, edition: str, covered: set[str]) -> bool:
    return f"{edition}:{node.id}" in covered or any(_names(child, edition, covered) for child in node.children)


# --- small things ----------------------------------------------------------------------------------------------


def _sections(shape: ChecklistShape) -> Iterator[tuple[SectionShape, Loc]]:
    for number, section in enumerate(shape.sections):
        yield section, ("sections", number)


def _not_replaced(shipped: Iterable[ReadFile], files: Iterable[ReadFile]) -> list[ReadFile]:
    own = {_identity(file) for file in files}
    return [file for file in shipped if _identity(file) not in own]


def _identity(file: ReadFile) -> tuple[str, str]:
    return str(file.document["kind"]), str(file.document.get("id"))


def _count(files: Iterable[ReadFile]) -> dict[str, int]:
    found = {"standards": 0, "clauses": 0, "checklists": 0, "questions": 0, "scales": 0, "policies": 0}
    for file in files:
        match file.shape:
            case EditionShape(nodes=nodes):
                found["standards"] += 1
                found["clauses"] += sum(1 for _node in nodes_with_loc(nodes, ()))
            case ChecklistShape(sections=sections):
                found["checklists"] += 1
                found["questions"] += sum(len(section.items) for section in sections)
            case ScalesShape(scales=scales):
                found["scales"] += len(scales)
            case PolicyShape():
                found["policies"] += 1
    return found


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or _("(none)")
