"""The demo organisation as tests visit it: told once a process, its people signed in by links."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from auditkit.accounts import queries, service
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import db, reading, separate_scope, transaction
from auditkit.instance.demo.story import SLUG
from auditkit.instance.demo.telling import load
from auditkit.packs import signing

FOLDERS = ("evidence", "packs", "mail", "uploads", "doc_templates")
"""What an instance holds beside its database."""
KEEP = "tests.keep"
"""Extension of a test's application: remembers its database as it stands and answers what brings that back."""
_TOLD = "tests.demo"


def tell(app: Flask) -> None:
    """Load the demo organisation into the test's database, with a key to sign its pack.

    The first time by its verbs; in later tests of this process as the copy of what they left, which takes a hundredth.
    """
    instance: Path = app.extensions["auditkit.settings"].instance
    signing.make_key(instance)
    if clock._frozen or queries.organisations(reading()):
        _by_its_verbs(app)
        return
    db.session.remove()
    if _TOLD not in app.extensions:
        _by_its_verbs(app)
        db.session.remove()
        app.extensions[_TOLD] = _kept(app, instance)
    else:
        bring_back: Callable[[], None] = app.extensions[_TOLD]
        bring_back()


def _by_its_verbs(app: Flask) -> None:
    with separate_scope():
        load(app)


def _kept(app: Flask, instance: Path) -> Callable[[], None]:
    files = Path(tempfile.mkdtemp(prefix="demo-", dir=instance.parent))
    for name in FOLDERS:
        if (instance / name).is_dir():
            shutil.copytree(instance / name, files / name)
    database: Callable[[], None] = app.extensions[KEEP]()

    def bring_back() -> None:
        database()
        shutil.copytree(files, instance, dirs_exist_ok=True)

    return bring_back


def secret_of(first_name: str) -> str:
    """The secret of a fresh one-time link for a person of the demo organisation."""
    with separate_scope():
        system = Actor.system(queries.organisation_by_slug(reading(), SLUG).id)
        with transaction(system) as tx:
            member = next(one for one in queries.members(tx) if one.email.startswith(f"{first_name}@"))
            return str(service.issue_link(tx, service.IssueLink(member.person_id), clock.now(), system))
