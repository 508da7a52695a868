"""What the worker does for surveys: it sends invitations and the one reminder when they are due."""

from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import db, separate_scope, transaction
from auditkit.complaints.survey import queries
from auditkit.complaints.survey.following import send

PORTION = 50


@jobs.watch
def invite_due() -> None:
    """Send what is due, each in a transaction of its own; a plain read where there is nothing."""
    session = db.session()
    houses = queries.houses_with_due(session, clock.now())
    session.rollback()
    for organisation_id in houses:
        with separate_scope():
            _invite(Actor.system(organisation_id))


def _invite(actor: Actor) -> None:
    with transaction(actor) as tx:
        waiting = queries.due(tx, clock.now(), PORTION)
    for survey_id in waiting:
        with transaction(actor) as tx:
            if survey_id in queries.due(tx, clock.now(), PORTION):
                send(tx, survey_id, clock.now(), actor)
