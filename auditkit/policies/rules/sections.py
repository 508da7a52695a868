"""Sections of a draft: their order, their clauses, a new id. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.policies.rules.documents import NoSuchSection

SECTION_ADDED = event("policy:section-added", N_("Section added to the document"))
SECTION_MOVED = event("policy:section-moved", N_("Section of the document moved"))
SECTION_REMOVED = event("policy:section-removed", N_("Section of the document removed"))

MOST_SECTIONS = 200
Stored = dict[str, Any]


class ClauseUnknown(BadInput):
    message = N_("There is no clause %(clause)s in %(edition)s. Separate clauses with commas, such as 5.3, 7.1")


class TooManySections(RuleBroken):
    message = N_("A document has at most %(most)s sections. Put some together")


class LastSection(RuleBroken):
    message = N_("A document has at least one section. Change this one instead")


def checked_clauses(typed: str, edition: str, known: Collection[str]) -> list[str]:
    """Clauses typed as `5.3, 7.1` in full (`iso10002-2018:5.3`), each once; `known` are full. Raises ClauseUnknown."""
    found: list[str] = []
    for word in re.split(r"[,;\s]+", typed.strip()):
        if not word:
            continue
        full = word if ":" in word else f"{edition}:{word}"
        if full not in known:
            raise ClauseUnknown(clause=word, edition=edition)
        if full not in found:
            found.append(full)
    return found


def new_id(sections: Sequence[Stored], ever: Collection[str] = ()) -> str:
    """An id that no section has or had (`ever`): versions are compared by it."""
    taken = {one["id"] for one in sections} | set(ever)
    number = 1
    while f"own-{number}" in taken:
        number += 1
    return f"own-{number}"


def added(sections: Sequence[Stored], section: Stored, after: str = "") -> list[Stored]:
    """With `section` behind the one called `after`, or at the end. Raises NoSuchSection, TooManySections."""
    if len(sections) >= MOST_SECTIONS:
        raise TooManySections(most=MOST_SECTIONS)
    at = _place(sections, after) + 1 if after else len(sections)
    return [*sections[:at], section, *sections[at:]]


def moved(sections: Sequence[Stored], section_id: str, steps: int) -> list[Stored]:
    """With the section moved by `steps` places (negative: up), not beyond the ends. Raises NoSuchSection."""
    at = _place(sections, section_id)
    rest = [*sections[:at], *sections[at + 1 :]]
    to = max(0, min(len(rest), at + steps))
    return [*rest[:to], sections[at], *rest[to:]]


def removed(sections: Sequence[Stored], section_id: str) -> list[Stored]:
    """Without the section. Raises NoSuchSection, LastSection."""
    at = _place(sections, section_id)
    if len(sections) == 1:
        raise LastSection
    return [*sections[:at], *sections[at + 1 :]]


def replaced(sections: Sequence[Stored], section_id: str, change: Mapping[str, Any]) -> list[Stored]:
    """With some of a section's values changed. Raises NoSuchSection."""
    at = _place(sections, section_id)
    return [*sections[:at], {**sections[at], **change}, *sections[at + 1 :]]


def _place(sections: Sequence[Stored], section_id: str) -> int:
    for at, one in enumerate(sections):
        if one["id"] == section_id:
            return at
    raise NoSuchSection(id=section_id)
