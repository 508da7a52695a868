"""What a Word file consists of: which parts can carry tags, and what a template may not bring along.

Runs in the child process. Refuses macros, embedded files, contents fetched from elsewhere, document types with
entities, and files that are not Word documents. Checked by tests/slices/documents/test_documents_malformed.py.
"""

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from pyexpat import ExpatError, ParserCreate
from urllib.parse import unquote

from docx.oxml.parser import parse_xml

from auditkit.documents import package
from auditkit.documents.faults import WARNING, Fault, Place, Refused

CONTENT_TYPES = "[Content_Types].xml"
PACKAGE_RELATIONS = "_rels/.rels"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_WITH_TAGS = ("header", "footer", "footnotes")
_WITHOUT_TAGS = ("comments", "endnotes")
_BRINGS_CODE = re.compile(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|activeX\d*\.(?:bin|xml))$", re.IGNORECASE)
_ANY_TAG = re.compile(rb"\{\{|\{%")


@dataclass
class Layout:
    """`parts` maps a member's name to how its part is called in messages; `main` is the document itself."""

    main: str
    parts: dict[str, str]
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class _Relation:
    kind: str
    target: str
    external: bool


def layout_of(members: list[package.Member]) -> Layout:
    """Find the parts and refuse what has no place in a template. Raises Refused."""
    by_name = {member.name: member for member in members}
    for member in members:
        if _BRINGS_CODE.search(member.name):
            raise Refused(Fault("macros", {"member": member.name}))
    if CONTENT_TYPES not in by_name:
        raise Refused(Fault("no-member", {"member": CONTENT_TYPES}))
    for member in members:
        content = member.unpacked()
        if member.name.lower().endswith((".xml", ".rels")):
            _refuse_entities(member.name, content)
    types = _types(by_name[CONTENT_TYPES].unpacked())
    main = _main(by_name)
    _check_types(types, main)
    layout = Layout(main, {main: "document"})
    _sort_parts(layout, by_name)
    _look_for_strangers(layout, members)
    return layout


def _refuse_entities(name: str, content: bytes) -> None:
    """Office files have no document type; one brings entities, which read files and grow without bound."""

    def refuse(*_: object) -> None:
        raise Refused(Fault("document-type", {"member": name}))

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (ExpatError, ValueError) as error:
        raise Refused(Fault("xml-broken", {"member": name, "detail": str(error)})) from error


def _types(content: bytes) -> dict[str, str]:
    return {
        element.get("PartName", "").lstrip("/"): element.get("ContentType", "")
        for element in parse_xml(content)
        if element.get("PartName")
    }


def _check_types(types: dict[str, str], main: str) -> None:
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types.values()):
        raise Refused(Fault("macros", {"member": CONTENT_TYPES}))
    if types.get(main) != MAIN_TYPE:
        raise Refused(Fault("not-a-document", {"kind": types.get(main) or "?"}))


def _main(by_name: dict[str, package.Member]) -> str:
    main = "word/document.xml"
    for relation in _relations(by_name, PACKAGE_RELATIONS):
        if relation.kind == "officeDocument" and not relation.external:
            main = resolved("", relation.target)
    if main not in by_name:
        raise Refused(Fault("no-member", {"member": main}))
    return main


def _relations(by_name: dict[str, package.Member], name: str) -> list[_Relation]:
    if name not in by_name:
        return []
    found = []
    for element in parse_xml(by_name[name].unpacked()):
        kind = element.get("Type", "")
        if kind == _CORE:
            kind = "core-properties"
        kind = kind.removeprefix(_RELATION).removeprefix(_STRICT)
        found.append(_Relation(kind, element.get("Target", ""), element.get("TargetMode") == "External"))
    return found


def resolved(folder: str, target: str) -> str:
    """A relation's target as the name of a member of the file."""
    target = unquote(target)
    if target.startswith("/"):
        return target.lstrip("/")
    pieces: list[str] = []
    for piece in PurePosixPath(folder, target).parts:
        if piece == "..":
            if pieces:
                pieces.pop()
        elif piece != ".":
            pieces.append(piece)
    return "/".join(pieces)


def relations_of(name: str) -> str:
    """Where the relations of a part are kept."""
    path = PurePosixPath(name)
    return str(path.parent / "_rels" / f"{path.name}.rels")


def _sort_parts(layout: Layout, by_name: dict[str, package.Member]) -> None:
    folder = str(PurePosixPath(layout.main).parent)
    for relation in _relations(by_name, relations_of(layout.main)):
        name = resolved(folder, relation.target)
        if relation.external or name not in by_name:
            continue
        part = PurePosixPath(name).stem
        if relation.kind in _WITH_TAGS:
            layout.parts[name] = part
        elif relation.kind in _WITHOUT_TAGS and _ANY_TAG.search(by_name[name].unpacked()):
            layout.faults.append(Fault("tags-not-filled", {}, Place(part), WARNING))
    for relation in _relations(by_name, PACKAGE_RELATIONS):
        name = resolved("", relation.target)
        if relation.kind == "core-properties" and name in by_name and _ANY_TAG.search(by_name[name].unpacked()):
            layout.parts[name] = "properties"


def _look_for_strangers(layout: Layout, members: list[package.Member]) -> None:
    by_name = {member.name: member for member in members}
    for member in members:
        if "/embeddings/" in f"/{member.name}":
            layout.faults.append(Fault("embedded", {"member": member.name}))
        if not member.name.endswith(".rels"):
            continue
        for relation in _relations(by_name, member.name):
            if relation.external and relation.kind != "hyperlink":
                layout.faults.append(_outside(relation))


def _outside(relation: _Relation) -> Fault:
    """A picture or template that Word would fetch when the document is opened.

    Word notes the path of the template a document was made from; on a local disk that is only clutter.
    """
    on_a_disk = re.match(r"(?i)(?:file:///)?[a-z]:", relation.target)
    if relation.kind == "attachedTemplate" and on_a_disk:
        return Fault("template-path", {"target": relation.target}, None, WARNING)
    return Fault("outside", {"target": relation.target, "kind": relation.kind})
