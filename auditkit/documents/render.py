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
from dataclasses import replace
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, BinaryIO

from auditkit.documents.faults import ERROR, Fault, Place, Refused
from auditkit.documents.limits import Limits
from auditkit.documents.pool import Pool
from auditkit.documents.problems import Problem, TemplateRefused, problem
from auditkit.documents.whole_file import written_whole

Template = Path | Traversable | bytes


class Renderer:
    """Renders and lints with its own worker processes; the module's functions share one.

    `size` is the number of child processes at most; each takes about 60 MiB while it waits.
    """

    def __init__(self, limits: Limits | None = None, size: int = 2) -> None:
        self._pool = Pool(limits, size)

    def render(self, template: Template, data: Mapping[str, Any], out: Path | BinaryIO) -> str:
        """Write the document to `out` (a file appears whole or not at all) and answer the template's SHA-256.

        `data` are plain JSON values. Raises TemplateRefused with the place of the first fault, TypeError for data
        that are not JSON.
        """
        try:
            _, document, digest = self._pool.run("render", _content(template), dict(data))
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

        With `fields` (full paths such as `findings[].grade`) unknown ones are errors too.
        """
        try:
            answer, _, _ = self._pool.run("look", _content(template))
        except Refused as refused:
            return [problem(fault) for fault in refused.faults]
        faults = [Fault.from_plain(plain) for plain in answer["faults"]]
        if fields is not None:
            faults += _unknown(answer["fields"], fields)
        return [problem(fault) for fault in faults]

    def fields(self, template: Template) -> frozenset[str]:
        """The full path of every field the template reads. Raises TemplateRefused for one that cannot render."""
        try:
            answer, _, _ = self._pool.run("look", _content(template))
        except Refused as refused:
            raise TemplateRefused(_name(template), list(refused.faults)) from refused
        faults = [Fault.from_plain(plain) for plain in answer["faults"] if plain["level"] == ERROR]
        if faults:
            raise TemplateRefused(_name(template), faults)
        return frozenset(answer["fields"])

    def close(self) -> None:
        """End the idle worker processes; the next call starts new ones."""
        self._pool.close()


def _unknown(used: Mapping[str, Any], known: Collection[str]) -> list[Fault]:
    faults = []
    for path, plain in used.items():
        if path in known:
            continue
        place = replace(Place(**plain))
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


def render(template: Template, data: Mapping[str, Any], out: Path | BinaryIO) -> str:
    """`Renderer.render` with the process's own renderer."""
    return shared().render(template, data, out)


def lint(template: Template, fields: Collection[str] | None = None) -> list[Problem]:
    """`Renderer.lint` with the process's own renderer."""
    return shared().lint(template, fields)


def fields(template: Template) -> frozenset[str]:
    """`Renderer.fields` with the process's own renderer."""
    return shared().fields(template)
