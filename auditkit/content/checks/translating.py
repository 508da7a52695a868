"""Translations: of files that are there, of the English that stands there now, and of nothing else."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditkit.base.text import _
from auditkit.content.blanks import blanks_in
from auditkit.content.checks.defining import identity
from auditkit.content.locate import Found, locale_in
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile, Reading
from auditkit.content.shapes import TranslationShape
from auditkit.content.sidecars import entries_of, read_sidecar, sidecar_name
from auditkit.content.texts import text_digest, texts_of


@dataclass(frozen=True, slots=True)
class Translation:
    """How far a sidecar is: of how many texts the file has, how many have a translation that holds."""

    file: str
    locale: str
    texts: int
    missing: int


def of_sidecars(sidecars: Sequence[Found], files: Sequence[ReadFile]) -> tuple[list[Problem], list[Translation]]:
    """What is wrong with the sidecars of these files, and how far each is.

    What is not translated is counted and no problem: a translation may grow.
    """
    reading = Reading()
    for found in sidecars:
        read_sidecar(found, reading)
    bases = {identity(file): file.shape for file in files}
    problems, told = list(reading.problems), []
    first: dict[tuple[str, str, str], str] = {}
    for file in reading.files:
        shape = entries_of(file)
        base = bases.get((shape.of, shape.id))
        problems += misnamed(file, shape)
        taken = first.setdefault((shape.of, shape.id, shape.locale), file.name)
        if taken != file.name:
            problems.append(file.problem(("id",), _("%(file)s translates this already. Keep one of them", file=taken)))
        if base is None:
            message = _("There is no %(kind)s `%(id)s`. Correct `of:` and `id:`", kind=shape.of, id=shape.id)
            problems.append(file.problem(("id",), message))
            continue
        english = texts_of(base)
        faults = list(_faults(file, shape, english))
        problems += faults
        good = sum(1 for key, text in english.items() if _holds(shape, key, text))
        told.append(Translation(file.name, shape.locale, len(english), len(english) - good))
    return problems, told


def misnamed(file: ReadFile, shape: TranslationShape) -> Iterator[Problem]:
    """A sidecar is known by its name: without reading it one must see what language it is in."""
    if locale_in(file.name) != shape.locale:
        name = sidecar_name(shape.id, shape.locale)
        yield file.problem(("locale",), _("Name the file %(name)s, or correct the locale", name=name))


def _holds(shape: TranslationShape, key: str, english: str) -> bool:
    entry = shape.texts.get(key)
    return entry is not None and bool(entry.text) and entry.digest == text_digest(english)


def _faults(file: ReadFile, shape: TranslationShape, english: Mapping[str, str]) -> Iterator[Problem]:
    for key, entry in shape.texts.items():
        text = english.get(key)
        if text is None:
            near = difflib.get_close_matches(key, list(english), n=1)
            hint = _("Did you mean `%(near)s`?", near=near[0]) if near else _("Take it out")
            message = _("`%(id)s` has no such text. %(hint)s", id=shape.id, hint=hint)
        elif not entry.text:
            message = _("Translate this text, or take the entry out; it is empty")
        elif entry.digest != (now := text_digest(text)):
            message = _(
                "The English has changed since this was translated. Translate “%(english)s”, then write "
                "`digest: %(digest)s`",
                english=_short(text),
                digest=now,
            )
        elif "{{" in text + entry.text and set(blanks_in(text)) != set(blanks_in(entry.text)):
            blanks = ", ".join(f"{{{{{name}}}}}" for name in blanks_in(text)) or _("(none)")
            message = _("Use the blanks of the English and no others: %(blanks)s", blanks=blanks)
        else:
            continue
        yield file.problem(("texts", key), message)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
