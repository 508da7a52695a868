"""Reading own templates and the documents that were made."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.text import N_
from auditkit.documents.own import models
from auditkit.documents.own.models import TemplateUse, TemplateVersion

PAGE = 50


@dataclass(frozen=True)
class Version:
    """An own template without its bytes."""

    id: int
    template_id: str
    language: str
    number: int
    digest: str
    name: str
    note: str
    warnings: list[dict[str, Any]]
    added_at: datetime
    added_by: int | None


@dataclass(frozen=True)
class Made:
    """A line of the list of documents that were made."""

    id: int
    template_id: str
    language: str
    kind: str
    title: str
    origin: str
    template_version: int | None
    template_digest: str
    digest: str
    made_at: datetime
    made_by: int | None


_VERSION = tuple(getattr(TemplateVersion, name) for name in Version.__dataclass_fields__)


def versions(tx: Session, template_id: str) -> list[Version]:
    """Own versions for a document, newest first."""
    asked = select(*_VERSION).where(TemplateVersion.template_id == template_id)
    return [Version(*row) for row in tx.execute(asked.order_by(TemplateVersion.id.desc()))]


def version(tx: Session, template_id: str, language: str, number: int) -> Version:
    """One own version. Raises NotFound."""
    asked = select(*_VERSION).where(
        TemplateVersion.template_id == template_id,
        TemplateVersion.language == language,
        TemplateVersion.number == number,
    )
    row = tx.execute(asked).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such version of your template"))
    return Version(*row)


def content(tx: Session, version_id: int) -> bytes:
    """The Word file of a version."""
    found = tx.scalars(select(TemplateVersion.content).where(TemplateVersion.id == version_id)).one()
    return bytes(found)


def in_use(tx: Session, template_id: str, language: str) -> Version | None:
    """The own version in use for a document in a language."""
    asked = (
        select(*_VERSION)
        .join(TemplateUse, TemplateUse.version_id == TemplateVersion.id)
        .where(TemplateUse.template_id == template_id, TemplateUse.language == language)
    )
    row = tx.execute(asked).one_or_none()
    return Version(*row) if row else None


def uses(tx: Session) -> dict[tuple[str, str], int]:
    """(document, language) -> the number of the own version in use."""
    asked = select(TemplateUse.template_id, TemplateUse.language, TemplateVersion.number).join(
        TemplateVersion, TemplateVersion.id == TemplateUse.version_id
    )
    return {(row.template_id, row.language): row.number for row in tx.execute(asked)}


def next_number(tx: Session, template_id: str, language: str) -> int:
    """The number the next own version gets."""
    asked = select(func.max(TemplateVersion.number)).where(
        TemplateVersion.template_id == template_id, TemplateVersion.language == language
    )
    return (tx.scalar(asked) or 0) + 1


def with_digest(tx: Session, template_id: str, language: str, data: bytes) -> Version | None:
    """The version that has these very bytes, if there is one."""
    digest = hashlib.sha256(data).hexdigest()
    return next((one for one in versions(tx, template_id) if one.language == language and one.digest == digest), None)


def made(tx: Session, before: int | None = None, template_id: str = "") -> tuple[list[Made], int | None]:
    """Documents made, newest first; with the key of the next page, None at the end."""
    columns = [getattr(models.MadeDocument, name) for name in Made.__dataclass_fields__]
    asked = select(*columns).order_by(models.MadeDocument.id.desc()).limit(PAGE + 1)
    if before is not None:
        asked = asked.where(models.MadeDocument.id < before)
    if template_id:
        asked = asked.where(models.MadeDocument.template_id == template_id)
    rows = [Made(*row) for row in tx.execute(asked)]
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
