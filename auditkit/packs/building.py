"""Building a pack in a process of its own, so that neither its memory nor its work burdens the one that serves pages.

The child reads the records and writes the file; it changes nothing in the database. It is told everything by one line
of JSON and answers with lines of JSON: how far it is, what it wants signed (it does not have the key), then what it
made or why it refuses. It ends when the process that asked for it is gone. tests/slices/packs/test_building.py holds
both sides.
"""

import base64
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from flask import current_app

from auditkit.accounts.queries import organisations
from auditkit.base.actor import Actor
from auditkit.base.db import Session, db, reading
from auditkit.base.errors import AuditkitError, BadInput
from auditkit.base.settings import Settings
from auditkit.base.text import N_, spoken
from auditkit.content.library import let_go, of_organisation, standards_of
from auditkit.packs import service
from auditkit.packs.bag import Sealed
from auditkit.packs.formats import room
from auditkit.packs.gathering.standing import Standings, apart
from auditkit.packs.rules import Gap, PackHasGaps
from auditkit.packs.service import Counts, Prepared, PreparePack
from auditkit.packs.signer import NotStamped, Second, Signer
from auditkit.packs.verify.layout import WHOLE
from auditkit.web.languages import by_clocks_of
from auditkit.web.pageless import create_pageless_app

LOOKS_EVERY = 0.5  # seconds between two reports of progress to the one who asked, who may want to stop

TIDIES_UP_WITHIN = 5.0  # seconds

CACHE_KIB = 512
LEAN = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
"""For glibc: give back what is no longer used. Other systems take no notice."""

REFUSED, ENDED = 1, 2
_GAPS = ("gaps", "left_out")


class BuildingRefused(AuditkitError):
    """What the child says to the person, in their language already."""

    message = "%(said)s"


class BuildingMisasked(BuildingRefused):
    """The same, where what was asked for cannot be used."""

    exit_code = BadInput.exit_code


class BuildingHasGaps(BuildingRefused):
    """The same, where gaps are to be accepted with a reason first; `gaps` holds them."""

    def __init__(self, gaps: Sequence[Gap], said: str) -> None:
        self.gaps = tuple(gaps)
        super().__init__(said=said)


class BuildingKilled(AuditkitError):
    message = N_(
        "The process that built the pack was ended from outside (signal %(signal)s), perhaps for want of memory or "
        "because the machine was shut down. No pack was made and nothing was lost. Build it again"
    )


class BuildingDied(RuntimeError):
    """The child ended without an answer; its last words are in the message."""


@dataclass(frozen=True)
class Asked:
    """Which pack, over which days (both included), why it may have gaps, who asks, in which language refusals are.

    `form`: with personal values, or redacted; `target`: the file to write, empty for one that the instance keeps; the
    rest as in `service.PreparePack`.
    """

    pack_id: str
    start: date
    end: date
    reason: str
    by: str
    locale: str = "en"
    form: str = WHOLE
    languages: tuple[str, ...] = ("en",)
    subject: str = ""
    pdf: bool = False
    target: str = ""


