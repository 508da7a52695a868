"""The table of contents of a template, made anew from its headings where a program brought it up to date.

A shipped template repeats in its table of contents the tags that stand around its headings (`{%p for … %}`). Word and
LibreOffice, bringing the table up to date, leave one line for each heading and none of the tags; LibreOffice also
spoils names of bookmarks that hold a tag, and puts fields into the middle of others. Nobody who restyles a template
should have to mend that by hand: the table is what its headings say, so it is made from them when it is not.
Runs in the child process. Checked by tests/slices/documents/test_documents_contents_saved.py.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.parser import parse_xml

from auditkit.documents.places import Paragraph, W, paragraphs
from auditkit.documents.styles import Styles

_NAMESPACE = f'xmlns:w="{W[1:-1]}"'
_INSTRUCTION = re.compile(r'\s*TOC\s.*?\\o\s*"?([1-9])-([1-9])"?')
_BLOCK = re.compile(r"\{%[-+]?\s*(?:p\s+)?(for|if|elif|else|endif|endfor|with|endwith|set)\b(.*?)[-+]?%\}")
_ENDS = {"endfor": "for", "endif": "if", "endwith": "with"}
_NAME = re.compile(r"\w+(?:\{\{ loop\.index \}\}\w*)?")
# Numbered once the document is made: the n-th line leads to the n-th heading, whatever loops they stand in.
_LINE, _HEADING = "_TocRL", "_TocRH"
FIRST_BOOKMARK_ID = 900_000
DEEPEST = 20
"""Blocks in one another; Python compiles no more loops than that."""
_OF_LINES = re.compile(f'(w:anchor="{_LINE}|<w:instrText xml:space="preserve"> PAGEREF {_LINE})(?="| )')
_OF_HEADINGS = re.compile(
    f'<w:bookmarkStart w:id="{_HEADING}" w:name="{_HEADING}"/>|<w:bookmarkEnd w:id="{_HEADING}"/>'
)
_TINY = '<w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr>'
_SMALL = '<w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr>'


@dataclass
class _Heading:
    level: int
    paragraph: Paragraph

    @property
    def bookmarks(self) -> list[Any]:
        return list(self.paragraph.element.iter(f"{W}bookmarkStart"))


@dataclass
class _Block:
    """Tags of one block, each with what stands between it and the next: `if`, `elif`, `else`."""

    word: str
    branches: list[tuple[str, Paragraph, list["_Entry"]]] = field(default_factory=list)
    end: Paragraph | None = None


@dataclass
class _Set:
    tag: str
    paragraph: Paragraph


_Entry = _Heading | _Block | _Set


@dataclass
class _Field:
    """The field in the file: its first and last paragraph, with all between, and the element that ends it.

    `dirty` is what Word brings up to date when it opens the document, which it must: pages are not known before.
    """

    paragraphs: list[Any]
    instruction: str
    dirty: bool
    end: Any


def renew(root: Any, part: str, styles: Styles) -> dict[Any, int] | None:
    """Make the table of contents below `root` anew, where it is not what its headings say.

    Returns for every paragraph outside tables the number it has for a reader of the file: lines that are made here
    are not in it, and have that of their heading. None where nothing was changed.
    """
    found = _field(root)
    levels = _INSTRUCTION.match(found.instruction) if found is not None else None
    if found is None or levels is None:
        return None
    inside = {one for paragraph in found.paragraphs for one in paragraph.iter(f"{W}p")}
    told = [one for one in paragraphs(root, part) if one.place.table is None]
    outside = [one for one in told if one.element not in inside and _in_the_text(one.element)]
    entries = _entries(outside, styles, int(levels[1]), int(levels[2]))
    if entries is None or (found.dirty and _said(entries) == _there(found)):
        return None
    numbers = {one.element: one.place.paragraph or 1 for one in told}
    _write(found, entries, styles, numbers)
    return numbers


def numbered(text: str) -> str:
    """The made document with each line of a renewed table leading to its heading."""
    if _LINE not in text:
        return text
    text = _OF_LINES.sub(_counting(2, lambda match, number: f"{match.group()}{number}"), text)
    return _OF_HEADINGS.sub(_counting(2, _bookmark), text)


def _counting(times: int, made: Callable[[re.Match[str], int], str]) -> Callable[[re.Match[str]], str]:
    seen = 0

    def each(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return made(match, (seen + times - 1) // times)

    return each


def _bookmark(match: re.Match[str], number: int) -> str:
    return (
        match.group().replace(f'w:id="{_HEADING}"', f'w:id="{FIRST_BOOKMARK_ID + number}"').replace(
            f'"{_HEADING}"', f'"{_LINE}{number}"'
        )
    )  # fmt: skip


def _field(root: Any) -> _Field | None:
    """The first table of contents; None where there is none that stands in whole paragraphs of one place."""
    for instruction in root.iter(f"{W}instrText"):
        if not (instruction.text or "").strip().startswith("TOC "):
            continue
        first = next(instruction.iterancestors(f"{W}p"))
        depth = 0
        marks = list(_from(first, f"{W}fldChar"))
        dirty = bool(marks) and marks[0].get(f"{W}dirty") in ("true", "1", "on")
        for mark in marks:
            depth += {"begin": 1, "end": -1}.get(mark.get(f"{W}fldCharType"), 0)
            if depth == 0:
                last = next(mark.iterancestors(f"{W}p"))
                between = _siblings(first, last)
                return _Field(between, instruction.text, dirty, mark) if between else None
        return None
    return None


def _from(first: Any, tag: str) -> Iterator[Any]:
    """Elements from a paragraph on, in the order of the document."""
    yield from first.iter(tag)
    for following in first.itersiblings():
        yield from following.iter(tag)


def _siblings(first: Any, last: Any) -> list[Any]:
    """Both and all between; none where they have not the same parent or something else stands between."""
    found = [first]
    while found[-1] is not last:
        following = found[-1].getnext()
        if following is None or following.tag != f"{W}p":
            return []
        found.append(following)
    return found


def _in_the_text(paragraph: Any) -> bool:
    """Not in a text box, a note or the like."""
    return paragraph.getparent().tag in (f"{W}body", f"{W}sdtContent")


def _entries(told: list[Paragraph], styles: Styles, least: int, most: int) -> list[_Entry] | None:
    """Headings with the blocks around them; None where blocks do not nest, which the examination names by itself."""
    top: list[_Entry] = []
    open_blocks: list[_Block] = []
    for paragraph in told:
        at = open_blocks[-1].branches[-1][2] if open_blocks else top
        level = styles.headings.get(_style(paragraph.element), 0)
        tags = [(match[1], match[2].strip()) for match in _BLOCK.finditer(paragraph.text)]
        if "{%p" not in paragraph.text and _balanced(tags):
            if least <= level <= most and paragraph.text.strip():
                at.append(_Heading(level, paragraph))
            continue
        for word, rest in tags:
            at = open_blocks[-1].branches[-1][2] if open_blocks else top
            if word == "set":
                at.append(_Set(f"set {rest}", paragraph))
            elif word in ("for", "if", "with"):
                block = _Block(word, [(f"{word} {rest}", paragraph, [])])
                at.append(block)
                open_blocks.append(block)
                if len(open_blocks) > DEEPEST:
                    return None
            elif not open_blocks:
                return None
            elif word in _ENDS:
                if open_blocks[-1].word != _ENDS[word]:
                    return None
                open_blocks.pop().end = paragraph
            else:
                open_blocks[-1].branches.append((f"{word} {rest}".strip(), paragraph, []))
    return _with_headings(top) if not open_blocks else None


def _balanced(tags: list[tuple[str, str]]) -> bool:
    opened = [word for word, _rest in tags if word in _ENDS.values()]
    ended = [_ENDS[word] for word, _rest in tags if word in _ENDS]
    return sorted(opened) == sorted(ended)


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style.get(f"{W}val", "") if style is not None else ""


def _with_headings(entries: list[_Entry]) -> list[_Entry]:
    """Without blocks, and last branches of them, that hold no heading; what is set stays: a block may ask for it."""
    kept: list[_Entry] = []
    for one in entries:
        if isinstance(one, _Block):
            branches = [(tag, paragraph, _with_headings(inner)) for tag, paragraph, inner in one.branches]
            while branches and not any(isinstance(each, _Heading | _Block) for each in branches[-1][2]):
                branches.pop()
            if not branches:
                continue
            one.branches = branches
        kept.append(one)
    return kept


def _said(entries: list[_Entry]) -> list[tuple[str, str]]:
    """What the table is to say: tags, and lines with the bookmark they lead to."""
    said: list[tuple[str, str]] = []
    for one in entries:
        if isinstance(one, _Heading):
            names = [mark.get(f"{W}name", "") for mark in one.bookmarks]
            said.append((next((name for name in names if _NAME.fullmatch(name)), ""), one.paragraph.text.strip()))
        elif isinstance(one, _Set):
            said.append(("tag", one.tag))
        else:
            for tag, _paragraph, inner in one.branches:
                said += [("tag", tag), *_said(inner)]
            said.append(("tag", f"end{one.word}"))
    return said


def _there(found: _Field) -> list[tuple[str, str]]:
    """What the table in the file says, in the same form."""
    there: list[tuple[str, str]] = []
    for paragraph in found.paragraphs:
        text = "".join(node.text or "" for node in _before_fields(paragraph)).strip()
        link = paragraph.find(f"{W}hyperlink")
        if link is not None:
            there.append((link.get(f"{W}anchor", ""), text))
        elif text:
            tag = _BLOCK.fullmatch(text)
            there.append(("tag", f"{tag[1]} {tag[2].strip()}".strip()) if tag else ("", text))
    return there


def _before_fields(paragraph: Any) -> Iterator[Any]:
    for node in paragraph.iter(f"{W}t", f"{W}fldChar"):
        if node.tag == f"{W}fldChar":
            return
        yield node


def _write(found: _Field, entries: list[_Entry], styles: Styles, numbers: dict[Any, int]) -> None:
    first, last = found.paragraphs[0], found.paragraphs[-1]
    looks = {_style(one): one.find(f"{W}pPr") for one in reversed(found.paragraphs) if one.find(f"{W}pPr") is not None}
    made = [_paragraph(_TINY + _begin(found.instruction)), *_lines(entries, styles, looks, numbers)]
    end = _paragraph(f'{_TINY}<w:r>{_SMALL}<w:fldChar w:fldCharType="end"/></w:r>')
    for following in _after(found.end, last):
        end.append(following)
    numbers[made[0]], numbers[end] = numbers[first], numbers[last]
    for paragraph in [*made, end]:
        first.addprevious(paragraph)
    for paragraph in found.paragraphs:
        paragraph.getparent().remove(paragraph)


def _begin(instruction: str) -> str:
    """The field's beginning; Word brings what is dirty up to date when it opens the document."""
    return (
        f'<w:r>{_SMALL}<w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        f'<w:r>{_SMALL}<w:instrText xml:space="preserve">{_escaped(instruction)}</w:instrText></w:r>'
        f'<w:r>{_SMALL}<w:fldChar w:fldCharType="separate"/></w:r>'
    )


