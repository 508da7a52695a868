"""Verbs of the API: making and taking back a token, registering a complaint once however often it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from auditkit.api.models import ApiRequest, ApiToken
from auditkit.api.queries import Bearer, answered
from auditkit.api.rules import (
    LONGEST_NAME,
    PREFIX,
    REPEATED,
    TOKEN_MADE,
    TOKEN_REVOKED,
    KeyUsedForOther,
    NoSuchToken,
    PurposeMissing,
    checked_key,
    checked_scopes,
    expiry,
)
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.ids import digest, new_secret
from auditkit.base.verbs import verb
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import own_page
from auditkit.complaints.intake import service as intake
from auditkit.complaints.intake import tickets
from auditkit.complaints.rules import REGISTERED
from auditkit.content.library import Library
from auditkit.evidence.intake import Received
from auditkit.journal.service import record


@dataclass(frozen=True)
class MakeToken:
    """A token for the actor, for so many days; or one `for_organisation`, which acts under its own name."""

    name: str
    scopes: list[str]
    days: int
    for_organisation: bool = False


@dataclass(frozen=True)
class RevokeToken:
    """The token shall work no longer."""

    token_id: int


@dataclass(frozen=True)
class RegisterOnce:
    """Register a complaint that came as JSON under a key. `body_digest` is of what was sent; `secret` opens the
    complainant's page; `organisation` stands on the receipt. `files` came through `evidence.intake`."""

    bearer: Bearer
    key: str
    body_digest: str
    complaint: complaints.Register
    secret: str
    organisation: str
    asked: intake.Asked = field(default_factory=intake.Asked)
    files: Sequence[Received] = ()


@verb("content.read", leaves=TOKEN_MADE)
def make_token(tx: Session, command: MakeToken, now: datetime, actor: Actor) -> str:
    """Make a token; returns its secret, which nothing can show again. One for the organisation needs
    `organisation.manage`. What it is for goes on record.

    Raises PurposeMissing, ScopesMissing, LifeOutOfRange, Forbidden."""
    if command.for_organisation:
        actor.require("organisation.manage")
    if not command.name.strip():
        raise PurposeMissing
    secret = f"{PREFIX}{new_secret(32)}"
    token = ApiToken(
        person_id=actor.person_id,
        name=command.name[:LONGEST_NAME],
        digest=digest(secret.encode()),
        scopes=checked_scopes(command.scopes),
        made_at=now,
        expires_at=expiry(now, command.days),
        for_organisation=command.for_organisation,
    )
    tx.add(token)
    tx.flush()
    facts = {"scopes": token.scopes, "days": command.days, "for_organisation": token.for_organisation}
    said = {"purpose": token.name}
    record(tx, TOKEN_MADE, now=now, actor=actor, subject=("api-token", token.id), facts=facts, personal=said)
    return secret


@verb("content.read", leaves=TOKEN_REVOKED)
def revoke_token(tx: Session, command: RevokeToken, now: datetime, actor: Actor) -> None:
    """Take a token back: one's own, anybody's with the permission people.manage, the organisation's with
    organisation.manage. Raises NoSuchToken."""
    token = tx.execute(select(ApiToken).where(ApiToken.id == command.token_id)).scalar_one_or_none()
    if token is None:
        raise NoSuchToken
    own = not token.for_organisation and token.person_id == actor.person_id
    if not own and not actor.may("organisation.manage" if token.for_organisation else "people.manage"):
        raise NoSuchToken
    token.revoked_at = token.revoked_at or now
    record(tx, TOKEN_REVOKED, now=now, actor=actor, subject=("api-token", token.id))


def ticket_of(bearer: Bearer, key: str) -> str:
    """What the complaint's tracking secret is worked out from: the same request again leads to the same secret."""
    return _ticket(bearer.token_id, key)


def _ticket(token_id: int, key: str) -> str:
    return f"api:{token_id}:{key}"


@own_page.remembers
def _secret_again(tx: Session, reference: str) -> str | None:
    """The secret that a complaint of the API got: the first message to the complainant carries it too."""
    query = select(ApiRequest.token_id, ApiRequest.key).where(ApiRequest.reference == reference)
    row = tx.execute(query.limit(1)).one_or_none()
    return tickets.secret_of(_ticket(row.token_id, row.key)) if row is not None else None


@verb("complaints.register", leaves=(REGISTERED, REPEATED))
def register_once(
    tx: Session, command: RegisterOnce, now: datetime, actor: Actor, *, library: Library | None = None
) -> tuple[str, bool]:
    """(reference, whether it is new). Raises KeyMissing, KeyTooLong, KeyUsedForOther and as `intake.take_down`."""
    key = checked_key(command.key)
    before = answered(tx, command.bearer.token_id, key)
    if before is not None:
        if before[0] != command.body_digest:
            raise KeyUsedForOther
        record(tx, REPEATED, now=now, actor=actor, subject=("api-token", command.bearer.token_id))
        return before[1], False
    taken = intake.TakeDown(
        ticket_of(command.bearer, key),
        command.secret,
        command.organisation,
        command.complaint,
        command.asked,
        command.files,
    )
    reference = intake.take_down(tx, taken, now, actor, library=library).reference
    tx.add(
        ApiRequest(
            token_id=command.bearer.token_id,
            key=key,
            body_digest=command.body_digest,
            reference=reference,
            answered_at=now,
        )
    )
    return reference, True
