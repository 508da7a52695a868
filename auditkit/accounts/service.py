"""Verbs over organisations, people, memberships and sign-in links."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from auditkit.accounts.models import Membership, Organisation, Person, SignInLink
from auditkit.accounts.rules import (
    ENTERED,
    LANGUAGES,
    LINK_ISSUED,
    MEMBER_ADDED,
    MEMBER_REMOVED,
    MEMBER_ROLE_CHANGED,
    ORGANISATION_ADDED,
    PASSWORD_CHANGED,
    AlreadyMember,
    LastAdministrator,
    LinkSpent,
    OrganisationNameless,
    Role,
    SlugTaken,
    checked_country,
    checked_email,
    checked_language,
    checked_slug,
    link_usable,
)
from auditkit.base.actor import Actor
from auditkit.base.calendar.kept import countries
from auditkit.base.db import UNSCOPED, Session, separate_scope
from auditkit.base.errors import NotFound
from auditkit.base.ids import digest, new_secret
from auditkit.base.verbs import verb
from auditkit.journal.service import record


@dataclass(frozen=True)
class AddOrganisation:
    """`country` ISO 3166 two letters or empty, `locale` BCP 47."""

    slug: str
    name: str
    country: str = ""
    locale: str = "en"


@dataclass(frozen=True)
class AddMember:
    """`password_hash` None: the person signs in by a one-time link first."""

    email: str
    role: Role
    name: str = ""
    password_hash: str | None = None


@dataclass(frozen=True)
class ChangeRole:
    person_id: int
    role: Role


@dataclass(frozen=True)
class RemoveMember:
    person_id: int


@dataclass(frozen=True)
class IssueLink:
    person_id: int


def add_organisation(tx: Session, command: AddOrganisation, now: datetime) -> int:
    """Create an organisation and open its journal; returns its id.

    Raises SlugMalformed, SlugTaken, OrganisationNameless, NoSuchCountry, NoSuchLanguage.
    """
    slug, name = checked_slug(command.slug), command.name.strip()
    if not name:
        raise OrganisationNameless
    country = checked_country(command.country, countries())
    locale = checked_language(command.locale, LANGUAGES)
    if tx.execute(select(Organisation.id).where(Organisation.slug == slug)).first():
        raise SlugTaken(slug=slug)
    organisation = Organisation(slug=slug, name=name, country=country, locale=locale, created_at=now)
    tx.add(organisation)
    tx.flush()
    record(
        tx,
        ORGANISATION_ADDED,
        now=now,
        actor=Actor.system(organisation.id),
        subject=("organisation", organisation.id),
        facts={"slug": slug, "name": name},
    )
    return organisation.id


@verb("people.manage", leaves=MEMBER_ADDED)
def add_member(tx: Session, command: AddMember, now: datetime, actor: Actor) -> int:
    """Make the person with this e-mail a member, creating the person when new; returns the person's id.

    A password given for a person who has one already is not taken over. Raises AlreadyMember, EmailMalformed.
    """
    email = checked_email(command.email)
    person = tx.execute(select(Person).where(Person.email == email)).scalar_one_or_none()
    if person is None:
        person = Person(
            email=email,
            name=command.name.strip() or email.split("@")[0],
            password=command.password_hash,
            active=True,
            fs_uniquifier=new_secret(),
            created_at=now,
        )
        tx.add(person)
        tx.flush()
    elif tx.execute(select(Membership.id).where(Membership.person_id == person.id)).first():
        raise AlreadyMember(email=email)
    tx.add(Membership(person_id=person.id, role=command.role, since=now))
    record(
        tx,
        MEMBER_ADDED,
        now=now,
        actor=actor,
        subject=("person", person.id),
        facts={"role": command.role},
        personal={"email": email, "name": person.name},
    )
    return person.id


def _membership(tx: Session, person_id: int) -> Membership:
    found = tx.execute(select(Membership).where(Membership.person_id == person_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _refuse_losing_last_administrator(tx: Session, membership: Membership) -> None:
    if membership.role != Role.ADMINISTRATOR:
        return
    administrators = tx.execute(select(func.count(Membership.id)).where(Membership.role == Role.ADMINISTRATOR))
    if administrators.scalar_one() == 1:
        raise LastAdministrator


@verb("people.manage", leaves=MEMBER_ROLE_CHANGED)
def change_role(tx: Session, command: ChangeRole, now: datetime, actor: Actor) -> None:
    """Give a member another role. Raises NotFound, LastAdministrator."""
    membership = _membership(tx, command.person_id)
    if command.role != Role.ADMINISTRATOR:
        _refuse_losing_last_administrator(tx, membership)
    before, membership.role = membership.role, command.role
    record(
        tx,
        MEMBER_ROLE_CHANGED,
        now=now,
        actor=actor,
        subject=("person", command.person_id),
        facts={"from": before, "to": command.role},
    )


@verb("people.manage", leaves=MEMBER_REMOVED)
def remove_member(tx: Session, command: RemoveMember, now: datetime, actor: Actor) -> None:
    """End a membership; the person and everything they did stay. Raises NotFound, LastAdministrator."""
    membership = _membership(tx, command.person_id)
    _refuse_losing_last_administrator(tx, membership)
    tx.delete(membership)
    record(
        tx,
        MEMBER_REMOVED,
        now=now,
        actor=actor,
        subject=("person", command.person_id),
        facts={"role": membership.role},
    )


@verb("people.manage", leaves=LINK_ISSUED)
def issue_link(tx: Session, command: IssueLink, now: datetime, actor: Actor) -> str:
    """Make a one-time sign-in link for a member; returns its secret, which is not kept. Raises NotFound."""
    _membership(tx, command.person_id)
    secret = new_secret()
    tx.add(SignInLink(person_id=command.person_id, secret_digest=digest(secret.encode()), made_at=now))
    record(tx, LINK_ISSUED, now=now, actor=actor, subject=("person", command.person_id))
    return secret


def spend_link(tx: Session, secret: str, now: datetime) -> Person:
    """Use up a sign-in link and return its person; the entry is left when the person enters an organisation.

    Raises LinkSpent, the same for used, expired and invented links.
    """
    link = tx.execute(
        select(SignInLink).where(SignInLink.secret_digest == digest(secret.encode())).with_for_update()
    ).scalar_one_or_none()
    if link is None or not link_usable(now=now, made_at=link.made_at, used_at=link.used_at):
        raise LinkSpent
    link.used_at = now
    return tx.get_one(Person, link.person_id)


@verb(None, leaves=ENTERED)
def enter(tx: Session, _command: None, now: datetime, actor: Actor) -> None:
    """Note that a person began to work in this organisation."""
    record(
        tx,
        ENTERED,
        now=now,
        actor=actor,
        subject=("person", actor.person_id or 0),
    )


def note_password_change(tx: Session, person_id: int, now: datetime) -> None:
    """Journal a changed password in every organisation of the person."""
    rows = tx.execute(
        select(Membership.organisation_id, Membership.role)
        .where(Membership.person_id == person_id)
        .execution_options(**{UNSCOPED: True})
    ).all()
    for organisation_id, role in rows:
        with separate_scope():
            record(
                tx,
                PASSWORD_CHANGED,
                now=now,
                actor=Actor(organisation_id, person_id, role, ""),
                subject=("person", person_id),
            )