def _after(end: Any, last: Any) -> list[Any]:
    """What stands in the last paragraph after the field, such as the break to the next page."""
    run = next(one for one in (end, *end.iterancestors()) if one.getparent() is last)
    return list(run.itersiblings())


def _lines(entries: list[_Entry], styles: Styles, looks: dict[str, Any], numbers: dict[Any, int]) -> Iterator[Any]:
    def tag(text: str, source: Paragraph) -> Any:
        made = _paragraph(f"<w:r><w:t>{{%p {_escaped(text)} %}}</w:t></w:r>")
        numbers[made] = source.place.paragraph or 1
        return made

    for one in entries:
        if isinstance(one, _Heading):
            made = _line(one, styles, looks)
            numbers[made] = one.paragraph.place.paragraph or 1
            yield made
        elif isinstance(one, _Set):
            yield tag(one.tag, one.paragraph)
        else:
            for text, paragraph, inner in one.branches:
                yield tag(text, paragraph)
                yield from _lines(inner, styles, looks, numbers)
            yield tag(f"end{one.word}", one.end or one.branches[0][1])


def _line(heading: _Heading, styles: Styles, looks: dict[str, Any]) -> Any:
    """The line of a heading; the heading gets the bookmark that the line leads to."""
    _mark(heading)
    style = styles.contents.get(heading.level, "")
    look = deepcopy(looks.get(style))
    if look is None:
        look = parse_xml(f"<w:pPr {_NAMESPACE}>{f'<w:pStyle w:val={_quoted(style)}/>' if style else ''}</w:pPr>")
    run = "<w:rPr><w:rtl/></w:rPr>" if look.find(f"{W}bidi") is not None else ""
    made = _paragraph(
        f'<w:hyperlink w:anchor="{_LINE}" w:history="1">'
        f'<w:r>{run}<w:t xml:space="preserve">{_escaped(heading.paragraph.text.strip())}</w:t></w:r>'
        f'<w:r>{run}<w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> PAGEREF {_LINE} \\h </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        "</w:hyperlink>"
    )
    made.insert(0, look)
    return made


def _mark(heading: _Heading) -> None:
    """One bookmark around the heading in place of those that tables of contents left there before."""
    element = heading.paragraph.element
    gone = {one.get(f"{W}id") for one in heading.bookmarks if one.get(f"{W}name", "").startswith("_Toc")}
    for one in [*element.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")]:
        if one.get(f"{W}id") in gone:
            one.getparent().remove(one)
    start = parse_xml(f'<w:bookmarkStart {_NAMESPACE} w:id="{_HEADING}" w:name="{_HEADING}"/>')
    element.insert(1 if element.find(f"{W}pPr") is not None else 0, start)
    element.append(parse_xml(f'<w:bookmarkEnd {_NAMESPACE} w:id="{_HEADING}"/>'))


def _paragraph(inner: str) -> Any:
    return parse_xml(f"<w:p {_NAMESPACE}>{inner}</w:p>")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(text: str) -> str:
    return f'"{_escaped(text).replace(chr(34), "&quot;")}"'
