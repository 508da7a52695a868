"""Reads of tokens: the one that a request carries, and those of a person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.accounts.queries import active_member
from auditkit.accounts.rules import permissions_of
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


def bearer(tx: Session, digest: str, now: datetime) -> Bearer | None:
    """Whom the token of this digest acts for in the session's organisation; None where it does not work (any more)."""
    token = tx.execute(select(ApiToken).where(ApiToken.digest == digest)).scalar_one_or_none()
    if token is None or not is_live(now, token.expires_at, token.revoked_at):
        return None
    member = active_member(tx, token.person_id)
    if member is None:
        return None
    name, role = member
    permissions = granted(token.scopes, permissions_of(role))
    return Bearer(token.id, Actor(tx.info[SCOPE], token.person_id, role, name, permissions))


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
