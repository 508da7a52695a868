"""Verbs over the register: keeping a filter, forgetting it, and the mark that an export leaves in the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.complaints.register.leaving import Cases
from auditkit.complaints.register.models import RegisterExport, RegisterExportBlock, RegisterFilter
from auditkit.complaints.register.queries import kept_filters
from auditkit.complaints.register.rules import (
    EXPORTED,
    FILTER_KEPT,
    FILTER_REMOVED,
    MOST_FILTERS,
    SEARCHED_FOR,
    TooManyFilters,
    checked_address,
    checked_name,
    checked_reason,
)
from auditkit.journal.service import record


@dataclass(frozen=True)
class KeepFilter:
    """Keep `asked` under `name`; an older one of the same name is replaced."""

    name: str
    asked: str


@dataclass(frozen=True)
class RemoveFilter:
    """Keep the filter no longer."""

    filter_id: int


@dataclass(frozen=True)
class MarkExport:
    """A file was written: `asked` is what the register was filtered by, `digest` SHA-256 of the file, `cases` what is
    in it, `reason` what it is needed for where identities are."""

    format: str
    asked: Mapping[str, str]
    identity: bool
    digest: str
    cases: Cases
    reason: str = ""


@verb("complaints.read", leaves=FILTER_KEPT)
def keep_filter(tx: Session, command: KeepFilter, now: datetime, actor: Actor) -> None:
    """Keep the filter for the actor. Raises FilterNameMissing, FilterTooLong, TooManyFilters."""
    name, asked = checked_name(command.name), checked_address(command.asked)
    kept = kept_filters(tx, actor.person_id)
    query = select(RegisterFilter).where(RegisterFilter.person_id == actor.person_id, RegisterFilter.name == name)
    found = tx.execute(query).scalar_one_or_none()
    if found is None:
        if len(kept) >= MOST_FILTERS:
            raise TooManyFilters(most=MOST_FILTERS)
        found = RegisterFilter(person_id=actor.person_id, name=name)
        tx.add(found)
    found.asked, found.kept_at = asked, now
    tx.flush()
    record(tx, FILTER_KEPT, now=now, actor=actor, subject=("register-filter", found.id))


@verb("complaints.read", leaves=FILTER_REMOVED)
def remove_filter(tx: Session, command: RemoveFilter, now: datetime, actor: Actor) -> None:
    """Remove one of the actor's own filters. Raises NotFound."""
    own = {kept.id for kept in kept_filters(tx, actor.person_id)}
    if command.filter_id not in own:
        raise NotFound
    tx.execute(delete(RegisterFilter).where(RegisterFilter.id == command.filter_id))
    record(tx, FILTER_REMOVED, now=now, actor=actor, subject=("register-filter", command.filter_id))


@verb("complaints.read", leaves=EXPORTED)
def mark_export(tx: Session, command: MarkExport, now: datetime, actor: Actor) -> None:
    """Leave in the journal that a part of the register leaves as a file, and what is in it.

    With identities it needs that permission and a reason, and each case in it is kept. Words that were searched for
    may be a person's name: only that there were some is kept. Raises ReasonMissing, Forbidden.
    """
    facts: dict[str, Any] = {
        "format": command.format,
        "filters": {name: None if name == SEARCHED_FOR else value for name, value in sorted(command.asked.items())},
        "identity": command.identity,
        "rows": command.cases.count,
        "file": command.digest,
        "cases": command.cases.digest(),
    }
    if command.identity:
        actor.require("identity.read")
        command = replace(command, reason=checked_reason(command.reason))
        facts["export"] = _keep(tx, command, now, actor)
    said = {"reason": command.reason} if command.identity else None
    subject = ("register", actor.organisation_id)
    record(tx, EXPORTED, now=now, actor=actor, subject=subject, facts=facts, personal=said)


def _keep(tx: Session, command: MarkExport, now: datetime, actor: Actor) -> int:
    left = RegisterExport(
        made_at=now,
        person_id=actor.person_id,
        role=actor.role,
        row_count=command.cases.count,
        file_digest=command.digest,
        cases_digest=command.cases.digest(),
        reason=command.reason,
    )
    tx.add(left)
    tx.flush()
    tx.add_all(RegisterExportBlock(export_id=left.id, block=one, bits=bits) for one, bits in command.cases.blocks())
    return left.id
