"""Reads over read-and-understood: who must read what, who has, and how far each document and role is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import members_with, zone_of_house
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session
from auditkit.policies.models import PolicyConfirmation, PolicyNotice, PolicyReader
from auditkit.policies.queries.documents import PolicyView, Version, policies
from auditkit.policies.rules import Notice
from auditkit.policies.rules.readers import Coverage, Reader, coverage, coverage_by_role, must_read, to_be_read

MAY_READ = "policies.read"


@dataclass(frozen=True)
class Confirmation:
    """That somebody confirmed a version, under the name and role of then."""

    version_id: int
    person_id: int
    name: str
    role: str
    language: str
    confirmed_at: datetime


@dataclass(frozen=True)
class Asked:
    """Who must read a document: roles, and people by id."""

    roles: tuple[str, ...]
    people: tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """A version that readers are asked for, and how far they are."""

    policy: PolicyView
    version: Version
    readers: tuple[Reader, ...]
    confirmed: dict[int, Confirmation]

    @property
    def coverage(self) -> Coverage:
        """Of all who must read it."""
        return coverage(self.readers, self.confirmed)

    @property
    def by_role(self) -> dict[str, Coverage]:
        """Of those of each role."""
        return coverage_by_role(self.readers, self.confirmed)

    @property
    def missing(self) -> list[Reader]:
        """Those who have not confirmed it."""
        return [one for one in self.readers if one.person_id not in self.confirmed]

    @property
    def beside(self) -> list[Confirmation]:
        """Confirmations of people who need not, or no longer."""
        asked = {one.person_id for one in self.readers}
        return [one for one in self.confirmed.values() if one.person_id not in asked]


def possible_readers(tx: Session) -> list[Reader]:
    """The members who may read documents, by name."""
    return [Reader(one.person_id, one.name, one.role) for one in members_with(tx, MAY_READ)]


def asked(tx: Session) -> dict[int, Asked]:
    """Document id -> who must read it, of the documents that somebody must read."""
    roles: dict[int, list[str]] = {}
    people: dict[int, list[int]] = {}
    for row in tx.execute(select(PolicyReader).order_by(PolicyReader.id)).scalars():
        roles.setdefault(row.policy_id, [])
        people.setdefault(row.policy_id, [])
        if row.person_id is None:
            roles[row.policy_id].append(row.role)
        else:
            people[row.policy_id].append(row.person_id)
    return {key: Asked(tuple(roles[key]), tuple(people[key])) for key in roles}


def readings(tx: Session, today: date, documents: Sequence[PolicyView] | None = None) -> list[Reading]:
    """What is to be read at the moment: of each document with readers the version in force, and what follows it."""
    wanted, members = asked(tx), possible_readers(tx)
    found = []
    for policy in documents if documents is not None else policies(tx):
        if policy.id not in wanted:
            continue
        numbers = to_be_read([one.dates for one in policy.versions], today)
        who = tuple(must_read(members, wanted[policy.id].roles, wanted[policy.id].people))
        found += [(policy, policy.version(number), who) for number in numbers]
    confirmed = confirmations(tx, [version.id for _policy, version, _who in found])
    return [Reading(policy, version, who, confirmed.get(version.id, {})) for policy, version, who in found]


def confirmations(tx: Session, versions: Sequence[int]) -> dict[int, dict[int, Confirmation]]:
    """Version id -> person id -> confirmation."""
    columns = [getattr(PolicyConfirmation, name) for name in Confirmation.__dataclass_fields__]
    query = select(*columns).where(PolicyConfirmation.version_id.in_(versions)).order_by(PolicyConfirmation.id)
    found: dict[int, dict[int, Confirmation]] = {}
    for row in tx.execute(query):
        found.setdefault(row.version_id, {})[row.person_id] = Confirmation(**row._mapping)
    return found


def to_read(tx: Session, person_id: int | None, today: date) -> list[Reading]:
    """What this person must read and has not confirmed."""
    return [one for one in readings(tx, today) if person_id in {reader.person_id for reader in one.missing}]


def own_confirmation(tx: Session, version_id: int, person_id: int | None) -> Confirmation | None:
    """Whether this person confirmed the version."""
    return confirmations(tx, [version_id]).get(version_id, {}).get(person_id or 0)


def notices(tx: Session, versions: Sequence[int]) -> dict[tuple[int, int], dict[Notice, date]]:
    """(version id, person id) -> which mails went on which day."""
    query = select(PolicyNotice).where(PolicyNotice.version_id.in_(versions))
    found: dict[tuple[int, int], dict[Notice, date]] = {}
    zone = zone_of_house(tx)
    for row in tx.execute(query).scalars():
        found.setdefault((row.version_id, row.person_id), {})[Notice(row.kind)] = day_of(row.sent_at, zone)
    return found
