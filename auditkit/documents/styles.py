"""The styles a template names and the direction its text runs in, as Word would resolve them.

A style that is not in the file shows as plain text; a document in Persian whose paragraphs run from left to right has
its full stops at the wrong end. Runs in the child process. Checked by tests/slices/documents/test_documents_linting.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from docx.oxml.parser import parse_xml

from auditkit.documents.faults import WARNING, Fault, Place
from auditkit.documents.package import Member
from auditkit.documents.places import Paragraph, W, paragraphs

STYLES = "styles.xml"
_NAMED = tuple(f"{W}{name}" for name in ("pStyle", "rStyle", "tblStyle"))
_ON = (None, "1", "true", "on")
# Names of Word's own styles, which stay English whatever its language; LibreOffice writes them with capitals.
_OF_LEVEL = re.compile("(heading|toc) ([1-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Styles:
    """Ids of the styles of a file, those of paragraphs that run from right to left, and those of headings."""

    ids: frozenset[str] = frozenset()
    rightward: frozenset[str] = frozenset()
    default_is_rightward: bool = False
    # Id of a heading's style -> its level; level -> id of the style of its line in the table of contents.
    headings: dict[str, int] = field(default_factory=dict)
    contents: dict[int, str] = field(default_factory=dict)


@dataclass
class Look:
    """`faults` hold for any language; `of_direction` only where the document is to run from right to left."""

    faults: list[Fault] = field(default_factory=list)
    of_direction: list[Fault] = field(default_factory=list)


def read(members: list[Member]) -> Styles:
    """The styles of a Word file; of a file without them, none."""
    content = next((one.unpacked() for one in members if one.name.endswith(f"/{STYLES}")), None)
    if content is None:
        return Styles()
    root = parse_xml(content)
    below: dict[str, str | None] = {}
    own: dict[str, bool] = {}
    headings: dict[str, int] = {}
    contents: dict[int, str] = {}
    for style in root.iter(f"{W}style"):
        style_id = style.get(f"{W}styleId", "")
        name = style.find(f"{W}name")
        if name is not None and (built_in := _OF_LEVEL.fullmatch(name.get(f"{W}val", ""))):
            if built_in[1].lower() == "heading":
                headings[style_id] = int(built_in[2])
            else:
                contents[int(built_in[2])] = style_id
        based = style.find(f"{W}basedOn")
        below[style_id] = based.get(f"{W}val") if based is not None else None
        direction = style.find(f"{W}pPr/{W}bidi")
        if direction is not None:
            own[style_id] = _is_on(direction)
    default = root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr/{W}bidi")
    whole = default is not None and _is_on(default)
    rightward = frozenset(one for one in below if _runs(one, below, own, whole))
    return Styles(frozenset(below), rightward, whole, headings, contents)


def _runs(style: str, below: dict[str, str | None], own: dict[str, bool], default: bool) -> bool:
    seen: set[str] = set()
    at: str | None = style
    while at is not None and at not in seen:
        if at in own:
            return own[at]
        seen.add(at)
        at = below.get(at)
    return default


def look(root: Any, part: str, styles: Styles) -> Look:
    """What is wrong with styles and direction below `root`, each kind of fault named once with its first place."""
    found = Look()
    found.faults += _unknown_styles(root, part, styles)
    wrong = [one for one in paragraphs(root, part) if _has_words(one) and not _is_rightward(one, styles)]
    if wrong:
        place = replace(wrong[0].place, tag=wrong[0].text.strip()[:40])
        found.of_direction.append(Fault("not-right-to-left", {"count": len(wrong)}, place, WARNING))
    tables = [one for one in root.iter(f"{W}tbl") if one.find(f"{W}tblPr/{W}bidiVisual") is None]
    if tables:
        found.of_direction.append(Fault("table-not-right-to-left", {"count": len(tables)}, Place(part), WARNING))
    return found


def _unknown_styles(root: Any, part: str, styles: Styles) -> Iterator[Fault]:
    told: set[str] = set()
    for element in root.iter(*_NAMED):
        name = element.get(f"{W}val", "")
        if name not in styles.ids and name not in told:
            told.add(name)
            yield Fault("no-style", {"style": name}, Place(part), WARNING)


def _has_words(paragraph: Paragraph) -> bool:
    """A line with nothing but steering tags does not appear in the document."""
    text = paragraph.text.strip()
    return bool(text) and not (text.startswith("{%") and text.endswith("%}"))


def _is_rightward(paragraph: Paragraph, styles: Styles) -> bool:
    own = paragraph.element.find(f"{W}pPr/{W}bidi")
    if own is not None:
        return _is_on(own)
    style = paragraph.element.find(f"{W}pPr/{W}pStyle")
    if style is None:
        return "Normal" in styles.rightward or styles.default_is_rightward
    return style.get(f"{W}val") in styles.rightward


def _is_on(element: Any) -> bool:
    return element.get(f"{W}val") in _ON
