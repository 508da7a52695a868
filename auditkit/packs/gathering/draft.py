"""A pack before it is made: what is in, what is missing, what is stale, clause by clause."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from auditkit.accounts.queries import OrganisationView
from auditkit.base.text import _
from auditkit.content.library import Edition, Standards
from auditkit.documents.contexts.facts import NO_PICTURE, Picture
from auditkit.documents.own.choosing import Chosen
from auditkit.documents.own.dressing import dressed
from auditkit.journal.queries import Head
from auditkit.packs.definitions import PackShape, Part
from auditkit.packs.gathering.found import Document, Register, Script, Seen
from auditkit.packs.gathering.history import EarlierPack
from auditkit.packs.gathering.standing import CellTold, RowTold, Standing
from auditkit.packs.rules import ClauseState, Gap, bag_name, clause_state, is_stale
from auditkit.packs.verify.tree import Tree
from auditkit.web.languages import day_there

LEVEL_OF_INDEX = 2


@dataclass(frozen=True, slots=True)
class Item:
    """A file the pack will hold, at `path` in the bag; `clauses` in full, in the order of the standard."""

    part: Part
    path: str
    title: str
    content: Document | Register | Seen
    clauses: tuple[str, ...]
    newest: datetime | None
    language: str
    """The language that it is written in; of a stored file, that of the pack."""

    @property
    def mentions(self) -> tuple[str, ...]:
        """Clauses in full that it speaks of without being a record about them."""
        return self.content.mentions if isinstance(self.content, Document) else ()

    @property
    def version(self) -> str:
        """Its version, where it has one."""
        return self.content.version if isinstance(self.content, Document) else ""


@dataclass(frozen=True)
class ClauseLine:
    """A clause of the index with the files about it; `why` says what is missing, or why nothing is shown."""

    ref: str
    number: str
    title: str
    state: ClauseState
    why: str
    items: tuple[Item, ...]
    cells: tuple[CellTold, ...] = ()
    """The clause in the matrix, column by column; empty where the matrix has no such row."""


@dataclass(frozen=True)
class Draft:
    """Everything about a pack but its bytes. `dated`: its newest record; `head`: the journal up to that moment."""

    definition: PackShape
    organisation: OrganisationView
    start: date
    end: date
    standards: Standards
    """The organisation's, its own content among it."""
    edition: Edition
    items: tuple[Item, ...]
    gaps: tuple[Gap, ...]
    left_out: tuple[Gap, ...]
    """Parts that are not required and not there: said, but nobody has to accept them."""
    lost: tuple[str, ...]
    """Evidence files that the store does not hold as it should."""
    dated: datetime | None
    people: tuple[str, ...]
    """Names that a redacted pack must not show."""
    head: Head | None
    earlier: tuple[EarlierPack, ...]
    """Packs that were built before the head's entry."""
    language: str = "en"
    """The language that the pack speaks of itself in."""
    subject: str = ""
    """The audit or complaint that it is about; empty for a pack about the organisation."""
    further: tuple["Draft", ...] = ()
    """The same pack in its further languages, whose documents are among the items."""
    standing: Standing | None = None
    """The clause matrix; None where nobody asked for it."""
    tree: Tree | None = None
    """Over the journal's entries up to the head; only a pack that is sealed needs it."""
    templates: Mapping[tuple[str, str], Chosen] = field(default_factory=dict)
    """The Word templates in force, by document and language; only a pack that is sealed needs them."""
    logo: Picture = NO_PICTURE
    """The organisation's, as documents take it; empty for none."""

    def dressed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data of a document with the logo; marks of redaction are made before, for a picture names nobody."""
        return dressed(data, self.logo)

    def template(self, document: str, language: str) -> Chosen:
        """The template in force for a document in a language."""
        return self.templates[document, language]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its documents, the first that of its index."""
        return (self.language, *(one.language for one in self.further))

    @property
    def bag(self) -> str:
        """The bag's folder."""
        return bag_name(self.organisation.slug, self.definition.id, self.start, self.end, self.subject, self.languages)

    @property
    def title(self) -> str:
        """What it is called, with the audit or complaint that it is about."""
        return f"{self.definition.title} {self.subject}".strip()

    def is_stale(self, item: Item) -> bool:
        """Whether the item's newest record is more than a year older than the period's end."""
        return is_stale(day_there(item.newest) if item.newest else None, self.end)

    def of(self, kind: type[Document] | type[Register] | type[Seen]) -> list[Item]:
        """The items of one kind."""
        return [item for item in self.items if isinstance(item.content, kind)]

    @property
    def scripts(self) -> dict[str, Script]:
        """Path in the bag -> the program that lies there, beside the files it checks."""
        return {
            f"{item.path.rpartition('/')[0]}/{item.content.script.name}": item.content.script
            for item in self.items
            if isinstance(item.content, Seen) and item.content.script is not None
        }


