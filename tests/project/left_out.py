"""Which visible texts of a page did not go through gettext: those a page in the pseudo-locale shows without brackets.

Excepted is what is no text of ours: elements with translate="no" (names, numbers, references), with a `lang` of their
own (content in its own language), or with dir="auto" (what people wrote), and words that stand in such an element.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache

from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, Tag
from pydantic import BaseModel

SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "data-label", "data-done", "data-confirm")
SILENT = ("script", "style", "template")
# A sentence of ours may go on in an element, as round an example in its own direction, and end behind it
_BRACKETED = re.compile(r"⟦[^⟦⟧]*(?:⟧|$)|^[^⟦⟧]*⟧")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_DAY = re.compile(r"\b\d{1,2} [A-Z][a-z]{2,3} \d{4}\b")
LONG = 25  # characters: what is shorter could be a word of ours that people use too
UNITS = frozenset({"UTC", "auditkit"})


def left_out(html: str | BeautifulSoup, data: Iterable[str] = (), written: str = "") -> list[str]:
    """The texts of the page with letters outside the pseudo-locale's brackets.

    `data` are known values of records; `written` is everything people wrote, of which pages may show long parts.
    """
    soup = html if isinstance(html, BeautifulSoup) else BeautifulSoup(html, "html.parser")
    marked = {_folded(tag.get_text(" ")) for tag in soup.find_all(_is_data)} - {""}
    known = sorted((*_known(frozenset(data)), *marked), key=len, reverse=True)
    return sorted({text for text in _shown(soup) if _has_letters(text, known, written)})


@lru_cache(maxsize=4)
def _known(data: frozenset[str]) -> list[str]:
    """Thousands, the same for every page."""
    return sorted({*map(_folded, data)} - {""}, key=len, reverse=True)


def written_in(values: Iterable[object], ours: Iterable[str]) -> tuple[set[str], str]:
    """What stands in records: values that are no word of ours (`ours`: all our texts), and all of it in one text."""
    words = {word.casefold() for text in ours for word in text.split()}
    texts = {_folded(text) for value in values for text in _strings(value)}
    lines = {_folded(line) for value in values for text in _strings(value) for line in text.splitlines()}
    foreign = {text for text in texts | lines if re.search(r"[\s\d]", text) or text.casefold() not in words}
    return foreign, "\n".join(sorted(texts))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from _strings(value.model_dump(mode="json"))
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _strings([getattr(value, one.name) for one in fields(value)])
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _shown(soup: BeautifulSoup) -> Iterator[str]:
    for node in soup.find_all(string=True):
        if isinstance(node, NavigableString) and not isinstance(node, Comment | Doctype) and not _excepted(node.parent):
            yield _folded(node)
    for tag in soup.find_all(True):
        if tag.name in SILENT or _excepted(tag):
            continue
        names = (*SPOKEN, "value") if tag.name == "input" and tag.get("type") in ("submit", "button") else SPOKEN
        yield from (_folded(str(tag[name])) for name in names if tag.has_attr(name))


def _is_data(tag: Tag) -> bool:
    if tag.name in ("html", "body"):
        return False
    return tag.get("translate") == "no" or tag.has_attr("lang") or tag.get("dir") == "auto"


def _excepted(tag: Tag | None) -> bool:
    while tag is not None:
        if tag.name in SILENT or _is_data(tag):
            return True
        tag = tag.parent
    return False


def _has_letters(text: str, known: list[str], written: str) -> bool:
    before = ""
    while before != text:
        before, text = text, _BRACKETED.sub(" ", text)
    text = _DAY.sub(" ", text)
    if not _LETTERS.search(text):
        return False
    if len(text.strip(" …")) > LONG and text.strip(" …") in written:
        return False
    for word in known:
        if len(word) > 1:
            text = text.replace(word, " ")
    return any(found not in UNITS for found in _LETTERS.findall(text))


def _folded(text: str) -> str:
    return " ".join(text.split())
