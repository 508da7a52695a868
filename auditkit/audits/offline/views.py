"""What the run page talks to: the worker that keeps it, its manifest, answers that arrive, and what others changed."""

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, request, send_file, url_for
from flask import Response as FlaskResponse
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import IntegrityError

from auditkit.audits import queries as audits
from auditkit.audits.offline import queries, rules, service
from auditkit.audits.views.blueprint import kept
from auditkit.audits.views.blueprint import names as people
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.evidence import intake
from auditkit.web import assets
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.acting import REFUSALS
from auditkit.web.components import asset_url
from auditkit.web.languages import moment

bp = Blueprint("audits_offline", __name__, url_prefix="/audits")


@bp.get("/run-worker.js")
@access("audits.read")
def worker() -> FlaskResponse:
    """The service worker; from here, because a worker may only look after addresses below its own."""
    response = send_file(assets.OWN / "audit-worker.js", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/<number>/run.webmanifest")
@access("audits.read")
def manifest(number: str) -> FlaskResponse:
    """What a phone shows of this audit on its home screen."""
    head = audits.plans.by_number(reading(), number)
    start = url_for("audits.run", number=number)
    sizes = [("mark-192.png", "192x192"), ("mark-512.png", "512x512")]
    response = jsonify(
        id=start,
        name=f"{head.number} {head.title} · {current_organisation().name}",
        short_name=head.number,
        start_url=start,
        scope=url_for("audits.index"),
        display="standalone",
        background_color="#ffffff",
        theme_color="#2a4fb5",
        icons=[{"src": asset_url(name), "sizes": size, "type": "image/png"} for name, size in sizes],
    )
    response.mimetype = "application/manifest+json"
    return response


@bp.get("/<number>/run/state")
@access("audits.read")
def state(number: str) -> FlaskResponse:
    """A fresh token, how far the audit is, and the rows answered after `since` (ISO time; none: all answered)."""
    tx, now = reading(), clock.now()
    head = audits.plans.by_number(tx, number)
    changed = queries.changed_since(tx, head.id, _since(request.args.get("since", "")))
    return jsonify(
        token=generate_csrf(),
        person=current_actor().person_id,
        at=now.isoformat(),
        progress=_progress(head.tally),
        rows=[_shown(one) for one in changed],
    )


def _since(text: str) -> datetime | None:
    try:
        return rules.moment(text.replace(" ", "+"), clock.now()) if text else None
    except rules.NotAnArrival:
        return None


@bp.post("/<number>/rows/<int:row_id>/save")
@access("audits.run")
def save(number: str, row_id: int) -> FlaskResponse | tuple[FlaskResponse, int]:
    """Take an answer from a device; the second time it comes, say the same again and store nothing."""
    try:
        clashes, row = _arrived(number, row_id)
    except REFUSALS as refusal:
        return jsonify(state="refused", message=str(refusal)), 422
    return jsonify(
        state="conflict" if clashes else "saved",
        conflicts=clashes,
        progress=_progress(row.tally),
        row=_stored(row_id, row),
    )


def _stored(row_id: int, row: queries.Stored) -> dict[str, Any]:
    """A row as it now stands, for the script of the page."""
    return {
        "id": row_id,
        "answer": row.answer,
        "note": row.note,
        "interviewee": row.interviewee,
        "version": row.version,
        "settled": row.settled,
        "when": moment(row.answered_at) if row.answered_at else "",
        "by": _name(row.answered_by),
        "files": [{"name": one.shown_name, "url": url_for("evidence.show", digest=one.digest)} for one in row.files],
    }


def _name(person_id: int | None) -> str:
    """Who answered; asked for only where it was somebody else."""
    actor = current_actor()
    if person_id is None:
        return ""
    return actor.name if person_id == actor.person_id else people().get(person_id, "")


def _arrived(number: str, row_id: int) -> tuple[list[dict[str, Any]], queries.Stored]:
    """Store what came, unless it is here already; the cells not taken, and the row as it stands. Raises as the verb."""
    command, actor, files = _command(number, row_id), current_actor(), request.files.getlist("files")
    # Before files are read: without any, the question below is soon enough
    known = _known(reading(), command) if files else None
    received = intake.receive_uploads(files) if known is None else []
    try:
        if known is None:
            with transaction(actor) as tx:
                known = _known(tx, command)
                if known is None:
                    known = service.save(tx, _with(command, kept(tx, received)), clock.now(), actor)
                return known, queries.stored(tx, number, row_id)
    except IntegrityError:
        known = _known(reading(), command)
        if known is None:
            raise
    return known, queries.stored(reading(), number, row_id)


def _known(tx: Session, command: service.Save) -> list[dict[str, Any]] | None:
    """The cells that an answer did not change which is here already; None where it never arrived."""
    found = queries.arrived(tx, command.client_id)
    return found.conflicts if found else None


def _command(number: str, row_id: int) -> service.Save:
    sent = request.form
    try:
        cells = json.loads(sent.get("cells", "{}"))
    except ValueError as error:
        raise rules.NotAnArrival(what="cells") from error
    return service.Save(
        number=number,
        row_id=row_id,
        client_id=rules.client_id(sent.get("client_id", "")),
        made_at=rules.moment(sent.get("made_at", ""), clock.now()),
        changes=rules.changes(cells),
        place=rules.place(sent.get("latitude", ""), sent.get("longitude", ""), sent.get("accuracy", "")),
    )


def _with(command: service.Save, evidence_ids: tuple[int, ...]) -> service.Save:
    return service.Save(**{**vars(command), "evidence": evidence_ids})


def _progress(tally: Any) -> list[int]:
    return [tally.total - tally.unanswered, tally.total]


def _shown(one: queries.RowState) -> dict[str, Any]:
    return {
        "id": one.id,
        "answer": one.answer,
        "note": one.note,
        "interviewee": one.interviewee,
        "settled": one.settled,
        "when": moment(one.answered_at) if one.answered_at else "",
        "by": people().get(one.answered_by, "") if one.answered_by else "",
    }
