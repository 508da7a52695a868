"""Documents, readers and records as rows of a workbook; texts that a spreadsheet might run are guarded there."""

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from auditkit.accounts.rules import ROLE_TITLES
from auditkit.base.text import _
from auditkit.documents.tables import Cell, Column, Sheet, write_xlsx
from auditkit.policies.queries.keeping import Kept
from auditkit.policies.queries.listing import MARK_TITLES, Line
from auditkit.policies.queries.readers import Reading
from auditkit.policies.rules.cards import KIND_TITLES

Names = Mapping[int, str]


def documents(lines: Iterable[Line], names: Names) -> Sheet:
    """The list of documents."""
    columns = [
        Column(_("Document number"), 12),
        Column(_("Title"), 40),
        Column(_("Kind"), 16),
        Column(_("Owner"), 24),
        Column(_("Version"), 10),
        Column(_("Status"), 34),
        Column(_("In force from"), 14),
        Column(_("Review by"), 14),
        Column(_("Retention"), 20),
        Column(_("Distribution"), 30),
        Column(_("Clauses"), 30),
        Column(_("Languages"), 16),
        Column(_("Read by, per cent"), 14),
    ]
    return Sheet(_("List of documents"), columns, (_document(line, names) for line in lines))


def _document(line: Line, names: Names) -> list[Cell]:
    policy, version = line.policy, line.version
    return [
        policy.reference,
        policy.title,
        _(KIND_TITLES[policy.card.kind]),
        names.get(policy.card.owner_id or 0, ""),
        version.number if version else None,
        ", ".join(_(MARK_TITLES[mark]) for mark in line.marks),
        version.effective_on if version else None,
        version.review_by if version else None,
        policy.card.retention,
        policy.card.distribution,
        ", ".join(clause.rpartition(":")[2] for clause in line.clauses),
        ", ".join([policy.language, *sorted(line.languages)]),
        line.coverage.percent if line.coverage else None,
    ]


def readings(found: Iterable[Reading]) -> Sheet:
    """Who has read what: a row for each reader of each version that is to be read."""
    columns = [
        Column(_("Document number"), 12),
        Column(_("Title"), 40),
        Column(_("Version"), 10),
        Column(_("Name"), 28),
        Column(_("Role"), 20),
        Column(_("Must read it"), 14),
        Column(_("Confirmed"), 20),
        Column(_("Language"), 12),
    ]
    return Sheet(_("Read and understood"), columns, (row for one in found for row in _readers(one)))


def _readers(one: Reading) -> Iterator[list[Cell]]:
    head: list[Cell] = [one.policy.reference, one.version.title, one.version.number]
    for reader in one.readers:
        done = one.confirmed.get(reader.person_id)
        when: datetime | None = done.confirmed_at if done else None
        yield [*head, reader.name, _role(reader.role), _("yes"), when, done.language if done else ""]
    for done in one.beside:
        yield [*head, done.name, _role(done.role), _("no"), done.confirmed_at, done.language]


def _role(role: str) -> str:
    titles = {str(name): title for name, title in ROLE_TITLES.items()}
    return _(titles[role]) if role in titles else role


def keeping(rows: Iterable[Kept]) -> Sheet:
    """The retention table."""
    columns = [
        Column(_("Record"), 40),
        Column(_("Clauses"), 20),
        Column(_("Kept for"), 24),
        Column(_("Follows"), 30),
        Column(_("Ground"), 40),
        Column(_("Where"), 24),
        Column(_("Kept by"), 24),
        Column(_("Then"), 24),
    ]
    cells: Iterator[list[Cell]] = (
        [
            one.title,
            ", ".join(clause.rpartition(":")[2] for clause in one.clauses),
            one.period,
            one.followed,
            one.basis,
            one.place,
            one.keeper,
            one.disposal,
        ]
        for one in rows
    )
    return Sheet(_("Retention table"), columns, cells)


def workbook(sheet: Sheet, right_to_left: bool = False) -> bytes:
    """The sheet as an XLSX file."""
    out = io.BytesIO()
    write_xlsx(out, [sheet], title=sheet.title, right_to_left=right_to_left)
    return out.getvalue()
