"""The room of a request: the link, or signing in, leads in; after it the session knows the room, not addresses, and on
every page it is asked anew whether it is still open to this reviewer."""

from pathlib import Path

from flask import Blueprint, current_app, g, session

from auditkit.base import clock, ids
from auditkit.base.db import reading, transaction
from auditkit.packs import queries as packs
from auditkit.packs.definitions import titles_for_pages
from auditkit.packs.rooms import queries, rules, service
from auditkit.packs.rooms.contents import SealedPack
from auditkit.packs.rooms.queries import Room
from auditkit.packs.rooms.rules import NoSuchRoom
from auditkit.packs.service import kept_file
from auditkit.web.access import current_actor, current_organisation
from auditkit.web.languages import day_there, locale

bp = Blueprint("room", __name__, url_prefix="/room", template_folder="../templates")

bp.context_processor(lambda: titles_for_pages(locale()))

KEPT = "review-room"
"""Where the session keeps the secret of the room that was entered."""
GIVEN = "review-room-given"
"""Where it keeps the id of the room that was entered by signing in."""


def entered() -> Room:
    """The room that this session entered, if its link or account still opens it. Raises NoSuchRoom."""
    found = _by_account() if GIVEN in session else _by_link()
    if found is None or not rules.may_enter(found.standing):
        raise NoSuchRoom
    return found


def _by_link() -> Room | None:
    secret = str(session.get(KEPT, ""))
    return queries.by_secret(reading(), ids.digest(secret.encode()), day_there(clock.now())) if secret else None


def _by_account() -> Room | None:
    """The room given to the person who is signed in, and from here on they act, not the public."""
    directory = current_app.extensions["auditkit.directory"]
    found = directory.actor(current_organisation().slug) if directory.person_id() is not None else None
    if found is None or not found[1].may(service.REVIEW):
        return None
    room = queries.room(reading(), int(session[GIVEN]), day_there(clock.now()))
    if room.account != found[1].person_id:
        return None
    g.actor = found[1]
    return room


def pack_of(pack_id: int) -> SealedPack:
    """A pack of the organisation, as it was sealed. Raises NotFound."""
    pack = packs.by_id(reading(), pack_id)
    instance: Path = current_app.extensions["auditkit.settings"].instance
    return SealedPack(kept_file(instance, pack.root), pack.bag)


def look(room: Room, path: str = "", *, taken: bool = False) -> None:
    """Put on record what is looked at or taken."""
    with transaction(current_actor()) as tx:
        service.look_at(tx, service.LookAt(room.id, path, taken), clock.now(), current_actor())
