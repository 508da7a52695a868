"""Counting a reported figure again and keeping both, with every complaint that counted or was left out."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from auditkit.audits.models import Audit
from auditkit.audits.recounting import rules
from auditkit.audits.recounting.models import AuditRecount
from auditkit.audits.recounting.rules import FORMAT, INDICATOR_RECOUNTED, SUBJECT
from auditkit.audits.rules import State
from auditkit.audits.sampling import canonical
from auditkit.audits.service.taking import note, taken, touch
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints.checking import indicators
from auditkit.complaints.checking.indicators import Counted
from auditkit.complaints.checking.vocabulary import ABOUT, Indicator
from auditkit.evidence import service as evidence


@dataclass(frozen=True)
class Recount:
    """A figure as it was reported (`reported`, in its own decimals), where, and for which days (both included)."""

    number: str
    indicator: Indicator
    covers_from: date
    covers_to: date
    reported: str
    source: str


@verb("audits.run", leaves=INDICATOR_RECOUNTED)
def recount(tx: Session, command: Recount, now: datetime, actor: Actor) -> int:
    """Count the figure again in a running audit; returns the recount's number in it.

    Raises NotFound, RecountNotRunning, RecountPeriodReversed, FigureUnreadable, FigureSourceMissing.
    """
    actor.require("complaints.read")
    audit = taken(tx, command.number)
    if State(audit.state) is not State.RUNNING:
        raise rules.RecountNotRunning()
    if command.covers_to < command.covers_from:
        raise rules.RecountPeriodReversed(first=command.covers_from)
    reported = rules.figure(command.reported)
    if not command.source.strip():
        raise rules.FigureSourceMissing()
    counted = indicators.count(tx, command.indicator, command.covers_from, command.covers_to, now)
    about = ABOUT[command.indicator]
    found = counted.value
    if not about.is_measure:
        found = rules.found(len(counted.numerator), len(counted.denominator), is_share=about.is_share)
    row = _kept(tx, audit, command, counted, rules.compared(reported, found), now, actor)
    touch(audit, now)
    note(
        tx,
        INDICATOR_RECOUNTED,
        audit,
        now,
        actor,
        recount=row.serial,
        indicator=row.indicator,
        covers=[command.covers_from.isoformat(), command.covers_to.isoformat()],
        reported=row.reported,
        found=row.found,
        agrees=row.agrees,
        counted_sha256=row.digest,
    )
    return row.serial


def _kept(
    tx: Session,
    audit: Audit,
    command: Recount,
    counted: Counted,
    compared: rules.Compared,
    now: datetime,
    actor: Actor,
) -> AuditRecount:
    last = tx.execute(select(func.max(AuditRecount.serial)).where(AuditRecount.audit_id == audit.id)).scalar_one()
    serial = (last or 0) + 1
    ids = {"numerator": counted.numerator, "denominator": counted.denominator}
    if counted.values:
        ids["values"] = [counted.values[one] for one in counted.denominator]  # in the order of the denominator
    digest = hashlib.sha256(canonical(ids)).hexdigest()
    record = {
        "format": FORMAT,
        "audit": audit.number,
        "recount": serial,
        "indicator": command.indicator.value,
        "covers_from": command.covers_from.isoformat(),
        "covers_to": command.covers_to.isoformat(),
        "counted_at": now.isoformat(),
        "reported": str(compared.reported),
        "found": "" if compared.found is None else str(compared.found),
        "counted": ids,
        "counted_sha256": digest,
        "excluded": counted.excluded,
    }
    capture = evidence.Capture(
        kind=SUBJECT,
        origin=("audit", audit.id),
        record=record,
        name=f"{audit.number}-K{serial}.json",
        period=(command.covers_from, command.covers_to),
    )
    row = AuditRecount(
        audit_id=audit.id,
        serial=serial,
        indicator=command.indicator.value,
        covers_from=command.covers_from,
        covers_to=command.covers_to,
        reported=str(compared.reported),
        source=command.source.strip(),
        numerator=len(counted.numerator),
        denominator=len(counted.denominator),
        excluded={why: len(references) for why, references in counted.excluded.items()},
        found="" if compared.found is None else str(compared.found),
        agrees=compared.within,
        digest=digest,
        record_file_id=evidence.capture(tx, capture, now, actor),
        counted_at=now,
        counted_by=actor.person_id,
    )
    tx.add(row)
    tx.flush()
    evidence.link(tx, evidence.Link(row.record_file_id, (SUBJECT, row.id)), now, actor)
    return row
