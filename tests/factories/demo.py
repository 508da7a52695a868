"""The demo organisation as tests visit it: told once a run, its people signed in by links."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from auditkit.accounts import queries, service
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import db, reading, separate_scope, transaction
from auditkit.complaints.correspondence.running import ASIDE
from auditkit.instance.demo.story import SLUG
from auditkit.instance.demo.telling import load
from auditkit.packs import signing
from tests.factories.once import once

FOLDERS = ("evidence", "packs", "mail", ASIDE, "uploads", "doc_templates")
"""What an instance holds beside its database."""
KEEPING = "tests.keeping"
"""Extension of a test's application: keeps its database as it stands in a folder, and brings it back from there."""


class Keeping(NamedTuple):
    """Of one kind of database."""

    kind: str
    keep: Callable[[Path], None]
    bring_back: Callable[[Path], None]


def tell(app: Flask) -> None:
    """Load the demo organisation into the test's database, with a key to sign its pack.

    The first time by its verbs; in later tests of this run as the copy of what they left, which takes a hundredth.
    """
    instance: Path = app.extensions["auditkit.settings"].instance
    signing.make_key(instance)
    if clock._frozen or queries.organisations(reading()):
        _by_its_verbs(app)
        return
    db.session.remove()
    keeping: Keeping = app.extensions[KEEPING]
    told_here = []

    def make(folder: Path) -> None:
        told_here.append(True)
        _told(app, instance, keeping, folder)

    told = once(f"demo-{keeping.kind}", make)
    if not told_here:
        db.session.remove()
        keeping.bring_back(told)
        shutil.copytree(told / "instance", instance, dirs_exist_ok=True)


def _by_its_verbs(app: Flask) -> None:
    with separate_scope():
        load(app)


def _told(app: Flask, instance: Path, keeping: Keeping, folder: Path) -> None:
    _by_its_verbs(app)
    db.session.remove()
    (folder / "instance").mkdir()
    for name in FOLDERS:
        if (instance / name).is_dir():
            shutil.copytree(instance / name, folder / "instance" / name)
    keeping.keep(folder)


def secret_of(first_name: str) -> str:
    """The secret of a fresh one-time link for a person of the demo organisation."""
    with separate_scope():
        system = Actor.system(queries.organisation_by_slug(reading(), SLUG).id)
        with transaction(system) as tx:
            member = next(one for one in queries.members(tx) if one.email.startswith(f"{first_name}@"))
            return str(service.issue_link(tx, service.IssueLink(member.person_id), clock.now(), system))
