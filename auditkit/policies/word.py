"""Reads a Word file into paragraphs of Markdown: text, headings, lists, strong words, links; the rest is listed.

What is not an honest Word file without macros is refused by the checks that Word templates go through. Nothing is
fetched, no entity is resolved, no part is unpacked beyond the limits there. tests/slices/policies/test_importing.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditkit.base.text import _
from auditkit.content.blanks import plain
from auditkit.documents import office, package
from auditkit.documents.faults import Refused
from auditkit.documents.problems import MESSAGES
from auditkit.policies.rules.importing import (
    MOST_BYTES,
    FileTooLarge,
    LeftOut,
    Lost,
    Paragraph,
    Taken,
    WordRefused,
    sections_of,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_LINKS = ("https://", "http://", "mailto:")
_HEADING = re.compile(r"(?:heading|überschrift|заголовок|titre|título|titolo|başlık|başlıq|επικεφαλίδα) ?([1-9])")
_WITHOUT = {"drawing": Lost.PICTURES, "pict": Lost.PICTURES, "object": Lost.EMBEDDED}
_NOTES = {"footnoteReference": Lost.FOOTNOTES, "endnoteReference": Lost.FOOTNOTES, "commentReference": Lost.COMMENTS}
_STYLED = ("i", "u", "color", "highlight", "strike")


@dataclass
class _File:
    """The parts that are read, and what is not taken over."""

    links: dict[str, str]
    styles: dict[str, tuple[str, int, str]]
    bullets: dict[tuple[str, str], bool]
    left_out: LeftOut = field(default_factory=LeftOut)


def read(content: bytes, name: str) -> Taken:
    """A Word file as a draft; `name` is that of the file. Raises FileTooLarge, WordRefused, NoText."""
    if len(content) > MOST_BYTES:
        raise FileTooLarge(file=name, mebibytes=MOST_BYTES // (1024 * 1024))
    try:
        members = package.read(content)
        layout = office.layout_of(members)
    except Refused as refused:
        fault = refused.faults[0]
        sentence = MESSAGES[fault.code]
        raise WordRefused(file=name, reason=_(sentence, **fault.params)) from refused
    by_name = {member.name: member for member in members}

    def part(path: str) -> "_Element | None":
        return _parsed(by_name[path].unpacked(), path, name) if path in by_name else None

    folder = layout.main.rpartition("/")[0]
    file = _File(
        _links(part(office.relations_of(layout.main))),
        _styles(part(f"{folder}/styles.xml")),
        _bullets(part(f"{folder}/numbering.xml")),
    )
    root = part(layout.main)
    body = next((one for one in root if _local(one) == "body"), None) if root is not None else None
    paragraphs = list(_paragraphs(body, file)) if body is not None else []
    for path, kind in layout.parts.items():
        if kind.startswith(("header", "footer")) and kind not in ("footnotes",):
            words = _words(part(path))
            if words:
                file.left_out.note(Lost.HEADERS, words)
    for fault in layout.faults:
        if fault.code in ("embedded", "outside"):
            what = Lost.EMBEDDED if fault.code == "embedded" else Lost.OUTSIDE
            file.left_out.note(what, str(fault.params.get("member") or fault.params.get("target") or ""))
    stem = name.rpartition("/")[2].removesuffix(".docx") or name
    return sections_of(paragraphs, stem, file.left_out)


def _parsed(content: bytes, path: str, name: str) -> "_Element":
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        sentence = MESSAGES["xml-broken"]
        reason = _(sentence, member=path, detail=str(error))
        raise WordRefused(file=name, reason=reason) from error


def _local(element: Any) -> str:
    """The name of an element without its namespace: files of both kinds of Office name it differently."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _get(element: Any, name: str) -> str:
    """An attribute, whatever its namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _child(element: Any, *path: str) -> Any:
    for name in path:
        element = next((one for one in element if _local(one) == name), None) if element is not None else None
    return element


def _on(element: Any) -> bool:
    """Whether a switch such as `w:b` is on."""
    return element is not None and _get(element, "val") not in ("0", "false", "none", "off")


def _words(element: Any) -> str:
    texts = (one.text or "" for one in element.iter() if _local(one) == "t") if element is not None else ()
    return " ".join("".join(texts).split())


def _links(relations: Any) -> dict[str, str]:
    found = relations if relations is not None else []
    return {_get(one, "Id"): _get(one, "Target") for one in found if _get(one, "Target").lower().startswith(_LINKS)}


def _styles(root: Any) -> dict[str, tuple[str, int, str]]:
    """Id of a style -> its name, its level as a heading (0: none) and the style it is based on."""
    found = {}
    for one in root if root is not None else []:
        if _local(one) != "style":
            continue
        named, based = _child(one, "name"), _child(one, "basedOn")
        name = _get(named, "val").lower() if named is not None else ""
        outline = _child(one, "pPr", "outlineLvl")
        match = _HEADING.fullmatch(name)
        level = int(match[1]) if match else int(_get(outline, "val") or 9) + 1 if outline is not None else 0
        above = _get(based, "val") if based is not None else ""
        found[_get(one, "styleId")] = (name, level if level <= 9 else 0, above)
    return found


def _bullets(root: Any) -> dict[tuple[str, str], bool]:
    """(numbering, level) -> whether it is a bullet rather than a number."""
    abstract: dict[str, dict[str, bool]] = {}
    found: dict[tuple[str, str], bool] = {}
    for one in root if root is not None else []:
        if _local(one) == "abstractNum":
            levels = {}
            for level in one:
                kind = _child(level, "numFmt")
                if _local(level) == "lvl":
                    levels[_get(level, "ilvl")] = kind is None or _get(kind, "val") in ("bullet", "none")
            abstract[_get(one, "abstractNumId")] = levels
    for one in root if root is not None else []:
        based = _child(one, "abstractNumId")
        if _local(one) == "num" and based is not None:
            for level, bullet in abstract.get(_get(based, "val"), {}).items():
                found[_get(one, "numId"), level] = bullet
    return found


def _paragraphs(body: Any, file: _File) -> Iterator[Paragraph]:
    for one in body:
        kind = _local(one)
        if kind == "p":
            yield _paragraph(one, file)
        elif kind == "tbl":
            file.left_out.note(Lost.TABLES, _words(one))
            yield from _rows(one, file)
        elif kind == "sdt" and _is_contents(one):
            file.left_out.note(Lost.CONTENTS)
        elif kind in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _paragraphs(one, file)
        elif kind in ("del", "moveFrom"):
            file.left_out.note(Lost.DELETED, _deleted(one))
        elif kind == "altChunk":
            file.left_out.note(Lost.EMBEDDED)


def _is_contents(sdt: Any) -> bool:
    gallery = _child(sdt, "sdtPr", "docPartObj", "docPartGallery")
    return gallery is not None and "contents" in _get(gallery, "val").lower()


def _rows(table: Any, file: _File) -> Iterator[Paragraph]:
    for row in (one for one in table.iter() if _local(one) == "tr"):
        cells = []
        for cell in (one for one in row if _local(one) == "tc"):
            inside = [_paragraph(one, file) for one in cell.iter() if _local(one) == "p"]
            cells.append(" ".join(one.markdown for one in inside if one.words.strip()))
        if any(cells):
            said = " — ".join(cell for cell in cells if cell)
            yield Paragraph(0, f"- {said}", said, in_list=True)


def _paragraph(element: Any, file: _File) -> Paragraph:
    name, level = _style(element, file)
    pieces: list[tuple[str, bool, str]] = []
    _runs(element, file, pieces, "")
    words = " ".join("".join(text for text, _strong, _link in pieces).split())
    markdown = _markdown(pieces, strong=not level)
    if name.startswith("toc") and name != "toc heading":
        file.left_out.note(Lost.CONTENTS)
        return Paragraph(0, "", "")
    marker = "" if level else _marker(element, file, name)
    return Paragraph(
        level, f"{marker}{markdown}" if words else "", words, name == "title", in_list=bool(marker) and bool(words)
    )


def _style(element: Any, file: _File) -> tuple[str, int]:
    """Name of a paragraph's style, and its level as a heading."""
    properties = _child(element, "pPr")
    style = _child(properties, "pStyle")
    outline = _child(properties, "outlineLvl")
    style_id = _get(style, "val") if style is not None else ""
    name, level, based = file.styles.get(style_id, (style_id.lower(), 0, ""))
    seen = {style_id}
    while not level and based and based not in seen:
        seen.add(based)
        _name, level, based = file.styles.get(based, ("", 0, ""))
    if outline is not None and _get(outline, "val").isdecimal() and int(_get(outline, "val")) < 9:
        level = int(_get(outline, "val")) + 1
    return name, level


