"""Pages as trees, quickly: half the time of the suite went into Python's HTML parser, which reads letter by letter.

Pages of ours are regular, so one pattern cuts them into tags and texts, and Beautiful Soup builds the same tree from
these as it would by itself. What the pattern does not know, however little, goes to Python's parser as a whole.
`test_markup.py` compares the two.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import Literal, NamedTuple

from bs4 import BeautifulSoup, Comment, Doctype
from bs4.builder import HTMLParserTreeBuilder

_ATTRIBUTE = r"""\s+([^\s"'<>/=]++)(?:=(?:"([^"]*+)"|'([^']*+)'))?"""
_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9-]*+)((?:{_ATTRIBUTE})*+)\s*+(/?)>")
_END = re.compile(r"</([a-zA-Z][a-zA-Z0-9-]*+)\s*+>")
_ONE = re.compile(_ATTRIBUTE)
_KNOWN = re.compile(r"&(?:amp|lt|gt|quot|#3[49]);")
RAW = ("script", "style")
"""Elements whose content is text, whatever stands in it."""

Kind = Literal["open", "closed", "end", "text", "comment", "doctype"]


class Token(NamedTuple):
    """A piece of a page: `closed` is a tag like `<path/>`, `text` of a tag is its name."""

    kind: Kind
    text: str
    attributes: tuple[tuple[str, str | None], ...] = ()


class Unusual(Exception):
    """Something stands in the page that only Python's parser reads rightly."""


@lru_cache(maxsize=8)
def cut(html: str) -> tuple[Token, ...] | None:
    """The page in pieces, or None where something unusual stands in it."""
    try:
        return tuple(_tokens(html))
    except Unusual:
        return None


def _tokens(html: str) -> Iterator[Token]:
    at, length = 0, len(html)
    while at < length:
        start = html.find("<", at)
        start = length if start < 0 else start
        if start > at:
            yield Token("text", _text(html[at:start]))
        if start == length:
            return
        if end := _END.match(html, start):
            yield Token("end", end[1].lower())
            at = end.end()
        elif tag := _TAG.match(html, start):
            token = Token("closed" if tag[6] else "open", tag[1].lower(), _attributes(tag[2]))
            yield token
            at = tag.end()
            if token.text in RAW and token.kind == "open":
                close = html.find(f"</{token.text}>", at)
                if close < 0 or "</" in html[at:close]:
                    raise Unusual
                if close > at:
                    yield Token("text", html[at:close])
                at = close
        elif html.startswith("<!--", start) and (close := html.find("-->", start + 4)) > 0:
            yield Token("comment", html[start + 4 : close])
            at = close + 3
        elif html[start : start + 10].lower() == "<!doctype " and (close := html.find(">", start)) > 0:
            yield Token("doctype", html[start + 10 : close])
            at = close + 1
        else:
            raise Unusual


def _text(text: str) -> str:
    if "&" not in text:
        return text
    if text.count("&") != len(_KNOWN.findall(text)):
        raise Unusual
    return unescape(text)


def _attributes(text: str) -> tuple[tuple[str, str | None], ...]:
    found: list[tuple[str, str | None]] = []
    for one in _ONE.finditer(text):
        value = one[2] if one[2] is not None else one[3]
        found.append((one[1].lower(), unescape(value) if value and "&" in value else value))
    return tuple(found)


class _Builder(HTMLParserTreeBuilder):
    """Beautiful Soup's own builder for Python's parser, fed with pieces where a page is regular."""

    def feed(self, markup: str) -> None:  # type: ignore[override]  # pages are text by now
        tokens = cut(markup)
        if tokens is None:
            super().feed(markup)
            return
        soup, empty = self.soup, self.empty_element_tags or ()
        for kind, text, attributes in tokens:
            if kind == "text":
                soup.handle_data(text)
            elif kind == "end":
                soup.handle_endtag(text)
            elif kind in ("comment", "doctype"):
                soup.endData()
                soup.handle_data(text)
                soup.endData(Comment if kind == "comment" else Doctype)
            else:
                values = self.attribute_dict_class((name, value or "") for name, value in attributes)
                soup.handle_starttag(text, None, None, values)
                if kind == "closed" or text in empty:
                    soup.handle_endtag(text)


def tree(html: str) -> BeautifulSoup:
    """The page as `BeautifulSoup(html, "html.parser")` makes it."""
    return BeautifulSoup(html, builder=_Builder())
