"""Verbs over the logo. What was sealed and sent before keeps the logo of its day."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from auditkit.accounts.look.models import OrganisationLogo
from auditkit.accounts.look.rules import LOGO_REMOVED, LOGO_SET, Logo, NoLogo
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.ids import digest
from auditkit.base.verbs import verb
from auditkit.journal.service import record

MANAGE = "organisation.manage"


@dataclass(frozen=True)
class SetLogo:
    """A picture that `rules.cleaned` gave."""

    logo: Logo


@dataclass(frozen=True)
class RemoveLogo:
    pass


@verb(MANAGE, leaves=LOGO_SET)
def set_logo(tx: Session, command: SetLogo, now: datetime, actor: Actor) -> str:
    """Make this the organisation's logo in the place of any other; its digest."""
    new, before = command.logo, _taken_away(tx)
    told = digest(new.content)
    tx.add(
        OrganisationLogo(
            kind=new.kind,
            width=new.width,
            height=new.height,
            digest=told,
            content=new.content,
            set_at=now,
            set_by_id=actor.person_id,
        )
    )
    facts: dict[str, object] = {"digest": told, "kind": new.kind, "width": new.width, "height": new.height}
    if before:
        facts["replaces"] = before
    record(tx, LOGO_SET, now=now, actor=actor, subject=("organisation", actor.organisation_id), facts=facts)
    return told


@verb(MANAGE, leaves=LOGO_REMOVED)
def remove_logo(tx: Session, command: RemoveLogo, now: datetime, actor: Actor) -> None:
    """Take the logo away. Raises NoLogo."""
    before = _taken_away(tx)
    if not before:
        raise NoLogo
    facts = {"digest": before}
    record(tx, LOGO_REMOVED, now=now, actor=actor, subject=("organisation", actor.organisation_id), facts=facts)


def _taken_away(tx: Session) -> str:
    """The digest of the logo that was there, which is there no more; empty for none."""
    before = tx.execute(select(OrganisationLogo.digest)).scalar_one_or_none()
    if before is not None:
        tx.execute(delete(OrganisationLogo))
        tx.flush()
    return before or ""
