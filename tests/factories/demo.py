"""The demo organisation as tests visit it: told once, its people signed in by links."""

from flask import Flask

from auditkit.accounts import queries, service
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, separate_scope, transaction
from auditkit.instance.demo.story import SLUG
from auditkit.instance.demo.telling import load
from auditkit.packs import signing


def tell(app: Flask) -> None:
    """Load the demo organisation into the test's database, with a key to sign its pack."""
    instance = app.extensions["auditkit.settings"].instance
    signing.make_key(instance)
    with separate_scope():
        load(app)


def secret_of(first_name: str) -> str:
    """The secret of a fresh one-time link for a person of the demo organisation."""
    with separate_scope():
        system = Actor.system(queries.organisation_by_slug(reading(), SLUG).id)
        with transaction(system) as tx:
            member = next(one for one in queries.members(tx) if one.email.startswith(f"{first_name}@"))
            return str(service.issue_link(tx, service.IssueLink(member.person_id), clock.now(), system))
