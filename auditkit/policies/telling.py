"""Mails that verbs cause: to whoever has to approve next, and to whoever handed in what was refused.

They name the document and where to look; the text itself stays in the house.
"""

from contextlib import AbstractContextManager
from datetime import datetime

from flask import current_app

from auditkit.accounts.queries import OrganisationView, members, organisations
from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.text import _, translated_by
from auditkit.policies.models import Policy, PolicyRound
from auditkit.web.catalogues import catalogue


def ask_next(tx: Session, policy: Policy, current: PolicyRound, now: datetime, actor: Actor) -> None:
    """Mail to the next one who is asked."""
    turn = next((one.person_id for one in current.steps if not one.decision), None)
    house = _house(tx, actor.organisation_id)
    with in_language_of(house):
        subject = _("Please approve: %(reference)s %(title)s", reference=policy.reference, title=current.title)
        lines = [_("What is new: %(reason)s", reason=current.reason), "", _address(house, policy)]
        _mail(tx, house, turn, subject, lines, policy, now)


def tell_refusal(tx: Session, policy: Policy, current: PolicyRound, reason: str, now: datetime, actor: Actor) -> None:
    """Mail to whoever handed it in."""
    house = _house(tx, actor.organisation_id)
    with in_language_of(house):
        subject = _("Not approved: %(reference)s %(title)s", reference=policy.reference, title=current.title)
        lines = [f"{actor.name}: {reason}", "", _address(house, policy)]
        _mail(tx, house, current.opened_by_id, subject, lines, policy, now)


def _mail(
    tx: Session,
    house: OrganisationView,
    person: int | None,
    subject: str,
    lines: list[str],
    policy: Policy,
    now: datetime,
) -> None:
    to = {one.person_id: one.email for one in members(tx)}.get(person or 0)
    if to:
        about = outbox.About(house.id, "policy", policy.id, policy.reference)
        outbox.put(tx, to=to, subject=f"{house.name}: {subject}", body="\n".join(lines), now=now, about=about)


def in_language_of(house: OrganisationView) -> AbstractContextManager[None]:
    """Speak the organisation's language for the block, whatever that of the person at the screen."""
    return translated_by(str if house.locale == "en" else catalogue(house.locale).text, house.locale)


def _house(tx: Session, organisation_id: int) -> OrganisationView:
    return next(one for one in organisations(tx) if one.id == organisation_id)


def _address(house: OrganisationView, policy: Policy) -> str:
    return f"{public_url()}/o/{house.slug}/policies/{policy.id}"


def public_url() -> str:
    """The address of the installation without a slash at its end."""
    address: str = current_app.extensions["auditkit.settings"].public_url
    return address.rstrip("/")
