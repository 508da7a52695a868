"""The blueprint of the public pages, and what holds for all of them: room for files, languages, no trace elsewhere."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, g, redirect, request, session, url_for
from flask.wrappers import Response
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base.db import reading
from auditkit.complaints.intake import queries
from auditkit.complaints.intake.rules import MAX_FILE_BYTES, MAX_FILES
from auditkit.web.access import current_organisation
from auditkit.web.languages import LANGUAGES, PSEUDO, locale

bp = Blueprint("public_complaints", __name__, url_prefix="/complaints", template_folder="../templates")
TAKES_FILES = ("new", "reply")
ROOM = MAX_FILES * MAX_FILE_BYTES + (1 << 20)


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before anything reads the body: several files at once are larger than what other pages take.
    if (endpoint or "").rpartition(".")[2] in TAKES_FILES:
        request.max_content_length = ROOM


@bp.before_request
def _speak() -> AnyResponse | None:
    """Show the page in one of the organisation's languages; `?language=` chooses one."""
    offered = languages()
    chosen = request.args.get("language", "")
    if chosen in offered:
        session["locale"] = chosen
        others = {name: value for name, value in request.args.items() if name != "language"}
        return redirect(f"{request.path}?{urlencode(others)}" if others else request.path)
    if locale() not in offered and locale() != PSEUDO:
        g.locale = offered[0]
    return None


@bp.after_request
def _leave_no_trace(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def languages() -> list[str]:
    """The organisation's languages, its own first; every language of the screens where it chose none."""
    own = current_organisation().locale
    chosen = [code for code in LANGUAGES if code in (queries.settings(reading()).languages or LANGUAGES)]
    return sorted(chosen, key=lambda code: code != own)


def exempt_from_token(name: str) -> None:
    """Let the view `name` of this folder take a form without a session's token: nobody is signed in there."""
    bp.record(lambda state: state.app.extensions["csrf"].exempt(name))


def entry_address() -> str:
    """Where complainants come in with reference and secret, also where another process serves the public pages."""
    if "public_complaints.track" in current_app.view_functions:
        return url_for("public_complaints.track", _external=True)
    base = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    return f"{base}/p/{current_organisation().slug}{bp.url_prefix}/track"
