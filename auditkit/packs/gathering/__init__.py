"""Gathers what a pack definition asks for from the records of an organisation. Reads only; makes no bytes.

`DOCUMENTS`, `REGISTERS`, `EVIDENCE` and `CONDITIONS` are the sources that definitions name by id; a source says in
words why it has nothing.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib import import_module
from typing import Any, TypeVar

from auditkit.accounts.queries import OrganisationView
from auditkit.base.db import Session
from auditkit.base.text import _
from auditkit.content.library import Standards, shared
from auditkit.documents.own.dressing import logo
from auditkit.evidence import store
from auditkit.evidence.sharing import queries as sharing
from auditkit.journal import queries as journal
from auditkit.packs.definitions import DocumentPart, PackShape, Part, RegisterPart
from auditkit.packs.gathering import history
from auditkit.packs.gathering.draft import ClauseLine, Draft, Item, clause_lines
from auditkit.packs.gathering.found import Document, Libraries, Register, Scope, Seen, number_of
from auditkit.packs.rules import Gap, member_paths, safe_name

__all__ = ["ClauseLine", "Document", "Draft", "Item", "Register", "Seen", "clause_lines", "gather"]

DOCUMENTS = {
    "policy": "policies.complaints_policy",
    "documents-in-force": "policies.other_documents",
    "audit-programme": "papers.audit_programmes",
    "audit-plan": "audits.plan_documents",
    "audit-report": "audits.report_documents",
    "findings-and-actions": "actions.findings_and_actions",
    "review-minutes": "reviews.minutes_documents",
    "principle-matrix": "papers.principle_matrix",
    "scope-and-context": "papers.scope_and_context",
    "objectives": "papers.objectives",
    "list-of-documents": "papers.list_of_documents",
    "training-record": "papers.training_record",
    "public-leaflet": "papers.leaflets",
    "complainant-form": "papers.complainant_form",
    "self-assessment": "papers.self_assessments",
    "application": "papers.application",
    "case-file": "case.case_file",
}
REGISTERS = {
    "complaints": "complaints.register",
    "findings": "audits.finding_register",
    "actions": "actions.action_register",
    "answers": "audits.answer_register",
    "organisation-registers": "registers.every_register",
}
EVIDENCE = {
    "audit-files": "audits.files",
    "action-files": "actions.files",
    "case-files": "case.files",
}
CONDITIONS = {
    "audits-reported": "audits.not_reported",
    "nonconformities-answered": "audits.without_action",
    "questions-covered": "audits.not_covered",
    "captured-complaints": "audits.captured_complaints",
    "review-signed": "reviews.not_signed",
    "registers-kept": "registers.empty_registers",
    "case-closed": "case.still_open",
}
"""Id in definitions -> function of this package. Loaded when a definition asks for it: packs are built in a process of
their own, which must not be burdened with what it does not read (decision 0007)."""

T = TypeVar("T")
GENERAL = "general"
"""Folder of evidence that no clause of the edition names."""


def source(name: str) -> Callable[[Scope], Any]:
    """A function of this package by `module.function`."""
    module, _dot, function = name.partition(".")
    found: Callable[[Scope], Any] = getattr(import_module(f"{__name__}.{module}"), function)
    return found


def gather(
    tx: Session,
    definition: PackShape,
    organisation: OrganisationView,
    start: date,
    end: date,
    standards: Standards,
    library: Libraries = shared,
    subject: str = "",
) -> Draft:
    """The draft of a pack, in the language of the moment: the page shows it, sealing asks for the documents' own.

    Both days are included; `standards` is the organisation's, `library` gives all of its content
    where a source asks for it; `subject` is the audit or complaint that the pack is about. Raises NotFound for one
    that is not there.
    """
    of = {definition.about: subject}
    scope = Scope(
        tx, organisation, start, end, standards.edition(definition.edition), library,
        audit=of.get("audit", ""), complaint=of.get("complaint", ""),
    )  # fmt: skip
    gaps = _Gaps(scope)
    items = [*_documents(scope, definition, gaps), *_registers(scope, definition, gaps)]
    items += _evidence(scope, definition, gaps)
    for part in definition.conditions:
        for missing in source(CONDITIONS[part.id])(scope):
            gaps.add(part, missing.what, missing.why)
    scope.kept.clear()  # rows and the library served several parts; registers, written later, read anew what they need
    dated = max((item.newest for item in items if item.newest), default=None)
    head = journal.head_about_records(tx, organisation.id, dated) if dated else None
    return Draft(
        definition=definition,
        organisation=organisation,
        start=start,
        end=end,
        standards=standards,
        edition=scope.edition,
        items=tuple(items),
        gaps=tuple(gaps.required),
        left_out=tuple(gaps.others),
        lost=tuple(_lost(item.content for item in items)),
        dated=dated,
        people=(*scope.people.values(), *scope.strangers),
        language=scope.language,
        subject=subject,
        head=head,
        earlier=tuple(history.earlier(tx, organisation.id, head)) if head else (),
        logo=logo(tx),
    )


class _Gaps:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.required: list[Gap] = []
        self.others: list[Gap] = []

    def add(self, part: Part, what: str, why: str) -> None:
        gap = Gap(part.id, what, why, tuple(self.scope.ref(clause) for clause in part.clauses))
        (self.required if part.required else self.others).append(gap)

    def found(self, part: Part, result: T | str) -> T | None:
        """The result, or None and a gap where the source says why there is none."""
        if not isinstance(result, str):
            return result
        self.add(part, part.title, result)
        return None


def _documents(scope: Scope, definition: PackShape, gaps: _Gaps) -> Iterator[Item]:
    for part in definition.documents:
        documents = gaps.found(part, source(DOCUMENTS[part.id])(scope)) or []
        for document in (one.in_direction(scope.language) for one in documents):
            stem = f"{part.file}-{document.suffix}" if document.suffix else part.file
            clauses = scope.in_order([*_clauses(scope, part), *document.clauses])
            path = f"data/documents/{safe_name(stem + '.docx')}"
            yield Item(part, path, document.title, document, clauses, document.newest, scope.language)


def _registers(scope: Scope, definition: PackShape, gaps: _Gaps) -> Iterator[Item]:
    for part in definition.registers:
        found: Register | list[Register] = gaps.found(part, source(REGISTERS[part.id])(scope)) or []
        for register in found if isinstance(found, list) else [found]:
            stem = f"{part.file}-{register.suffix}" if register.suffix else part.file
            clauses = scope.in_order([*_clauses(scope, part), *register.clauses])
            path = f"data/registers/{safe_name(stem + '.xlsx')}"
            yield Item(part, path, register.title, register, clauses, register.newest, scope.language)


def _evidence(scope: Scope, definition: PackShape, gaps: _Gaps) -> list[Item]:
    merged: dict[int, tuple[Part, Seen]] = {}
    for part in definition.evidence:
        for seen in gaps.found(part, source(EVIDENCE[part.id])(scope)) or []:
            _first, kept = merged.setdefault(seen.file.id, (part, seen))
            if kept is not seen:
                kept.script = kept.script or seen.script
                for use in seen.uses:
                    kept.used(use, seen.clauses, seen.newest or seen.file.added_at)
    wanted = [merged[file_id] for file_id in sorted(merged)]
    decided = sharing.decisions(scope.tx, sorted(merged))
    for _part, seen in wanted:
        seen.decided = decided.get(seen.file.id, seen.decided)
    clauses = [scope.in_order(seen.clauses) for _part, seen in wanted]
    names = [
        (_folder(scope, own), f"E-{seen.file.id:05d} {seen.file.download_name}")
        for (_part, seen), own in zip(wanted, clauses, strict=True)
    ]
    return [
        Item(part, path, seen.file.shown_name, seen, own, seen.newest, scope.language)
        for (part, seen), own, path in zip(wanted, clauses, member_paths(names), strict=True)
    ]


def _folder(scope: Scope, clauses: Sequence[str]) -> str:
    """Evidence lies under the first clause of the pack's edition that it is shown for."""
    own = [clause for clause in clauses if clause.startswith(f"{scope.edition.id}:")]
    return f"data/evidence/{safe_name(number_of(own[0])) if own else GENERAL}"


def _clauses(scope: Scope, part: DocumentPart | RegisterPart) -> tuple[str, ...]:
    return tuple(scope.ref(clause) for clause in part.clauses)


def _lost(contents: Iterable[Document | Register | Seen]) -> Iterator[str]:
    """Files that are not in the store with their size. Changed bytes of the same size show when the pack is written."""
    held = store.current()
    for content in contents:
        if isinstance(content, Seen):
            size = _stored_size(held, content.file.digest)
            if size != content.file.size:
                reason = _("missing") if size is None else _("of another size")
                yield f"{content.file.shown_name} ({reason})"


def _stored_size(held: store.Store, digest: str) -> int | None:
    """Asking the folder takes a tenth of asking the store, which matters with 2,000 files."""
    file = held.file_of(digest)
    if file is None:
        return held.size(digest)
    try:
        return os.stat(file).st_size  # noqa: PTH116 - text, not a Path, for the same reason
    except FileNotFoundError:
        return None
