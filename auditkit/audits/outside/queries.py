"""Certification bodies of audits, and findings under the numbers they gave them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from auditkit.audits.models import Finding
from auditkit.audits.outside.models import OutsideAudit, OutsideFinding
from auditkit.audits.outside.rules import Accredited
from auditkit.audits.rules import Grade
from auditkit.base.db import Session


@dataclass(frozen=True, slots=True)
class BodyView:
    """Who did an audit that is recorded from outside."""

    body: str
    reference: str
    auditors: str
    accredited: Accredited
    accreditation: str


@dataclass(frozen=True, slots=True)
class OutsideView:
    """A finding with the certification body's number; `finding` is ours."""

    number: str
    finding: str
    grade: Grade
    clause: str
    statement: str
    response_due: date | None
    responded_on: date | None


def body_of(tx: Session, audit_id: int) -> BodyView | None:
    """The certification body of an audit, or None while nobody wrote it down."""
    row = tx.execute(
        select(
            OutsideAudit.body,
            OutsideAudit.reference,
            OutsideAudit.auditors,
            OutsideAudit.accredited,
            OutsideAudit.accreditation,
        ).where(OutsideAudit.audit_id == audit_id)
    ).one_or_none()
    if row is None:
        return None
    return BodyView(row.body, row.reference, row.auditors, Accredited(row.accredited), row.accreditation)


def findings(tx: Session, audit_id: int) -> list[OutsideView]:
    """The findings of an audit that a certification body numbered, in the order recorded."""
    query = (
        select(
            OutsideFinding.number,
            Finding.number.label("finding"),
            Finding.grade,
            Finding.clause,
            Finding.statement,
            OutsideFinding.response_due,
            OutsideFinding.responded_on,
        )
        .join(Finding, Finding.id == OutsideFinding.finding_id)
        .where(Finding.audit_id == audit_id)
        .order_by(Finding.serial)
    )
    return [
        OutsideView(
            row.number, row.finding, Grade(row.grade), row.clause, row.statement, row.response_due, row.responded_on
        )
        for row in tx.execute(query)
    ]


def numbers(tx: Session, finding_ids: list[int]) -> dict[int, tuple[str, date | None]]:
    """(number of the certification body, response due) by finding, for lists and the report."""
    query = select(OutsideFinding.finding_id, OutsideFinding.number, OutsideFinding.response_due)
    rows = tx.execute(query.where(OutsideFinding.finding_id.in_(finding_ids)))
    return {row.finding_id: (row.number, row.response_due) for row in rows}
