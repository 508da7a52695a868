"""`auditkit content check` for Word templates: each renders with its example, its variables are those documented."""

import io
from collections.abc import Iterator
from importlib.resources.abc import Traversable

from auditkit.base.text import N_, _
from auditkit.content.problems import Problem
from auditkit.content.reading import Kind, ReadFile
from auditkit.documents import render
from auditkit.documents.catalogue import CONTEXTS, Entry, TemplateShape, data_of, differences
from auditkit.documents.problems import TemplateRefused

UNKNOWN = N_("No document is made from %(id)s. Write one of: %(known)s")


def _check(file: ReadFile) -> Iterator[Problem]:
    shape = file.shape
    assert isinstance(shape, TemplateShape)  # noqa: S101 - what KIND says; for the type checker
    if shape.id not in CONTEXTS:
        yield file.problem(("id",), _(UNKNOWN, id=shape.id, known=", ".join(CONTEXTS)))
        return
    word = _beside(file)
    name = file.name.replace("template.yaml", "template.docx")
    if word is None:
        yield file.problem(("id",), _("Put the Word file template.docx beside this file"))
        return
    errors = [one for one in render.lint(word) if one.level == "error"]
    yield from (Problem(name, None, None, one.place or "", one.text) for one in errors)
    if errors:
        return
    entry = Entry(shape.id, word, CONTEXTS[shape.id], lambda: shape)
    yield from (Problem(name, None, None, "", text) for text in differences(entry))
    try:
        render.render(word, data_of(entry.context.example()), io.BytesIO())
    except TemplateRefused as refusal:
        yield from (Problem(name, None, None, one.place or "", one.text) for one in refusal.problems)


def _beside(file: ReadFile) -> Traversable | None:
    folder = getattr(file.file, "parent", None)  # a path, or a path inside a zipped wheel; both know their folder
    word = folder / "template.docx" if folder is not None else None
    return word if word is not None and word.is_file() else None


KIND = Kind(TemplateShape, _check)
