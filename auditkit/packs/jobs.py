"""Building a pack as a job: which pack, which days and why go in, the id of its record comes out.

A job that was cut off begins anew: a pack is written whole or not at all, and the same records give the same bytes.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import current_app

from auditkit.accounts.queries import names, organisations
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.content.library import of_organisation
from auditkit.packs import service
from auditkit.packs.service import BuildPack, PreparePack

BUILD = "packs.build"


def payload(pack_id: str, start: date, end: date, reason: str) -> dict[str, Any]:
    """What the job has to know."""
    return {"pack": pack_id, "start": start.isoformat(), "end": end.isoformat(), "reason": reason}


@jobs.handler(BUILD)
def build_pack(asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """Write the pack into the instance and record it. Raises what `service.prepare` raises."""
    tx = reading(actor)
    instance = current_app.extensions["auditkit.settings"].instance
    organisation = next(one for one in organisations(tx) if one.id == actor.organisation_id)
    command = PreparePack(
        asked["pack"],
        organisation,
        of_organisation(instance, organisation.slug).library,
        date.fromisoformat(asked["start"]),
        date.fromisoformat(asked["end"]),
        asked["reason"],
        names(tx).get(actor.person_id or 0, ""),
    )
    prepared = service.prepare(tx, command, actor, instance, on_progress=progress)
    with transaction(actor) as tx:
        return {"pack": service.build(tx, BuildPack(prepared), clock.now(), actor)}
