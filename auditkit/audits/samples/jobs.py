"""Drawing of a large population, as a job: the request only asks for it. tests/slices/audits_samples holds it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from auditkit.audits.sampling import Method, Stratify
from auditkit.audits.service.sampling import DrawSample, draw_sample
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import transaction

DRAW = "audits.draw"
AT_ONCE = 20_000
"""Populations of more complaints are closed by a worker."""


def payload(command: DrawSample) -> dict[str, Any]:
    """What a job keeps of the wish."""
    return {
        "number": command.number,
        "received_from": command.received_from.isoformat(),
        "received_to": command.received_to.isoformat(),
        "size": command.size,
        "reason": command.reason,
        "method": command.how.value,
        "by": command.by.value if command.by else "",
        "filters": dict(command.filters),
        "sizing": dict(command.sizing),
    }


def wish(kept: dict[str, Any]) -> DrawSample:
    """The wish from what was kept of it."""
    return DrawSample(
        number=kept["number"],
        received_from=date.fromisoformat(kept["received_from"]),
        received_to=date.fromisoformat(kept["received_to"]),
        size=kept["size"],
        reason=kept["reason"],
        method=Method(kept["method"]),
        by=Stratify(kept["by"]) if kept["by"] else None,
        filters=kept["filters"],
        sizing=kept["sizing"],
    )


@jobs.handler(DRAW)
def draw(asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """Draw the sample; a job that was cut off before the end has drawn nothing, and draws with a seed of its own."""
    progress(0.05)
    with transaction(actor) as tx:
        serial = draw_sample(tx, wish(asked), clock.now(), actor)
    return {"number": asked["number"], "sample": serial}
