"""Reads over people and organisations. Memberships are read across organisations here and nowhere else."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from auditkit.accounts.look.models import OrganisationLogo
from auditkit.accounts.models import Membership, Organisation, Person
from auditkit.accounts.rules import NoSuchOrganisation, Role, permissions_of
from auditkit.base.actor import Actor
from auditkit.base.calendar import days
from auditkit.base.calendar.kept import KNOWN_ZONE, WorkingCalendar, suggested_zone
from auditkit.base.calendar.spans import Span, day_of
from auditkit.base.db import SCOPE, NoScope, Session

STATED_ZONE = "stated_zone"
"""Where a session keeps the zone that `days_of_zone` counts by."""


@dataclass(frozen=True)
class OrganisationView:
    """An organisation for reading; `role` is the asking person's, empty where nobody asked. `zone`: whose clocks it
    goes by, as its working calendar says, else as its country suggests."""

    id: int
    slug: str
    name: str
    country: str
    locale: str
    zone: str
    logo: str = ""
    """The SHA-256 of its logo; empty for none."""
    role: str = ""


@dataclass(frozen=True)
class Member:
    """A person in an organisation."""

    person_id: int
    name: str
    email: str
    role: str
    since: datetime
    has_password: bool


# Asked for by every page, so: columns instead of records, and past the session, for it spans organisations.
_O, _M, _C = Organisation.__table__.c, Membership.__table__.c, WorkingCalendar.__table__.c
_L = OrganisationLogo.__table__.c
_ORGANISATIONS = (
    select(_O.id, _O.slug, _O.name, _O.country, _O.locale, _C.zone, _L.digest)
    .join_from(Organisation.__table__, WorkingCalendar.__table__, _C.organisation_id == _O.id, isouter=True)
    .outerjoin(OrganisationLogo.__table__, _L.organisation_id == _O.id)
    .order_by(_O.name)
)
_BY_SLUG = _ORGANISATIONS.where(_O.slug == bindparam("slug"))
_ZONE = (
    select(_O.country, _C.zone)
    .join_from(Organisation.__table__, WorkingCalendar.__table__, _C.organisation_id == _O.id, isouter=True)
    .where(_O.id == bindparam("organisation_id"))
)
_ORGANISATIONS_OF = _ORGANISATIONS.add_columns(_M.role).where(
    _M.organisation_id == _O.id, _M.person_id == bindparam("person_id")
)


def _view(row: Iterable[Any]) -> OrganisationView:
    organisation_id, slug, name, country, locale, zone, logo, *role = row
    zone = zone or suggested_zone(country)
    return OrganisationView(organisation_id, slug, name, country, locale, zone, logo or "", *role)


def organisations(tx: Session) -> list[OrganisationView]:
    """All organisations of this installation, by name."""
    return [_view(row) for row in tx.connection().execute(_ORGANISATIONS)]


def organisation_by_slug(tx: Session, slug: str) -> OrganisationView:
    """The organisation with this short name. Raises NoSuchOrganisation, which says how to list them."""
    found = tx.connection().execute(_BY_SLUG, {"slug": slug}).one_or_none()
    if found is None:
        raise NoSuchOrganisation(slug=slug)
    return _view(found)


@contextmanager
def days_of_zone(tx: Session, zone: str) -> Iterator[None]:
    """Within it the session's organisation counts its days by this zone (IANA name), whichever is its own by now: for
    what was stated by the clocks of its time and is computed again. Empty: by its own."""
    before = tx.info.get(STATED_ZONE)
    tx.info[STATED_ZONE] = days.zone_of(zone) if zone else before
    try:
        yield
    finally:
        tx.info[STATED_ZONE] = before


def zone_of_house(tx: Session) -> ZoneInfo:
    """By whose clocks the session's organisation counts its days; asked for once a transaction. Raises NoScope."""
    scope = tx.info.get(SCOPE)
    if scope is None:
        raise NoScope("days need transaction(actor) or reading(actor)")
    stated = tx.info.get(STATED_ZONE)
    if stated is not None:
        return cast("ZoneInfo", stated)
    connection = tx.connection()
    asked = (tx.get_transaction(), scope)
    known = tx.info.get(KNOWN_ZONE)
    if known is not None and known[0] == asked:
        return cast("ZoneInfo", known[1])
    country, zone = connection.execute(_ZONE, {"organisation_id": scope}).one()
    found = days.zone_of(zone or suggested_zone(country))
    tx.info[KNOWN_ZONE] = (asked, found)
    return found


