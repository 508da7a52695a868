"""Due dates for all open complaints that have none, as a job and for the command line.

Portion by portion, each a transaction of its own with its entry in the journal, so that others can work meanwhile. What
is set stays: work that was cut off goes on where it stopped, because whoever has due dates is no longer looked for.
"""

from collections.abc import Callable
from typing import Any

from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.complaints.clock import queries, rules, service

SET_MISSING = "complaints.set-due-dates"
PORTION = 100


def set_all(
    actor: Actor, import_run: int | None = None, on_progress: Callable[[float], None] = lambda _share: None
) -> dict[str, int]:
    """Set them; returns for how many (`set`) and how many no limit in force is for (`left`). Outside a transaction.

    Raises NoLimitsInForce, and ImportUnknown where there is no such import.
    """
    actor.require("complaints.handle")
    session = reading(actor)
    if import_run is not None and queries.import_named(session, import_run) is None:
        raise rules.ImportUnknown(number=import_run)
    if not queries.limit_sets(session):
        raise rules.NoLimitsInForce
    before = queries.missing(session, clock.now(), import_run)
    session.rollback()
    after, number, looked_at = 0, 0, 0
    while True:
        with transaction(actor) as tx:
            ids = queries.without_dates(tx, after, PORTION, import_run)
            if ids:
                number += service.set_missing(tx, service.SetMissing(tuple(ids), import_run), clock.now(), actor)
        if not ids:
            return {"set": number, "left": looked_at - number}
        after, looked_at = ids[-1], looked_at + len(ids)
        on_progress(min(0.99, looked_at / max(1, before.fitting + before.unfit)))


@jobs.handler(SET_MISSING)
def set_missing_dates(asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """The same as a job. Raises as `set_all`."""
    return set_all(actor, asked["import"], progress)
