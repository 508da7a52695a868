"""Making a report as a file that is kept, and giving it to people; what was given is on record with its digest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.audits.issuing import queries, rules
from auditkit.audits.issuing.models import AuditDistribution, AuditReportFile
from auditkit.audits.issuing.rules import DISTRIBUTED, FILED, Kind, Way
from auditkit.audits.models import Audit
from auditkit.audits.rules import ReportNotReady
from auditkit.audits.service.taking import note
from auditkit.audits.signing import queries as signing
from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.delivery import Attachment
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.base.verbs import verb
from auditkit.evidence import queries as evidence_of
from auditkit.evidence import service as evidence
from auditkit.evidence.intake import Received


@dataclass(frozen=True)
class FileReport:
    """`received` is the file as `evidence.intake` took it in."""

    number: str
    kind: Kind
    language: str
    received: Received


@dataclass(frozen=True)
class Distribute:
    """`address` empty for a report that is handed over."""

    number: str
    file_id: int
    recipient: str
    way: Way
    address: str = ""


@verb("audits.read", leaves=FILED)
def file_report(tx: Session, command: FileReport, now: datetime, actor: Actor) -> int:
    """Keep a report as a file; its id. Raises NotFound, ReportNotReady."""
    audit = _audit(tx, command.number)
    signatures = signing.signatures(tx, audit.id)
    file_id = evidence.add(tx, evidence.Add([command.received]), now, actor)[0]
    made = AuditReportFile(
        audit_id=audit.id,
        version=len(signatures),
        kind=command.kind,
        language=command.language,
        evidence_file_id=file_id,
        made_at=now,
        made_by=actor.person_id,
    )
    tx.add(made)
    tx.flush()
    facts = {"version": made.version, "kind": command.kind.value, "digest": command.received.digest}
    note(tx, FILED, audit, now, actor, **facts)
    return int(made.id)


@verb("audits.run", leaves=DISTRIBUTED)
def distribute(tx: Session, command: Distribute, now: datetime, actor: Actor) -> None:
    """Give a report file to somebody: by e-mail through the outbox, or noted as handed over.

    Raises NotFound, RecipientMissing, AddressMissing, AddressNotNeeded.
    """
    audit = _audit(tx, command.number)
    file = queries.file(tx, command.number, command.file_id)
    rules.check_distribution(command.way, command.recipient, command.address)
    made = AuditDistribution(
        report_file_id=file.id,
        recipient=command.recipient.strip(),
        address=command.address.strip(),
        way=command.way,
        distributed_at=now,
        distributed_by=actor.person_id,
    )
    tx.add(made)
    tx.flush()
    if command.way is Way.MAIL:
        outbox.put(
            tx,
            to=made.address,
            subject=_("Audit report %(number)s", number=audit.number),
            body=_mail(audit, file, made.recipient),
            now=now,
            about=outbox.About(actor.organisation_id, queries.SUBJECT, made.id, audit.number),
        )
    facts = {"file": file.id, "digest": file.file.digest, "way": command.way.value}
    note(tx, DISTRIBUTED, audit, now, actor, **facts)


def _mail(audit: Audit, file: queries.ReportFile, recipient: str) -> str:
    return _(
        "%(recipient)s,\n\nthe report of audit %(number)s, %(title)s, is attached to this mail.\n\n"
        "SHA-256 of the file: %(digest)s\n",
        recipient=recipient,
        number=audit.number,
        title=audit.title,
        digest=file.file.digest,
    )


@outbox.attaches(queries.SUBJECT)
def _attached(tx: Session, distribution_id: int) -> list[Attachment]:
    """The file that was given, byte for byte."""
    found = tx.execute(
        select(AuditReportFile.evidence_file_id)
        .join(AuditDistribution, AuditDistribution.report_file_id == AuditReportFile.id)
        .where(AuditDistribution.id == distribution_id)
    ).scalar_one()
    file = evidence_of.file(tx, found)
    content = b"".join(evidence_of.open_stream(tx, file.digest))
    return [Attachment(file.download_name, file.media_type, content)]


def _audit(tx: Session, number: str) -> Audit:
    audit = tx.execute(select(Audit).where(Audit.number == number)).scalar_one_or_none()
    if audit is None:
        raise NotFound()
    if audit.reported_at is None:
        raise ReportNotReady()
    return audit
