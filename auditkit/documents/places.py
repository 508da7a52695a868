"""Finds the tags of a Word part, notes where each stands, and marks them so that they can be told apart later.

docxtpl's preparation throws rows and paragraphs away, so places must be taken before it; the marks (two noncharacters
characters around a number, just before a tag's closing brace) come through it and are taken out again by `unmark`,
which puts a line feed before each tag: from then on Jinja's line number says which tag was meant.
Checked by tests/rules/test_documents_places.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from auditkit.documents.faults import WARNING, Fault, Place

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OPEN, CLOSE = "\ufdd0", "\ufdd1"
# A line feed that stands in the text itself, kept out of the way while lines count tags.
LINE_FEED = "\ufdd2"
_OPENING = re.compile(r"\{\{|\{%|\{#")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_RAW = re.compile(r"\{%[-+]?\s*raw\s*[-+]?%\}")
_END_RAW = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_END_COMMENT = re.compile(r"#\}")
_SCOPED_TAG = re.compile(r"\{[%#]\s?tr\s.*?[%#]\}", re.DOTALL)
_SCOPED = re.compile(r"\{(?:\{|%|#)(tr|tc|p|r)\s")
# docxtpl replaces these by its own markup; a mark inside would hide them from it.
_REPLACED = re.compile(r"\{%\s*(?:vm|hm)\s*%\}")
_MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")
_TAG = re.compile(
    r"""\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}"""
    r"""|\{\#.*?\#\}"""
    r"""|\{\{(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^'"])*?\}\}"""
    r"""|\{%(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^'"])*?%\}""",
    re.DOTALL,
)
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
_FOREIGN = (
    re.compile(r"\{#\w[^{}#]*\}|\{/\w[^{}]*\}"),  # docxtemplater loops
    re.compile(r"<<[^<>]{1,60}>>|«[^«»]{1,60}»|\$\{[^{}]{1,60}\}"),  # mail merge, Aspose, XDocReport
    re.compile(r"\{\{\{[^{}]{1,60}\}\}\}"),  # mustache
)


@dataclass
class Survey:
    """What was found in one part: the place of each marked tag, faults, and whether a comment drops table cells."""

    part: str
    drops_cells: bool = False
    places: list[Place] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Paragraph:
    element: Any
    place: Place
    texts: list[Any]
    text: str


def survey(root: Any, part: str, numbers: dict[Any, int] | None = None) -> Survey:
    """Mark every tag below `root` (an lxml element of a Word part) and report what cannot be right.

    `numbers` are those of paragraphs for a reader, where `root` is not as it stands in the file any more.

    Faults: a tag that is not closed in its paragraph, `{%tr` outside a table row (and `tc` likewise), and, as a
    warning, what looks like a tag of another engine.
    """
    found = Survey(part)
    inside = _Inside()
    for paragraph in paragraphs(root, part):
        if numbers is not None and paragraph.place.table is None:
            number = numbers.get(paragraph.element, paragraph.place.paragraph)
            paragraph.place = replace(paragraph.place, paragraph=number)
        _survey_paragraph(paragraph, found, inside)
    if inside.comment is not None:
        found.faults.append(Fault("comment-not-closed", {}, inside.comment))
    return found


@dataclass
class _Inside:
    """What is still open where a paragraph ends: comments and raw text may go on over many."""

    raw: bool = False
    comment: Place | None = None


