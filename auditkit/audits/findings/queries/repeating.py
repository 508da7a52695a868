"""Earlier findings that one may repeat, and those that a person confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, literal, select
from sqlalchemy.orm import aliased

from auditkit.audits.findings import rules
from auditkit.audits.findings.models import FindingRepeat
from auditkit.audits.findings.rules import Verdict
from auditkit.audits.models import Audit, AuditRow, Finding
from auditkit.audits.queries.findings import FindingView
from auditkit.audits.rules import Grade
from auditkit.base.db import Session

LOOKED_AT = 300
"""Earlier findings that are compared with a new one, the newest: more than a person could judge."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier finding that this one may repeat. `verdict` None: nobody judged it yet."""

    id: int
    number: str
    audit_number: str
    statement: str
    grade: Grade
    raised_at: datetime
    same_question: bool
    same_clause: bool
    likeness: int
    verdict: Verdict | None
    judged_by: int | None
    judged_at: datetime | None


def alike(tx: Session, finding: FindingView) -> list[Alike]:
    """Earlier findings of other audits that this one may repeat: those a person judged, and those worth a look.

    Suggested are findings of the same question, and of the same clause with like words; most alike first.
    """
    item = _item_of(tx, finding.row_id)
    words = rules.telling_words(f"{finding.statement} {finding.criterion}")
    found = []
    for row in tx.execute(_earlier(finding)):
        same_question = bool(item) and row.item_id == item
        same_clause = bool(finding.clause) and row.clause == finding.clause
        percent = rules.likeness(
            words,
            rules.telling_words(f"{row.statement} {row.criterion}"),
            same_question=same_question,
            same_clause=same_clause,
        )
        if row.verdict is None and not rules.suggested(percent, same_question=same_question, same_clause=same_clause):
            continue
        found.append(_alike(row, same_question, same_clause, percent))
    return sorted(found, key=lambda one: (one.verdict is None, -one.likeness, -one.id))


def _item_of(tx: Session, row_id: int | None) -> str:
    if row_id is None:
        return ""
    return str(tx.execute(select(AuditRow.item_id).where(AuditRow.id == row_id)).scalar_one_or_none() or "")


def _earlier(finding: FindingView) -> Select[Any]:
    judged = aliased(FindingRepeat)
    query: Any = (
        select(
            Finding.id,
            Finding.number,
            Audit.number.label("audit_number"),
            Finding.statement,
            Finding.criterion,
            Finding.grade,
            Finding.raised_at,
            Finding.clause,
            AuditRow.item_id,
            judged.verdict,
            judged.judged_by,
            judged.judged_at,
        )
        .join(Audit, Audit.id == Finding.audit_id)
        .outerjoin(AuditRow, AuditRow.id == Finding.row_id)
        .outerjoin(judged, and_(judged.earlier_id == Finding.id, judged.finding_id == literal(finding.id)))
        .where(Finding.id < finding.id, Finding.audit_id != finding.audit_id, Finding.grade != Grade.GOOD_PRACTICE)
        .order_by(Finding.id.desc())
        .limit(LOOKED_AT)
    )
    found: Select[Any] = query
    return found


def _alike(row: Any, same_question: bool, same_clause: bool, percent: int) -> Alike:
    return Alike(
        id=row.id,
        number=row.number,
        audit_number=row.audit_number,
        statement=row.statement,
        grade=Grade(row.grade),
        raised_at=row.raised_at,
        same_question=same_question,
        same_clause=same_clause,
        likeness=percent,
        verdict=Verdict(row.verdict) if row.verdict else None,
        judged_by=row.judged_by,
        judged_at=row.judged_at,
    )


def repeats(tx: Session, finding_ids: Sequence[int]) -> dict[int, list[str]]:
    """The numbers of the earlier findings that each of these repeats, as a person confirmed."""
    earlier = aliased(Finding)
    query = (
        select(FindingRepeat.finding_id, earlier.number)
        .join(earlier, earlier.id == FindingRepeat.earlier_id)
        .where(FindingRepeat.finding_id.in_(finding_ids), FindingRepeat.verdict == Verdict.CONFIRMED)
        .order_by(earlier.id)
    )
    found: dict[int, list[str]] = {}
    for finding_id, number in tx.execute(query):
        found.setdefault(finding_id, []).append(number)
    return found


def repeated_by(tx: Session, finding_id: int) -> list[str]:
    """The numbers of later findings that were confirmed to repeat this one."""
    later = aliased(Finding)
    query = (
        select(later.number)
        .join(FindingRepeat, FindingRepeat.finding_id == later.id)
        .where(FindingRepeat.earlier_id == finding_id, FindingRepeat.verdict == Verdict.CONFIRMED)
        .order_by(later.id)
    )
    return list(tx.execute(query).scalars())
