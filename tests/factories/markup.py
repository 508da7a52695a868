"""Pages as trees, quickly: half the time of the suite went into Python's HTML parser, which reads letter by letter.

Pages of ours are regular, so one pattern cuts them into tags and texts, and of these the tree is put together that
Beautiful Soup would make. Most tags stand on every page, and are read once. What the pattern does not know, however
little, goes to Python's parser as a whole. `test_markup.py` compares the two, element by element.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import Any, Literal, NamedTuple

from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, Tag
from bs4.builder import HTMLParserTreeBuilder
from bs4.element import PageElement

_ATTRIBUTE = r"""\s+([^\s"'<>/=]++)(?:=(?:"([^"]*+)"|'([^']*+)'))?"""
_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9-]*+)((?:{_ATTRIBUTE})*+)\s*+(/?)>")
_END = re.compile(r"</([a-zA-Z][a-zA-Z0-9-]*+)\s*+>")
_ONE = re.compile(_ATTRIBUTE)
_KNOWN = re.compile(r"&(?:amp|lt|gt|quot|#3[49]);")
RAW = ("script", "style")
"""Elements whose content is text, whatever stands in it."""

Kind = Literal["open", "closed", "end", "text", "comment", "doctype"]


class Token(NamedTuple):
    """A piece of a page: `closed` is a tag like `<path/>`, `text` of a tag is its name, `written` what stands there."""

    kind: Kind
    text: str
    attributes: tuple[tuple[str, str | None], ...] = ()
    written: str = ""


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
        elif token := _tag(html[start : html.find(">", start) + 1]) or _tag_with_more(html, start):
            yield token
            at = start + len(token.written)
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


@lru_cache(maxsize=20_000)
def _tag(written: str) -> Token | None:
    tag = _TAG.fullmatch(written)
    return Token("closed" if tag[6] else "open", tag[1].lower(), _attributes(tag[2]), written) if tag else None


def _tag_with_more(html: str, start: int) -> Token | None:
    """A tag with a `>` in a value."""
    tag = _TAG.match(html, start)
    return _tag(tag[0]) if tag else None


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
        else:
            _Growing(self.soup, self).feed(tokens)


class _Growing:
    """A tree under way: what Beautiful Soup does for each tag by way of many calls, done by setting attributes."""

    def __init__(self, soup: Any, builder: _Builder) -> None:
        self.builder = builder
        self.soup = soup
        self.open: list[Any] = [soup]
        self.count: dict[str, int] = {}
        self.last: Any = None
        self.keeping: list[Any] = []  # open elements whose white space counts
        self.holding: list[Any] = []  # open elements whose texts are of a class of their own

    def feed(self, tokens: tuple[Token, ...]) -> None:
        """The whole page."""
        empty = self.builder.empty_element_tags or ()
        for token in tokens:
            kind, text = token.kind, token.text
            if kind == "text":
                holder = self.builder.string_containers.get(self.holding[-1].name) if self.holding else None
                self._add_text(text, holder or NavigableString)
            elif kind == "end":
                self._close(text)
            elif kind == "comment":
                self._add_text(text, Comment)
            elif kind == "doctype":
                self._add_text(text, Doctype)
            else:
                self._open(token)
                if kind == "closed" or text in empty:
                    self._close(text)

    def _placed(self, element: PageElement, values: dict[str, Any]) -> None:
        parent, last = self.open[-1], self.last
        before = parent.contents[-1] if parent.contents else None
        values["parent"], values["previous_element"], values["previous_sibling"] = parent, last, before
        values["next_element"] = values["next_sibling"] = None
        element.__dict__ = values
        if last is not None:
            last.next_element = element
        if before is not None:
            before.next_sibling = element
        parent.contents.append(element)
        self.last = element

    def _add_text(self, text: str, kind: type[NavigableString]) -> None:
        if not self.keeping and not text.strip(BeautifulSoup.ASCII_SPACES):
            text = "\n" if "\n" in text else " "
        self._placed(str.__new__(kind, text), {"hidden": False})

    def _open(self, token: Token) -> None:
        name = token.text
        values = _values_of(name).copy()
        values["attrs"], values["contents"] = self._attributes(token), []
        tag = Tag.__new__(Tag)
        self._placed(tag, values)
        if name == "meta":
            self.builder.set_up_substitutions(tag)
        self.open.append(tag)
        self.count[name] = self.count.get(name, 0) + 1
        if name in self.builder.preserve_whitespace_tags:
            self.keeping.append(tag)
        if name in self.builder.string_containers:
            self.holding.append(tag)

    def _attributes(self, token: Token) -> dict[str, Any]:
        values, lists = _attributes_of(token.text, token.written)
        attributes = self.builder.attribute_dict_class(values)
        for name in lists:
            dict.__setitem__(attributes, name, self.builder.attribute_value_list_class(values[name]))
        return attributes

    def _close(self, name: str) -> None:
        while self.count.get(name):
            tag = self.open.pop()
            self.count[tag.name] -= 1
            for stack in (self.keeping, self.holding):
                if stack and stack[-1] is tag:
                    stack.pop()
            if tag.name == name:
                return


@lru_cache(maxsize=200)
def _values_of(name: str) -> dict[str, Any]:
    """What every tag of this name has in common."""
    empty = BeautifulSoup("", builder=HTMLParserTreeBuilder())
    return vars(Tag(empty, empty.builder, name, None, None, {}))


@lru_cache(maxsize=20_000)
def _attributes_of(name: str, written: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The attributes of a tag as Beautiful Soup reads them, and those of them that are lists."""
    token = _tag(written)
    assert token is not None
    builder = HTMLParserTreeBuilder()
    values = {one: value or "" for one, value in token.attributes}
    read = dict(builder._replace_cdata_list_attribute_values(name, builder.attribute_dict_class(values)))
    return read, tuple(one for one, value in read.items() if isinstance(value, list))


def tree(html: str) -> BeautifulSoup:
    """The page as `BeautifulSoup(html, "html.parser")` makes it."""
    return BeautifulSoup(html, builder=_Builder())
