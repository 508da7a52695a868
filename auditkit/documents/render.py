"""Fill a Word template: the public door of this package.

    render(template, {"organisation": {"name": "Acme"}}, Path("report.docx"))
    for problem in lint(template): print(problem)

A template is a path, a file of the installed content, or bytes. It is read by a child process with limits of memory,
processor time and clock (`limits.py`), prepared there once for each SHA-256 of its bytes, and kept warm. The same
template and data give the same bytes. What cannot be rendered raises and leaves no file; nothing is put in its place.
Checked by tests/slices/documents/ and benchmarks/word_render.py.
"""

import atexit
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from auditkit.documents.faults import Fault, Place, Refused
from auditkit.documents.fit import Use
from auditkit.documents.limits import Limits
from auditkit.documents.pool import Pool
from auditkit.documents.problems import Problem, TemplateRefused, problem
from auditkit.documents.whole_file import written_whole


class Stored(Protocol):
    """A template that lies in a database."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def read_bytes(self) -> bytes:
        """The Word file."""


Template = Path | Traversable | Stored | bytes


class Renderer:
    """Renders and lints with its own worker processes; the module's functions share one.

    `size` is the number of child processes at most; each takes about 60 MiB while it waits.
    """

    def __init__(self, limits: Limits | None = None, size: int = 2) -> None:
        self._pool = Pool(limits, size)

    def render(self, template: Template, data: Mapping[str, Any], out: Path | BinaryIO, language: str = "en") -> str:
        """Write the document to `out` (a file appears whole or not at all) and answer the template's SHA-256.

        `data` are plain JSON values; their whole numbers are printed in the digits of `language`. Raises
        TemplateRefused with the place of the first fault, TypeError for data that are not JSON.
        """
        try:
            _, document, digest = self._pool.run("render", _content(template), dict(data), language)
        except Refused as refused:
            raise TemplateRefused(_name(template), list(refused.faults)) from refused
        if isinstance(out, Path):
            with written_whole(out) as stream:
                stream.write(document)
        else:
            out.write(document)
        return digest

    def lint(self, template: Template, fields: Collection[str] | None = None) -> list[Problem]:
        """Everything that is wrong with a template, without rendering it; an empty list means it can be used.

        With `fields` (full paths such as `findings[].grade`) unknown ones are errors too. `linting.examine` asks more.
        """
        seen = self.look(template)
        faults = seen.faults
        if fields is not None:
            faults = faults + _unknown(seen.fields, fields)
        return [problem(fault) for fault in faults]

    def look(self, template: Template) -> "Seen":
        """What the template is, uses, and does wrong; a file that cannot be opened has faults and nothing else."""
        try:
            answer, _, digest = self._pool.run("look", _content(template))
        except Refused as refused:
            return Seen("", list(refused.faults))
        return Seen(
            digest,
            [Fault.from_plain(plain) for plain in answer["faults"]],
            [Fault.from_plain(plain) for plain in answer["of_direction"]],
            {path: Place(**plain) for path, plain in answer["fields"].items()},
            [Use(path, how, Place(**plain)) for path, how, plain in answer["uses"]],
        )

    def trace(self, template: Template, data: Mapping[str, Any], language: str = "en") -> list["Line"]:
        """Each paragraph that shows data, with the paths of the fields in it. Raises TemplateRefused."""
        try:
            answer, _, _ = self._pool.run("trace", _content(template), dict(data), language)
        except Refused as refused:
            raise TemplateRefused(_name(template), list(refused.faults)) from refused
        return [Line(Place(**place), text, tuple(paths)) for place, text, paths in answer["lines"]]

    def fields(self, template: Template) -> frozenset[str]:
        """The full path of every field the template reads. Raises TemplateRefused for one that cannot render."""
        try:
            answer, _, _ = self._pool.run("fields", _content(template))
        except Refused as refused:
            raise TemplateRefused(_name(template), list(refused.faults)) from refused
        return frozenset(answer["fields"])

    def close(self) -> None:
        """End the idle worker processes; the next call starts new ones."""
        self._pool.close()


@dataclass(frozen=True)
class Seen:
    """A template as the child saw it: `of_direction` counts only where it is to run from right to left."""

    digest: str
    faults: list[Fault]
    of_direction: list[Fault] = dataclass_field(default_factory=list)
    fields: dict[str, Place] = dataclass_field(default_factory=dict)
    uses: list[Use] = dataclass_field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A paragraph of a document and the fields it shows, such as `findings[2].grade`, in the order printed."""

    place: Place
    text: str
    paths: tuple[str, ...]


def _unknown(used: Mapping[str, Place], known: Collection[str]) -> list[Fault]:
    faults = []
    for path, place in used.items():
        if path in known:
            continue
        near = get_close_matches(path, list(known), n=1)
        if near:
            faults.append(Fault("unknown-field-guess", {"field": path, "guess": near[0]}, place))
        else:
            faults.append(Fault("unknown-field", {"field": path}, place))
    return faults


def _content(template: Template) -> bytes:
    return template if isinstance(template, bytes) else template.read_bytes()


def _name(template: Template) -> str:
    if isinstance(template, bytes):
        return "template.docx"
    if isinstance(template, Path) and template.name == "template.docx":
        return f"{template.parent.name}/{template.name}"
    return template.name


_shared: Renderer | None = None


def shared() -> Renderer:
    """The renderer of this process; its children are started by the first call that needs one."""
    global _shared
    if _shared is None:
        _shared = Renderer()
        atexit.register(_shared.close)
    return _shared


def render(template: Template, data: Mapping[str, Any], out: Path | BinaryIO, language: str = "en") -> str:
    """`Renderer.render` with the process's own renderer."""
    return shared().render(template, data, out, language)


def lint(template: Template, fields: Collection[str] | None = None) -> list[Problem]:
    """`Renderer.lint` with the process's own renderer."""
    return shared().lint(template, fields)


def fields(template: Template) -> frozenset[str]:
    """`Renderer.fields` with the process's own renderer."""
    return shared().fields(template)
