"""What making a pack asks of the records: its draft, audits and actions for other programs, the clause matrix.

`Here` reads them in this process; a process that builds a pack has others read them (`apart`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from auditkit.accounts import queries as accounts
from auditkit.accounts.queries import OrganisationView
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.text import language_written
from auditkit.content.library import Standards, in_language, shared
from auditkit.content.texts import ENGLISH
from auditkit.documents.own import choosing
from auditkit.documents.own.choosing import Chosen
from auditkit.documents.own.queries import uses
from auditkit.packs.definitions import definition
from auditkit.packs.gathering import Document, Draft, Item, gather, history
from auditkit.packs.gathering.draft import dated
from auditkit.packs.gathering.found import Libraries
from auditkit.packs.gathering.standing import Standing, Standings
from auditkit.packs.rules import SubjectUnfit, check_languages, check_period
from auditkit.packs.speaking import speaking
from auditkit.packs.verify.layout import WHOLE

if TYPE_CHECKING:
    from auditkit.packs.gathering.outcome import Outcome

ORGANISATION, COMPLAINT = "organisation", "complaint"


@dataclass(frozen=True)
class PreparePack:
    """Which pack of whom, over which days (both included), and why it may have gaps.

    `standards` is the organisation's; `by` stands in the pack; `form`: with personal values, or redacted; `languages`:
    of its documents and of what it says of itself, the first in front; `subject`: the audit or complaint that it is
    about; `pdf`: documents as PDF, too.
    """

    pack_id: str
    organisation: OrganisationView
    standards: Standards
    start: date
    end: date
    reason: str = ""
    by: str = ""
    form: str = WHOLE
    library: Libraries = shared
    """Gives the organisation's whole library; asked for by packs that need more of it than the standards."""
    languages: tuple[str, ...] = ("en",)
    subject: str = ""
    pdf: bool = False


class Records(Protocol):
    """Gives what a pack is made from, each once, the draft first. May raise NotFound and what reading raises."""

    def draft(self) -> Draft:
        """The draft in every language of the pack, joined: all documents, and registers and files of the first."""

    def outcome(self) -> "Outcome":
        """Audits, findings, actions and the journal's newest entries."""

    def standings(self) -> Standings:
        """The clause matrix in each language of the pack."""


class Here:
    """Reads in this process, with this session."""

    def __init__(self, tx: Session, command: PreparePack, instance: Path) -> None:
        self._tx, self._command, self._instance = tx, command, instance
        self._found: Draft

    def draft(self) -> Draft:
        """See Records."""
        self._found = drafted(self._tx, self._command, self._instance)
        return self._found

    def outcome(self) -> "Outcome":
        """See Records."""
        from auditkit.packs.gathering.outcome import outcome  # not for those who have others read (decision 0007)

        with speaking(self._found.language):
            return outcome(self._tx, self._found)

    def standings(self) -> Standings:
        """See Records."""
        return standings(self._tx, self._command, dated(self._found))


def check(command: PreparePack, actor: Actor) -> None:
    """Raises Forbidden, NoSuchPack, PeriodReversed, SubjectUnfit, and BadInput for languages that no pack speaks."""
    actor.require("packs.build")
    check_period(command.start, command.end)
    check_languages(command.languages)
    about = definition(command.pack_id).about
    if bool(command.subject) is (about == ORGANISATION):
        raise SubjectUnfit
    if about == COMPLAINT:
        actor.require("complaints.read")
        if command.form == WHOLE:
            actor.require("identity.read")


def gathered(tx: Session, command: PreparePack) -> Draft:
    """The draft in the language of the moment."""
    language = language_written()
    spoken = language != ENGLISH
    return gather(
        tx,
        definition(command.pack_id, language),
        command.organisation,
        command.start,
        command.end,
        in_language(command.library(), language) if spoken else command.standards,
        lambda: in_language(command.library(), language),
        command.subject,
    )


def drafted(tx: Session, command: PreparePack, instance: Path) -> Draft:
    """The draft in every language of the pack, joined, with the templates of its documents and the journal's tree."""
    drafts = []
    for language in check_languages(command.languages):
        with speaking(language):
            drafts.append(gathered(tx, command))
    first, *others = drafts
    items = list(first.items)
    for other in others:
        items += [_in_folder(item, other.language) for item in other.of(Document)]
    templates = _templates(tx, instance, drafts)
    tree = history.tree(tx, command.organisation.id, first.head) if first.head is not None else None
    joined = [replace(one, items=tuple(items), templates=templates, tree=tree) for one in drafts]
    return replace(joined[0], further=tuple(joined[1:]))


def standing(tx: Session, command: PreparePack, as_of: datetime) -> Standing:
    """The clause matrix as the records stood at `as_of`, in the language of the moment."""
    # Here and not above: a process that builds packs has another one count, which alone loads it (decision 0007).
    from auditkit.packs.gathering import matrix

    language = language_written()
    wanted = matrix.Wanted(
        lambda: in_language(command.library(), language),
        command.standards.edition(definition(command.pack_id).edition).id,
        command.start,
        command.end,
        as_of,
        accounts.names(tx),
    )
    return matrix.standing(tx, wanted)


def standings(tx: Session, command: PreparePack, as_of: datetime) -> Standings:
    """The clause matrix in each language of the pack."""
    counted = {}
    for language in check_languages(command.languages):
        with speaking(language):
            counted[language] = standing(tx, command, as_of)
    return counted


def _in_folder(item: Item, language: str) -> Item:
    folder, _slash, name = item.path.rpartition("/")
    return replace(item, path=f"{folder}/{language}/{name}", language=language)


def _templates(tx: Session, instance: Path, drafts: Sequence[Draft]) -> dict[tuple[str, str], Chosen]:
    """The templates in force for the documents of a pack, the organisation's own before the shipped ones."""
    own = uses(tx)
    return {
        (one, draft.language): choosing.chosen(tx, instance, one, draft.language, own)
        for draft in drafts
        for one in (*(part.template for part in draft.definition.documents), "clause-index", "pack-cover")
    }
