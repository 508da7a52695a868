"""What the worker does for programmes: it makes the audits whose time has come, each once, however long it slept."""

import logging

from flask import current_app

from auditkit.accounts.queries import organisations, today_of_house
from auditkit.audits.programme import making, queries, service
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import db, reading, separate_scope, transaction
from auditkit.base.errors import AuditkitError
from auditkit.base.text import spoken
from auditkit.content.library import of_organisation

log = logging.getLogger(__name__)


@jobs.watch
def make_due_audits() -> None:
    """A plain read where nothing is due; each item in a transaction of its own, so that one fault stops no other."""
    session = db.session()
    slugs = {one.id: (one.slug, one.locale) for one in organisations(session)}
    houses = queries.houses_with_items(session)
    session.rollback()
    for organisation_id in houses:
        with separate_scope(), spoken(slugs[organisation_id][1]):
            _make_due(Actor.system(organisation_id), slugs[organisation_id][0])


def _make_due(actor: Actor, slug: str) -> None:
    tx = reading(actor)
    today = today_of_house(tx, clock.now())
    waiting = [one for one in queries.items(tx) if making.due_periods(tx, one, today)]
    tx.rollback()
    library = of_organisation(current_app.extensions["auditkit.settings"].instance, slug).library if waiting else None
    for item in waiting:
        assert library is not None  # noqa: S101 - read because something waits
        try:
            with transaction(actor) as tx:
                making.make_due(tx, item.id, clock.now(), actor, library=library)
        except AuditkitError as error:
            if str(error) != item.problem:
                log.warning("the audit of programme item %s could not be made: %s", item.id, error)
                with transaction(actor) as tx:
                    service.note_problem(tx, service.NoteProblem(item.id, error), clock.now(), actor)
