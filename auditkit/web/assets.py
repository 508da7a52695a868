"""Static files: our own, and the kit's out of its installed packages (nothing foreign is in the repository)."""

import importlib.resources
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, send_file
from markupsafe import Markup

from auditkit.base.ids import digest
from auditkit.web.access import PUBLIC, access

bp = Blueprint("assets", __name__, url_prefix="/assets")

OWN = Path(__file__).parent / "static"
YEAR_SECONDS = 31_536_000


def _kit(package: str, *parts: str) -> Path:
    return Path(str(importlib.resources.files(package).joinpath(*parts)))


KIT = {
    "bootstrap.css": ("js_lib_bootstrap5", "static", "js-lib-bootstrap5", "css", "bootstrap.min.css"),
    "bootstrap.rtl.css": ("js_lib_bootstrap5", "static", "js-lib-bootstrap5", "css", "bootstrap.rtl.min.css"),
    "bootstrap.js": ("js_lib_bootstrap5", "static", "js-lib-bootstrap5", "js", "bootstrap.bundle.min.js"),
    "htmx.js": ("js_lib_htmx", "static", "htmx", "htmx.min.js"),
}


@cache
def _path(name: str) -> Path | None:
    if name in KIT:
        return _kit(*KIT[name])
    path = (OWN / name).resolve()
    return path if path.is_relative_to(OWN.resolve()) and path.is_file() else None


@cache
def version(name: str) -> str:
    """The first 12 digits of the file's SHA-256: it changes with the content, so browsers may keep a file for long."""
    path = _path(name)
    if path is None:
        raise LookupError(f"no static file {name!r}")
    return digest(path.read_bytes())[:12]


@bp.get("/<version>/<path:name>")
@access(PUBLIC)
def file(version: str, name: str) -> Response:
    """One static file, kept by browsers for a year because its address changes with its content."""
    path = _path(name)
    if path is None:
        abort(404)
    response = send_file(path, max_age=YEAR_SECONDS)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


@cache
def icon(name: str, label: str = "") -> Markup:
    """A Bootstrap icon as inline SVG; decorative unless it has a `label`. Raises LookupError for an unknown name."""
    path = _kit("js_lib_bootstrap_icons", "static", "bootstrap-icons", f"{name}.svg")
    if not path.is_file():
        raise LookupError(f"no icon {name!r}")
    svg = path.read_text(encoding="utf-8")
    svg = " ".join(svg[svg.index("<svg") :].split()).replace("> <", "><")
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(svg.replace("<svg", f"<svg {spoken}", 1))  # noqa: S704 - from an installed package, label escaped
