"""Exports as jobs: the file is written beside the instance, under a secret name, and forgotten after a day."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app

from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.ids import new_secret
from auditkit.base.text import N_
from auditkit.complaints.register import service
from auditkit.complaints.register.asking import asked_for
from auditkit.complaints.register.exporting import MEDIA_TYPES, write
from auditkit.complaints.register.rules import checked_reason

EXPORT = "complaints.export"
KEPT_FOR = timedelta(days=1)
_NAME = re.compile(r"[A-Za-z0-9_-]{20,60}\.(csv|xlsx)")


class ExportGone(NotFound):
    message = N_("This file is no longer here: exports are kept for a day. Export again")


def folder(organisation_id: int) -> Path:
    """Where the exports of an organisation lie; forgets those that are older than a day."""
    found: Path = current_app.extensions["auditkit.settings"].instance.resolve() / "exports" / str(organisation_id)
    found.mkdir(parents=True, exist_ok=True)
    for path in found.iterdir():
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < clock.now() - KEPT_FOR:
            path.unlink(missing_ok=True)
    return found


def stored(organisation_id: int, name: str) -> Path:
    """An export by its name. Raises ExportGone, also for another organisation's."""
    path = folder(organisation_id) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise ExportGone
    return path


def make(asked: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Write the file; returns its name and how many rows are in it. Raises Forbidden for identities without leave.

    Nobody gets the file before the journal says what is in it: where that fails, the file is gone again.
    """
    if asked["identity"]:
        actor.require("identity.read")
        checked_reason(asked.get("reason", ""))
    address = dict(parse_qsl(asked["asked"]))
    wanted = asked_for(address, actor, clock.now())
    path = folder(actor.organisation_id) / f"{new_secret(24)}.{asked['format']}"
    try:
        written, cases = write(
            reading(actor), wanted, path, asked["format"], identity=asked["identity"], now=clock.now()
        )
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        mark = service.MarkExport(asked["format"], address, asked["identity"], digest, cases, asked.get("reason", ""))
        with transaction(actor) as tx:
            service.mark_export(tx, mark, clock.now(), actor)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return {"file": path.name, "rows": written.rows, "cut": written.cut}


@jobs.handler(EXPORT)
def export_register(asked: dict[str, Any], actor: Actor, _progress: Callable[[float], None]) -> dict[str, Any]:
    """The export as a job."""
    return make(asked, actor)


__all__ = ["EXPORT", "MEDIA_TYPES", "ExportGone", "make", "stored"]