def today_of_house(tx: Session, now: datetime) -> date:
    """The day it is for the session's organisation."""
    return now.astimezone(zone_of_house(tx)).date()


def day_of_house(tx: Session, moment: datetime) -> date:
    """The day of a moment for the session's organisation; midnight UTC stands for a day whose hour is not known."""
    return day_of(moment, zone_of_house(tx))


def days_of_house(tx: Session, first: date, last: date) -> Span:
    """The days from `first` to `last`, both included, of the session's organisation."""
    return Span(first, last, zone_of_house(tx))


def organisations_of(tx: Session, person_id: int) -> list[OrganisationView]:
    """The organisations a person is a member of, by name, each with the person's role there."""
    return [_view(row) for row in tx.connection().execute(_ORGANISATIONS_OF, {"person_id": person_id})]


def actor_of(organisation: OrganisationView, person_id: int, name: str) -> Actor:
    """A member, called `name`, as an actor in an organisation that `organisations_of` gave."""
    permissions = permissions_of(Role(organisation.role))
    return Actor(organisation.id, person_id, organisation.role, name, permissions)


_MEMBERS = (
    select(
        Person.id,
        Person.name,
        Person.email,
        Membership.role,
        Membership.since,
        Person.password.is_not(None),
    )
    .select_from(Membership)
    .join(Person, Person.id == Membership.person_id)
    .order_by(func.lower(Person.name))
)


def members(tx: Session) -> list[Member]:
    """The members of the session's organisation, by name."""
    return [Member(*row) for row in tx.execute(_MEMBERS)]


def active_member(tx: Session, person_id: int) -> tuple[str, Role] | None:
    """(name, role) of a member of the session's organisation who may sign in; None for anybody else."""
    query = select(Person.name, Membership.role).join(Membership, Membership.person_id == Person.id)
    row = tx.execute(query.where(Person.id == person_id, Person.active)).one_or_none()
    return (row[0], Role(row[1])) if row else None


def language_of(tx: Session, person_id: int) -> str:
    """The language a person chose for their screens; empty for none, then the organisation's holds."""
    return tx.execute(select(Person.locale).where(Person.id == person_id)).scalar_one_or_none() or ""


def language_of_house(tx: Session) -> str:
    """The language of the transaction's organisation."""
    return tx.execute(select(Organisation.locale).where(Organisation.id == tx.info["organisation_id"])).scalar_one()


def reads_in(tx: Session, person_id: int) -> str:
    """The language in which a member is written to: the one they chose, else the organisation's."""
    return language_of(tx, person_id) or language_of_house(tx)


def members_with(tx: Session, permission: str) -> list[Member]:
    """The members whose role carries `permission`, by name: for choosing owners, auditors, verifiers."""
    return [member for member in members(tx) if carries(member, permission)]


def carries(member: Member, permission: str) -> bool:
    """Whether the member's role carries `permission`."""
    return permission in permissions_of(Role(member.role))


def named_with(organisation_id: int, permission: str) -> str:
    """The same as SQL of (person.id, person.name), for a slice to put into a question it asks often."""
    roles = ", ".join(f"'{role.value}'" for role in Role if permission in permissions_of(role))
    members = "SELECT person.id, person.name FROM membership JOIN person ON person.id = membership.person_id"
    narrowed = f"membership.organisation_id = {int(organisation_id)} AND membership.role IN ({roles})"
    return f"{members} WHERE {narrowed}"


_NAMES = select(Person.id, Person.name)


def names(tx: Session) -> dict[int, str]:
    """Person id -> name for everybody who is or was mentioned in the session's organisation's records."""
    return dict(tx.execute(_NAMES).all())
