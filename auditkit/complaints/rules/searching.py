"""What the search index keeps of a complaint, and what a search box asks it for."""

import re
from collections.abc import Iterable

from auditkit.base.folding import fold

# Search words carry whose they are, so that one index serves all organisations and a search never walks another's
# records; words of a complainant's identity carry another mark, so that only those who may know it can find by it.
_OPEN_MARK = "·"
_IDENTITY_MARK = "¤"
_LONGEST_WORD = 64
_MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"\b([^\W\d_]+)-(\d{4})-(\d+)\b")


def _folded(text: str) -> str:
    # Folding would make letters of the numero sign and glue them to the number: №4512 is to be found by 4512.
    return fold(text.replace("№", " "))


# Importing asks for the words of hundreds of thousands of rows: plain text is split without a regular expression.
_SPLITTING = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)) + bytes(128)
_PERHAPS_NUMBERED = re.compile(r"-\d{4}-\d")


def _words(folded: str) -> list[str]:
    if folded.isascii():
        return folded.encode("ascii").translate(_SPLITTING).decode("ascii").split()
    return _WORD.findall(folded)


def _marked(organisation_id: int, mark: str, found: Iterable[str]) -> str:
    """Each of the words once, cut, and with its mark in front."""
    words: Iterable[str] = dict.fromkeys(found)
    if max(map(len, words), default=0) > _LONGEST_WORD:
        words = [word[:_LONGEST_WORD] for word in words]
    prefix = f"{organisation_id}{mark}"
    return prefix + f" {prefix}".join(words)


def search_words(organisation_id: int, reference: str, texts: Iterable[str], identity: Iterable[str]) -> str:
    """What the search index stores of a complaint: its folded words, once each, with their marks.

    `texts` are the fields of SEARCHED in any order, `identity` those of SEARCHED_IDENTITY. A number such as
    C-2026-000123 is one word; our own is also found by its last part, with and without its zeros.
    """
    text = _folded("\n".join(texts))
    own = _words(fold(reference))
    found = ["".join(own), own[-1], own[-1].lstrip("0"), *_words(text)]
    if _PERHAPS_NUMBERED.search(text):
        found += ("".join(parts) for parts in _NUMBERED.findall(text))
    named = _words(_folded("\n".join(identity)))
    marked = _marked(organisation_id, _OPEN_MARK, found)
    return f"{marked} {_marked(organisation_id, _IDENTITY_MARK, named)}" if named else marked


def wanted_words(organisation_id: int, typed: str, *, identity: bool) -> list[tuple[str, ...]]:
    """What a search box asks for: for each word the forms of which one must be there; the last word is a beginning.

    `identity` says whether words of a complainant's identity may be found. Empty when nothing was typed; words after
    the twelfth are left out.
    """
    marks = (_OPEN_MARK, _IDENTITY_MARK) if identity else (_OPEN_MARK,)
    found = dict.fromkeys(_WORD.findall(_NUMBERED.sub(r"\1\2\3", _folded(typed))))
    return [
        tuple(f"{organisation_id}{mark}{word[:_LONGEST_WORD]}" for mark in marks) for word in list(found)[:_MOST_WORDS]
    ]


def identity_words(organisation_id: int, written: str) -> list[tuple[str, ...]]:
    """The marked words of a part of somebody's identity, all of which another's must have to be the same person's."""
    words = dict.fromkeys(_words(_folded(written)))
    return [(f"{organisation_id}{_IDENTITY_MARK}{word[:_LONGEST_WORD]}",) for word in words]


SEARCHED = (
    "external_reference",
    "subject",
    "description",
    "product",
    "category",
    "site",
    "wanted_remedy",
    "source_status",
)
SEARCHED_IDENTITY = ("complainant_name", "complainant_email", "complainant_phone", "complainant_city")
