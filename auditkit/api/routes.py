"""The API's addresses. Each asks for a token, counts the request, and answers in JSON, refusals too."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, jsonify, request, url_for
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from auditkit.api import bodies, queries, service
from auditkit.api.counting import count
from auditkit.api.openapi import description
from auditkit.api.queries import Bearer
from auditkit.api.rules import (
    PERMISSIONS,
    Scope,
    ScopeMissing,
    TokenMissing,
    TokenRefused,
    checked_key,
)
from auditkit.api.shapes import ComplaintPage, listed, new_complaint, registered, whole
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError, Conflict, Forbidden, NotFound, TooMany
from auditkit.base.ids import digest
from auditkit.complaints import queries as complaints
from auditkit.complaints import service as verbs
from auditkit.complaints.intake import queries as intake
from auditkit.complaints.intake import tickets
from auditkit.complaints.intake.public_views.blueprint import entry_address
from auditkit.complaints.register.asking import asked_for
from auditkit.library.here import here
from auditkit.web.access import PUBLIC, TOKEN, access, current_actor, current_organisation

bp = Blueprint("api", __name__, url_prefix="/complaints")
description_bp = Blueprint("api_description", __name__, url_prefix="/api/v1")

STATUS = {
    TokenMissing: 401,
    TokenRefused: 401,
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    TooMany: 429,
}
View = Callable[..., Response]


def scoped(scope: Scope) -> Callable[[View], View]:
    """The view needs a token with this scope, and gets its bearer as first argument; its actor acts from here on."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*arguments: Any, **more: Any) -> Response:
            bearer = _bearer()
            g.actor = bearer.actor
            if not bearer.actor.may(PERMISSIONS[scope]):
                raise ScopeMissing(scope=scope)
            return view(bearer, *arguments, **more)

        return guarded

    return decorate


def _bearer() -> Bearer:
    """Whom the request acts for; counted for its token, and a refusal for the network. Raises TooMany."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise TokenMissing
    now, public = clock.now(), current_actor()
    found = queries.bearer(reading(public), digest(secret.strip().encode()), now)
    with transaction(public) as tx:
        used = count(tx, found, request.remote_addr, now)
    if used.exceeded:
        raise TooMany(minutes=used.minutes_left(now))
    if found is None:
        raise TokenRefused
    return found


@bp.get("")
@access(TOKEN)
@scoped(Scope.READ)
def listing(bearer: Bearer) -> Response:
    """A page of complaints."""
    wanted = asked_for(request.args, bearer.actor, clock.now())
    page = complaints.register_page(reading(bearer.actor), wanted, request.args.get("cursor", ""))
    items = [listed(row) for row in page.rows]
    return _answer(ComplaintPage(items=items, total=page.total, total_is_more=page.more, next_cursor=page.next))


@bp.get("/<reference>")
@access(TOKEN)
@scoped(Scope.READ)
def one(bearer: Bearer, reference: str) -> Response:
    """One complaint; with who complained only where that is asked for and allowed, and then it is journalled."""
    actor, identity = bearer.actor, None
    if request.args.get("identity") == "yes":
        if not actor.may(PERMISSIONS[Scope.IDENTITY]):
            raise ScopeMissing(scope=Scope.IDENTITY)
        with transaction(actor) as tx:
            identity = verbs.read_identity(tx, verbs.ReadIdentity(reference), clock.now(), actor)
    return _answer(whole(complaints.by_reference(reading(actor), reference), identity))


@bp.post("")
@access(TOKEN)
@scoped(Scope.WRITE)
def register(bearer: Bearer) -> Response:
    """Register a complaint, with its files, once for each key."""
    body, house = bodies.read(request), current_organisation()
    key = checked_key(request.headers.get("Idempotency-Key", ""))
    sent = new_complaint(body.complaint)
    secret = tickets.secret_of(service.ticket_of(bearer, key))
    command = service.RegisterOnce(
        bearer,
        key,
        body.digest,
        sent.command(),
        secret,
        house.name,
        sent.details.asked(house.locale),
        body.received(),
    )
    reference, is_new = _once(command)
    return _registered(reference, secret, is_new=is_new)


def _once(command: service.RegisterOnce) -> tuple[str, bool]:
    actor = command.bearer.actor
    try:
        with transaction(actor) as tx:
            found: tuple[str, bool] = service.register_once(tx, command, clock.now(), actor, library=here().library)
    except IntegrityError:  # the same request, sent twice at the same moment, on PostgreSQL
        if queries.answered(reading(actor), command.bearer.token_id, command.key) is None:
            raise
        with transaction(actor) as tx:
            found = service.register_once(tx, command, clock.now(), actor, library=here().library)
    return found


def _registered(reference: str, secret: str, *, is_new: bool) -> Response:
    tx = reading(current_actor())
    opens: str | None = secret
    try:
        intake.tracked(tx, reference, secret)
    except NotFound:  # a new one was given out since, or it was registered before there were any
        opens = None
    files = intake.files_of_receipt(tx, reference)
    shape = registered(complaints.by_reference(tx, reference), entry_address(), opens, files)
    answer = _answer(shape, 201 if is_new else 200)
    answer.headers["Location"] = url_for(".one", reference=reference)
    return answer


@description_bp.get("/openapi.json")
@access(PUBLIC)
def openapi() -> Response:
    """The description of the API."""
    return jsonify(description())


def _answer(shape: BaseModel, status: int = 200) -> Response:
    return Response(shape.model_dump_json(), status, mimetype="application/json")


def _problem(status: int, detail: str) -> Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    answer = jsonify(body)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@bp.errorhandler(AuditkitError)
def _refused(error: AuditkitError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    answer = _problem(status, str(error))
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(60 * error.params["minutes"])
    return answer


@bp.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    return _problem(error.code or 500, error.description or "")
