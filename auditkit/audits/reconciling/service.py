"""Comparing a channel's log with the register, and settling what the comparison left open.

Senders are compared as keyed hashes, and kept masked; that they were compared is journalled with how many. The key is
made for one comparison and thrown away. tests/slices/audits_reconciling holds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from auditkit.accounts.queries import day_of_house
from auditkit.audits.models import Audit
from auditkit.audits.reconciling import rules
from auditkit.audits.reconciling.matching import Entry, Judged, Register, judge, period
from auditkit.audits.reconciling.models import AuditLog, AuditLogEntry
from auditkit.audits.reconciling.reading import Line, Log
from auditkit.audits.reconciling.rules import ENTRY_SETTLED, LOG_COMPARED, Standing, Strength
from auditkit.audits.rules import State, check_running
from auditkit.audits.service.taking import note, taken, touch
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.ids import new_secret
from auditkit.base.verbs import verb
from auditkit.complaints.checking import matching as register
from auditkit.complaints.checking.matching import Keyed
from auditkit.evidence import service as evidence

SUBJECT = "audit-log"


@dataclass(frozen=True)
class CompareLog:
    """A log that was read, and the raw file it came from (id of evidence). `days`: how far apart the two may lie."""

    number: str
    title: str
    file_id: int
    log: Log
    days: int = rules.USUAL_DAYS


@dataclass(frozen=True)
class SettleEntry:
    """What an entry is, as a person says: the complaint `reference`; or with an empty one not in the register
    (`no_complaint` False) or no complaint at all (then `note` says why)."""

    number: str
    serial: int
    position: int
    reference: str = ""
    no_complaint: bool = False
    note: str = ""


@verb("audits.run", leaves=LOG_COMPARED)
def compare_log(tx: Session, command: CompareLog, now: datetime, actor: Actor) -> int:
    """Compare a log with the register in a running audit; returns the log's number in the audit.

    Raises NotFound, NotRunning, LogTitleMissing, DaysOutOfRange.
    """
    actor.require("complaints.read")
    audit = taken(tx, command.number)
    check_running(State(audit.state))
    title = command.title.strip()[:200]
    if not title:
        raise rules.LogTitleMissing()
    if not 0 <= command.days <= 60:
        raise rules.DaysOutOfRange()
    keyed = Keyed(new_secret())
    entries = {one.position: _entry(one, keyed) for one in command.log.lines if not one.problem}
    covered = period(list(entries.values()))
    # Twice the days around: what lies a little further off may still be the same sender or the same words
    around = timedelta(days=2 * command.days + 1)
    begins, ends = (covered[0] - around, covered[1] + around) if covered else (None, None)
    books = Register(register.candidates(tx, begins, ends, keyed, sorted(_named(command.log.lines))))
    judged = {position: judge(entry, books, command.days) for position, entry in entries.items()}
    log = _kept(tx, audit, command, title, covered, now, actor)
    _keep_entries(tx, log, command.log.lines, judged)
    evidence.link(tx, evidence.Link(command.file_id, (SUBJECT, log.id)), now, actor)
    touch(audit, now)
    counts = {standing.value: sum(1 for one in judged.values() if one.standing is standing) for standing in Standing}
    senders = sum(1 for one in entries.values() if one.who)
    facts = {**counts, "entries": len(command.log.lines), "complaints": books.size, "senders_compared": senders}
    note(tx, LOG_COMPARED, audit, now, actor, log=log.serial, days=command.days, **facts)
    return log.serial


@verb("audits.run", leaves=ENTRY_SETTLED)
def settle_entry(tx: Session, command: SettleEntry, now: datetime, actor: Actor) -> None:
    """Say what an entry is. Raises NotFound (also a complaint), NotRunning, EntryNotSettled, EntryReasonMissing."""
    audit = taken(tx, command.number)
    check_running(State(audit.state))
    entry = tx.execute(
        select(AuditLogEntry)
        .join(AuditLog, AuditLog.id == AuditLogEntry.log_id)
        .where(
            AuditLog.audit_id == audit.id,
            AuditLog.serial == command.serial,
            AuditLogEntry.position == command.position,
        )
        .with_for_update()
    ).scalar_one_or_none()
    if entry is None:
        raise NotFound()
    if entry.standing == Standing.UNREADABLE:
        raise rules.EntryNotSettled()
    if command.no_complaint and not command.note.strip():
        raise rules.EntryReasonMissing()
    before = entry.standing
    _settle(tx, entry, command)
    entry.note, entry.settled_at, entry.settled_by = command.note.strip()[:2_000], now, actor.person_id
    touch(audit, now)
    facts = {"log": command.serial, "entry": command.position, "before": before, "standing": entry.standing}
    note(tx, ENTRY_SETTLED, audit, now, actor, reference=entry.reference, **facts)


def _settle(tx: Session, entry: AuditLogEntry, command: SettleEntry) -> None:
    if command.reference and not command.no_complaint:
        found = register.find(tx, command.reference)
        if found is None:
            raise NotFound()
        entry.standing, entry.complaint_id, entry.reference = Standing.MATCHED.value, found, command.reference.strip()
        return
    entry.standing = (Standing.NO_COMPLAINT if command.no_complaint else Standing.UNMATCHED).value
    entry.complaint_id, entry.reference, entry.strength = None, "", Strength.NONE.value
    entry.reasons = []


def _named(lines: Sequence[Line]) -> set[str]:
    """What could be a reference in the entries, as it was written."""
    tokens = {token.strip(".,;:!?()[]«»“”\"'") for line in lines for token in (line.given, *line.words.split())}
    return {token for token in tokens if len(token) >= 4 and any(char.isdigit() for char in token)}


def _entry(line: Line, keyed: Keyed) -> Entry:
    names = {register.plain_reference(one) for one in (line.given, *line.words.split())}
    who = {keyed.email(line.email) or keyed.email(line.who), keyed.phone(line.phone)}
    return Entry(
        line.position,
        line.at,
        frozenset(name for name in names if len(name) >= 4 and any(char.isdigit() for char in name)),
        frozenset(who - {""}),
        register.words_of(line.words),
    )


def _kept(
    tx: Session,
    audit: Audit,
    command: CompareLog,
    title: str,
    covered: tuple[datetime, datetime] | None,
    now: datetime,
    actor: Actor,
) -> AuditLog:
    last = tx.execute(select(func.max(AuditLog.serial)).where(AuditLog.audit_id == audit.id)).scalar_one()
    log = AuditLog(
        audit_id=audit.id,
        serial=(last or 0) + 1,
        title=title,
        file_id=command.file_id,
        covers_from=day_of_house(tx, covered[0]) if covered else None,
        covers_to=day_of_house(tx, covered[1]) if covered else None,
        days=command.days,
        columns=command.log.columns,
        rows=len(command.log.lines),
        unreadable=command.log.unreadable,
        compared_at=now,
        compared_by=actor.person_id,
    )
    tx.add(log)
    tx.flush()
    return log


def _keep_entries(tx: Session, log: AuditLog, lines: Sequence[Line], judged: dict[int, Judged]) -> None:
    tx.execute(insert(AuditLogEntry), [_row(log, line, judged.get(line.position)) for line in lines])


def _row(log: AuditLog, line: Line, judged: Judged | None) -> dict[str, Any]:
    matches = judged.matches if judged else ()
    standing = judged.standing if judged else Standing.UNREADABLE
    taken_for = matches[0] if matches and standing is Standing.MATCHED else None
    return {
        "organisation_id": log.organisation_id,
        "log_id": log.id,
        "position": line.position,
        "line": line.line,
        "came_at": line.at,
        "came_is_day": line.is_day,
        "sender": masked(line),
        "words": line.words or line.problem,
        "given": line.given,
        "standing": standing.value,
        "strength": (matches[0].strength if matches else Strength.NONE).value,
        "reasons": [taken_for.plain()] if taken_for else [],
        "candidates": [one.plain() for one in matches if one is not taken_for],
        "complaint_id": taken_for.complaint_id if taken_for else None,
        "reference": taken_for.reference if taken_for else "",
        "note": "",
    }


def masked(line: Line) -> str:
    """The sender so that the entry is found in the raw log, and nobody learns an address: `a…@example.org`."""
    if line.email:
        name, _at, domain = line.email.rpartition("@")
        return f"{name[:1]}…@{domain}"[:200] if domain else "…"
    digits = [char for char in line.phone if char.isdigit()]
    return "…" + "".join(digits[-3:]) if digits else ""
