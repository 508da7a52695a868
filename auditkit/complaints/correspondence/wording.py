"""Letters: their supplied wording in `letters/<language>/<kind>.txt`, their blanks, and filling them in. Pure.

Complaints and disputes are answered by these. A letter to a suggestion, a request, a compliment or a concern lies in a
folder of that name (`letters/<language>/compliment/closing.txt`), or, where it need not tell them apart, in `message`.

A letter has a head and a text:

    subject: We have received your complaint {{ reference }}
    nameless: customer            (stands for {{ complainant }} where no name is known)
    ---
    Dear {{ complainant }},

It can only print the blanks of BLANKS: no conditions, no loops, no calls. What is filled in is text and is never looked
at again, so a tag in a complaint stays a tag. A paragraph with an OPTIONAL blank that has no value is left out; any
other blank without a value is shown as ⟦what is missing⟧, and such a letter cannot be sent. Checked by
tests/rules/test_correspondence_letters.py.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from auditkit.base.text import N_, _
from auditkit.complaints.correspondence.rules import (
    AUTOMATIC,
    BLANK_BEGINS,
    BLANK_ENDS,
    LANGUAGES,
    NEUTRAL,
    SORTS,
    LetterBroken,
    UnknownLetter,
)

BLANKS = {
    "complainant": N_("name of the complainant"),
    "organisation": N_("name of the organisation"),
    "reference": N_("reference of the complaint"),
    "about": N_("what the complaint is about"),
    "received": N_("day the complaint came in"),
    "today": N_("today's date"),
    "handler": N_("name of the person who signs"),
    "due": N_("day of the decision"),
    "new_due": N_("new day of the decision"),
    "reason": N_("reason of the delay"),
    "done": N_("what was done so far"),
    "next": N_("what comes next"),
    "outcome": N_("outcome in words"),
    "decision": N_("decision and its reasons"),
    "remedy": N_("remedy"),
    "further": N_("next steps inside and outside the organisation"),
    "tracking": N_("address of the tracking page"),
    "survey": N_("address of the survey"),
    "reply": N_("your answer to what was written"),
}
AUTOMATIC_BLANKS = ("complainant", "organisation", "reference", "about", "received", "today", "tracking")
"""What is known without a person."""
OPTIONAL = frozenset({"tracking", "remedy", "today"})
FOOT = "foot"
_TAG = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_HEAD_END = "\n---\n"


@dataclass(frozen=True)
class Letter:
    """A letter with its blanks open. `version` 0 is the supplied wording."""

    kind: str
    language: str
    subject: str
    text: str
    nameless: str
    version: int = 0
    sort: str = ""

    @property
    def name(self) -> str:
        """What a message keeps of where it began."""
        kind = f"{self.sort}-{self.kind}" if self.sort else self.kind
        return f"{kind}/{self.language}/{self.version}"


@dataclass(frozen=True)
class Draft:
    """A letter filled in, to be read and changed by a person."""

    subject: str
    text: str
    letter: Letter


def supplied(kind: str, language: str, sort: str = "") -> Letter:
    """The supplied wording; `sort` of `rules.SORTS`. Raises UnknownLetter where there is none in this language."""
    content = _read(language, kind, sort)
    head, _end, text = content.partition(_HEAD_END)
    said = dict(_head(head))
    return Letter(kind, language, said["subject"], text.strip("\n"), said["nameless"], sort=sort)


def languages_of(kind: str, sort: str = "") -> list[str]:
    """The languages that the supplied letter exists in, English first."""
    return [language for language in LANGUAGES if _place(language, kind, sort).is_file()]


def sort_of(kind: str, feedback: str) -> str:
    """Which of `rules.SORTS` the letter of this kind to this kind of feedback is: its own, the neutral one, or ""."""
    if feedback not in SORTS or feedback in ("", NEUTRAL):
        return ""
    return next((sort for sort in (feedback, NEUTRAL) if _place("en", kind, sort).is_file()), "")


def foot(language: str, sign: str) -> str:
    """The lines under a mail that carry the sign of its thread; English where the language has none."""
    known = language if language in LANGUAGES and _place(language, FOOT).is_file() else "en"
    return _read(known, FOOT).strip().replace("{{ sign }}", sign)


def of_own_page(language: str, address: str) -> str:
    """What the supplied letters say of the own page in this language, whatever kind of feedback it is about."""
    paragraphs = re.split(r"\n{2,}", supplied(AUTOMATIC, language).text)
    said = next(one for one in paragraphs if "tracking" in _TAG.findall(one))
    return _filled(said, {"tracking": address})


def check(subject: str, text: str, blanks: Collection[str] = BLANKS) -> None:
    """Whether an own wording has only `blanks`. Raises LetterBroken with the line (the subject is line 0)."""
    for number, line in enumerate([subject, *text.splitlines()]):
        for name in _TAG.findall(line):
            if name not in blanks:
                raise LetterBroken(
                    line=number, what=_("there is no blank “%(name)s”; use %(known)s", name=name, known=tuple(blanks))
                )
        if _LEFTOVER.search(_TAG.sub("", line)):
            raise LetterBroken(line=number, what=_("a blank is written {{ name }}, with two brackets on each side"))


def fill(letter: Letter, values: Mapping[str, str]) -> Draft:
    """The letter with its blanks filled. `values` by name of BLANKS; missing ones are handled as said above."""
    known = {**values, "complainant": values.get("complainant", "").strip() or letter.nameless}
    paragraphs = [
        _filled(paragraph, known)
        for paragraph in re.split(r"\n{2,}", letter.text)
        if not any(name in OPTIONAL and not known.get(name, "").strip() for name in _TAG.findall(paragraph))
    ]
    return Draft(" ".join(_filled(letter.subject, known).split()), "\n\n".join(paragraphs), letter)


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(tag: re.Match[str]) -> str:
        said = values.get(tag[1], "").strip()
        return said or f"{BLANK_BEGINS}{_(BLANKS[tag[1]])}{BLANK_ENDS}"

    return _TAG.sub(value, text)


def _head(head: str) -> Iterator[tuple[str, str]]:
    for line in head.splitlines():
        name, _colon, value = line.partition(":")
        yield name.strip(), value.strip()


def _place(language: str, kind: str, sort: str = "") -> Traversable:
    folder = files("auditkit.complaints.correspondence").joinpath("letters", language)
    return (folder.joinpath(sort) if sort else folder).joinpath(f"{kind}.txt")


@cache
def _read(language: str, kind: str, sort: str = "") -> str:
    if language not in LANGUAGES or sort not in SORTS or not re.fullmatch(r"[a-z]+", kind):
        raise UnknownLetter
    try:
        return _place(language, kind, sort).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnknownLetter from error
