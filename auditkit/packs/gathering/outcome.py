"""What packs take of audits, findings and actions for other programs, and of the journal for people."""

from dataclasses import dataclass

from auditkit.actions import queries as actions
from auditkit.actions.queries import RegisterRow
from auditkit.audits.queries import plans, registers
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.registers import FindingLine
from auditkit.base.db import Session
from auditkit.journal import queries as journal
from auditkit.journal.queries import Line
from auditkit.packs.gathering.draft import Draft

MOST_ENTRIES = 500


@dataclass(frozen=True)
class Outcome:
    """Audits, findings and actions of the period; the newest entries of the journal up to the pack's head."""

    audits: tuple[AuditHead, ...]
    findings: tuple[FindingLine, ...]
    actions: tuple[RegisterRow, ...]
    trail: tuple[Line, ...]


def outcome(tx: Session, draft: Draft) -> Outcome:
    """Read them."""
    period = (draft.start, draft.end)
    trail = journal.about_records(tx, draft.organisation.id, draft.head.seq, MOST_ENTRIES) if draft.head else []
    if draft.definition.about == "complaint":
        from auditkit.complaints.privacy.queries import cases  # only for such packs (decision 0007)

        case = ("complaint", cases.subject(tx, draft.subject).id)
        of_case = tuple(line for line in trail if (line.subject_kind, line.subject_id) == case)
        return Outcome((), (), (), of_case)
    audits = tuple(plans.overlapping(tx, *period))
    findings = tuple(registers.findings(tx, *period))
    done = tuple(actions.register(tx, *period))
    if draft.definition.about == "audit":
        audits = (plans.by_number(tx, draft.subject),)
        findings = tuple(one for one in findings if one.audit == draft.subject)
        answering = {number for one in findings for number in one.actions}
        done = tuple(one for one in done if one.number in answering)
    return Outcome(audits, findings, done, tuple(trail))
