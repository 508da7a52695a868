"""Error pages: what happened, whether anything was lost, what to do."""

import logging

from flask import Flask, Response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from auditkit.base.errors import AuditkitError, Conflict, Forbidden, NotFound, TooMany
from auditkit.base.ids import new_secret
from auditkit.base.text import N_, _

log = logging.getLogger(__name__)

TEXTS = {
    400: (
        N_("This request was not understood"),
        N_("Go back, reload the page and try again. Nothing was stored."),
    ),
    401: (
        N_("Please sign in first"),
        N_("Your session has ended. Sign in and send it again; nothing was stored."),
    ),
    403: (
        N_("Your role does not allow this"),
        N_("Ask an administrator of your organisation for the permission."),
    ),
    404: (
        N_("There is no such page here"),
        N_("The address may be mistyped, or the record belongs to somebody else."),
    ),
    405: (
        N_("This cannot be done this way"),
        N_("Go back and use the buttons of the page. Nothing was stored."),
    ),
    409: (
        N_("Somebody else was faster"),
        N_("Reload the page and apply your change again. Nothing was overwritten."),
    ),
    413: (N_("This is too large"), N_("Send smaller files, or fewer at a time. Nothing was stored.")),
    429: (N_("Too many attempts"), N_("Wait a little and try again. Nothing was stored.")),
    500: (
        N_("Something went wrong on our side"),
        N_("Nothing of this request was stored. Tell the administrator this number"),
    ),
}

# A slice's own error of one of these kinds (`class AnswerChanged(Conflict)`) answers like its kind.
STATUS = {NotFound: 404, Forbidden: 403, Conflict: 409, TooMany: 429}


def _page(status: int, detail: str = "", number: str = "") -> Response:
    title, text = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    page = render_template("web/error.html", title=_(title), text=_(text), detail=detail, number=number)
    return Response(page, status)


def _http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code)


def _csrf(error: CSRFError) -> Response:
    return _page(400, _("The form was open for too long, or came from somewhere else."))


def _ours(error: AuditkitError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    page = _page(status, str(error))
    if "minutes" in error.params:
        page.headers["Retry-After"] = str(60 * error.params["minutes"])
    return page


def _fault(error: Exception) -> Response:
    number = new_secret(6)
    log.exception("fault %s", number, exc_info=error)
    return _page(500, number=number)


def init_app(app: Flask) -> None:
    """Give `app` its error pages; a fault is logged under the number the page shows."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(AuditkitError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)
