"""Building a pack as a job: which pack, which days and why go in, the id of its record comes out.

A job that was cut off begins anew: a pack is written whole or not at all, and the same records give the same bytes.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import current_app

from auditkit.accounts.queries import names
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.base.text import language_spoken
from auditkit.complaints.privacy import elsewhere
from auditkit.packs import forgetting, service, signing
from auditkit.packs.building import Asked, build_apart
from auditkit.packs.service import BuildPack
from auditkit.packs.verify.layout import WHOLE

BUILD = "packs.build"

elsewhere.holds("packs", forgetting.erase, forgetting.remove_bytes)


def payload(
    pack_id: str,
    start: date,
    end: date,
    reason: str,
    form: str = WHOLE,
    languages: Sequence[str] = ("en",),
    subject: str = "",
    *,
    pdf: bool = False,
) -> dict[str, Any]:
    """What the job has to know."""
    return {
        "pack": pack_id,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "reason": reason,
        "form": form,
        "languages": list(languages),
        "subject": subject,
        "pdf": pdf,
    }


@jobs.handler(BUILD)
def build_pack(asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """Write the pack into the instance, in a process of its own, and record it.

    Raises BuildingRefused with what `service.prepare` says, BuildingDied, BadInput for a missing signing key.
    """
    tx = reading(actor)
    by = names(tx).get(actor.person_id or 0, "")
    tx.rollback()  # the child takes its time, and an open reading would keep the database from tidying up
    wanted = Asked(
        asked["pack"],
        date.fromisoformat(asked["start"]),
        date.fromisoformat(asked["end"]),
        asked["reason"],
        by,
        language_spoken() or "en",
        asked.get("form", WHOLE),
        tuple(asked.get("languages", ("en",))),
        asked.get("subject", ""),
        asked.get("pdf", False),
    )
    settings = current_app.extensions["auditkit.settings"]
    prepared = build_apart(settings, wanted, actor, signing.for_packs(settings), progress)
    with transaction(actor) as tx:
        return {"pack": service.build(tx, BuildPack(prepared), clock.now(), actor)}
