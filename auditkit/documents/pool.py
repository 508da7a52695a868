"""Keeps child processes warm, hands them jobs, and kills and replaces the one that overstays its limits.

Checked by tests/slices/documents/test_documents_worker.py.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import asdict
from io import BufferedIOBase
from typing import Any, BinaryIO, TypeVar, cast

from auditkit.documents.faults import Fault, Refused
from auditkit.documents.limits import MEBIBYTE, Limits
from auditkit.documents.problems import RenderingUnavailable
from auditkit.documents.wire import receive, send

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from auditkit.documents.limits import Limits; from auditkit.documents.worker import main; "
    "main(Limits(**json.loads(sys.argv[2])))"
)
# Starting Python and importing docxtpl, on a busy machine.
START_SECONDS = 60.0
_KEPT_FROM_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")


Result = TypeVar("Result")


class Stopped(Exception):
    """The child was killed or died; `by_clock` says whether the parent's clock did it."""

    def __init__(self, by_clock: bool) -> None:
        super().__init__(by_clock)
        self.by_clock = by_clock


class Child:
    """One worker process and the pipes to it. Used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._watch = _Watch(min(limits.wall_seconds, START_SECONDS))
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child; closed in `close`
        command = [sys.executable, "-I", "-B", "-c", _START, json.dumps(sys.path), json.dumps(asdict(limits))]
        environment = {name: os.environ[name] for name in _KEPT_FROM_ENVIRONMENT if name in os.environ}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._words, env=environment
            )
        except OSError as error:
            raise RenderingUnavailable(detail=str(error)) from error
        self._requests = cast(BinaryIO, self._process.stdin)
        self._answers = cast(BinaryIO, self._process.stdout)
        self._watch.begin(self._process)
        try:
            self._within(START_SECONDS, self._read)
        except Stopped as stopped:
            detail = self._last_words()
            self.close()
            raise RenderingUnavailable(detail=detail) from stopped

    def ask(self, request: dict[str, Any], template: bytes) -> tuple[dict[str, Any], bytes]:
        """Send a job and wait for its answer. Raises Stopped when the child did not live to give it."""
        content = json.dumps(request).encode()
        return self._within(self._limits.wall_seconds, lambda: self._converse(content, template))

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the child and release the pipes."""
        self._watch.end()
        self._process.kill()
        self._process.wait()
        _close_quietly(self._requests)
        _close_quietly(self._answers)
        self._words.close()

    def abandon(self) -> None:
        """In a forked process: close our copies of the pipes, leave the child to the process that started it."""
        # Only idle children are abandoned, so nothing is left in the buffers to reach them.
        for pipe in (self._requests, self._answers):
            cast(BufferedIOBase, pipe).detach().close()
        self._process.returncode = 0

    def _converse(self, content: bytes, template: bytes) -> tuple[dict[str, Any], bytes]:
        self._write(content)
        answer, document = self._read()
        if "need" in answer:
            self._write(template)
            answer, document = self._read()
        return answer, document

    def _write(self, content: bytes) -> None:
        send(self._requests, content)
        self._requests.flush()

    def _read(self) -> tuple[dict[str, Any], bytes]:
        answer = json.loads(receive(self._answers))
        return answer, receive(self._answers) if answer["document"] else b""

    def _within(self, seconds: float, work: Callable[[], Result]) -> Result:
        """Do `work`, which blocks on the pipes; after `seconds` the child is killed, which ends the blocking."""
        self._watch.until(time.monotonic() + seconds)
        try:
            return work()
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            self._process.kill()
            self._process.wait()
            raise Stopped(self._watch.expired) from error
        finally:
            self._watch.until(None)

    def _last_words(self) -> str:
        self._words.seek(0)
        lines = self._words.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "-"


