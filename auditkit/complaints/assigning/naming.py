"""The naming of an owner by a rule: of one complaint inside the verb that changed it, of many after an import stored
them.

`following` and `importing` call it inside their transaction; no verb of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.complaints.assigning import queries, rules
from auditkit.complaints.assigning.models import ComplaintAssignment
from auditkit.complaints.assigning.rules import ASKED, About, Asked, Rule
from auditkit.complaints.models import Complaint
from auditkit.complaints.service.taking import note
from auditkit.journal import service as journal


def assign(tx: Session, complaint: Complaint, happened: str, now: datetime, actor: Actor) -> Rule | None:
    """Name the owner by the first rule for this complaint, unless that is who owns it; the rule, or None.

    Whether a rule may name the owner at all is for the caller to know.
    """
    every = queries.rules_in_force(tx)
    if not every:
        return None
    free = queries.may_own(tx, complaint.id)
    rule = rules.first_for(every, about(complaint), free)
    if rule is None or (rule.owner_id == complaint.owner_id and happened == rules.ASSESSED):
        return None
    complaint.owner_id = rule.owner_id
    complaint.deputy_id = rules.deputy_for(rule, queries.stands_in(tx, now), free)
    forget(tx, complaint.id)
    tx.add(ComplaintAssignment(**_decided(complaint.id, rule, happened, now)))
    facts = {"rule": rule.id, "number": rule.number, "when": happened, **words(rule.asked)}
    facts |= {"owner": complaint.owner_id, "deputy": complaint.deputy_id}
    note(tx, complaint, rules.ASSIGNED_BY_RULE, now, actor, facts)
    return rule


def assign_rows(tx: Session, complaint_ids: Sequence[int], run_id: int, now: datetime, actor: Actor) -> int:
    """Name the owners of complaints an import has just stored, where they are open; returns of how many.

    The journal tells of them together, as it does of the rows: what an import did can be taken back as a whole.
    """
    every = queries.rules_in_force(tx)
    if not every or not complaint_ids:
        return 0
    free, away = queries.may_own(tx), queries.stands_in(tx, now)
    taken: dict[About, Rule | None] = {}
    counts: dict[int, int] = {}
    columns = (Complaint.id, Complaint.kind, Complaint.channel, Complaint.category, Complaint.severity, Complaint.site)
    between = Complaint.id.between(complaint_ids[0], complaint_ids[-1])
    query = select(*columns).where(between, Complaint.import_run_id == run_id, Complaint.stage != "closed")
    changes: list[dict[str, Any]] = []
    decided: list[dict[str, Any]] = []
    for complaint_id, *words in tx.execute(query):
        found = About(*words)
        if found not in taken:
            taken[found] = rules.first_for(every, found, free)
        rule = taken[found]
        if rule is None:
            continue
        counts[rule.number] = counts.get(rule.number, 0) + 1
        deputy = rules.deputy_for(rule, away, free)
        changes.append({"id": complaint_id, "owner_id": rule.owner_id, "deputy_id": deputy})
        row = _decided(complaint_id, rule, rules.IMPORTED, now)
        decided.append({**row, "organisation_id": actor.organisation_id})
    if changes:
        tx.execute(update(Complaint), changes)
        tx.execute(insert(ComplaintAssignment), decided)
        facts = {"by_rule": {str(number): count for number, count in sorted(counts.items())}}
        journal.record(tx, rules.IMPORTED_ASSIGNED, now=now, actor=actor, subject=("import", run_id), facts=facts)
    return len(changes)


def about(complaint: Complaint) -> About:
    """What the rules look at of a complaint."""
    return About(complaint.kind, complaint.channel, complaint.category, complaint.severity, complaint.site)


def forget(tx: Session, complaint_id: int) -> None:
    """The owner was named by a person: no rule did."""
    tx.execute(delete(ComplaintAssignment).where(ComplaintAssignment.complaint_id == complaint_id))


def _decided(complaint_id: int, rule: Rule, happened: str, now: datetime) -> dict[str, Any]:
    return {
        "complaint_id": complaint_id,
        "rule_id": rule.id,
        "number": rule.number,
        "asked": words(rule.asked),
        "owner_id": rule.owner_id,
        "happened": happened,
        "assigned_at": now,
    }


def words(asked: Asked) -> dict[str, list[str]]:
    """What a rule asks, as it is kept and journalled."""
    return {name: list(getattr(asked, name)) for name in ASKED if getattr(asked, name)}
