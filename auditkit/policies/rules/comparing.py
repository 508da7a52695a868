"""What differs between two texts, word by word. Pure; tests/rules/test_policies_comparing.py.

Words and the blanks between them are compared as they stand, in the order they are written: the direction of the
letters plays no part, so it is right for Persian too. A replaced word is told as taken out and put in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from auditkit.policies.rules.translations import Piece

_TOKEN = re.compile(r"\n+|[^\S\n]+|\w+(?:[\u200c'’\-]\w+)*|[^\w\s]", re.UNICODE)


class Change(StrEnum):
    """What became of a stretch of text, or of a section."""

    SAME = "same"
    IN = "in"
    OUT = "out"
    CHANGED = "changed"


@dataclass(frozen=True)
class Stretch:
    """A run of words that share a fate."""

    change: Change
    text: str


@dataclass(frozen=True)
class SectionChange:
    """A section of either version: its heading and text with what changed."""

    id: str
    change: Change
    title: tuple[Stretch, ...]
    text: tuple[Stretch, ...]
    moved: bool


def words(text: str) -> list[str]:
    """Words, single marks and blanks; together they are the text."""
    return _TOKEN.findall(text)


def compare(old: str, new: str) -> tuple[Stretch, ...]:
    """The stretches from `old` to `new`: what is same or out gives `old`, what is same or in gives `new`."""
    one, other = words(old), words(new)
    found: list[Stretch] = []
    for what, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Stretch(Change.SAME, "".join(one[a:b])))
            continue
        if b > a:
            found.append(Stretch(Change.OUT, "".join(one[a:b])))
        if d > c:
            found.append(Stretch(Change.IN, "".join(other[c:d])))
    return tuple(_calmed(found))


def _calmed(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Blanks alone between two changes belong to them: "old words" -> "new text" is one change, not three."""
    found = list(stretches)
    at = 0
    while at < len(found):
        out, into = "", ""
        while at < len(found) and (
            found[at].change is not Change.SAME
            or (
                (out or into)
                and found[at].text.strip(" ") == ""
                and at + 1 < len(found)
                and found[at + 1].change is not Change.SAME
            )
        ):
            one = found[at]
            out += one.text if one.change is not Change.IN else ""
            into += one.text if one.change is not Change.OUT else ""
            at += 1
        if out:
            yield Stretch(Change.OUT, out)
        if into:
            yield Stretch(Change.IN, into)
        if at < len(found):
            yield found[at]
            at += 1


def compare_sections(old: Sequence[Piece], new: Sequence[Piece]) -> list[SectionChange]:
    """Every section of either, in the order of `new`; one taken out stands where it stood."""
    before = {one.id: one for one in old}
    now = {one.id for one in new}
    stay_old = [one.id for one in old if one.id in now]
    stay_new = [one.id for one in new if one.id in before]
    kept = _unmoved(stay_old, stay_new)
    found: list[SectionChange] = []
    gone = [one for one in old if one.id not in now]
    for one in new:
        while gone and _comes_before(old, gone[0].id, one.id, before):
            found.append(_gone(gone.pop(0)))
        was = before.get(one.id)
        if was is None:
            found.append(SectionChange(one.id, Change.IN, compare("", one.title), compare("", one.text), False))
            continue
        title, text = compare(was.title, one.title), compare(was.text, one.text)
        changed = was.title != one.title or was.text != one.text
        found.append(SectionChange(one.id, Change.CHANGED if changed else Change.SAME, title, text, one.id not in kept))
    return [*found, *(_gone(one) for one in gone)]


def _unmoved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {name for block in blocks for name in old[block.a : block.a + block.size]}


def _comes_before(old: Sequence[Piece], gone: str, one: str, before: dict[str, Piece]) -> bool:
    order = [piece.id for piece in old]
    return one in before and order.index(gone) < order.index(one)


def _gone(one: Piece) -> SectionChange:
    return SectionChange(one.id, Change.OUT, compare(one.title, ""), compare(one.text, ""), False)
