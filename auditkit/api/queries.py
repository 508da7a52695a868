"""Reads of tokens: the one that a request carries, and those of a person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.accounts.models import Membership, Person
from auditkit.accounts.rules import Role, permissions_of
from auditkit.api.models import ApiRequest, ApiToken
from auditkit.api.rules import granted, is_live
from auditkit.base.actor import Actor
from auditkit.base.db import SCOPE, Session


@dataclass(frozen=True)
class TokenView:
    """A token as its page shows it; nobody can show its secret again."""

    id: int
    person_id: int
    name: str
    scopes: list[str]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None

    def live(self, now: datetime) -> bool:
        """Whether it still works."""
        return is_live(now, self.expires_at, self.revoked_at)


@dataclass(frozen=True)
class Bearer:
    """Whom a token acts for."""

    token_id: int
    actor: Actor
    scopes: tuple[str, ...]


def bearer(tx: Session, digest: str, now: datetime) -> Bearer | None:
    """Whom the token of this digest acts for in the session's organisation; None where it does not work (any more)."""
    query = (
        select(ApiToken, Person.name, Person.active, Membership.role)
        .join(Person, Person.id == ApiToken.person_id)
        .join(
            Membership,
            (Membership.person_id == ApiToken.person_id) & (Membership.organisation_id == ApiToken.organisation_id),
        )
        .where(ApiToken.digest == digest)
    )
    found = tx.execute(query).one_or_none()
    if found is None:
        return None
    token, name, active, role = found
    if not active or not is_live(now, token.expires_at, token.revoked_at):
        return None
    permissions = granted(token.scopes, permissions_of(Role(role)))
    return Bearer(token.id, Actor(tx.info[SCOPE], token.person_id, role, name, permissions), tuple(token.scopes))


def tokens(tx: Session, person_id: int | None = None) -> list[TokenView]:
    """The organisation's tokens, or one person's, newest first."""
    query = select(ApiToken).order_by(ApiToken.id.desc())
    if person_id is not None:
        query = query.where(ApiToken.person_id == person_id)
    names = TokenView.__dataclass_fields__
    return [TokenView(**{name: getattr(row, name) for name in names}) for row in tx.execute(query).scalars()]


def answered(tx: Session, token_id: int, key: str) -> tuple[str, str] | None:
    """(digest of the body, reference) of what was registered under the key, or None."""
    query = select(ApiRequest.body_digest, ApiRequest.reference)
    row = tx.execute(query.where(ApiRequest.token_id == token_id, ApiRequest.key == key)).one_or_none()
    return (row[0], row[1]) if row else None
