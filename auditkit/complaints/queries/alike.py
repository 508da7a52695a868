"""Complaints that may belong together with one: of the same person, or of the same cause within a window.

Both ways run along an index: the person is looked for by the words of the identity in the search index, the cause by
category and day, or by the root cause found. Nothing of an identity leaves this module.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, text

from auditkit.base.db import SCOPE, Session
from auditkit.complaints import rules
from auditkit.complaints.models import (
    POSTGRESQL_SEARCH_EXPRESSION,
    Complaint,
    ComplaintInvestigation,
    ComplaintLink,
)
from auditkit.complaints.queries.register import matched
from auditkit.complaints.rules import Relation

SHOWN, LOOKED_AT = 5, 200
_PARTS = ("email", "phone", "name", "postcode", "city")
_LOOKED_FOR = ("email", "phone", "name")


@dataclass(frozen=True)
class Similar:
    """A complaint that may belong to the one looked at, and why."""

    reference: str
    subject: str
    stage: str
    received_at: datetime
    relation: Relation
    same_matter: bool


def similar(
    tx: Session,
    complaint_id: int,
    repeat_days: int,
    *,
    linked: bool = True,
    investigated: bool = True,
    identified: bool = True,
) -> list[Similar]:
    """At most SHOWN complaints of the same person (ever) and SHOWN of the same cause (received at most `repeat_days`
    before or after), newest first; those linked already are left out.

    `linked`, `investigated` and `identified` False: the caller knows that it has no links, that no cause was found, or
    that nothing is known of who complained.
    """
    if not identified and not investigated:
        return []
    own = tx.execute(_OWN, {"wanted": complaint_id}).one()
    known = (_linked(tx, complaint_id) if linked else set()) | {complaint_id}
    persons = [one for one in _of_person(tx, own) if one.id not in known][:SHOWN]
    known |= {one.id for one in persons}
    found = _of_cause(tx, complaint_id, own, repeat_days) if investigated else []
    causes = [one for one in found if one.id not in known][:SHOWN]
    return [_similar(one, own, Relation.REPEAT) for one in persons] + [
        _similar(one, own, Relation.SAME_CAUSE) for one in causes
    ]


def repeats(tx: Session, complaint_id: int) -> int:
    """How many earlier complaints this one is linked to as a repeat."""
    query = select(ComplaintLink.id).where(
        ComplaintLink.complaint_id == complaint_id, ComplaintLink.relation == Relation.REPEAT.value
    )
    return len(tx.execute(query).all())


def _similar(row: Any, own: Any, relation: Relation) -> Similar:
    same = bool(own.category) and (row.category, row.product) == (own.category, own.product)
    return Similar(
        row.reference, row.subject or row.product or row.reference, row.stage, row.received_at, relation, same
    )


def _identity() -> list[Any]:
    return [getattr(Complaint, f"complainant_{part}").label(part) for part in _PARTS]


_OWN = select(Complaint.category, Complaint.product, Complaint.received_at, *_identity()).where(
    Complaint.id == bindparam("wanted")
)
_SHOWN_COLUMNS = (
    Complaint.id,
    Complaint.reference,
    Complaint.subject,
    Complaint.product,
    Complaint.category,
    Complaint.stage,
    Complaint.received_at,
)


def _linked(tx: Session, complaint_id: int) -> set[int]:
    rows = tx.execute(
        select(ComplaintLink.complaint_id, ComplaintLink.other_id).where(
            or_(ComplaintLink.complaint_id == complaint_id, ComplaintLink.other_id == complaint_id)
        )
    )
    return {number for row in rows for number in row}


def _of_person(tx: Session, own: Any) -> list[Any]:
    """Those whose identity has all words of the own e-mail, telephone or name, and is the same on a closer look."""
    ids: set[int] = set()
    for part in _LOOKED_FOR:
        ids.update(_with_words(tx, getattr(own, part)))
    if not ids:
        return []
    newest = sorted(ids, reverse=True)[:LOOKED_AT]
    rows = tx.execute(
        select(*_SHOWN_COLUMNS, *_identity()).where(Complaint.id.in_(newest)).order_by(Complaint.id.desc())
    )
    mine = {part: getattr(own, part) for part in _PARTS}
    return [row for row in rows if rules.same_person(mine, {part: getattr(row, part) for part in _PARTS})]


def _with_words(tx: Session, typed: str) -> list[int]:
    organisation_id: int = tx.info[SCOPE]
    groups = rules.identity_words(organisation_id, typed)
    if not groups:
        return []
    connection = tx.connection()
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        found = (
            "SELECT rowid FROM complaint_search WHERE complaint_search MATCH :match "  # noqa: S608 - a number of ours
            f"ORDER BY rowid DESC LIMIT {LOOKED_AT}"
        )
    else:
        found = (
            f"SELECT id FROM complaint WHERE {POSTGRESQL_SEARCH_EXPRESSION} @@ CAST(:match AS tsquery) "  # noqa: S608 - our own names; each word carries its organisation
            f"AND organisation_id = {organisation_id} ORDER BY id DESC LIMIT {LOOKED_AT}"
        )
    match = matched(groups, sqlite, whole=True)
    return list(connection.execute(text(found), {"match": match}).scalars())


def _of_cause(tx: Session, complaint_id: int, own: Any, days: int) -> list[Any]:
    """Those of the same category and product in the window, and those in which the same root cause was found."""
    window = (own.received_at - timedelta(days=days), own.received_at + timedelta(days=days))
    found: list[Any] = []
    if own.category and own.product:
        # The newest of the window are looked at, so that a category with very many complaints costs no more.
        within = (
            select(Complaint.id)
            .where(Complaint.category == own.category, Complaint.received_at.between(*window))
            .order_by(Complaint.received_at.desc(), Complaint.id.desc())
            .limit(LOOKED_AT)
        )
        ids = list(tx.execute(within).scalars())
        query = select(*_SHOWN_COLUMNS).where(Complaint.id.in_(ids), Complaint.product == own.product)
        found += tx.execute(query.order_by(Complaint.id.desc()).limit(2 * SHOWN)).all()
    cause = tx.execute(
        select(ComplaintInvestigation.cause)
        .where(ComplaintInvestigation.complaint_id == complaint_id, ComplaintInvestigation.cause != "")
        .order_by(ComplaintInvestigation.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if cause and cause != rules.CAUSE_NOT_FOUND and own.category:
        ids = list(
            tx.execute(
                select(ComplaintInvestigation.complaint_id)
                .where(ComplaintInvestigation.cause == cause)
                .order_by(ComplaintInvestigation.complaint_id.desc())
                .limit(LOOKED_AT)
            ).scalars()
        )
        query = select(*_SHOWN_COLUMNS).where(
            Complaint.id.in_(ids), Complaint.category == own.category, Complaint.received_at.between(*window)
        )
        found += tx.execute(query.order_by(Complaint.id.desc()).limit(2 * SHOWN)).all()
    return sorted({one.id: one for one in found}.values(), key=lambda one: -one.id)
