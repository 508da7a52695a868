"""Verbs over own templates: add a version, take it into use, go back; tell that a document was made."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.documents.own import queries
from auditkit.documents.own.models import MadeDocument, TemplateUse, TemplateVersion
from auditkit.documents.own.rules import (
    ADDED,
    LEFT,
    LONGEST_NAME,
    LONGEST_NOTE,
    MADE,
    TAKEN,
    Kind,
    NoneInUse,
    Origin,
    SameAgain,
    checked_size,
)
from auditkit.journal.service import record


@dataclass(frozen=True)
class Add:
    """A template that was examined and can be used; `warnings` are what the examination said, as plain JSON."""

    template_id: str
    language: str
    name: str
    content: bytes
    note: str = ""
    warnings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Take:
    """Take an own version into use, also an earlier one."""

    template_id: str
    language: str
    number: int


@dataclass(frozen=True)
class Leave:
    """Use the installation's template again, or the shipped one."""

    template_id: str
    language: str


@dataclass(frozen=True)
class TellMade:
    """A document was made: by which template, and what came out."""

    template_id: str
    language: str
    kind: Kind
    title: str
    origin: Origin
    template_version: int | None
    template_digest: str
    content: bytes


@verb("organisation.manage", leaves=ADDED)
def add(tx: Session, command: Add, now: datetime, actor: Actor) -> int:
    """Keep a template as the next version, not yet in use; its number. Raises TooLarge, SameAgain."""
    checked_size(command.content)
    same = queries.with_digest(tx, command.template_id, command.language, command.content)
    if same is not None:
        raise SameAgain(number=same.number)
    number = queries.next_number(tx, command.template_id, command.language)
    version = TemplateVersion(
        template_id=command.template_id,
        language=command.language,
        number=number,
        digest=hashlib.sha256(command.content).hexdigest(),
        content=command.content,
        name=command.name[:LONGEST_NAME],
        note=command.note[:LONGEST_NOTE],
        warnings=command.warnings,
        added_at=now,
        added_by=actor.person_id,
    )
    tx.add(version)
    tx.flush()
    _tell(tx, ADDED, version.id, now, actor, _facts(version))
    return number


@verb("organisation.manage", leaves=TAKEN)
def take(tx: Session, command: Take, now: datetime, actor: Actor) -> None:
    """Make documents with this version from now on. Raises NotFound."""
    version = queries.version(tx, command.template_id, command.language, command.number)
    use = tx.scalars(_use_of(command.template_id, command.language)).one_or_none()
    if use is None:
        use = TemplateUse(template_id=command.template_id, language=command.language)
        tx.add(use)
    use.version_id, use.taken_at, use.taken_by = version.id, now, actor.person_id
    tx.flush()
    _tell(tx, TAKEN, version.id, now, actor, _facts(version))


@verb("organisation.manage", leaves=LEFT)
def leave(tx: Session, command: Leave, now: datetime, actor: Actor) -> None:
    """Use no own template for this document and language. Raises NoneInUse."""
    version = queries.in_use(tx, command.template_id, command.language)
    if version is None:
        raise NoneInUse()
    tx.execute(
        delete(TemplateUse).where(
            TemplateUse.template_id == command.template_id, TemplateUse.language == command.language
        )
    )
    _tell(tx, LEFT, version.id, now, actor, _facts(version))


@verb("content.read", leaves=MADE)
def tell_made(tx: Session, command: TellMade, now: datetime, actor: Actor) -> int:
    """Note which template made which document; whoever may see what stands in it was asked for it before."""
    made = MadeDocument(
        template_id=command.template_id,
        language=command.language,
        kind=command.kind.value,
        title=command.title,
        origin=command.origin.value,
        template_version=command.template_version,
        template_digest=command.template_digest,
        digest=hashlib.sha256(command.content).hexdigest(),
        size=len(command.content),
        made_at=now,
        made_by=actor.person_id,
    )
    tx.add(made)
    tx.flush()
    facts = {
        "template": made.template_id, "language": made.language, "kind": made.kind, "origin": made.origin,
        "version": made.template_version, "template_digest": made.template_digest, "digest": made.digest,
    }  # fmt: skip
    record(tx, MADE, now=now, actor=actor, subject=("document", made.id), facts=facts)
    return made.id


def _use_of(template_id: str, language: str) -> Any:
    return select(TemplateUse).where(TemplateUse.template_id == template_id, TemplateUse.language == language)


def _facts(version: TemplateVersion | queries.Version) -> dict[str, Any]:
    return {
        "template": version.template_id,
        "language": version.language,
        "number": version.number,
        "digest": version.digest,
    }


def _tell(tx: Session, event: Any, version_id: int, now: datetime, actor: Actor, facts: dict[str, Any]) -> None:
    record(tx, event, now=now, actor=actor, subject=("template", version_id), facts=facts)
