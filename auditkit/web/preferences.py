"""What a visitor chooses for the session, without script: language and appearance of the screens, language of content.

Screen and content have languages of their own (decision 15): a Persian auditor may read an English checklist.
"""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request, session
from werkzeug.wrappers import Response

from auditkit.base.text import N_, _
from auditkit.web.access import PUBLIC, access
from auditkit.web.languages import LANGUAGES, PSEUDO

bp = Blueprint("preferences", __name__, url_prefix="/preferences")

THEMES = {
    "": (N_("As the device is set"), "circle-half"),
    "light": (N_("Light"), "sun"),
    "dark": (N_("Dark"), "moon-stars"),
}


def themes() -> list[tuple[str, str, str]]:
    """(value, text, icon) of each appearance."""
    return [(value, _(text), icon) for value, (text, icon) in THEMES.items()]


@bp.post("")
@access(PUBLIC)
def choose() -> Response:
    """Keep the chosen languages or appearance, and go back to the page it was chosen on."""
    chosen = request.form.get("locale", "")
    if chosen in LANGUAGES or (chosen == PSEUDO and current_app.testing):
        session["locale"] = chosen
    if request.form.get("content") in LANGUAGES:
        session["content_locale"] = request.form["content"]
    if request.form.get("theme") in THEMES:
        session["theme"] = request.form["theme"]
    return redirect(_own_address(request.form.get("next", "")))


def _own_address(address: str) -> str:
    """`address` when it is a path of this installation, else the start page: no sending people elsewhere."""
    parts = urlsplit(address)
    own = not parts.scheme and not parts.netloc and address.startswith("/") and "\\" not in address
    return address if own and not address.startswith("//") else "/"
