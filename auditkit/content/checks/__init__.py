"""What holds between content files: references that lead somewhere, ids given once, clauses and principles covered.

A folder is checked together with the shipped content, so that somebody's own checklist may refer to a shipped
standard or select shipped questions; a file with the kind and id of a shipped one stands in its place.
Each check has a planted violation in tests/slices/content/test_content_checks.py.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from auditkit.content import locate
from auditkit.content.checks import covering, overriding, presetting, referring, registering, translating
from auditkit.content.checks.defining import Index, define, full_ref, identity, items_with_loc, nodes_with_loc
from auditkit.content.checks.translating import Translation
from auditkit.content.problems import Problem
from auditkit.content.reading import Kind, NotChecked, ReadFile, Reading, read_folders
from auditkit.content.shapes import (
    KINDS,
    AgendaShape,
    ChecklistShape,
    CoverageShape,
    CrosswalkShape,
    EditionShape,
    IndicatorsShape,
    MatrixShape,
    OverrideShape,
    PolicyShape,
    ProbesShape,
    RecordsShape,
    RegisterShape,
    ScalesShape,
    TimeLimitsShape,
    TranslationShape,
    ValuesShape,
)

__all__ = [
    "Report",
    "check",
    "cross_check",
    "examine",
    "full_ref",
    "items_with_loc",
    "nodes_with_loc",
    "not_replaced",
    "read_shipped",
    "read_standards",
]

SHIPPED_FOLDERS = ("checklists", "policies")
STANDARDS = ("checklists", "standards")
TEMPLATES = "doc_templates"


@dataclass(frozen=True)
class Report:
    """What a check looked at, what it did not, and what it found."""

    files: int
    found: dict[str, int]
    problems: list[Problem]
    not_checked: list[NotChecked]
    translations: list[Translation]


def check(paths: Sequence[Traversable] = ()) -> list[Problem]:
    """Every problem in the content below `paths` (default: the shipped content), in order of file and line."""
    return examine(paths).problems


def examine(paths: Sequence[Traversable] = (), more: Mapping[str, Kind] | None = None) -> Report:
    """Check the content below `paths` (default: the shipped content) and say what was and was not looked at.

    `more` brings the kinds of slices above (`pack`, `document-template`), each with its shape and its own check; a kind
    of this slice may be among them, where a slice above has more to check (`probes`).
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
    around = not_replaced(shipped.files, reading.files) if paths else []
    of_content = [file for file in reading.files if file.kind in KINDS]
    found = reading.problems + cross_check(of_content, around)
    told, translations = translating.of_sidecars(reading.sidecars, [*around, *reading.files])
    found += told
    if paths:
        found += overriding.suspects(of_content, shipped.files)
    for file in reading.files:
        if (kind := more.get(file.kind)) is not None:
            found.extend(kind.check(file))
    return Report(
        files=len(_names(reading)),
        found=_count(reading.files),
        problems=sorted(found, key=lambda one: (one.file, one.line or 0, one.column or 0, one.field)),
        not_checked=reading.not_checked,
        translations=translations,
    )


def _names(reading: Reading) -> set[str]:
    """The files that were looked into."""
    read = {file.name for file in reading.files} | {file.name for file in reading.sidecars}
    return read | {problem.file for problem in reading.problems}


def read_shipped() -> Reading:
    """The shipped content files as they were read; references are not followed yet."""
    return read_folders((name, locate.folder(name)) for name in SHIPPED_FOLDERS)


def read_standards() -> Reading:
    """The shipped standards alone, as they were read."""
    return read_folders([("/".join(STANDARDS), locate.folder(STANDARDS[0]) / STANDARDS[1])])


def cross_check(files: Sequence[ReadFile], around: Sequence[ReadFile] = (), *, whole: bool = True) -> list[Problem]:
    """Problems of `files` with each other and with the files `around` them, whose own problems are not reported.

    `whole=False` leaves out whether every clause is covered, which an organisation may decide for itself.
    """
    index = Index()
    for file in around:
        list(define(file, index))
    problems = [problem for file in files for problem in define(file, index)]
    every = [*around, *files]
    for file in files:
        problems.extend(_references(file, index))
        if whole and isinstance(file.shape, EditionShape):
            problems.extend(covering.uncovered(file, file.shape, every))
    return problems


def _references(file: ReadFile, index: Index) -> Iterator[Problem]:
    shape = file.shape
    if isinstance(edition := getattr(shape, "edition", None), str) and not isinstance(shape, EditionShape):
        missing = list(referring.known_edition(file, edition, ("edition",), index))
        if missing:
            yield from missing
            return  # every clause in the file would be reported again for the same reason
        if isinstance(clauses := getattr(shape, "clauses", ()), tuple):
            yield from referring.known_clauses(file, edition, clauses, ("clauses",), index)
    match shape:
        case ChecklistShape():
            yield from referring.of_checklist(file, shape, index)
        case PolicyShape():
            yield from referring.of_policy(file, shape, index)
        case CrosswalkShape():
            yield from covering.of_crosswalk(file, shape, index)
        case MatrixShape():
            yield from presetting.of_matrix(file, shape, index)
        case TimeLimitsShape():
            yield from presetting.of_time_limits(file, shape, index)
        case IndicatorsShape():
            yield from presetting.of_indicators(file, shape, index)
        case RecordsShape():
            yield from presetting.of_records(file, shape, index)
        case ProbesShape():
            yield from presetting.of_probes(file, shape, index)
        case RegisterShape():
            yield from registering.of_register(file, shape, index)
        case AgendaShape():
            yield from presetting.of_agenda(file, shape, index)
        case OverrideShape():
            yield from overriding.of_override(file, shape, index)
        case CoverageShape():
            yield from presetting.of_coverage(file, shape, index)
        case TranslationShape():
            yield from translating.misnamed(file, shape)


def not_replaced(shipped: Iterable[ReadFile], files: Iterable[ReadFile]) -> list[ReadFile]:
    """The shipped files in whose place none of the others stands."""
    own = {identity(file) for file in files}
    return [file for file in shipped if identity(file) not in own]


def _count(files: Iterable[ReadFile]) -> dict[str, int]:
    names = (
        "standards",
        "clauses",
        "crosswalks",
        "checklists",
        "questions",
        "scales",
        "policies",
        "presets",
        "registers",
    )
    found = dict.fromkeys(names, 0)
    for file in files:
        match file.shape:
            case EditionShape(nodes=nodes):
                found["standards"] += 1
                found["clauses"] += sum(1 for _node in nodes_with_loc(nodes, ()))
            case CrosswalkShape():
                found["crosswalks"] += 1
            case ChecklistShape() as shape:
                found["checklists"] += 1
                found["questions"] += sum(1 for _item in items_with_loc(shape))
            case ScalesShape(scales=scales):
                found["scales"] += len(scales)
            case PolicyShape():
                found["policies"] += 1
            case AgendaShape() | ProbesShape() | RecordsShape() | IndicatorsShape():
                found["presets"] += 1
            case ValuesShape() | MatrixShape() | TimeLimitsShape():
                found["presets"] += 1
            case RegisterShape():
                found["registers"] += 1
    return found