def _survey_paragraph(paragraph: Paragraph, found: Survey, inside: _Inside) -> None:
    text, at = paragraph.text, 0
    marks: list[tuple[int, str]] = []
    _look_for_foreign(paragraph, found)
    while True:
        if inside.raw or inside.comment:
            ending = (_END_RAW if inside.raw else _END_COMMENT).search(text, at)
            if ending is None:
                break
            inside.raw, inside.comment, at = False, None, ending.end()
        opening = _OPENING.search(text, at)
        if opening is None:
            break
        start = opening.start()
        if starts_raw := _RAW.match(text, start):
            inside.raw, at = True, starts_raw.end()
            continue
        end = _end_of(text, start, opening.group())
        if end is None:
            if opening.group() == "{#":
                inside.comment = replace(paragraph.place, tag=text[start : start + 40])
                at = opening.end()
                continue
            place = replace(paragraph.place, tag=text[start : start + 40])
            found.faults.append(Fault("tag-not-closed", {"closing": _CLOSING[opening.group()]}, place))
            at = opening.end()
            continue
        tag = text[start:end]
        _look_at_scope(tag, paragraph, found)
        if not _REPLACED.match(tag) and not tag.startswith("{#"):
            mark = f"{OPEN}{len(found.places)}{CLOSE}"
            found.places.append(replace(paragraph.place, tag=tag))
            closing = end - 3 if text[end - 3] in "-+" else end - 2
            marks.append((closing, mark))
        at = end
    _insert(paragraph.texts, marks)


def _end_of(text: str, start: int, opening: str) -> int | None:
    """Where the tag that opens at `start` ends; quotes inside it, straight or curly, may hold braces."""
    match = _TAG.match(straight(text), start)
    if match is not None and (opening == "{#" or not _OPENING.search(_QUOTED.sub("", match.group()), 2)):
        return match.end()
    closing = text.find(_CLOSING[opening], start + 2)
    following = _OPENING.search(text, start + 2)
    if closing < 0 or (following is not None and following.start() < closing and opening != "{#"):
        return None
    return closing + 2


def straight(text: str) -> str:
    """Word's curly quotes as the straight ones they were typed as; the length stays."""
    return text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})


def _look_at_scope(tag: str, paragraph: Paragraph, found: Survey) -> None:
    scope = _SCOPED.match(tag)
    if scope is None:
        return
    if tag.startswith("{#tc"):
        found.drops_cells = True
    place = replace(paragraph.place, tag=tag)
    _look_beside(scope.group(1), tag, place, paragraph, found)
    needs = {"tr": W + "tr", "tc": W + "tc"}.get(scope.group(1))
    if needs is not None and not any(parent.tag == needs for parent in paragraph.element.iterancestors()):
        found.faults.append(Fault("outside-table", {"scope": scope.group(1)}, place))
    if tag.startswith("{{"):
        found.faults.append(Fault("no-rich-text", {"scope": scope.group(1)}, place))


def _look_beside(scope: str, tag: str, place: Place, paragraph: Paragraph, found: Survey) -> None:
    """What stands beside a tag of a whole row or paragraph goes with it; a table that grows should repeat its head."""
    if scope == "p" and paragraph.text.replace(tag, "", 1).strip():
        found.faults.append(Fault("paragraph-not-alone", {}, place, WARNING))
    row = next(paragraph.element.iterancestors(W + "tr"), None) if scope == "tr" else None
    if row is None:
        return
    if _SCOPED_TAG.sub("", "".join(text.text or "" for text in row.iter(W + "t"))).strip():
        found.faults.append(Fault("row-not-alone", {}, place, WARNING))
    table = next(row.iterancestors(W + "tbl"))
    rows = table.findall(W + "tr")
    grows = tag.lstrip("{%-+tr \u00a0").startswith("for") and rows[1:2] == [row]
    look = table.find(f"{W}tblPr/{W}tblLook")
    has_head = look is None or look.get(f"{W}firstRow", "1") == "1"
    if grows and has_head and rows[0].find(f"{W}trPr/{W}tblHeader") is None:
        found.faults.append(Fault("no-table-head", {}, place, WARNING))


def _look_for_foreign(paragraph: Paragraph, found: Survey) -> None:
    for pattern in _FOREIGN:
        for match in pattern.finditer(paragraph.text):
            place = replace(paragraph.place, tag=match.group())
            found.faults.append(Fault("foreign-tag", {}, place, WARNING))


