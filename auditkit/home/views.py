"""The start page of an organisation, and the way there from `/`."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.web.access import PUBLIC, access

bp = Blueprint("home", __name__, template_folder="templates")
start_bp = Blueprint("start", __name__)


@start_bp.get("/")
@access(PUBLIC)
def start() -> Response:
    """Lead to the organisation of the person, or to the sign-in page."""
    return redirect(url_for("account.organisations"))


@start_bp.get("/healthz")
@access(PUBLIC)
def healthz() -> tuple[dict[str, str], int]:
    """The process answers."""
    return {"status": "up"}, 200


@bp.get("/")
@access("content.read")
def show() -> str:
    """What is due in this organisation."""
    return render_template("home/show.html")
