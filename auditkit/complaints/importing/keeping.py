"""Profiles an organisation keeps: each saving is a new version, so that an import can always say what it went by."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints.importing.models import ImportProfile
from auditkit.complaints.importing.profiles import ProfileShape, profile_digest, shipped_profiles
from auditkit.complaints.importing.queries import kept_profiles
from auditkit.complaints.importing.rules import PROFILE_KEPT, PROFILE_RETIRED, ProfileIsShipped, ProfileNotKept
from auditkit.journal.service import record


@dataclass(frozen=True)
class KeepProfile:
    """Keep this profile under its own id."""

    shape: ProfileShape


@dataclass(frozen=True)
class RetireProfile:
    """Use the kept profile of this name no longer."""

    name: str


@verb("complaints.import", leaves=PROFILE_KEPT)
def keep_profile(tx: Session, command: KeepProfile, now: datetime, actor: Actor) -> int:
    """Keep the profile, as a new version where the name is known; returns the version. Raises ProfileIsShipped."""
    shape = command.shape
    if shape.id in {shipped.id for shipped in shipped_profiles()}:
        raise ProfileIsShipped(name=shape.id)
    newest = select(func.max(ImportProfile.version)).where(ImportProfile.name == shape.id)
    version = (tx.execute(newest).scalar_one() or 0) + 1
    kept = ImportProfile(
        name=shape.id,
        version=version,
        title=shape.title,
        digest=profile_digest(shape),
        shape=shape.model_dump(mode="json"),
        saved_at=now,
        saved_by=actor.person_id,
    )
    tx.add(kept)
    tx.flush()
    facts = {"name": kept.name, "version": version, "digest": kept.digest}
    record(tx, PROFILE_KEPT, now=now, actor=actor, subject=("import-profile", kept.id), facts=facts)
    return version


@verb("complaints.import", leaves=PROFILE_RETIRED)
def retire_profile(tx: Session, command: RetireProfile, now: datetime, actor: Actor) -> None:
    """Offer the profile no longer; what was imported by it stays. Raises ProfileNotKept."""
    found = [kept for kept in kept_profiles(tx) if kept.shape.id == command.name]
    if not found:
        raise ProfileNotKept(name=command.name)
    kept = tx.execute(select(ImportProfile).where(ImportProfile.id == found[0].id)).scalar_one()
    kept.retired_at = now
    facts = {"name": kept.name, "version": kept.version}
    record(tx, PROFILE_RETIRED, now=now, actor=actor, subject=("import-profile", kept.id), facts=facts)
