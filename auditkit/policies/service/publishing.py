"""Verbs of publication and withdrawal."""

from dataclasses import dataclass
from datetime import date, datetime

from auditkit.accounts.queries import today_of_house, zone_of_house
from auditkit.base.actor import Actor
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.policies.drafts import draft, tell, version_of
from auditkit.policies.rules import (
    PUBLISHED,
    WITHDRAWN,
    Dates,
    State,
    checked_reason,
    require_publishable,
    require_withdrawable,
)


@dataclass(frozen=True)
class Publish:
    policy_id: int
    number: int
    effective_on: date


@dataclass(frozen=True)
class Withdraw:
    policy_id: int
    number: int
    reason: str


@verb("policies.approve", leaves=PUBLISHED)
def publish(tx: Session, command: Publish, now: datetime, actor: Actor) -> None:
    """Publish an approved version, in force from `effective_on`.

    Raises NotFound, NotApproved, EffectiveTooEarly, NewerPublished, BeforeOneBefore.
    """
    policy = draft(tx, command.policy_id)
    version = version_of(policy, command.number)
    others = [Dates(one.number, one.effective_on, one.withdrawn_on) for one in policy.versions]
    require_publishable(
        version.number,
        State(version.state),
        day_of(version.approved_at, zone_of_house(tx)),
        command.effective_on,
        others,
    )
    version.state = State.PUBLISHED.value
    version.effective_on, version.published_at, version.published_by_id = command.effective_on, now, actor.person_id
    effective = command.effective_on.isoformat()
    tell(tx, PUBLISHED, policy.id, now, actor, version=version.number, digest=version.digest, effective_on=effective)


@verb("policies.approve", leaves=WITHDRAWN)
def withdraw(tx: Session, command: Withdraw, now: datetime, actor: Actor) -> None:
    """Withdraw a version from today on; it stays readable. Raises NotFound, NotWithdrawable, ReasonMissing."""
    policy = draft(tx, command.policy_id)
    version = version_of(policy, command.number)
    require_withdrawable(version.number, State(version.state))
    version.withdrawn_reason = checked_reason(command.reason)
    version.state = State.WITHDRAWN.value
    version.withdrawn_on, version.withdrawn_at, version.withdrawn_by_id = today_of_house(tx, now), now, actor.person_id
    tell(tx, WITHDRAWN, policy.id, now, actor, version=version.number, digest=version.digest)
