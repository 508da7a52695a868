"""Reads content files into their shapes and collects every problem instead of stopping at the first.

`read_file` is also for other slices' YAML (document templates, packs, import profiles): hand in your own shape.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from auditkit.base.text import N_, _
from auditkit.content import problems
from auditkit.content.locate import Found, locale_in, walk
from auditkit.content.problems import Problem
from auditkit.content.shapes import KINDS, Shape
from auditkit.content.yaml_reader import MAX_BYTES, Fields, Loc, YamlRefused, place_of, read_yaml

S = TypeVar("S", bound=BaseModel)

# Kinds whose shapes live in slices above this one. Whoever has the shape hands it in as one of `kinds`.
ELSEWHERE = {
    "document-template": N_("document templates are checked where documents are made"),
    "pack": N_("pack definitions are checked where packs are built"),
}


@dataclass(frozen=True)
class ReadFile:
    """A file that has the right shape, with the lines of its values.

    The lines weigh more than the shape and are wanted only where something is wrong: the file is read again then.
    `made` is the document of what was no YAML file, such as a workbook.
    """

    name: str
    shape: Shape
    file: Traversable
    made: Fields | None = None

    @cached_property
    def document(self) -> Fields:
        """The values as they stand in the file, each with its place. Raises YamlRefused where it was changed since."""
        return self.made if self.made is not None else read_yaml(self.file.read_bytes())

    @property
    def kind(self) -> str:
        """Its kind, as the file says it."""
        return str(getattr(self.shape, "kind", None))

    @property
    def id(self) -> str:
        """Its id, as the file says it."""
        return str(getattr(self.shape, "id", None))

    def problem(self, loc: Loc, message: str) -> Problem:
        """A problem with the value at `loc` of this file."""
        return problems.at(self.name, self.document, loc, message)

    def where(self, loc: Loc) -> "Where":
        """Where the value at `loc` stands, to be told in a message."""
        return Where(self, loc)


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file; as a text it is `file:line`, found out when it is told."""

    file: ReadFile
    loc: Loc

    def __str__(self) -> str:
        return f"{self.file.name}:{place_of(self.file.document, self.loc).line}"


@dataclass(frozen=True)
class Kind:
    """A kind of content file that a slice above knows: its shape, and what else must hold of one."""

    shape: type[Shape]
    check: Callable[[ReadFile], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A file nobody looked into, and why."""

    file: str
    reason: str


@dataclass
class Reading:
    """What was read from some folders: good files, problems, and the files nobody looked into."""

    files: list[ReadFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    sidecars: list[Found] = field(default_factory=list)
    """Translations, known by their names; they are read when somebody asks for their language."""


def read_file(found: Found, shape: type[S]) -> tuple[Fields | None, S | None, list[Problem]]:
    """Read one YAML file into `shape`.

    Answers (document, value, problems); document is None where it is no YAML, value is None where there is a problem.
    """
    document, refused = _document(found)
    if document is None:
        return None, None, refused
    try:
        return document, shape.model_validate(document), []
    except ValidationError as error:
        return document, None, problems.of_validation(found.name, document, error, shape)


def read_folders(roots: Iterable[tuple[str, Traversable]], kinds: Mapping[str, type[Shape]] = KINDS) -> Reading:
    """Read every YAML file below the roots, each given with the name that messages put before its files.

    A root may be a file. A root in which nothing was checked is a problem; silence would look like success.
    """
    reading = Reading()
    for name, root in roots:
        before = _count(reading)
        for one in walk(root, name) if root.is_dir() else [Found(name, root)]:
            if locale_in(one.name):
                reading.sidecars.append(one)
            elif one.is_yaml or not root.is_dir():
                read_found(one, reading, kinds)
            elif not one.name.endswith(".docx"):  # a Word file is checked with the description beside it
                reading.not_checked.append(NotChecked(one.name, _("it is no .yaml file")))
        if _count(reading) == before:
            message = _("Nothing was checked here. Name a folder that holds standards, checklists or policies")
            reading.problems.append(Problem(name, None, None, "", message))
    return reading


def _count(reading: Reading) -> int:
    return len(reading.files) + len(reading.problems) + len(reading.sidecars)


def read_found(found: Found, reading: Reading, kinds: Mapping[str, type[Shape]] = KINDS) -> None:
    """Read one file of any of the kinds and enter what it holds, or what is wrong with it, into `reading`."""
    document, refused = _document(found)
    if document is None:
        reading.problems.extend(refused)
        return
    kind = str(document.get("kind"))
    shape = kinds.get(kind)
    if shape is None and kind in ELSEWHERE:
        reading.not_checked.append(NotChecked(found.name, _(ELSEWHERE[kind])))
        return
    if shape is None:
        message = _("Write what the file is, one of: %(kinds)s", kinds=", ".join(kinds))
        reading.problems.append(problems.at(found.name, document, ("kind",), message))
        return
    try:
        reading.files.append(ReadFile(found.name, shape.model_validate(document), found.file))
    except ValidationError as error:
        reading.problems.extend(problems.of_validation(found.name, document, error, shape))


def _document(found: Found) -> tuple[Fields | None, list[Problem]]:
    try:
        with found.file.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # one more than may be, so that a giant is refused and not loaded
        return read_yaml(data), []
    except YamlRefused as refused:
        return None, [Problem(found.name, refused.line, refused.column, "", str(refused))]
    except OSError as error:
        message = _("The file cannot be read: %(reason)s", reason=error.strerror or type(error).__name__)
        return None, [Problem(found.name, None, None, "", message)]
