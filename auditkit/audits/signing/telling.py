"""Amendments as people read them: fields by their names, grades by what they are called here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from auditkit.audits.rules import Grade
from auditkit.audits.signing.queries import AmendmentView, Change
from auditkit.base.text import N_, _

FIELD_TITLES = {
    "grade": N_("Grade"),
    "statement": N_("Statement"),
    "criterion": N_("Requirement"),
    "evidence": N_("Objective evidence"),
    "grade_reason": N_("Why this is not filed as a nonconformity"),
    "conclusion": N_("Conclusion"),
    "client": N_("Client of the audit"),
    "process": N_("How the audit went"),
    "obstacles": N_("Obstacles, and departures from the plan"),
    "diverging": N_("Diverging opinions that were not settled"),
    "follow_up": N_("Follow-up agreed on"),
    "confidentiality": N_("Confidentiality"),
    "distribution": N_("Who gets the report"),
}


@dataclass(frozen=True, slots=True)
class ToldChange:
    """What was changed, from what to what; empty texts are dashes."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ToldAmendment:
    """An amendment with its changes in words."""

    serial: int
    subject: str
    reason: str
    changes: tuple[ToldChange, ...]
    made_at: datetime
    made_by: int


def told_amendments(amendments: Iterable[AmendmentView], grades: Mapping[Grade, str]) -> list[ToldAmendment]:
    """Amendments in words. `grades`: what they are called here."""
    return [
        ToldAmendment(
            one.serial,
            one.subject,
            one.reason,
            tuple(_told(change, grades) for change in one.changes),
            one.made_at,
            one.made_by,
        )
        for one in amendments
    ]


def _told(change: Change, grades: Mapping[Grade, str]) -> ToldChange:
    def shown(value: str) -> str:
        return grades[Grade(value)] if change.what == "grade" else value or "–"

    return ToldChange(_(FIELD_TITLES[change.what]), shown(change.old), shown(change.new))
