"""What the search index keeps of a complaint, and what a search box asks it for."""

import itertools
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


# In Persian one word may be written in one, with a half-space, or with a space between its parts. A half-space is
# indexed as all three; parts of words that are usual apart are also indexed joined to their word, and the words of a
# name to each other. What is typed with a space is also looked for joined.
_HALF_SPACED = re.compile(r"[^\W_]+(?:\u200c+[^\W_]+)+")
_BEFORE = frozenset(("می", "نمی"))
_AFTER = frozenset(("ها", "های", "هایی", "تر", "ترین", "ام", "ات", "اش", "ای", "اند", "ایم"))
_ARABIC_SCRIPT = re.compile(r"[\u0620-\u06ff]+")


def _parts(text: str) -> list[str]:
    """The parts of words that are written with a half-space."""
    if "\u200c" not in text:
        return []
    return [part for word in _HALF_SPACED.findall(text) for part in _words(_folded(word.replace("\u200c", " ")))]


def _joined(found: list[str], *, all_pairs: bool) -> list[str]:
    """Neighbouring words of Arabic script written in one, where one of them is a part that belongs to the other."""
    if not all_pairs and _BEFORE.isdisjoint(found) and _AFTER.isdisjoint(found):
        return []
    return [
        one + other
        for one, other in itertools.pairwise(found)
        if (all_pairs or one in _BEFORE or other in _AFTER)
        and _ARABIC_SCRIPT.fullmatch(one)
        and _ARABIC_SCRIPT.fullmatch(other)
    ]


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
    said = "\n".join(texts)
    text = _folded(said)
    own = _words(fold(reference))
    found = ["".join(own), own[-1], own[-1].lstrip("0"), *_words(text)]
    if not said.isascii():
        found += [*_parts(said), *_joined(found, all_pairs=False)]
    if _PERHAPS_NUMBERED.search(text):
        found += ("".join(parts) for parts in _NUMBERED.findall(text))
    who = "\n".join(identity)
    named = _words(_folded(who))
    if not who.isascii():
        named += [*_parts(who), *_joined(named, all_pairs=True)]
    marked = _marked(organisation_id, _OPEN_MARK, found)
    return f"{marked} {_marked(organisation_id, _IDENTITY_MARK, named)}" if named else marked


def wanted_words(organisation_id: int, typed: str, *, identity: bool) -> list[tuple[str, ...]]:
    """What a search box asks for: for each word the forms of which one must be there; the last word is a beginning.

    `identity` says whether words of a complainant's identity may be found. Empty when nothing was typed; words after
    the twelfth are left out.
    """
    marks = (_OPEN_MARK, _IDENTITY_MARK) if identity else (_OPEN_MARK,)
    words = list(dict.fromkeys(_WORD.findall(_NUMBERED.sub(r"\1\2\3", _folded(typed)))))[:_MOST_WORDS]
    forms: dict[str, list[str]] = {word: [word] for word in words}
    for one, other in itertools.pairwise(words):
        for joined in _joined([one, other], all_pairs=True):  # each or both in one: (a or ab) and (b or ab)
            forms[one].append(joined)
            forms[other].append(joined)
    return [
        tuple(f"{organisation_id}{mark}{form[:_LONGEST_WORD]}" for form in forms[word] for mark in marks)
        for word in words
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
