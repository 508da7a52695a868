"""What is made of a Word file: sections from headings, and a list of everything that was not taken over. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from auditkit.base.errors import BadInput
from auditkit.base.events import event
from auditkit.base.text import N_, _
from auditkit.policies.rules.documents import MAX_TEXT, MAX_TITLE
from auditkit.policies.rules.sections import MOST_SECTIONS

IMPORTED = event("policy:imported", N_("Document imported from a Word file"))

MOST_BYTES = 20 * 1024 * 1024
EXAMPLES = 3
LONGEST_EXAMPLE = 120


class Lost(StrEnum):
    """What a draft cannot hold, or holds in another shape."""

    PICTURES = "pictures"
    TABLES = "tables"
    TEXT_BOXES = "text-boxes"
    FOOTNOTES = "footnotes"
    COMMENTS = "comments"
    DELETED = "deleted"
    INSERTED = "inserted"
    HEADERS = "headers"
    EQUATIONS = "equations"
    EMBEDDED = "embedded"
    OUTSIDE = "outside"
    CONTENTS = "contents"
    SPLIT = "split"
    STYLES = "styles"


LOST_TITLES = {
    Lost.PICTURES: N_("Pictures: not taken over"),
    Lost.TABLES: N_("Tables: each row became a point of a list"),
    Lost.TEXT_BOXES: N_("Text boxes: not taken over"),
    Lost.FOOTNOTES: N_("Footnotes and endnotes: not taken over"),
    Lost.COMMENTS: N_("Comments: not taken over"),
    Lost.DELETED: N_("Tracked changes, deleted text: left out"),
    Lost.INSERTED: N_("Tracked changes, inserted text: taken over as text"),
    Lost.HEADERS: N_("Headers and footers: not taken over"),
    Lost.EQUATIONS: N_("Equations: not taken over"),
    Lost.EMBEDDED: N_("Embedded files: not taken over"),
    Lost.OUTSIDE: N_("Contents from elsewhere: not fetched"),
    Lost.CONTENTS: N_("Table of contents: left out, the sections stand on the page"),
    Lost.SPLIT: N_("Sections longer than a section may be: divided into several"),
    Lost.STYLES: N_("Italics, underlining and colours: the words were taken over without them"),
}


class WordRefused(BadInput):
    """`reason` is the sentence of the documents' checks."""

    message = N_("%(file)s: %(reason)s")


class FileTooLarge(BadInput):
    message = N_("%(file)s is larger than %(mebibytes)s MiB. Make its pictures smaller, they are not taken over anyway")


class NoText(BadInput):
    message = N_("%(file)s has no text that could be taken over. Pictures of text cannot be read")


class TooManySectionsInFile(BadInput):
    message = N_("The file has %(count)s headings of the highest level; a document has at most %(most)s sections")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the file: level of a heading (0: none), Markdown, and its words without marks."""

    level: int
    markdown: str
    words: str
    is_title: bool = False
    in_list: bool = False


@dataclass
class LeftOut:
    """What was not taken over as it was: how many, and how some of them begin."""

    counts: dict[Lost, int] = field(default_factory=dict)
    examples: dict[Lost, list[str]] = field(default_factory=dict)

    def note(self, what: Lost, example: str = "") -> None:
        """One more."""
        self.counts[what] = self.counts.get(what, 0) + 1
        shown = self.examples.setdefault(what, [])
        example = " ".join(example.split())
        if example and len(shown) < EXAMPLES:
            shown.append(example[:LONGEST_EXAMPLE])

    def plain(self) -> list[dict[str, object]]:
        """For JSON, in the order of `Lost`."""
        return [
            {"what": what.value, "count": self.counts[what], "examples": self.examples.get(what, [])}
            for what in Lost
            if what in self.counts
        ]


@dataclass(frozen=True)
class Taken:
    """A file as a draft: title, sections (heading, Markdown), and what was left out."""

    title: str
    sections: tuple[tuple[str, str], ...]
    left_out: tuple[dict[str, object], ...]


def sections_of(paragraphs: Sequence[Paragraph], name: str, left_out: LeftOut) -> Taken:
    """Paragraphs as sections, one for each heading of the highest level; `name` is the title where the file has none.

    Raises NoText, TooManySectionsInFile.
    """
    if not any(one.words.strip() for one in paragraphs):
        raise NoText(file=name)
    title, rest = _title(paragraphs, name)
    levels = [one.level for one in rest if one.level]
    top = min(levels, default=0)
    found: list[tuple[str, list[Paragraph]]] = []
    for one in rest:
        if one.level and one.level == top:
            found.append((one.words[:MAX_TITLE], []))
        elif found:
            found[-1][1].append(one)
        elif one.words.strip():
            found.append((_("Introduction") if top else title, [one]))
    whole = [part for heading, body in found for part in _parts(heading, body, top, left_out)]
    if len(whole) > MOST_SECTIONS:
        raise TooManySectionsInFile(count=len(whole), most=MOST_SECTIONS)
    return Taken(title, tuple(whole), tuple(left_out.plain()))


def _title(paragraphs: Sequence[Paragraph], name: str) -> tuple[str, list[Paragraph]]:
    """The title: a paragraph in the style for it, else a single highest heading before all others, else the name."""
    titles = [one for one in paragraphs if one.is_title and one.words.strip()]
    if titles:
        # A second paragraph in that style is text all the same.
        rest = [one for one in paragraphs if one is not titles[0]]
        return titles[0].words[:MAX_TITLE], rest
    headings = [one for one in paragraphs if one.level]
    if len(headings) > 1 and all(one.level > headings[0].level for one in headings[1:]):
        first = next(one for one in paragraphs if one.words.strip())
        if first is headings[0]:
            return first.words[:MAX_TITLE], [one for one in paragraphs if one is not first]
    return name[:MAX_TITLE], list(paragraphs)


def _parts(heading: str, body: Sequence[Paragraph], top: int, left_out: LeftOut) -> Iterator[tuple[str, str]]:
    text = _joined(body, top)
    pieces = list(_cut(text))
    if len(pieces) > 1:
        left_out.note(Lost.SPLIT, heading)
    for number, piece in enumerate(pieces, 1):
        yield heading if number == 1 else f"{heading[: MAX_TITLE - 8]} ({number})", piece


def _joined(body: Sequence[Paragraph], top: int) -> str:
    said = ""
    before = False
    for one in body:
        if not one.markdown.strip():
            continue
        marked = f"{'#' * min(2 + one.level - top, 6)} {one.markdown}" if one.level else one.markdown
        said += ("\n" if before and one.in_list else "\n\n") + marked if said else marked
        before = one.in_list
    return said


def _cut(text: str) -> Iterator[str]:
    """A text in pieces that fit a section, between paragraphs where possible."""
    rest = text
    while len(rest) > MAX_TEXT:
        at = rest.rfind("\n\n", 0, MAX_TEXT)
        at = at if at > 0 else rest.rfind(" ", 0, MAX_TEXT)
        at = at if at > 0 else MAX_TEXT
        yield rest[:at].strip()
        rest = rest[at:].strip()
    yield rest
