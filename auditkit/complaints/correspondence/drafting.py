"""A letter begun for one complaint: its blanks filled from the case, in the letter's language."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from auditkit.base.db import Session
from auditkit.base.text import _, spoken
from auditkit.complaints import queries as complaints
from auditkit.complaints import rules as register
from auditkit.complaints.clock import queries as clock_queries
from auditkit.complaints.clock.rules import Target
from auditkit.complaints.correspondence import own_page, queries, wording
from auditkit.complaints.correspondence.dates import written_day
from auditkit.complaints.correspondence.queries import Facts
from auditkit.complaints.correspondence.wording import Draft, Letter


def begin(tx: Session, letter: Letter, facts: Facts, *, handler: str, now: datetime, page: str = "") -> Draft:
    """`letter` filled in for the complaint. `handler` signs it; `page` is where complainants come in, empty: not told.

    What the case does not hold stays a blank. The first letter names the own page and gives its secret out, also where
    its wording does not speak of it.
    """
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
        "tracking": _own_page(tx, facts, page),
    }
    draft = wording.fill(letter, values)
    if own_page.MARK not in values["tracking"] or values["tracking"] in draft.text:
        return draft
    return replace(draft, text=f"{draft.text}\n\n{wording.of_own_page(language, values['tracking'])}")


def first_words(tx: Session, facts: Facts, language: str, page: str) -> str:
    """What a message without a letter begins with: the own page where its secret is to go out, else nothing."""
    address = _own_page(tx, facts, page)
    return f"\n\n{wording.of_own_page(language, address)}" if own_page.MARK in address else ""


def _own_page(tx: Session, facts: Facts, page: str) -> str:
    can_send = bool(facts.email.strip())
    return own_page.to_write(tx, facts.id, facts.reference, page, can_send=can_send) if page else ""


def _due(tx: Session, complaint_id: int, language: str, now: datetime) -> str:
    """The day of the decision by the complaint's clock; empty where none runs."""
    running = clock_queries.for_case(tx, complaint_id, now).running
    due = next((one for one in running if one.target is Target.DECIDE), None)
    return written_day(due.due_at.astimezone(ZoneInfo(due.zone)).date(), language) if due is not None else ""