def dated(draft: Draft) -> datetime:
    """The pack's own date: the newest record's time; of a pack without records, the beginning of its last day."""
    return draft.dated or datetime.combine(draft.end, time(), UTC)


def clause_lines(draft: Draft) -> list[ClauseLine]:
    """The index: every auditable clause of the second level below those the definition names, in the order printed."""
    edition, standards = draft.edition, draft.standards
    # By clause once, not every file against every clause: a pack holds thousands of files.
    about = _places(item.clauses for item in draft.items)
    mentioned = _places(item.mentions for item in draft.items)
    lines = []
    for top in draft.definition.index:
        for node in standards.below(top if ":" in top else f"{edition.id}:{top}"):
            if not node.auditable or (node.level != LEVEL_OF_INDEX and (node.level > LEVEL_OF_INDEX or node.children)):
                continue
            refs = {below.ref for below in standards.below(node.ref)}
            on_it = {place for ref in refs for place in about.get(ref, ())}
            naming_it = {place for ref in refs for place in mentioned.get(ref, ())} - on_it
            shown = tuple(draft.items[place] for place in sorted(on_it))
            named = tuple(draft.items[place] for place in sorted(naming_it))
            missing = [gap for gap in draft.gaps if refs.intersection(gap.clauses)]
            row = draft.standing.row(node.ref) if draft.standing else None
            items = (*shown, *named)
            if row is None:
                state = clause_state(bool(shown), bool(missing))
                lines.append(ClauseLine(node.ref, node.id, node.title, state, _why(state, missing, bool(named)), items))
            else:
                state = ClauseState.GAP if missing else row.state
                why = _why_of_row(row, missing, bool(shown), bool(named))
                lines.append(ClauseLine(node.ref, node.id, node.title, state, why, items, row.cells))
    return lines


def _places(clauses_of_items: Iterable[tuple[str, ...]]) -> dict[str, list[int]]:
    """Clause -> places of the items that carry it."""
    found: dict[str, list[int]] = {}
    for place, clauses in enumerate(clauses_of_items):
        for ref in clauses:
            found.setdefault(ref, []).append(place)
    return found


def _why_of_row(row: RowTold, missing: Sequence[Gap], shown: bool, named: bool) -> str:
    """What is missing in the pack, what the matrix has as gaps, and what an assessor says of it."""
    told = [str(gap) for gap in missing]
    told += [f"{cell.title}: {cell.said or cell.why}" for cell in row.cells if cell.state is ClauseState.GAP]
    told += [
        _("%(column)s overridden: %(reason)s", column=cell.title, reason=cell.override.reason)
        for cell in row.cells
        if cell.override is not None
    ]
    if not told and row.state is ClauseState.NOT_CHECKED:
        told = [cell.why for cell in row.cells if cell.why][:1]
    if not shown:
        why = _why(ClauseState.NOT_CHECKED, missing, named)
        told.append(why)
    return "; ".join(told)


def _why(state: ClauseState, missing: Sequence[Gap], named: bool) -> str:
    if state is ClauseState.NOT_CHECKED:
        if named:
            return _("A document names this clause; no record of this pack is about it")
        return _("No record of this pack is about this clause")
    return "; ".join(map(str, missing))
