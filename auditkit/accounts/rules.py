"""Roles and what each may do; names of organisations; life of a sign-in link. Pure."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from auditkit.base.errors import BadInput, NotFound, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

ORGANISATION_ADDED = event("organisation:added", N_("Organisation added"))
MEMBER_ADDED = event("member:added", N_("Person joined with a role"), about_records=False)
MEMBER_ROLE_CHANGED = event("member:role-changed", N_("Role of a person changed"), about_records=False)
MEMBER_REMOVED = event("member:removed", N_("Person left the organisation"), about_records=False)
LINK_ISSUED = event("account:link-issued", N_("One-time sign-in link made"), about_records=False)
ENTERED = event("account:entered", N_("Person entered the organisation"), about_records=False)
PASSWORD_CHANGED = event("account:password-changed", N_("Password changed"), about_records=False)

LINK_LIFE = timedelta(hours=24)
_EMAIL = re.compile(r"[^\s@<>(),;:\x00-\x1f\x7f]+@[^\s@<>(),;:\x00-\x1f\x7f]+")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


class Role(StrEnum):
    """What a person is in one organisation."""

    ADMINISTRATOR = "administrator"
    TOP_MANAGEMENT = "top-management"
    QUALITY_MANAGER = "quality-manager"
    COMPLAINT_HANDLER = "complaint-handler"
    INTERNAL_AUDITOR = "internal-auditor"
    STAFF = "staff"
    EXTERNAL_REVIEWER = "external-reviewer"


LANGUAGES = ("en", "ru", "ka", "fa", "el", "az", "tr")
"""What an organisation's documents may be in: those of the screens (`web.languages`), as a test compares."""

ROLE_TITLES = {
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.TOP_MANAGEMENT: N_("Top management"),
    Role.QUALITY_MANAGER: N_("Quality manager"),
    Role.COMPLAINT_HANDLER: N_("Complaint handler"),
    Role.INTERNAL_AUDITOR: N_("Internal auditor"),
    Role.STAFF: N_("Staff"),
    Role.EXTERNAL_REVIEWER: N_("External reviewer"),
}

_A, _T, _Q, _H, _I, _S, _X = Role

# One line a permission, so that the whole table can be read, and be shown, at a glance.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "content.read": frozenset({_A, _T, _Q, _H, _I, _S}),
    "complaints.read": frozenset({_A, _T, _Q, _H, _I}),
    "complaints.register": frozenset({_A, _Q, _H, _S}),
    "complaints.handle": frozenset({_A, _Q, _H}),
    "complaints.approve": frozenset({_A, _Q}),
    "complaints.import": frozenset({_A, _Q}),
    "identity.read": frozenset({_A, _Q, _H}),
    "identity.grant": frozenset({_A, _Q}),
    "registers.read": frozenset({_A, _T, _Q, _H, _I}),
    "registers.edit": frozenset({_A, _Q}),
    "policies.read": frozenset({_A, _T, _Q, _H, _I, _S}),
    "policies.edit": frozenset({_A, _Q}),
    "policies.approve": frozenset({_A, _T, _Q}),
    "audits.read": frozenset({_A, _T, _Q, _I}),
    "audits.plan": frozenset({_A, _Q, _I}),
    "audits.programme": frozenset({_A, _Q}),
    "audits.run": frozenset({_A, _I}),
    "audits.respond": frozenset({_A, _Q, _H, _I, _S}),
    "actions.read": frozenset({_A, _T, _Q, _H, _I, _S}),
    "actions.edit": frozenset({_A, _T, _Q, _H, _I, _S}),
    "actions.verify": frozenset({_A, _Q, _I}),
    "reviews.read": frozenset({_A, _T, _Q, _I}),
    "reviews.edit": frozenset({_A, _T, _Q}),
    "reviews.sign": frozenset({_A, _T, _Q}),
    "evidence.read": frozenset({_A, _Q, _H, _I}),
    "evidence.add": frozenset({_A, _Q, _H, _I, _S}),
    "readiness.read": frozenset({_A, _T, _Q, _I}),
    "readiness.assess": frozenset({_A, _Q, _I}),
    "packs.read": frozenset({_A, _T, _Q, _I}),
    "packs.build": frozenset({_A, _Q}),
    "rooms.review": frozenset({_X}),
    "journal.read": frozenset({_A, _Q, _I}),
    "people.manage": frozenset({_A}),
    "organisation.manage": frozenset({_A, _Q}),
}


class SlugMalformed(BadInput):
    message = N_("The short name %(slug)r cannot be used: take 1 to 40 of a-z, 0-9 and hyphens, such as acme-ltd")


class SlugTaken(RuleBroken):
    message = N_("There is already an organisation with the short name %(slug)r")


class OrganisationNameless(BadInput):
    message = N_("Enter a name")


class NoSuchCountry(BadInput):
    message = N_("There is no country %(country)s. Give its two letters of ISO 3166, such as GE")


class NoSuchLanguage(BadInput):
    message = N_("There is no translation into %(language)s. There are: %(known)s")


class NoSuchOrganisation(NotFound):
    """On the command line unusable input: 1 would be a negative answer about an organisation that is there."""

    message = N_("There is no organisation %(slug)r. `auditkit org list` names those there are")
    exit_code = 2


class EmailMalformed(BadInput):
    message = N_("%(email)s is not an e-mail address: enter one such as name@example.org")


class NoSuchRole(BadInput):
    message = N_("There is no role %(role)r. The roles are: %(roles)s")


class AlreadyMember(RuleBroken):
    message = N_("%(email)s is already a member of this organisation")


class LastAdministrator(RuleBroken):
    message = N_("This is the last administrator. Make somebody else administrator first")


class LinkSpent(RuleBroken):
    message = N_("This sign-in link was used, has run out or was never made. Ask for a new one")


def permissions_of(role: Role) -> frozenset[str]:
    """All permissions a role carries."""
    return frozenset(name for name, roles in PERMISSIONS.items() if role in roles)


def role_named(name: str) -> Role:
    """The role called `name`. Raises NoSuchRole, which lists them all."""
    try:
        return Role(name)
    except ValueError as error:
        raise NoSuchRole(role=name, roles=tuple(Role)) from error


def checked_email(email: str) -> str:
    """The address in the form it is kept in. Raises EmailMalformed where no mail could be sent to it."""
    found = email.strip().lower()
    if not _EMAIL.fullmatch(found):
        raise EmailMalformed(email=email)
    return found


def checked_country(country: str, known: Collection[str]) -> str:
    """`country` as two capitals, or empty. Raises NoSuchCountry."""
    found = country.strip().upper()
    if found and found not in known:
        raise NoSuchCountry(country=country)
    return found


def checked_language(language: str, known: Collection[str]) -> str:
    """`language` when the house speaks it. Raises NoSuchLanguage, which lists them all."""
    if language not in known:
        raise NoSuchLanguage(language=language, known=tuple(known))
    return language


def checked_slug(slug: str) -> str:
    """`slug` when it can stand in an address. Raises SlugMalformed."""
    if not _SLUG.fullmatch(slug):
        raise SlugMalformed(slug=slug)
    return slug


def link_usable(*, now: datetime, made_at: datetime, used_at: datetime | None) -> bool:
    """A sign-in link works once, within 24 hours."""
    return used_at is None and now < made_at + LINK_LIFE
