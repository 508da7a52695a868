"""Taking the personal data of one complaint out of every table, as `fates` says, inside an open transaction.

It goes past the session's models on purpose: the tables are walked by name, so that one that was forgotten is found by
a test and not by a complainant. Every statement names the organisation.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Row,
    and_,
    case,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.folding import fold
from auditkit.complaints import rules as core
from auditkit.complaints import service
from auditkit.complaints.privacy import hanging
from auditkit.complaints.privacy.fates import FATES, REACHED_BY, Fate, columns
from auditkit.complaints.privacy.rules import MARK
from auditkit.evidence import service as evidence
from auditkit.journal.erasing import erase_personal

COMPLAINT, MESSAGE, MAIL, EVIDENCE = "complaint", "complaint-message", "mail", "evidence"
REDACTED = "complaint-redacted"
PARTS = {service.INVESTIGATION: "complaint_investigation", service.REMEDY: "complaint_decision"}
"""Parts of a case that files are attached to, with their tables."""
UNDER_WAY = ("waiting", "taken", "sending")
SHORTEST_SIFTED = 3
SEARCHED_BY = ("complainant_name", "complainant_email", "complainant_phone")


@dataclass
class Erased:
    """How many of what went, and what of the complainant stays because something else needs it."""

    counts: dict[str, int] = field(default_factory=dict)
    shared_files: list[int] = field(default_factory=list)
    captures: list[int] = field(default_factory=list)


def rows_of(table: str, complaint_id: int) -> ColumnElement[bool]:
    """Which rows of a table in `fates` are of this complaint."""
    here = hanging.table(table)
    if table == "complaint":
        return here.c.id == complaint_id
    if table not in REACHED_BY:
        return here.c.complaint_id == complaint_id
    column, parent = REACHED_BY[table]
    return here.c[column].in_(select(hanging.table(parent).c.id).where(rows_of(parent, complaint_id)))


def parcels_of(complaint: Row[Any]) -> ColumnElement[bool]:
    """Which parcels of the outbox are about this complaint."""
    parcels, messages = hanging.table("outbox_mail"), hanging.table("complaint_message")
    own = select(messages.c.id).where(messages.c.complaint_id == complaint.id)
    return and_(
        parcels.c.organisation_id == complaint.organisation_id,
        or_(
            and_(parcels.c.about_kind == COMPLAINT, parcels.c.about_id == complaint.id),
            and_(parcels.c.about_kind == MESSAGE, parcels.c.about_id.in_(own)),
            and_(parcels.c.about_kind.like("complaint%"), parcels.c.reference == complaint.reference),
        ),
    )


def is_waiting(tx: Session, complaint: Row[Any]) -> bool:
    """Whether something to the complainant is still to leave."""
    parcels = hanging.table("outbox_mail")
    query = select(parcels.c.id).where(parcels_of(complaint), parcels.c.state.in_(UNDER_WAY)).limit(1)
    return tx.connection().execute(query).first() is not None


def row_of(tx: Session, organisation_id: int, complaint_id: int, *, lock: bool = False) -> Row[Any] | None:
    """The complaint's whole row, None where there is none in this organisation. `lock`: nobody changes it meanwhile."""
    complaints = hanging.table("complaint")
    query = select(complaints).where(complaints.c.id == complaint_id, complaints.c.organisation_id == organisation_id)
    if lock:
        query = query.with_for_update()
    return tx.connection().execute(query).one_or_none()


def erase(tx: Session, complaint: Row[Any], reason: str, now: datetime, actor: Actor) -> Erased:
    """Erase everything personal of a complaint; what was erased is counted, what stays is named.

    The bytes of its files and the remains in the database's own files go after the transaction (`jobs`).
    """
    tx.flush()
    erased, connection = Erased(), tx.connection()
    files = _files(connection, complaint, erased)
    mails = _ids(connection, "incoming_mail", complaint.id)
    erased.counts["parcels"] = _blank_parcels(connection, complaint)
    _mark_answers(connection, complaint.id)
    for table in FATES:
        if table != "complaint":
            erased.counts[table] = _erase_rows(connection, table, complaint)
    _erase_complaint(connection, complaint)
    erased.counts["register_filter"] = _filters(connection, complaint)
    tx.expire_all()
    for file_id in files:
        evidence.erase(tx, evidence.Erase(file_id, reason), now, actor)
    erased.counts["files"] = len(files)
    subjects = {COMPLAINT: [complaint.id], MAIL: mails, EVIDENCE: files}
    erased.counts["journal"] = erase_personal(tx, complaint.organisation_id, subjects)
    erased.counts = {name: count for name, count in erased.counts.items() if count}
    return erased


def _ids(connection: Connection, table: str, complaint_id: int) -> list[int]:
    return list(connection.execute(select(hanging.table(table).c.id).where(rows_of(table, complaint_id))).scalars())


def _values(table: str) -> dict[str, Any]:
    """What the columns of a table become, but for those that depend on the row."""
    made: dict[str, Any] = {}
    for name, fate in columns(table):
        column = hanging.table(table).c[name]
        if fate is Fate.BLANK:
            made[name] = ""
        elif fate is Fate.MARK:
            made[name] = case((column != "", literal(MARK)), else_=literal(""))
        elif fate is Fate.NULL:
            made[name] = null()
        elif fate is Fate.EMPTY:
            made[name] = []
    return made


