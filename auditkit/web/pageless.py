"""An application without pages: records, evidence, texts. For processes that only work and answer nobody.

Pages and their libraries are a good part of what an application weighs; a process that builds a pack does without.
"""

from flask import Flask

from auditkit.base import db
from auditkit.base.settings import Settings
from auditkit.web import languages

STATEMENTS_KEPT = 200
"""Of those put together as SQL: more than a pack asks for, because each takes milliseconds to put together again."""


def create_pageless_app(settings: Settings | None = None) -> Flask:
    """The records of one instance, without any address. Raises BadInput where the instance was never made."""
    settings = settings or Settings()
    app = Flask(__name__, static_folder=None, instance_path=str(settings.instance.resolve()))
    app.config.update(
        SECRET_KEY=settings.key(),
        SQLALCHEMY_DATABASE_URI=settings.url,
        SQLALCHEMY_ENGINE_OPTIONS={"query_cache_size": STATEMENTS_KEPT},
    )
    app.extensions["auditkit.settings"] = settings
    db.init_app(app)
    languages.init_app(app, settings.locale)
    return app
