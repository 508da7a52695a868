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
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from auditkit.base.actor import Actor
from auditkit.base.errors import AuditkitError, BadInput
from auditkit.base.settings import Settings
from auditkit.base.text import N_
from auditkit.packs.bag import Sealed
from auditkit.packs.rules import Gap
from auditkit.packs.service import Prepared
from auditkit.packs.signer import NotStamped, Signer
from auditkit.packs.verify.layout import WHOLE

LOOKS_EVERY = 0.5  # seconds between two reports of progress to the one who asked, who may want to stop

TIDIES_UP_WITHIN = 5.0  # seconds

LEAN = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
"""For glibc: give back what is no longer used. Other systems take no notice."""

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
    rest as in `reading.PreparePack`.
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
    assert child.stderr is not None  # noqa: S101 - a pipe
    last_words = _Draining(child.stderr)
    last_words.start()
    share = 0.0
    answer: dict[str, Any] = {}
    _say(child, told)
    for line in _lines(child):
        progress(share)
        if not line:
            continue
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


def _lines(child: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    """What the child says, line by line, until it ends; an empty one where it says nothing for a while."""
    assert child.stdout is not None  # noqa: S101 - a pipe
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(LOOKS_EVERY):
                yield b""
                continue
            # Not through the buffer of `stdout`: a line that waits there would wake nobody.
            piece = os.read(child.stdout.fileno(), 1 << 16)
            if not piece:
                return
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines


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


def plain(prepared: Prepared) -> dict[str, Any]:
    """What the child answers with, as JSON takes it."""
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
