"""What the process that builds a pack does: has the records read by two forks, makes the file, tells of it.

What reading needs is loaded first and the forks begun (`apart`), then what making needs. The other side is `building`.
"""

import base64
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from auditkit.accounts.queries import organisations
from auditkit.base.actor import Actor
from auditkit.base.db import db, reading
from auditkit.base.errors import AuditkitError
from auditkit.base.garbage import IN_LITTLE_MEMORY, staying
from auditkit.base.settings import Settings
from auditkit.base.text import spoken
from auditkit.content.library import of_organisation, standards_of
from auditkit.packs.apart import Apart
from auditkit.packs.forks import CAN_FORK
from auditkit.packs.reading import PreparePack, check
from auditkit.packs.rules import PackHasGaps
from auditkit.packs.signer import NotStamped, Second, Signer
from auditkit.web.languages import by_clocks_of
from auditkit.web.pageless import create_pageless_app

REFUSED, ENDED = 1, 2


def main() -> int:
    """Build what standard input asks for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))  # an exception: what lies about is removed on the way out
    told = json.loads(sys.stdin.buffer.readline())
    parent = _Parent()
    parent.start()
    settings = Settings(_env_file=None, **told["settings"])
    actor = Actor(**told["actor"] | {"permissions": frozenset(told["actor"]["permissions"])})
    with create_pageless_app(settings).app_context(), spoken(told["asked"]["locale"]):
        try:
            prepared = _prepare(settings, told["asked"], actor, _signer(told, parent))
        except AuditkitError as refusal:
            gaps = refusal.gaps if isinstance(refusal, PackHasGaps) else ()
            _tell(refused=str(refusal), code=refusal.exit_code, gaps=[vars(gap) for gap in gaps])
            return REFUSED
    _tell(prepared=prepared)
    return 0


def _signer(told: Mapping[str, Any], parent: "_Parent") -> Signer:
    second = told["second"] and Second(
        told["second"]["name"], Signer(bytes.fromhex(told["second"]["public"]), parent.sign_second)
    )
    return Signer(bytes.fromhex(told["public"]), parent.sign, parent.stamp if told["stamps"] else None, second)


def _prepare(settings: Settings, asked: Mapping[str, Any], actor: Actor, signer: Signer) -> dict[str, Any]:
    tx = reading(actor)
    organisation = next(one for one in organisations(tx) if one.id == actor.organisation_id)
    command = PreparePack(
        asked["pack_id"],
        organisation,
        standards_of(settings.instance, organisation.slug),
        date.fromisoformat(asked["start"]),
        date.fromisoformat(asked["end"]),
        asked["reason"],
        asked["by"],
        asked["form"],
        library=lambda: of_organisation(settings.instance, organisation.slug).library,
        languages=tuple(asked["languages"]),
        subject=asked["subject"],
        pdf=asked["pdf"],
    )
    check(command, actor)
    tx.rollback()
    db.engine.dispose()  # no connection may be open where the process forks
    with (
        by_clocks_of(organisation.zone),
        Apart(command, actor, settings.instance) if CAN_FORK else nullcontext() as records,
    ):
        with staying(IN_LITTLE_MEMORY):
            from auditkit.packs import building, service  # only now, while the forks read: they need none of it
        return building.plain(
            service.prepare(
                tx,
                command,
                actor,
                settings.instance,
                signer,
                Path(asked["target"]) if asked["target"] else None,
                on_progress=lambda share: _tell(share=share),
                records=records,
            )
        )


def _tell(**answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


class _Parent(threading.Thread):
    """The process that asked: it signs with its keys, and when it is gone this one ends."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._said: SimpleQueue[bytes] = SimpleQueue()

    def sign(self, message: bytes) -> bytes:
        """The signature of `message`."""
        _tell(sign=base64.b64encode(message).decode())
        return base64.b64decode(self._said.get())

    def sign_second(self, message: bytes) -> bytes:
        """The signature of the person who signs besides."""
        _tell(second=base64.b64encode(message).decode())
        return base64.b64decode(self._said.get())

    def stamp(self, signature: bytes) -> bytes:
        """A time stamp over the signature, which the process with the key asks for. Raises NotStamped."""
        _tell(stamp=base64.b64encode(signature).decode())
        said = self._said.get()
        if said[:1] == b"-":
            raise NotStamped(reason=base64.b64decode(said[1:]).decode())
        return base64.b64decode(said[1:])

    def run(self) -> None:
        rest = b""
        while piece := os.read(0, 1024):  # unbuffered: a buffer's lock would be in the way when this process ends
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                self._said.put(line)
        os.kill(os.getpid(), signal.SIGTERM)