def _erase_rows(connection: Connection, name: str, complaint: Row[Any]) -> int:
    """Erase a table's rows of this complaint; how many there were to erase."""
    table, mine = hanging.table(name), rows_of(name, complaint.id)
    if FATES[name] is Fate.GO:
        gone = connection.execute(delete(table).where(mine))
        assert isinstance(gone, CursorResult)  # noqa: S101 - what a DELETE gives
        return gone.rowcount
    values = _values(name)
    sifted = [column for column, fate in columns(name) if fate is Fate.SIFT]
    words = identity_words(complaint)
    for row in connection.execute(select(table).where(mine)).all() if sifted else ():
        values |= {column: sift(getattr(row, column), words) for column in sifted}
    if not values:
        return 0
    changed = connection.execute(update(table).where(mine).values(**values))
    assert isinstance(changed, CursorResult)  # noqa: S101 - what an UPDATE gives
    return changed.rowcount


def _erase_complaint(connection: Connection, complaint: Row[Any]) -> None:
    table = hanging.table("complaint")
    words = identity_words(complaint)
    sifted = {name: sift(getattr(complaint, name), words) for name, fate in columns("complaint") if fate is Fate.SIFT}
    left = {**complaint._mapping, **{name: "" for name, fate in columns("complaint") if fate is Fate.BLANK}, **sifted}
    search_words = core.search_words(
        complaint.organisation_id, complaint.reference, [left[name] or "" for name in core.SEARCHED], []
    )
    values = {**_values("complaint"), **sifted, "search_words": search_words, "version": complaint.version + 1}
    connection.execute(update(table).where(table.c.id == complaint.id).values(**values))


def identity_words(complaint: Row[Any]) -> list[str]:
    """What a complainant is known by, folded: whole values, and the parts of the name."""
    values = [str(getattr(complaint, name) or "") for name in core.IDENTITY]
    parts = [part for value in values[:1] for part in value.split()]
    return [word for word in map(fold, [*values, *parts]) if len(word) >= SHORTEST_SIFTED]


def sift(text: str, words: list[str]) -> str:
    """`text`, or nothing where something of the identity stands in it."""
    folded = fold(text)
    return "" if any(word in folded for word in words) else text


def _blank_parcels(connection: Connection, complaint: Row[Any]) -> int:
    parcels = hanging.table("outbox_mail")
    emptied = update(parcels).values(recipient="", subject="", body="", headers={}, hidden=[], last_error=None)
    done = connection.execute(emptied.where(parcels_of(complaint)))
    assert isinstance(done, CursorResult)  # noqa: S101 - what an UPDATE gives
    return done.rowcount


def _filters(connection: Connection, complaint: Row[Any]) -> int:
    """Kept filters that look for this complainant, by the whole name, address or number; how many went."""
    filters = hanging.table("register_filter")
    whole = [fold(str(getattr(complaint, name) or "")) for name in SEARCHED_BY]
    words = [word for word in whole if len(word) >= SHORTEST_SIFTED]
    rows = connection.execute(select(filters).where(filters.c.organisation_id == complaint.organisation_id)).all()
    gone = [row.id for row in rows if any(word in fold(f"{row.name} {unquote_plus(row.asked)}") for word in words)]
    connection.execute(delete(filters).where(filters.c.id.in_(gone)))
    return len(gone)


def _mark_answers(connection: Connection, complaint_id: int) -> None:
    """Mark what was answered to requests about this complaint."""
    requests, listed = hanging.table("privacy_request"), hanging.table("privacy_request_case")
    about = select(listed.c.request_id).where(listed.c.complaint_id == complaint_id)
    answered = and_(requests.c.id.in_(about), requests.c.answer != "")
    connection.execute(update(requests).where(answered).values(answer=MARK))


def _files(connection: Connection, complaint: Row[Any], erased: Erased) -> list[int]:
    """The files of this complaint alone. Those that something else uses as well are noted and left."""
    links, files = hanging.table("evidence_link"), hanging.table("evidence_file")
    message_files, mails = hanging.table("complaint_message_file"), hanging.table("incoming_mail")
    messages = _ids(connection, "complaint_message", complaint.id)
    own_link = or_(
        and_(links.c.subject_kind.in_((COMPLAINT, REDACTED)), links.c.subject_id == complaint.id),
        and_(links.c.subject_kind == MESSAGE, links.c.subject_id.in_(messages)),
        *(
            and_(links.c.subject_kind == kind, links.c.subject_id.in_(_ids(connection, table, complaint.id)))
            for kind, table in PARTS.items()
        ),
    )
    in_house = links.c.organisation_id == complaint.organisation_id
    found = set(connection.execute(select(links.c.file_id).where(in_house, own_link)).scalars())
    found |= set(
        connection.execute(select(message_files.c.file_id).where(message_files.c.message_id.in_(messages))).scalars()
    )
    originals = select(mails.c.original_file_id).where(mails.c.complaint_id == complaint.id)
    found |= {one for one in connection.execute(originals).scalars() if one is not None}
    captured = select(files.c.id).where(
        files.c.organisation_id == complaint.organisation_id,
        files.c.source == "capture",
        files.c.details["origin"][0].as_string() == COMPLAINT,
        files.c.details["origin"][1].as_integer() == complaint.id,
    )
    captures = set(connection.execute(captured).scalars())
    linked_elsewhere = select(links.c.file_id).where(in_house, links.c.file_id.in_(found | captures), ~own_link)
    in_other_messages = select(message_files.c.file_id).where(
        message_files.c.file_id.in_(found), message_files.c.message_id.not_in(messages)
    )
    of_other_mails = select(mails.c.original_file_id).where(
        mails.c.original_file_id.in_(found), func.coalesce(mails.c.complaint_id, 0) != complaint.id
    )
    shared: set[int] = set()
    for query in (linked_elsewhere, in_other_messages, of_other_mails):
        shared |= set(connection.execute(query).scalars())
    erased.captures = sorted(captures & shared)
    erased.shared_files = sorted((found & shared) - captures)
    return sorted((found | captures) - shared)
