"""What the list of findings can be filtered by: audits, checklists, clauses and principles that have any."""

from sqlalchemy import String, cast, func, select

from auditkit.audits.models import Audit, Finding
from auditkit.base.db import Session


def audits_with_findings(tx: Session) -> list[tuple[str, str]]:
    """(number, title) of the audits that have findings, newest first."""
    query = select(Audit.number, Audit.title).where(Audit.findings > 0).order_by(Audit.id.desc()).limit(200)
    return [(row.number, row.title) for row in tx.execute(query)]


def checklists_with_findings(tx: Session) -> list[tuple[str, str]]:
    """(id, title) of the checklists of audits that have findings."""
    query = select(Audit.checklist_id, func.max(Audit.checklist_title).label("title")).where(Audit.findings > 0)
    return [(row.checklist_id, row.title) for row in tx.execute(query.group_by(Audit.checklist_id))]


def clauses_with_findings(tx: Session) -> list[str]:
    """The numbers of the clauses that findings stand under, in the order of the standard."""
    found = {clause.rpartition(":")[2] for clause in tx.execute(select(Finding.clause).distinct()).scalars()} - {""}
    return sorted(found, key=lambda one: [(not part.isdecimal(), part.zfill(4)) for part in one.split(".")])


def principles_with_findings(tx: Session) -> list[str]:
    """The codes of the principles that findings name."""
    found = tx.execute(select(Finding.principles).where(cast(Finding.principles, String) != "[]")).scalars()
    return sorted({code for codes in found for code in codes})
