"""Reads of tokens: the one that a request carries, and those of a person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from auditkit.accounts.queries import active_member
from auditkit.accounts.rules import permissions_of
from auditkit.api.models import ApiRequest, ApiToken
from auditkit.api.rules import ACTOR, granted, is_live
from auditkit.base.actor import Actor
from auditkit.base.db import SCOPE, Session
from auditkit.base.text import _


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
    for_organisation: bool

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
    if token.for_organisation:
        role, name = f"{ACTOR}:{token.id}", _("API: %(name)s", name=token.name)
        return Bearer(token.id, Actor(tx.info[SCOPE], None, role, name, granted(token.scopes, None)))
    member = active_member(tx, token.person_id)
    if member is None:
        return None
    name, role = member
    permissions = granted(token.scopes, permissions_of(role))
    return Bearer(token.id, Actor(tx.info[SCOPE], token.person_id, role, name, permissions))


def tokens(tx: Session, person_id: int | None = None, *, of_organisation: bool = True) -> list[TokenView]:
    """Everybody's tokens or one person's, and those `of_organisation` where they are wanted; newest first."""
    query = select(ApiToken).order_by(ApiToken.id.desc())
    if person_id is not None:
        query = query.where(or_(ApiToken.for_organisation, ApiToken.person_id == person_id))
    if not of_organisation:
        query = query.where(ApiToken.for_organisation.is_(False))
    names = TokenView.__dataclass_fields__
    return [TokenView(**{name: getattr(row, name) for name in names}) for row in tx.execute(query).scalars()]


def name_of(tx: Session, token_id: int) -> str | None:
    """What a token is called; None where there is none of this number."""
    return tx.execute(select(ApiToken.name).where(ApiToken.id == token_id)).scalar_one_or_none()


def answered(tx: Session, token_id: int, key: str) -> tuple[str, str] | None:
    """(digest of the body, reference) of what was registered under the key, or None."""
    query = select(ApiRequest.body_digest, ApiRequest.reference)
    row = tx.execute(query.where(ApiRequest.token_id == token_id, ApiRequest.key == key)).one_or_none()
    return (row[0], row[1]) if row else None
