"""Pack definitions: `doc_templates/packs/<id>.yaml` says what a pack holds; `gathering/` knows how to get it.

A definition names sources by id; tests/slices/packs/test_definitions.py holds both ways: every source that a definition
names is there, and every source is named by a definition.
"""

from collections.abc import Iterator
from functools import cache, partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from auditkit.base.errors import BadInput, NotFound
from auditkit.base.text import N_, _
from auditkit.content.checks import full_ref
from auditkit.content.library import ContentBroken, shared
from auditkit.content.locate import folder, locale_in, walk
from auditkit.content.problems import Problem
from auditkit.content.reading import Kind, ReadFile, read_file
from auditkit.content.shapes import (
    Id,
    NodeRef,
    Once,
    Shape,
    Text,
    Title,
    TranslationShape,
    UniqueIds,
    refuse,
)
from auditkit.content.texts import ENGLISH, declare, text_digest, texts_of, with_texts
from auditkit.documents.catalogue import CONTEXTS
from auditkit.packs.rules import is_safe_path

FOLDER = "packs"


def _safe(name: str) -> str:
    if not is_safe_path(name) or "/" in name:
        raise refuse(N_("Write a file name that every system can keep, such as audit-report"))
    return name


FileStem = Annotated[str, StringConstraints(min_length=1, max_length=40), AfterValidator(_safe)]


class Part(Shape):
    """Something a pack holds."""

    id: Id
    """Also the name of its source in `auditkit/packs/gathering`."""
    title: Title
    clauses: Annotated[tuple[NodeRef, ...], Once] = ()
    """Clauses that it shows records for, of the pack's edition."""
    required: bool = True
    """Whether its absence is a gap that must be accepted with a reason."""


class DocumentPart(Part):
    """A Word document rendered from records; a source may give several (one an audit)."""

    template: Id
    file: FileStem
    """Begin of the file's name; the record's number is added where there are several."""


class RegisterPart(Part):
    """A table, as a workbook."""

    file: FileStem


class EvidencePart(Part):
    """Files that records point to."""


class ConditionPart(Part):
    """Something that must be true of the records; what is not is a gap."""


class PackShape(Shape):
    """A pack definition."""

    kind: Literal["pack"]
    id: Annotated[Id, StringConstraints(max_length=17)]
    """Short, because it stands in the name of the pack's folder beside organisation and period."""
    title: Title
    purpose: Text
    edition: Id
    about: Literal["organisation", "audit", "complaint"] = "organisation"
    """What it is of: the organisation over a period, or one audit or complaint, which whoever builds it names."""
    index: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    """Clauses whose subclauses the clause index lists."""
    documents: Annotated[tuple[DocumentPart, ...], UniqueIds] = ()
    registers: Annotated[tuple[RegisterPart, ...], UniqueIds] = ()
    evidence: Annotated[tuple[EvidencePart, ...], UniqueIds] = ()
    conditions: Annotated[tuple[ConditionPart, ...], UniqueIds] = ()


def _check(file: ReadFile) -> Iterator[Problem]:
    """Clauses and document templates that a definition names are there."""
    assert isinstance(file.shape, PackShape)  # noqa: S101 - what KIND says; for the type checker
    known = shared().nodes
    full = partial(full_ref, file.shape.edition)
    for number, ref in enumerate(file.shape.index):
        if full(ref) not in known:
            yield file.problem(("index", number), _("There is no clause %(ref)s in the standards", ref=ref))
    for group in ("documents", "registers", "evidence", "conditions"):
        for number, part in enumerate(getattr(file.shape, group)):
            for place, ref in enumerate(part.clauses):
                if full(ref) not in known:
                    loc = (group, number, "clauses", place)
                    yield file.problem(loc, _("There is no clause %(ref)s in the standards", ref=ref))
    for number, document in enumerate(file.shape.documents):
        if document.template not in CONTEXTS:
            message = _("There is no document template %(id)s", id=document.template)
            yield file.problem(("documents", number, "template"), message)


KIND = Kind(PackShape, _check)
for _part in (DocumentPart, RegisterPart, EvidencePart, ConditionPart):
    declare(_part, ("title",))
declare(PackShape, ("title", "purpose"), ("documents", "registers", "evidence", "conditions"))


class NoSuchPack(BadInput):
    message = N_("There is no pack %(id)r. There are: %(known)s")


@cache
def definitions() -> dict[str, PackShape]:
    """Every shipped definition by id, in the order of their files. Raises ContentBroken with file and line."""
    found: dict[str, PackShape] = {}
    problems: list[Problem] = []
    for file in walk(folder("doc_templates") / FOLDER, f"doc_templates/{FOLDER}"):
        if not file.is_yaml or locale_in(file.name):
            continue
        _document, shape, faults = read_file(file, PackShape)
        problems += faults
        if shape is not None:
            found[shape.id] = shape
    if problems:
        raise ContentBroken(problems)
    if not found:
        raise NotFound(N_("This installation has no pack definitions. Install auditkit again"))
    return found


@cache
def spoken_definitions(language: str) -> dict[str, PackShape]:
    """Every definition with its texts in `language`; English where a text has no translation of its present words."""
    if language == ENGLISH:
        return definitions()
    entries: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for file in walk(folder("doc_templates") / FOLDER, f"doc_templates/{FOLDER}"):
        if locale_in(file.name) == language:
            _document, shape, faults = read_file(file, TranslationShape)
            problems += faults
            if shape is not None:
                entries[shape.id] = {
                    f"{key} {one.digest}": one.text for key, one in shape.texts.items() if one.text is not None
                }
    if problems:
        raise ContentBroken(problems)
    return {one.id: _said(one, entries.get(one.id, {})) for one in definitions().values()}


def _said(shape: PackShape, entries: dict[str, str]) -> PackShape:
    return with_texts(shape, lambda key, text: entries.get(f"{key} {text_digest(text)}", text))


@cache
def untranslated(language: str) -> frozenset[str]:
    """Texts of definitions that stand in English where all else is in `language`; none where that is English."""
    if language == ENGLISH:
        return frozenset()
    english = {text for one in definitions().values() for text in texts_of(one).values()}
    shown = {text for one in spoken_definitions(language).values() for text in texts_of(one).values()}
    return frozenset(english & shown)


def title_in(language: str, pack_id: str, title: str) -> str:
    """The title of a pack that was built, in `language`; as it is where its definition is gone or has another now."""
    known = definitions().get(pack_id)
    return spoken_definitions(language)[pack_id].title if known is not None and known.title == title else title


def titles_for_pages(language: str) -> dict[str, Any]:
    """What templates need to say titles of packs in the language of the screen, or that they are English."""
    return {
        "untranslated": untranslated(language),
        "title_of": lambda pack: title_in(language, pack.definition, pack.title),
    }


def definition(pack_id: str, language: str = ENGLISH) -> PackShape:
    """The definition with this id, in `language`. Raises NoSuchPack, which names those there are."""
    known = spoken_definitions(language)
    if pack_id not in known:
        raise NoSuchPack(id=pack_id, known=", ".join(known))
    return known[pack_id]
