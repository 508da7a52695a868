"""What the page components (`templates/web/components.html`) need from Python."""

from flask import Blueprint, Flask

from auditkit.web import assets

bp = Blueprint("web", __name__, template_folder="templates")


def init_app(app: Flask) -> None:
    """Make the components known to every template of `app`."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(icon=assets.icon, asset=asset_url)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def asset_url(name: str) -> str:
    """The address of a static file, which changes with its content. Raises LookupError for an unknown file."""
    return f"/assets/{assets.version(name)}/{name}"
