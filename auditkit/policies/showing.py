"""The documents in force and who read them, in few statements: for the clause matrix.

`queries.policies` gives whole documents with their drafts; here only what a count needs is read.
tests/slices/readiness/test_matrix.py.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from auditkit.accounts.queries import Member, carries
from auditkit.base.db import Session
from auditkit.policies.models import Policy, PolicyConfirmation, PolicyVersion
from auditkit.policies.queries.readers import MAY_READ, asked
from auditkit.policies.rules import COMPLAINTS_POLICY, Dates, in_force
from auditkit.policies.rules.readers import Reader, must_read


@dataclass(frozen=True, slots=True)
class Shown:
    """A document in force: the clauses in full that its sections name, and until when its review is due."""

    policy_id: int
    version_id: int
    reference: str
    title: str
    number: int
    clauses: tuple[str, ...]
    effective_on: date | None
    review_by: date | None
    is_complaints_policy: bool


@dataclass(frozen=True, slots=True)
class Read:
    """Of those who must read a version: how many, and who has not confirmed it."""

    policy_id: int
    asked: int
    missing: tuple[str, ...]


def shown(tx: Session, on: date) -> list[Shown]:
    """The versions in force on a day, by reference."""
    rows = tx.execute(
        select(
            Policy.id,
            Policy.content_id,
            Policy.reference,
            PolicyVersion.id.label("version_id"),
            PolicyVersion.number,
            PolicyVersion.title,
            PolicyVersion.sections,
            PolicyVersion.effective_on,
            PolicyVersion.withdrawn_on,
            PolicyVersion.review_by,
        )
        .join(PolicyVersion, PolicyVersion.policy_id == Policy.id)
        .order_by(Policy.reference, PolicyVersion.number)
    ).all()
    versions: dict[int, list[Dates]] = {}
    for row in rows:
        versions.setdefault(row.id, []).append(Dates(row.number, row.effective_on, row.withdrawn_on))
    stands = {policy_id: in_force(dates, on) for policy_id, dates in versions.items()}
    return [
        Shown(
            row.id,
            row.version_id,
            row.reference,
            row.title,
            row.number,
            tuple(dict.fromkeys(clause for section in row.sections for clause in section["clauses"])),
            row.effective_on,
            row.review_by,
            row.content_id == COMPLAINTS_POLICY,
        )
        for row in rows
        if stands[row.id] == row.number
    ]


def read(tx: Session, documents: list[Shown], members: list[Member]) -> list[Read]:
    """How far the readers of these documents are; documents that nobody must read are left out."""
    wanted = asked(tx)
    of = {one.version_id: one for one in documents if one.policy_id in wanted}
    query = select(PolicyConfirmation.version_id, PolicyConfirmation.person_id)
    confirmed: dict[int, set[int]] = {}
    for row in tx.execute(query.where(PolicyConfirmation.version_id.in_(list(of)))) if of else ():
        confirmed.setdefault(row.version_id, set()).add(row.person_id)
    readers = [Reader(one.person_id, one.name, one.role) for one in members if carries(one, MAY_READ)]
    found = []
    for version_id, one in of.items():
        who = must_read(readers, wanted[one.policy_id].roles, wanted[one.policy_id].people)
        missing = tuple(reader.name for reader in who if reader.person_id not in confirmed.get(version_id, ()))
        found.append(Read(one.policy_id, len(who), missing))
    return found