def build_apart(
    settings: Settings, asked: Asked, actor: Actor, signer: Signer, progress: Callable[[float], None]
) -> Prepared:
    """Have a child write the pack; it is signed here.

    `progress` is called twice a second at least; what it raises ends the child. Raises BuildingRefused with what
    `service.prepare` says (BuildingHasGaps with the gaps), BuildingKilled where the system ended the child,
    BuildingDied for everything else.
    """
    told = {
        "settings": settings.model_dump(mode="json"),
        "database": settings.url,
        "asked": {**vars(asked), "start": asked.start.isoformat(), "end": asked.end.isoformat()},
        "actor": {**vars(actor), "permissions": sorted(actor.permissions)},
        "public": signer.public.hex(),
        "stamps": signer.stamp is not None,
        "second": signer.second and {"name": signer.second.name, "public": signer.second.signer.public.hex()},
    }
    with subprocess.Popen(
        # Docstrings of libraries weigh 5 MB, the columns of their lines of code 1
        [sys.executable, "-OO", "-X", "no_debug_ranges", "-m", "auditkit.packs.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | LEAN | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as child:
        try:
            return _heard(child, json.dumps(told).encode() + b"\n", signer, progress)
        finally:
            _end(child)


def _heard(
    child: "subprocess.Popen[bytes]", told: bytes, signer: Signer, progress: Callable[[float], None]
) -> Prepared:
    """The child's answer. Its standard input stays open until then: its end says that nobody waits any more."""
    assert child.stdout is not None and child.stderr is not None  # noqa: S101, PT018 - pipes
    last_words = _Draining(child.stderr)
    last_words.start()
    share = 0.0
    answer: dict[str, Any] = {}
    _say(child, told)
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            progress(share)
            if not selector.select(LOOKS_EVERY):
                continue
            line = child.stdout.readline()
            if not line:
                break
            answer = json.loads(line)
            share = answer.get("share", share)
            if "sign" in answer:
                _say(child, base64.b64encode(signer.sign(base64.b64decode(answer["sign"]))) + b"\n")
            if "second" in answer:
                assert signer.second is not None  # noqa: S101 - the child was told so
                _say(child, base64.b64encode(signer.second.signer.sign(base64.b64decode(answer["second"]))) + b"\n")
            if "stamp" in answer:
                _say(child, _stamped(signer, base64.b64decode(answer["stamp"])) + b"\n")
    child.wait()
    last_words.join()
    if "refused" in answer:
        raise _refusal(answer)
    if "prepared" not in answer and child.returncode < 0:
        raise BuildingKilled(signal=-child.returncode)
    if "prepared" not in answer:
        raise BuildingDied(f"exit code {child.returncode}: {last_words.text[-2000:]}")
    return _prepared(answer["prepared"])


def _refusal(answer: Mapping[str, Any]) -> BuildingRefused:
    if answer["gaps"]:
        return BuildingHasGaps(list(map(_gap, answer["gaps"])), answer["refused"])
    kind = BuildingMisasked if answer["code"] == BadInput.exit_code else BuildingRefused
    return kind(said=answer["refused"])


def _gap(plain: Mapping[str, Any]) -> Gap:
    return Gap(**{**plain, "clauses": tuple(plain["clauses"])})


def _stamped(signer: Signer, signature: bytes) -> bytes:
    """A line for the child: `+` and the token, or `-` and why there is none."""
    assert signer.stamp is not None  # noqa: S101 - the child was told so
    try:
        return b"+" + base64.b64encode(signer.stamp(signature))
    except NotStamped as refusal:
        return b"-" + base64.b64encode(str(refusal.params["reason"]).encode())


def _say(child: "subprocess.Popen[bytes]", line: bytes) -> None:
    assert child.stdin is not None  # noqa: S101 - a pipe
    with suppress(BrokenPipeError):  # it died; its last words say why
        child.stdin.write(line)
        child.stdin.flush()


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Ask the child to end, which lets it tidy up; kill it where it does not."""
    child.terminate()
    try:
        child.wait(TIDIES_UP_WITHIN)
    except subprocess.TimeoutExpired:
        child.kill()


class _Draining(threading.Thread):
    """Reads the child's standard error, which would otherwise fill up and hold the child."""

    def __init__(self, stream: Any) -> None:
        super().__init__(daemon=True)
        self.stream, self.text = stream, ""

    def run(self) -> None:
        self.text = self.stream.read().decode("utf-8", "replace")


def _plain(prepared: Prepared) -> dict[str, Any]:
    return {
        **vars(prepared),
        "start": prepared.start.isoformat(),
        "end": prepared.end.isoformat(),
        "dated": prepared.dated.isoformat() if prepared.dated else None,
        **{name: [vars(gap) for gap in getattr(prepared, name)] for name in _GAPS},
        "sealed": {**vars(prepared.sealed), "file": str(prepared.sealed.file)},
    }


def _prepared(plain: dict[str, Any]) -> Prepared:
    sealed = plain["sealed"]
    return Prepared(
        **plain
        | {
            "start": date.fromisoformat(plain["start"]),
            "end": date.fromisoformat(plain["end"]),
            "dated": datetime.fromisoformat(plain["dated"]) if plain["dated"] else None,
            **{name: tuple(map(_gap, plain[name])) for name in _GAPS},
            "languages": tuple(plain["languages"]),
            "sealed": Sealed(**sealed | {"file": Path(sealed["file"])}),
        }
    )


# --- the child ---------------------------------------------------------------------------------------------------


def main(told: dict[str, Any] | None = None) -> int:
    """Build what was told, or what standard input asks for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))  # an exception: what lies about is removed on the way out
    told = told or json.loads(sys.stdin.buffer.readline())
    parent = _Parent()
    parent.start()
    settings = Settings(_env_file=None, **told["settings"])
    days = {name: date.fromisoformat(told["asked"][name]) for name in ("start", "end")}
    asked = Asked(**told["asked"] | days | {"languages": tuple(told["asked"]["languages"])})
    actor = Actor(**told["actor"] | {"permissions": frozenset(told["actor"]["permissions"])})
    with create_pageless_app(settings).app_context(), spoken(asked.locale):
        try:
            prepared = _prepare(settings, asked, actor, _signer(told, parent))
        except AuditkitError as refusal:
            gaps = refusal.gaps if isinstance(refusal, PackHasGaps) else ()
            _tell(refused=str(refusal), code=refusal.exit_code, gaps=[vars(gap) for gap in gaps])
            return REFUSED
    _tell(prepared=_plain(prepared))
    return 0


def _signer(told: Mapping[str, Any], parent: "_Parent") -> Signer:
    second = told["second"] and Second(
        told["second"]["name"], Signer(bytes.fromhex(told["second"]["public"]), parent.sign_second)
    )
    return Signer(bytes.fromhex(told["public"]), parent.sign, parent.stamp if told["stamps"] else None, second)


def _prepare(settings: Settings, asked: Asked, actor: Actor, signer: Signer) -> Prepared:
    room.template()  # now, while there is little else in memory
    tx = reading(actor)
    if tx.get_bind().dialect.name == "sqlite":
        tx.connection().exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")  # reads once; must not grow with the records
    organisation = next(one for one in organisations(tx) if one.id == actor.organisation_id)
    standards = standards_of(settings.instance, organisation.slug)
    command = PreparePack(
        asked.pack_id,
        organisation,
        standards,
        asked.start,
        asked.end,
        asked.reason,
        asked.by,
        asked.form,
        library=lambda: of_organisation(settings.instance, organisation.slug).library,
        languages=asked.languages,
        subject=asked.subject,
        pdf=asked.pdf,
        counts=in_a_fork(actor),
        all_read=let_go,
    )
    target = Path(asked.target) if asked.target else None
    with by_clocks_of(organisation.zone):
        return service.prepare(
            tx, command, actor, settings.instance, signer, target, on_progress=lambda share: _tell(share=share)
        )


def in_a_fork(actor: Actor) -> Counts:
    """Have a fork of this process count the clause matrix, with connections of its own."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's proxy has it

    def begin(count: Callable[[Session], Standings]) -> Callable[[], Standings]:
        def here() -> Standings:
            with app.app_context():
                db.engine.dispose(close=False)  # the connections are this process's parent's
                return count(reading(actor))

        return apart(here)

    return begin


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
