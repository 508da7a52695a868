"""The blanks in a policy text: `{{organisation}}` stands where a fact of the organisation goes.

Pure. No expressions and no conditions, because people write these texts: one rule covers optional facts. A line of a
list, or a paragraph, whose optional blank has no answer is left out whole, so that no half sentence is published.
tests/rules/test_content_blanks.py holds both.
"""

import re
from collections.abc import Mapping

from auditkit.base.errors import RuleBroken
from auditkit.base.text import N_

BLANK = re.compile(r"\{\{ ?([a-z][a-z0-9_]*) ?\}\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}")
_LIST_LINE = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")
# What Markdown or HTML would read as more than text. The answers are typed by people and must come out as typed.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_LEADING = re.compile(r"^(\d+)([.)])|^([-+=])")


class BlankUnanswered(RuleBroken):
    """A required fact is missing, so the text cannot be filled in."""

    message = N_("Answer the question for “%(name)s” first; the text needs it")


def blanks_in(text: str) -> tuple[str, ...]:
    """The names of the blanks in `text`, in order of first use."""
    return tuple(dict.fromkeys(BLANK.findall(text)))


def stray_braces(text: str) -> str | None:
    """A `{{`, `}}` or `{%` that is no part of a well-formed blank, with some text around it; else None."""
    rest = BLANK.sub(lambda match: " " * len(match[0]), text)
    stray = _BRACES.search(rest)
    return text[max(0, stray.start() - 10) : stray.end() + 20].strip() if stray else None


def plain(value: str) -> str:
    """`value` on one line, escaped so that Markdown shows it exactly as typed."""
    line = " ".join(value.split())
    line = _SPECIAL.sub(r"\\\1", line)
    return _LEADING.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", line)


def fill(text: str, answers: Mapping[str, str], required: frozenset[str] | set[str] = frozenset()) -> str:
    """The Markdown of `text` with every blank replaced by its answer.

    `required` names the blanks that must be answered; a list line or paragraph with another, unanswered blank is left
    out. Answers are plain text: they are escaped and put on one line. Raises BlankUnanswered.
    """
    given = {name: plain(value) for name, value in answers.items() if value.strip()}
    for name in blanks_in(text):
        if name in required and name not in given:
            raise BlankUnanswered(name=name)
    blocks = []
    for block in re.split(r"\n[ \t]*\n", text.strip()):
        kept = [unit for unit in _units(block) if all(name in given for name in blanks_in(unit))]
        if kept:
            blocks.append("\n".join(kept))
    return BLANK.sub(lambda match: given[match[1]], "\n\n".join(blocks))


def _units(block: str) -> list[str]:
    """A block split into what stands or falls together: each list line with its continuation, or the paragraph."""
    units: list[str] = []
    for line in block.split("\n"):
        if units and not _LIST_LINE.match(line):
            units[-1] += f"\n{line}"
        else:
            units.append(line)
    return units