def _marker(element: Any, file: _File, name: str) -> str:
    numbering = _child(element, "pPr", "numPr")
    number, level = _child(numbering, "numId"), _child(numbering, "ilvl")
    if number is not None and _get(number, "val") not in ("", "0"):
        depth = _get(level, "val") if level is not None else "0"
        bullet = file.bullets.get((_get(number, "val"), depth), True)
        return "   " * min(int(depth) if depth.isdecimal() else 0, 3) + ("- " if bullet else "1. ")
    if name.startswith("list bullet"):
        return "- "
    return "1. " if name.startswith("list number") else ""


def _runs(element: Any, file: _File, pieces: list[tuple[str, bool, str]], link: str) -> None:
    for one in element:
        kind = _local(one)
        if kind == "r":
            _run(one, file, pieces, link)
        elif kind == "hyperlink":
            _runs(one, file, pieces, file.links.get(_get(one, "id"), link))
        elif kind in ("ins", "moveTo"):
            file.left_out.note(Lost.INSERTED, _words(one))
            _runs(one, file, pieces, link)
        elif kind in ("del", "moveFrom"):
            file.left_out.note(Lost.DELETED, _deleted(one))
        elif kind in ("oMath", "oMathPara"):
            file.left_out.note(Lost.EQUATIONS, _words(one))
        elif kind in ("smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "bdo", "dir"):
            _runs(one, file, pieces, link)


def _run(run: Any, file: _File, pieces: list[tuple[str, bool, str]], link: str) -> None:
    properties = _child(run, "rPr")
    strong = _on(_child(properties, "b")) or _on(_child(properties, "bCs"))
    for one in run:
        kind = _local(one)
        if kind == "t":
            pieces.append((one.text or "", strong, link))
            if not link and properties is not None and any(_on(_child(properties, name)) for name in _STYLED):
                file.left_out.note(Lost.STYLES, one.text or "")
        elif kind in ("tab", "br", "cr"):
            pieces.append((" ", strong, link))
        elif kind == "noBreakHyphen":
            pieces.append(("-", strong, link))
        elif kind in _WITHOUT or kind == "AlternateContent":
            _picture(one, kind, file)
        elif kind in _NOTES:
            file.left_out.note(_NOTES[kind])


def _picture(element: Any, kind: str, file: _File) -> None:
    """A drawing: one with text in it is a text box. Word writes it twice, once for old programs."""
    seen = _child(element, "Choice") if kind == "AlternateContent" else element
    words = _words(seen)
    file.left_out.note(Lost.TEXT_BOXES if words else _WITHOUT.get(kind, Lost.PICTURES), words)


def _deleted(element: Any) -> str:
    return " ".join(one.text or "" for one in element.iter() if _local(one) in ("delText", "t"))


def _markdown(pieces: list[tuple[str, bool, str]], *, strong: bool) -> str:
    said = ""
    joined: list[tuple[str, bool, str]] = []
    for text, bold, link in pieces:
        bold = bold and strong
        if joined and joined[-1][1:] == (bold, link):
            joined[-1] = (joined[-1][0] + text, bold, link)
        else:
            joined.append((text, bold, link))
    for text, bold, link in joined:
        core = text.strip()
        before, after = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() and core else "")
        # `{%` would read as a blank gone wrong when somebody edits the section.
        shown = plain(core).replace("{%", "{\\%")
        if core and link:
            shown = f"[{shown}](<{link}>)" if "<" not in link and ">" not in link else shown
        if core and bold:
            shown = f"**{shown}**"
        said += f"{before}{shown}{after}"
    return said.strip()
