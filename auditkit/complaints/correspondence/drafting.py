"""A letter begun for one complaint: its blanks filled from the case, in the letter's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from auditkit.base.db import Session
from auditkit.base.text import _, spoken
from auditkit.complaints import queries as complaints
from auditkit.complaints import rules as register
from auditkit.complaints.clock import queries as clock_queries
from auditkit.complaints.clock.rules import Target
from auditkit.complaints.correspondence import queries, wording
from auditkit.complaints.correspondence.dates import written_day
from auditkit.complaints.correspondence.queries import Facts
from auditkit.complaints.correspondence.wording import Draft, Letter


def begin(tx: Session, letter: Letter, facts: Facts, *, handler: str, now: datetime) -> Draft:
    """`letter` filled in for the complaint. `handler` signs it. What the case does not hold stays a blank."""
    language, setting = letter.language, queries.setting(tx)
    titles = {str(word): title for word, title in register.OUTCOME_TITLES.items()}
    with spoken(language):
        outcome = _(titles[facts.outcome]) if facts.outcome in titles else ""
    values = {
        "complainant": facts.complainant,
        "organisation": setting.organisation,
        "reference": facts.reference,
        "about": facts.subject,
        "received": written_day(facts.received, language),
        "today": written_day(setting.day(now), language),
        "handler": handler,
        "due": _due(tx, facts.id, language, now),
        "outcome": outcome,
        "decision": facts.decision,
        "remedy": facts.remedy,
        "further": complaints.practice(tx).external_bodies,
    }
    return wording.fill(letter, values)


def _due(tx: Session, complaint_id: int, language: str, now: datetime) -> str:
    """The day of the decision by the complaint's clock; empty where none runs."""
    running = clock_queries.for_case(tx, complaint_id, now).running
    due = next((one for one in running if one.target is Target.DECIDE), None)
    return written_day(due.due_at.astimezone(ZoneInfo(due.zone)).date(), language) if due is not None else ""
