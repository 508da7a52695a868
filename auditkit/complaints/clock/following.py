"""The clock hears of every verb of complaints through the journal, and keeps the due dates in the same transaction.

A complaint's time is kept from the moment it is recorded. One brought in from a file, or recorded before any limit was
in force, has no due dates until somebody asks for them (`service.recompute`).
"""

from typing import Any

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.events import registered
from auditkit.complaints.clock import keeping, knowing, rules
from auditkit.complaints.rules import ACKNOWLEDGED, TOLD
from auditkit.journal.rules import EntryContent
from auditkit.journal.service import follows

# By name, as correspondence declares them. What is written leaves at once, but for a letter, which is posted later.
_WRITTEN = "complaint:message-written"
_SAID = frozenset({_WRITTEN, "complaint:letter-posted", "complaint:contact-noted"})
_NO_NEWS = frozenset({"survey", "reply"})


def is_news(event: str, facts: dict[str, Any]) -> bool:
    """Whether the complainant heard from a person how the case stands. Automatic mails and surveys are no news."""
    if event in (ACKNOWLEDGED.name, TOLD.name):
        return True
    if event not in _SAID or (event == _WRITTEN and facts.get("channel") == "post"):
        return False
    return facts.get("direction") == "out" and not facts.get("automatic") and facts.get("kind") not in _NO_NEWS


@follows("complaint")
def keep_time(tx: Session, entry: EntryContent, actor: Actor) -> None:
    """Bring the due dates of the complaint up to what the entry tells."""
    if entry.event in rules.OWN_EVENTS or not registered()[entry.event].about_records:
        return
    clock = knowing.clock_of(tx, entry.subject_id)
    if clock is None and not knowing.just_recorded(tx, entry.subject_id, entry.at):
        return
    found = knowing.known(tx, entry.subject_id)
    if found is None:
        return
    if clock is None:
        keeping.begin(tx, found, entry.at, actor)
        return
    news = is_news(entry.event, entry.facts)
    if news:
        clock.news_at = entry.at
    keeper = keeping.Keeper(tx, clock, found, entry.at, actor)
    if news and entry.facts.get("kind") == rules.TO_EXTEND:
        keeper.extend()
    keeper.advance()
