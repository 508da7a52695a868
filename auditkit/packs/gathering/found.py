"""What gathering yields: documents and tables to be made, files to be copied, gaps. No bytes yet."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from auditkit.accounts.queries import OrganisationView, names
from auditkit.base import jalali
from auditkit.base.db import Session
from auditkit.base.long_day import long_day
from auditkit.base.text import N_, language_written
from auditkit.content.library import Edition, Library, in_language, shared
from auditkit.content.texts import ENGLISH
from auditkit.documents.catalogue import Context
from auditkit.documents.direction import RIGHT_TO_LEFT, sided
from auditkit.documents.tables import Sheet
from auditkit.evidence.queries import File
from auditkit.evidence.sharing.queries import Decision

T = TypeVar("T")
Libraries = Callable[[], Library]
"""Gives the organisation's library; asked for by packs that need more of it than the standards."""
NOT_STATED = N_("Not stated in the records")


@dataclass(frozen=True)
class Scope:
    """Whose records, which days (both inclusive), by which edition; `library` gives the organisation's.

    `audit`, `complaint`: number of the one audit, reference of the one complaint that the pack is about; else empty.
    """

    tx: Session
    organisation: OrganisationView
    start: date
    end: date
    edition: Edition
    library: Libraries = shared
    audit: str = ""
    complaint: str = ""
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """What `read` gives, read once for this scope: several parts of a pack look at the same records."""
        if key not in self.kept:
            self.kept[key] = read()
        value: T = self.kept[key]
        return value

    @property
    def language(self) -> str:
        """The language that the pack's documents are written in."""
        return language_written()

    @property
    def spoken(self) -> Library:
        """The organisation's library in the language of the pack, or in English where there is no translation."""

        def read() -> Library:
            library = self.library()
            return in_language(library, self.language if self.language in library.languages else ENGLISH)

        return self.once("spoken", read)

    @cached_property
    def people(self) -> dict[int, str]:
        """Person id -> name."""
        return names(self.tx)

    @cached_property
    def strangers(self) -> list[str]:
        """What people who are no members are known by, filled in by the sources that meet them."""
        return []

    def person(self, person_id: int | None) -> str:
        """A name; empty for nobody."""
        return self.people.get(person_id, "") if person_id is not None else ""

    def in_order(self, clauses: Iterable[str]) -> tuple[str, ...]:
        """Clauses in full, once each: those of the edition in the order printed, then others."""
        places = self.once("places", lambda: {node.ref: place for place, node in enumerate(self.edition.nodes)})
        return tuple(sorted(set(clauses), key=lambda clause: (places.get(clause, len(places)), clause)))

    def ref(self, clause: str) -> str:
        """A clause of a definition in full: `iso10002-2018:7.4`."""
        return clause if ":" in clause else f"{self.edition.id}:{clause}"


@dataclass(frozen=True)
class Document:
    """A Word document to be rendered. `suffix` tells several of one part apart; `newest`: of its newest record."""

    title: str
    context: Context
    newest: datetime
    version: str = ""
    suffix: str = ""
    clauses: tuple[str, ...] = ()
    """Clauses in full for which it shows records, beyond those of its part."""
    mentions: tuple[str, ...] = ()
    """Clauses in full that it speaks of; that a policy names a clause is no record of what is done."""
    redacted: Context | None = None
    """What the redacted form is filled with, where more is withheld than names; None where it is the same."""

    def in_direction(self, language: str) -> "Document":
        """With texts of another direction marked, where the document runs from right to left."""
        if language not in RIGHT_TO_LEFT:
            return self
        redacted = sided(self.redacted, language) if self.redacted is not None else None
        return replace(self, context=sided(self.context, language), redacted=redacted)


@dataclass(frozen=True)
class Register:
    """A table to be written. `sheets` is called once; `rows` counts what it holds."""

    title: str
    sheets: Callable[[], Iterator[Sheet]]
    rows: int
    newest: datetime | None
    suffix: str = ""
    clauses: tuple[str, ...] = ()
    """Tells several of one part apart; clauses in full for which it shows records, beyond those of its part."""


@dataclass(frozen=True)
class Script:
    """A program that checks a stored file by itself; it lies beside the file in the pack."""

    name: str
    title: str
    content: bytes


@dataclass(slots=True)
class Seen:
    """A stored file, the records that point to it in words, the clauses it is shown for, its newest time."""

    file: File
    uses: list[str] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)
    newest: datetime | None = None
    script: Script | None = None
    decided: Decision | None = None
    """What a redacted pack shows of it; None where nobody decided."""

    def used(self, label: str, clauses: Iterable[str], at: datetime) -> None:
        """Note one more record that points to this file."""
        if label not in self.uses:
            self.uses.append(label)
        self.clauses = list(dict.fromkeys([*self.clauses, *(clause for clause in clauses if clause)]))
        self.newest = max(at, self.newest or at)


@dataclass(frozen=True)
class Missing:
    """Why a source yields nothing, or what is not as it should be; said to a person."""

    what: str
    why: str


def day(value: date | None) -> str:
    """`2 March 2026`, or the Solar Hijri day where documents are Persian; empty for none."""
    if value and language_written() == "fa":
        return jalali.day_in_persian(value)
    return long_day(value, ENGLISH) if value else ""


def number_of(clause: str) -> str:
    """`7.4` of `iso10002-2018:7.4`."""
    return clause.rpartition(":")[2]