def _insert(texts: list[Any], marks: list[tuple[int, str]]) -> None:
    """Put each mark before the character at its offset into the paragraph's text."""
    starts, length = [], 0
    for element in texts:
        starts.append(length)
        length += len(element.text or "")
    for offset, mark in reversed(marks):
        index = max(i for i, start in enumerate(starts) if start <= offset)
        within = offset - starts[index]
        content = texts[index].text or ""
        texts[index].text = content[:within] + mark + content[within:]


def paragraphs(root: Any, part: str) -> Iterator[Paragraph]:
    """Every paragraph in the order of the document, with its place and the texts that are its own."""
    counters = {"paragraph": 0, "table": 0}
    yield from _walk(root, Place(part), counters)


def _walk(element: Any, place: Place, counters: dict[str, int]) -> Iterator[Paragraph]:
    for child in element:
        if child.tag == W + "p":
            if place.table is None:
                counters["paragraph"] += 1
                here = replace(place, paragraph=counters["paragraph"])
            else:
                here = place
            texts = list(_own_texts(child))
            yield Paragraph(child, here, texts, "".join(text.text or "" for text in texts))
            # A text box inside the paragraph holds paragraphs of its own.
            for box in child.iter(W + "txbxContent"):
                yield from _walk(box, here, counters)
        elif child.tag == W + "tbl" and place.table is None:
            counters["table"] += 1
            yield from _walk_table(child, replace(place, table=counters["table"]), counters)
        elif isinstance(child.tag, str):
            yield from _walk(child, place, counters)


def _walk_table(table: Any, place: Place, counters: dict[str, int]) -> Iterator[Paragraph]:
    for row_number, row in enumerate(table.iter(W + "tr"), start=1):
        cells = [cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr")) is row]
        for cell_number, cell in enumerate(cells, start=1):
            here = replace(place, row=row_number, cell=cell_number)
            yield from _walk_cell(cell, here, counters)


def _walk_cell(cell: Any, place: Place, counters: dict[str, int]) -> Iterator[Paragraph]:
    """The cell's own paragraphs; those of a table inside it come with that table's rows."""
    for child in cell:
        if child.tag == W + "p":
            texts = list(_own_texts(child))
            yield Paragraph(child, place, texts, "".join(text.text or "" for text in texts))
        elif child.tag != W + "tbl" and isinstance(child.tag, str):
            yield from _walk_cell(child, place, counters)


def _own_texts(paragraph: Any) -> Iterator[Any]:
    for text in paragraph.iter(W + "t"):
        if next(parent for parent in text.iterancestors(W + "p")) is paragraph:
            yield text


@dataclass(frozen=True)
class Lined:
    """Source for Jinja in which line n (from 1) begins with tag n-1; line 1 is what stands before the first.

    `tags` has for each line the tag's text and its mark, if it could be given one.
    """

    source: str
    tags: list[tuple[str, int | None]]


def unmark(source: str) -> Lined:
    """Take the marks out and begin a new line before each tag."""
    source = source.replace("\n", LINE_FEED)
    pieces: list[str] = []
    tags: list[tuple[str, int | None]] = [("", None)]
    at = 0
    for match in _TAG.finditer(source):
        tag = match.group()
        mark = _MARK.search(tag)
        pieces += [source[at : match.start()], "\n", _plain(tag)]
        tags.append((_plain(tag), int(mark.group(1)) if mark else None))
        at = match.end()
    pieces.append(_MARK.sub("", source[at:]))
    return Lined("".join(pieces), tags)


def _plain(tag: str) -> str:
    """The tag as Jinja should read it: no mark, no line feed, `&` as it was typed."""
    tag = _MARK.sub("", tag)
    if _RAW.match(tag):
        return tag
    return tag.replace(LINE_FEED, " ").replace("&amp;", "&")


def data_text(data: str) -> str:
    """Text between tags as it goes into the document: without the line feeds of `unmark`.

    `{_{` and its like are docxtpl's way to write a tag that stays a text; only the template may, never the data.
    """
    data = data.replace("\n", "").replace(LINE_FEED, "\n")
    return data.replace("{_{", "{{").replace("}_}", "}}").replace("{_%", "{%").replace("%_}", "%}")
