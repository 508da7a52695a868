"""Markdown of policy texts as a flat list of paragraphs, which a Word template loops over and styles.

The words of style are `STYLES`. Strong text stays strong, other emphasis is dropped and its text kept; a table becomes
a paragraph a row; pictures and HTML are not taken over and stand as their text.
Checked by tests/rules/test_documents_markdown.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

STYLES = ("paragraph", "heading", "bullet", "number", "note")


@dataclass(frozen=True)
class Run:
    """A piece of a paragraph; `weight` is `strong` or empty."""

    text: str
    weight: str


@dataclass(frozen=True)
class Block:
    """A paragraph: its style, for `number` the label before it (`1.`), and its pieces."""

    style: str
    label: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The whole paragraph without its label."""
        return "".join(run.text for run in self.runs)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    # `js-default` without HTML: tags a person typed stay visible as text.
    return MarkdownIt("js-default", {"html": False, "linkify": False})


def blocks(markdown: str) -> tuple[Block, ...]:
    """The paragraphs of a text in order; empty ones are left out."""
    return tuple(_blocks(_parser().parse(markdown)))


def _blocks(tokens: "Sequence[Token]") -> Iterator[Block]:
    lists: list[int | None] = []
    quotes, style, first_of_item = 0, "paragraph", False
    row: list[str] = []
    in_row = False
    for token in tokens:
        kind = token.type
        if kind == "bullet_list_open":
            lists.append(None)
        elif kind == "ordered_list_open":
            lists.append(int(token.attrGet("start") or 1) - 1)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif kind == "list_item_open":
            first_of_item = True
            if lists[-1] is not None:
                lists[-1] += 1
        elif kind in ("blockquote_open", "blockquote_close"):
            quotes += 1 if kind.endswith("open") else -1
        elif kind == "heading_open":
            style = "heading"
        elif kind == "heading_close":
            style = "paragraph"
        elif kind == "tr_open":
            in_row, row = True, []
        elif kind == "tr_close":
            in_row = False
            yield Block("paragraph", "", (Run(" — ".join(row), ""),))
        elif kind in ("fence", "code_block") and token.content.strip():
            yield Block("paragraph", "", (Run(token.content.rstrip("\n"), ""),))
        elif kind == "inline":
            runs = _runs(token.children or [])
            if in_row:
                row.append("".join(run.text for run in runs))
            elif runs:
                yield _block(runs, style, lists, quotes, first_of_item)
                first_of_item = False


def _block(runs: tuple[Run, ...], style: str, lists: list[int | None], quotes: int, first_of_item: bool) -> Block:
    if style == "heading":
        return Block("heading", "", runs)
    if lists and first_of_item:
        number = lists[-1]
        return Block("bullet", "", runs) if number is None else Block("number", f"{number}.", runs)
    return Block("note" if quotes else "paragraph", "", runs)


def _runs(children: "Sequence[Token]") -> tuple[Run, ...]:
    """The words of a paragraph; a link keeps its address, since paper cannot be clicked."""
    pieces: list[tuple[str, str]] = []
    strong, target, begin = 0, "", 0
    for child in children:
        text = child.content
        if child.type in ("strong_open", "strong_close"):
            strong += 1 if child.type == "strong_open" else -1
        elif child.type == "link_open":
            target, begin = str(child.attrGet("href") or ""), len(pieces)
        elif child.type == "link_close":
            shown = "".join(piece for piece, _ in pieces[begin:])
            plain = target.removeprefix("mailto:").removeprefix("tel:")
            text = f" ({plain})" if plain and plain not in shown else ""
        elif child.type == "softbreak":
            text = " "
        elif child.type == "hardbreak":
            text = "\n"
        if text:
            pieces.append((text, "strong" if strong else ""))
    return _joined(pieces)


def _joined(pieces: list[tuple[str, str]]) -> tuple[Run, ...]:
    """Neighbours of one weight as one run; nothing at all for blanks only."""
    if not any(text.strip() for text, _ in pieces):
        return ()
    return tuple(
        Run("".join(text for text, _ in group), weight) for weight, group in groupby(pieces, key=lambda piece: piece[1])
    )
