"""Scopes of a token and what each allows, how long a token may live, and what is refused. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from auditkit.base.errors import AuditkitError, BadInput, Conflict, Forbidden, NotFound
from auditkit.base.events import event
from auditkit.base.text import N_

TOKEN_MADE = event("api:token-made", N_("Token of the API made"), about_records=False)
TOKEN_REVOKED = event("api:token-revoked", N_("Token of the API taken back"), about_records=False)
REPEATED = event("api:request-repeated", N_("Request to the API sent again; nothing done"), about_records=False)

PREFIX = "auditkit_"
LONGEST_NAME, LONGEST_KEY = 100, 100
LONGEST_LIFE = 366  # days
REQUESTS_AN_HOUR, REFUSALS_AN_HOUR = 3_000, 60


ACTOR = "api"
"""The role of a token of the organisation in the journal: `api:12`."""


class Scope(StrEnum):
    """What a token may be used for; never more than its person may do."""

    READ = "complaints:read"
    WRITE = "complaints:write"
    IDENTITY = "complaints:identity"


PERMISSIONS = {
    Scope.READ: "complaints.read",
    Scope.WRITE: "complaints.register",
    Scope.IDENTITY: "identity.read",
}
SCOPE_TITLES = {
    Scope.READ: N_("Read complaints, without who complained"),
    Scope.WRITE: N_("Register complaints"),
    Scope.IDENTITY: N_("Read who complained; each reading is journalled"),
}


class PurposeMissing(BadInput):
    message = N_("Enter what the token is for, such as “Web shop”")


class TokenMissing(AuditkitError):
    message = N_("Send a token in the header Authorization: Bearer …")


class TokenRefused(AuditkitError):
    message = N_("This token is not known, was taken back, or has run out. Make a new one on the page API tokens")


class ScopeMissing(Forbidden):
    message = N_("The token does not have the scope %(scope)s, or its person no longer has that permission")


class NoSuchToken(NotFound):
    message = N_("There is no such token")


class ScopesMissing(BadInput):
    message = N_("Choose at least one thing that the token may be used for")


class LifeOutOfRange(BadInput):
    message = N_("Enter for how many days the token shall work, from 1 to %(most)s")


class KeyMissing(BadInput):
    message = N_(
        "Send the header Idempotency-Key, new for each complaint: sent again with it, nothing is registered twice"
    )


class KeyTooLong(BadInput):
    message = N_("The header Idempotency-Key may have at most %(most)s characters")


class ComplaintPartMissing(BadInput):
    message = N_("Send the complaint as JSON in a part named “complaint”, and each file in a part named “files”")


class UnknownPart(BadInput):
    message = N_("There is no part named “%(part)s”. Send the complaint in “complaint” and each file in “files”")


class ComplaintTooLong(BadInput):
    message = N_("The part “complaint” is larger than %(limit)s KiB. Shorten the texts, or send them as a file")


class KeyUsedForOther(Conflict):
    message = N_("This Idempotency-Key was sent before with another complaint. Use a new key for each complaint")


def checked_scopes(scopes: list[str]) -> list[str]:
    """The scopes, known and sorted. Raises ScopesMissing."""
    found = sorted(scope for scope in Scope if scope in scopes)
    if not found:
        raise ScopesMissing
    return [str(scope) for scope in found]


def expiry(now: datetime, days: int) -> datetime:
    """When a token made now stops to work. Raises LifeOutOfRange."""
    if not 1 <= days <= LONGEST_LIFE:
        raise LifeOutOfRange(most=LONGEST_LIFE)
    return now + timedelta(days=days)


def is_live(now: datetime, expires_at: datetime, revoked_at: datetime | None) -> bool:
    """Whether a token still works."""
    return revoked_at is None and now < expires_at


def granted(scopes: list[str], permissions: frozenset[str] | None) -> frozenset[str]:
    """What a token may do now: what its scopes name and its person still may; None: it is the organisation's."""
    named = frozenset(PERMISSIONS[Scope(scope)] for scope in scopes)
    return named if permissions is None else named & permissions


def checked_key(key: str) -> str:
    """The key of a request. Raises KeyMissing, KeyTooLong."""
    if not key.strip():
        raise KeyMissing
    if len(key) > LONGEST_KEY:
        raise KeyTooLong(most=LONGEST_KEY)
    return key
