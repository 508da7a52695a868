"""Serving an instance by waitress, with the worker for jobs and mail beside it."""

import signal
from collections.abc import Callable
from types import FrameType

from flask import Flask, url_for
from waitress import create_server

from auditkit.accounts import queries, service
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.jobs import Worker
from auditkit.instance.demo.story import SLUG


def demo_link(app: Flask) -> str | None:
    """A fresh one-time sign-in link for the demo organisation's first administrator; None without the demo."""
    with app.app_context():
        try:
            organisation = queries.organisation_by_slug(reading(), SLUG)
        except NotFound:
            return None
        actor = Actor.system(organisation.id)
        people = [one for one in queries.members(reading(actor)) if one.role == "administrator"]
        if not people:
            return None
        with transaction(actor) as tx:
            secret = service.issue_link(tx, service.IssueLink(people[0].person_id), clock.now(), actor)
        with app.test_request_context(base_url=app.extensions["auditkit.settings"].public_url):
            return url_for("account.sign_in_link", secret=secret, _external=True)


def serve(app: Flask, host: str, port: int, threads: int, ready: Callable[[], None]) -> None:
    """Serve until interrupted or told to end; the worker gives back what it is doing, so that the next one goes on.

    `ready` is called once the port answers.
    """
    signal.signal(signal.SIGTERM, _end)  # what service managers send: as Ctrl-C, not as a crash
    server = create_server(app, host=host, port=port, threads=threads, ident=None)
    worker = Worker(app)
    worker.start()
    ready()
    try:
        server.run()
    finally:
        worker.stop()
        worker.join(timeout=10)
        server.close()


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
