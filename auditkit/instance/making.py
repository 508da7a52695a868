"""Making an instance complete: what is there stays, what is missing is made."""

from flask import Flask

from auditkit.app import create_app
from auditkit.base.garbage import staying
from auditkit.base.settings import Settings
from auditkit.instance import migrate
from auditkit.instance.demo import telling
from auditkit.packs import signing


def make(with_demo: bool) -> tuple[Flask, list[str]]:
    """The application on a complete instance, and a line for each thing that was made just now.

    Raises BadInput where the folder cannot be written.
    """
    settings = Settings()
    made = []
    if not (settings.instance / "secret-key").exists():
        made.append("Secret key made.")
    settings.make_instance()
    if signing.make_key(settings.instance):
        made.append("Signing key made.")
    with staying():
        app = create_app(settings)
    if migrate.current(app) != migrate.newest():
        migrate.upgrade(app)
        made.append("Database brought to its newest form.")
    if with_demo and telling.load(app):
        made.append("Demo organisation added.")
    return app, made