class _Watch(threading.Thread):
    """Kills a child that works beyond its time: one thread for all of its jobs, since starting one costs as much as
    rendering a short letter. No job may have less than `least` seconds: so long this sleeps, so nobody need wake it.
    """

    def __init__(self, least: float) -> None:
        super().__init__(daemon=True)
        self.expired = False
        self._least = least
        self._process: subprocess.Popen[bytes] | None = None
        self._end: float | None = None
        self._lock = threading.Lock()
        self._over = threading.Event()

    def begin(self, process: "subprocess.Popen[bytes]") -> None:
        """Watch this process."""
        self._process = process
        self.start()

    def until(self, end: float | None) -> None:
        """A job begins that must have ended at `end` (of the monotonic clock); None: it has."""
        with self._lock:
            self._end = end
            self.expired = self.expired and end is None

    def end(self) -> None:
        """Watch no longer."""
        self._over.set()

    def run(self) -> None:
        pause = self._least
        while not self._over.wait(pause):
            with self._lock:
                left = self._least if self._end is None else self._end - time.monotonic()
                if left <= 0 and self._process is not None:
                    self.expired = True
                    self._process.kill()
                    return
            pause = min(left, self._least)


class Pool:
    """At most `size` children for any number of threads. A fork leaves the children with the old process."""

    def __init__(self, limits: Limits | None = None, size: int = 2) -> None:
        self.limits = limits or Limits()
        self._size = size
        self._reset()
        _pools.add(self)

    def _reset(self) -> None:
        self._free = threading.Condition()
        self._idle: list[Child] = []
        self._running = 0

    def run(
        self, task: str, template: bytes, data: Any = None, language: str = "en"
    ) -> tuple[dict[str, Any], bytes, str]:
        """Do one job; answers the child's answer, its document and the template's SHA-256.

        Raises Refused (also for a template that was stopped) and RenderingUnavailable.
        """
        if len(template) > self.limits.template_bytes:
            raise Refused(Fault("too-large", {"mebibytes": self.limits.template_bytes // MEBIBYTE}))
        digest = hashlib.sha256(template).hexdigest()
        child = self._take()
        healthy = False
        try:
            answer, document = child.ask({"task": task, "digest": digest, "data": data, "language": language}, template)
            healthy = True
        except Stopped as stopped:
            if stopped.by_clock:
                raise Refused(Fault("too-slow", {"seconds": f"{self.limits.wall_seconds:g}"})) from stopped
            raise Refused(Fault("too-hungry")) from stopped
        finally:
            self._give_back(child, healthy)
        if not answer["ok"]:
            raise Refused(*(Fault.from_plain(plain) for plain in answer["faults"]))
        return answer, document, digest

    def close(self) -> None:
        """End the idle children; the pool can be used again."""
        with self._free:
            idle, self._idle = self._idle, []
            self._running -= len(idle)
        for child in idle:
            child.close()

    def _take(self) -> Child:
        with self._free:
            while True:
                while self._idle:
                    child = self._idle.pop()
                    if child.alive:
                        return child
                    self._running -= 1
                    child.close()
                if self._running < self._size:
                    self._running += 1
                    break
                self._free.wait()
        try:
            return Child(self.limits)
        except RenderingUnavailable:
            self._leave()
            raise

    def _give_back(self, child: Child, healthy: bool) -> None:
        if not healthy:
            child.close()
            self._leave()
            return
        with self._free:
            self._idle.append(child)
            self._free.notify()

    def _leave(self) -> None:
        with self._free:
            self._running -= 1
            self._free.notify()

    def _forget(self) -> None:
        """After a fork: the children are the parent's; this process starts its own when it needs one."""
        for child in self._idle:
            child.abandon()
        self._reset()


_pools: "weakref.WeakSet[Pool]" = weakref.WeakSet()


def _after_fork() -> None:
    for pool in list(_pools):
        pool._forget()


def _close_quietly(pipe: BinaryIO) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        # What was still buffered for a dead child is of no use to anybody.
        return


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
