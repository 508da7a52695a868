"""What a reviewer takes away: files of the pack, the whole of it, the report, what an answer holds."""

from pathlib import Path
from typing import Any

from flask import Response

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.evidence import queries as evidence
from auditkit.evidence import serving
from auditkit.evidence.names import content_disposition
from auditkit.packs.rooms import outcome, queries, rules, service
from auditkit.packs.rooms.public_views.blueprint import bp, entered, look, pack_of
from auditkit.packs.rooms.queries import ANSWER
from auditkit.web.access import PUBLIC, access, current_actor, current_organisation


@bp.get("/files/<path:path>")
@access(PUBLIC)
def file(path: str) -> Response:
    """A file of the pack, as an attachment that runs nowhere."""
    room = entered()
    pack = pack_of(room.pack_id)
    kind = pack.media_type(path)
    look(room, path, taken=True)
    answer = Response(pack.stream(path), mimetype=kind)
    answer.content_length = pack.size(path)
    return _attached(answer, path.rpartition("/")[2])  # names in a pack are safe ones


@bp.get("/pack.zip")
@access(PUBLIC)
def whole() -> Response:
    """The pack itself, to be checked without this program."""
    room = entered()
    pack = pack_of(room.pack_id)
    look(room, "pack.zip", taken=True)
    answer = Response(_chunks(pack.file), mimetype="application/zip")
    answer.content_length = pack.file.stat().st_size
    return _attached(answer, f"{pack.bag}.zip")


@bp.get("/outcome.docx")
@access(PUBLIC)
def outcome_report() -> Response:
    """What was judged, asked and answered in this room, as a Word document."""
    room = entered()
    title = _("Review by %(body)s", body=room.body)
    made = outcome.made(reading(), room, pack_of(room.pack_id), current_organisation().name)
    with transaction(current_actor()) as tx:
        service.look_at(tx, service.LookAt(room.id, "outcome.docx", taken=True), clock.now(), current_actor())
        # Which template made it is the organisation's own record; a reviewer has no part in that.
        made.tell(tx, title, clock.now(), Actor.system(current_actor().organisation_id))
    return _attached(Response(made.content, mimetype=outcome.WORD), f"{title}.docx")


@bp.get("/answers/<int:request_id>/<digest>")
@access(PUBLIC)
def answered(request_id: int, digest: str) -> Response:
    """A file that the organisation attached to an answer."""
    room = entered()
    if request_id not in {one.id for one in queries.requests(reading(), room.id)}:
        raise rules.NotInThePack
    held = {one.file.digest: one.file for one in evidence.for_subject(reading(), (ANSWER, request_id))}
    if digest not in held:
        raise rules.NotInThePack
    look(room, held[digest].shown_name, taken=True)
    return serving.attachment(held[digest])


def _chunks(file: Path) -> Any:
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            yield chunk


def _attached(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = content_disposition(name)
    answer.headers["Content-Security-Policy"] = serving.SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
