"""What a pack says of itself: cover, clause index, omissions, facts for machines, the journal's head and history.

The texts are in the language of the pack's documents; callers open `translated_by` around this. Everything here is of
one form of the pack: what the other form says is not in it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import cached_property
from typing import Any

from auditkit.base.text import N_, _
from auditkit.documents import render
from auditkit.documents.contexts.facts import Count, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.pack import (
    ClauseIndex,
    IndexedClause,
    IndexedFile,
    IndexedStandard,
    Omission,
    PackContent,
    PackCover,
    PackFacts,
    Seal,
)
from auditkit.documents.direction import figure
from auditkit.documents.sources import Branch, records
from auditkit.packs.definitions import DocumentPart
from auditkit.packs.gathering import ClauseLine, Document, Draft, Item, Register, Seen
from auditkit.packs.gathering.draft import dated
from auditkit.packs.gathering.found import NOT_STATED, day, number_of
from auditkit.packs.gathering.standing import CellTold, Standing
from auditkit.packs.making import Made, Withheld
from auditkit.packs.rules import CLAUSE_STATE_TITLES, ClauseState, Gap
from auditkit.packs.signer import Signer
from auditkit.packs.verify import layout
from auditkit.web.languages import day_there

FOLDERS = {
    Document: ("documents", N_("Policy, plans, reports and registers as documents")),
    Register: ("registers", N_("Registers as tables")),
    Seen: ("evidence", N_("Files that records point to")),
}
STAMP = N_("Time stamp of a third party")
STAMP_LATER = N_(
    "Asked for when the pack was signed, which was after this page was written. Where the file %(file)s is not there, "
    "omissions.json says why"
)
MARKS = N_(
    "Withheld: a mark such as [V-0001] stands in their place, the same mark for the same value. leaves.json holds a "
    "salted hash of each; the whole form of this pack opens them under the same root"
)


@dataclass(frozen=True)
class Acceptance:
    """Why a pack is built although something is missing, and who says so. Empty where nothing is missing."""

    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class Contents:
    """A pack with its files made, as far as it speaks of itself. `made`: path in the draft -> file of this form.

    `hide` puts marks in the place of personal values in the redacted form, and changes nothing in the whole one.
    """

    draft: Draft
    made: dict[str, Made | Withheld]
    acceptance: Acceptance
    form: str
    hide: Callable[[str], str]
    lines: list[ClauseLine]
    standing: Standing | None = None
    """The clause matrix as this form tells it."""
    omitted: tuple[LeftOut, ...] = ()
    """What was asked for and could not be made, such as PDF without LibreOffice, in words of this language."""
    _used_by: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def withheld(self) -> list[Withheld]:
        """The files that this form does not hold."""
        return [one for one in self.made.values() if isinstance(one, Withheld)]

    @property
    def reference(self) -> str:
        """What the pack is called on its own documents."""
        named = f"{self.draft.definition.id} {self.draft.subject}".strip()
        return f"{named} {self.draft.start.isoformat()}/{self.draft.end.isoformat()}"

    def index(self) -> ClauseIndex:
        """The clause index as a document."""
        draft = self.draft
        return ClauseIndex(
            organisation=Organisation(draft.organisation.name),
            document=DocumentFacts(self.reference, figure(1), day(day_there(dated(draft)))),
            standard=IndexedStandard(draft.edition.name),
            totals=tuple(
                Count(_(CLAUSE_STATE_TITLES[state]), sum(line.state is state for line in self.lines))
                for state in ClauseState
            ),
            clauses=tuple(
                IndexedClause(
                    number=line.number,
                    title=line.title,
                    state=_(CLAUSE_STATE_TITLES[line.state]),
                    note=self.hide(line.why),
                    files=tuple(self._indexed(item) for item in line.items),
                )
                for line in self.lines
            ),
            left_out=(
                LeftOut(_("Annexes and clauses 1 to 3"), _("They hold nothing that records could show")),
                LeftOut(
                    _("Who complained, and what they wrote"),
                    _("Personal data; the register lists complaints by reference"),
                ),
                *self.omitted,
                *(LeftOut(one.title, one.why) for one in self.withheld),
            ),
        )

    def _indexed(self, item: Item) -> IndexedFile:
        one = self.made[item.path]
        if isinstance(one, Withheld):
            return IndexedFile(one.title, _("withheld: %(why)s", why=one.why), "", "", "")
        return IndexedFile(
            title=one.title,
            file=one.path.removeprefix("data/"),
            version=one.version,
            date=day(one.date),
            digest=one.source.sha256[:8],
        )

    def cover(self, signer: Signer, own_documents: int) -> PackCover:
        """The cover as a document. `own_documents`: how many tell of the pack itself."""
        draft = self.draft
        counts: dict[str, tuple[str, int]] = {}
        for kind, (folder, description) in FOLDERS.items():
            extra = {Document: own_documents, Seen: len(draft.scripts)}.get(kind, 0)
            held = [item for item in draft.of(kind) if isinstance(self.made[item.path], Made)]
            counts[folder] = (_(description), len(held) + extra)
        return PackCover(
            organisation=Organisation(draft.organisation.name),
            document=DocumentFacts(self.reference, figure(1), day(day_there(dated(draft)))),
            pack=PackFacts(
                title=draft.title,
                standard=draft.edition.name,
                scope=draft.definition.purpose,
                start=day(draft.start),
                end=day(draft.end),
                prepared_by=draft.organisation.name,
                contact=_(NOT_STATED),
            ),
            contents=tuple(PackContent(folder, text, files) for folder, (text, files) in counts.items() if files),
            omissions=tuple(self._said_omissions(signer)),
            seal=Seal(
                key_fingerprint=signer.fingerprint,
                journal_head=draft.head.hash if draft.head else "",
                journal_entry=draft.head.seq if draft.head else 0,
            ),
        )

    def _said_omissions(self, signer: Signer) -> Iterator[Omission]:
        for gap in self.draft.gaps:
            why = _("%(why)s. Accepted: %(reason)s", why=gap.why, reason=self.acceptance.reason.strip())
            yield Omission(self.hide(gap.what), self.hide(why), self.hide(self.acceptance.by))
        for gap in self.draft.left_out:
            yield Omission(self.hide(gap.what), self.hide(gap.why), "")
        for one in self.omitted:
            yield Omission(one.what, one.reason, "")
        if signer.stamp is not None:
            yield Omission(_(STAMP), _(STAMP_LATER, file=layout.TIMESTAMP), "")
        if self.form == layout.REDACTED:
            yield Omission(_("Names of people, e-mail addresses, telephone numbers"), _(MARKS), "")
            if self.withheld:
                files = _("%(count)s evidence files", count=len(self.withheld))
                yield Omission(files, _("An outsider may not see them; omissions.json names each with the reason"), "")

    def about(self, own: Iterable[Made]) -> dict[str, Any]:
        """What pack.json says beside what the verifier needs; `own` are the files of this form alone."""
        draft = self.draft
        items = {item.path: item for item in draft.items}
        files = [
            (one.path, one.facts | self._evidence_facts(items[path]) | self._record_facts(items[path]))
            for path, one in self.made.items()
            if isinstance(one, Made)
        ]
        files += [(one.path, one.facts) for one in own]
        return {
            "pack": draft.definition.id,
            "form": self.form,
            "about": {"kind": draft.definition.about, "subject": self.hide(draft.subject) or None},
            "languages": list(draft.languages),
            "title": draft.title,
            "organisation": draft.organisation.name,
            "organisation_short_name": draft.organisation.slug,
            "period": {"start": draft.start.isoformat(), "end": draft.end.isoformat()},
            "standard": {"id": draft.edition.id, "name": draft.edition.name, "digest": draft.edition.digest},
            "gaps_accepted": len(draft.gaps),
            "matrix": self.matrix(),
            "files": [facts for _path, facts in sorted(files, key=lambda pair: pair[0])],
            "stale": sorted(self._path(item) for item in draft.items if draft.is_stale(item)),
        }

    def matrix(self) -> dict[str, Any]:
        """The clause matrix in numbers, or why there is none; each clause's cells stand in clause-index.json."""
        one = self.standing
        if one is None or one.why:
            return {"counted": False, "why": one.why if one else _("Nobody asked for it")}
        states = {state.value: sum(row.state is state for row in one.rows) for state in ClauseState}
        return {
            "counted": True,
            "as_of": one.as_of.astimezone(UTC).isoformat(),
            "edition": one.edition,
            "counted_by": one.counted_by,
            "digest": one.digest,
            "content": one.content,
            "clauses": states,
            "score": {"points": one.points, "most": one.most, "checked": one.checked, "cells": one.cells,
                      "percent": one.percent},
        }  # fmt: skip

    def _path(self, item: Item) -> str:
        return self.made[item.path].path

    def original_name(self, item: Item) -> str | None:
        """The name under which a file was sent, as this form tells it."""
        return self.hide(item.content.file.name) if isinstance(item.content, Seen) else None

    def _evidence_facts(self, item: Item) -> dict[str, Any]:
        if not isinstance(item.content, Seen):
            return {}
        file = item.content.file
        return {
            "original_name": self.original_name(item),
            "media_type": file.media_type,
            "added": file.added_at.astimezone(UTC).isoformat(),
            "shown_for": [self.hide(use) for use in item.content.uses],
            "note": self.hide(file.note),
        }

    def fed(self, item: Item) -> list[Branch]:
        """The records that a document was drawn from, as this form tells them: what its template reads of its data."""
        return self._fed.get(item.path, [])

    @cached_property
    def _fed(self) -> dict[str, list[Branch]]:
        """Gathered once: pack.json and the workbook both say it."""
        return {
            item.path: self._records(item.part, item.content, item.language)
            for item in self.draft.items
            if isinstance(item.part, DocumentPart) and isinstance(item.content, Document)
        }

    def _records(self, part: DocumentPart, content: Document, language: str) -> list[Branch]:
        context = (content.redacted or content.context) if self.form == layout.REDACTED else content.context
        used = self._used(part.template, language)
        return [replace(one, names=tuple(map(self.hide, one.names))) for one in records(context, used)]

    def _used(self, template: str, language: str) -> frozenset[str]:
        """What a template reads of its data: asked for once, however many documents it makes."""
        if (template, language) not in self._used_by:
            self._used_by[template, language] = render.fields(self.draft.template(template, language).entry.file)
        return self._used_by[template, language]

    def _record_facts(self, item: Item) -> dict[str, Any]:
        if not isinstance(item.content, Document):
            return {}
        return {"records": [{"kind": one.kind.value, "field": one.field, "names": one.names} for one in self.fed(item)]}

    def index_facts(self) -> list[dict[str, Any]]:
        """The clause index for machines."""
        return [
            {
                "clause": line.ref,
                "number": line.number,
                "title": line.title,
                "state": line.state.value,
                "why": self.hide(line.why),
                "matrix": [_cell_facts(cell) for cell in line.cells],
                "files": [
                    one.facts if isinstance(one, Made) else {"path": one.path, "title": one.title, "withheld": one.why}
                    for one in (self.made[item.path] for item in line.items)
                ],
            }
            for line in self.lines
        ]

    def omissions(self) -> dict[str, Any]:
        """What is missing, what was not required, what is withheld; always with the reason."""
        personal = _("Personal data; the register lists complaints by reference")
        withheld: list[dict[str, Any]] = [{"what": _("Who complained, and what they wrote"), "why": personal}]
        if self.form == layout.REDACTED:
            withheld.append({"what": _("Names of people, e-mail addresses, telephone numbers"), "why": _(MARKS)})
        withheld += [
            {"what": one.title, "why": one.why, "path": one.path, "original_sha256": one.original}
            for one in self.withheld
        ]
        accepted = {"reason": self.hide(self.acceptance.reason.strip()), "by": self.hide(self.acceptance.by)}
        return {
            "missing": [self._gap_facts(gap) for gap in self.draft.gaps],
            "accepted": accepted if self.draft.gaps else None,
            "not_required": [self._gap_facts(gap) for gap in self.draft.left_out],
            "omitted": [{"what": one.what, "why": one.reason} for one in self.omitted],
            "withheld": withheld,
        }

    def _gap_facts(self, gap: Gap) -> dict[str, Any]:
        return {
            "part": gap.part,
            "what": self.hide(gap.what),
            "why": self.hide(gap.why),
            "clauses": [number_of(clause) for clause in gap.clauses],
        }

    def head(self) -> dict[str, Any]:
        """The journal's head, with the root of the tree over all entries up to it."""
        draft = self.draft
        if draft.head is None:
            return {"entry": None, "why": _("The pack holds no record, so there is no entry about one")}
        return {
            "entry": draft.head.seq,
            "hash": draft.head.hash,
            "tree": draft.tree.root(draft.head.seq).hex() if draft.tree else None,
            "at": draft.head.at.astimezone(UTC).isoformat(),
            "meaning": _(
                "Hash of the newest journal entry about records at the pack's own date. Every entry carries the hash "
                "of the one before it, so an earlier entry cannot be changed without changing this hash. The tree is "
                "the root of a Merkle tree (RFC 6962) over the hashes of all entries up to this one"
            ),
        }

    def history(self) -> dict[str, Any]:
        """For each pack that was built before, the proof that this journal begins with the one it was made from."""
        draft = self.draft
        earlier = []
        if draft.head is not None and draft.tree is not None:
            earlier = [
                {
                    "bag": one.bag,
                    "root": one.root,
                    "entry": one.entry,
                    "hash": one.hash,
                    "tree": draft.tree.root(one.entry).hex(),
                    "proof": [step.hex() for step in draft.tree.consistency(one.entry, draft.head.seq)],
                }
                for one in draft.earlier
            ]
        return {
            "earlier": earlier,
            "meaning": _("Each proof is a consistency proof of RFC 6962 (2.1.2), from the earlier tree to this one"),
        }


def _cell_facts(cell: CellTold) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "column": cell.column,
        "state": cell.state.value,
        "computed": cell.computed.value,
        "said": cell.said,
        "why": cell.why,
        "parts": [
            {
                "kind": part.kind,
                "id": part.id,
                "title": part.title,
                "state": part.state.value,
                "counted": part.counted,
                "newest": part.newest.isoformat() if part.newest else None,
                "via": part.via or None,
                "exceptions": list(part.exceptions),
                "more_exceptions": part.more,
            }
            for part in cell.parts
        ],
        "override": None,
    }
    if cell.override is not None:
        one = cell.override
        facts["override"] = {
            "state": one.state.value,
            "reason": one.reason,
            "by": one.by,
            "on": one.on.isoformat(),
            "records_changed_since": one.records_changed_since,
        }
    return facts
