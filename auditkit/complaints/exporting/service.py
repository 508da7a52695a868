"""Taking a case out of the house: checked, and on record with its extent."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.complaints import rules as core
from auditkit.complaints.exporting import gathering, rules
from auditkit.complaints.exporting.gathering import Gathered
from auditkit.complaints.exporting.models import ComplaintRedactedCopy
from auditkit.complaints.exporting.rules import Extent
from auditkit.complaints.privacy.queries import cases
from auditkit.complaints.privacy.rules import check_reason
from auditkit.evidence import queries as evidence
from auditkit.evidence import service as evidence_service
from auditkit.evidence.intake import Received
from auditkit.journal import service as journal


@dataclass(frozen=True)
class Export:
    """`form` is how it leaves: docx or zip. `request_id`: for a person who asked for a copy. `reason`: what a whole
    file is needed for."""

    complaint_id: int
    extent: str
    form: str
    request_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Trace:
    """What the whole file is drawn from, to be looked at here. `reason`: what it is needed for."""

    reference: str
    reason: str = ""


@dataclass(frozen=True)
class AddCopy:
    """`received` came through `evidence.intake`; it stands for the file `file_id` of the case."""

    reference: str
    file_id: int
    received: Received


@dataclass(frozen=True)
class RemoveCopy:
    reference: str
    file_id: int


@verb("complaints.handle", leaves=rules.COPY_ADDED)
def add_copy(tx: Session, command: AddCopy, now: datetime, actor: Actor) -> None:
    """Let a redacted copy go out in place of a file; it takes the place of an earlier copy.

    Raises NotFound, IsTheOriginal, IsAnotherFile, NothingToCopy.
    """
    case = cases.subject(tx, command.reference)
    files = {one.id: one for one in gathering.files_of(tx, case.id)}
    if command.file_id not in files:
        raise NotFound
    original = files[command.file_id]
    if evidence.erasure(tx, original.id) is not None:
        raise rules.NothingToCopy
    if command.received.digest == original.digest:
        raise rules.IsTheOriginal
    if command.received.digest in {one.digest for one in files.values()}:
        raise rules.IsAnotherFile
    may = replace(actor, permissions=actor.permissions | {"evidence.add"})
    subject = (rules.COPY_SUBJECT, case.id)
    (copy_id,) = evidence_service.add(tx, evidence_service.Add([command.received], subject=subject), now, may)
    row = _copy(tx, case.id, original.id)
    if row is None:
        row = ComplaintRedactedCopy(complaint_id=case.id, file_id=original.id)
        tx.add(row)
    row.copy_id, row.original_digest, row.added_at, row.added_by = copy_id, original.digest, now, actor.person_id
    facts = {"file": original.id, "digest": original.digest, "copy": command.received.digest}
    journal.record(tx, rules.COPY_ADDED, now=now, actor=actor, subject=("complaint", case.id), facts=facts)


@verb("complaints.handle", leaves=rules.COPY_REMOVED)
def remove_copy(tx: Session, command: RemoveCopy, now: datetime, actor: Actor) -> None:
    """Let nothing go out in place of a file any more; the copy stays among the evidence. Raises NotFound."""
    case = cases.subject(tx, command.reference)
    row = _copy(tx, case.id, command.file_id)
    if row is None:
        raise NotFound
    facts = {"file": row.file_id, "digest": row.original_digest}
    tx.delete(row)
    journal.record(tx, rules.COPY_REMOVED, now=now, actor=actor, subject=("complaint", case.id), facts=facts)


def _copy(tx: Session, complaint_id: int, file_id: int) -> ComplaintRedactedCopy | None:
    copy = ComplaintRedactedCopy
    query = select(copy).where(copy.complaint_id == complaint_id, copy.file_id == file_id).with_for_update()
    return tx.execute(query).scalar_one_or_none()


@verb("complaints.read", leaves=rules.EXPORTED)
def export(tx: Session, command: Export, now: datetime, actor: Actor) -> Gathered:
    """Everything on record about a case. Whole needs `identity.read` and a reason, and counts as a reading of the
    identity.

    Raises NotFound, UnknownWord, Forbidden, ReasonMissing, ReasonTooLong.
    """
    extent = Extent(core.known_word(command.extent, Extent))
    subject = ("complaint", command.complaint_id)
    if extent is Extent.WHOLE:
        actor.require("identity.read")
        by = "case-file" if command.request_id is None else "person-copy"
        _looked_up(tx, command.complaint_id, by, command.reason, now, actor)
    facts = {"extent": extent.value, "form": command.form, "request": command.request_id}
    gathered = gathering.gather(tx, actor.organisation_id, command.complaint_id, extent)
    journal.record(tx, rules.EXPORTED, now=now, actor=actor, subject=subject, facts=facts)
    return gathered


@verb("identity.read", leaves=core.IDENTITY_READ)
def trace(tx: Session, command: Trace, now: datetime, actor: Actor) -> Gathered:
    """Everything on record about a case, to show what its whole file is drawn from: it stays in the house, and counts
    as a reading of the identity all the same. Raises NotFound, ReasonMissing, ReasonTooLong."""
    actor.require("complaints.read")
    case = cases.subject(tx, command.reference)
    _looked_up(tx, case.id, "case-file-sources", command.reason, now, actor)
    return gathering.gather(tx, actor.organisation_id, case.id, Extent.WHOLE)


def _looked_up(tx: Session, complaint_id: int, by: str, reason: str, now: datetime, actor: Actor) -> None:
    said = {"reason": check_reason(reason)}
    subject = ("complaint", complaint_id)
    journal.record(tx, core.IDENTITY_READ, now=now, actor=actor, subject=subject, facts={"by": by}, personal=said)
