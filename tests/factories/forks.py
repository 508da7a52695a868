"""Processes of ours for tests that kill or crowd them, forked from one that has loaded the application.

A process that loads it by itself needs two seconds for that; a forked one is there at once, and is a process like any
other: its own memory, its own connections, killed by a signal. How processes start, `test_starting.py` and
`test_command_line.py` look at.
"""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import traceback
from contextlib import suppress
from typing import IO, Any

LOADED = "auditkit.app"
_FIRST: list["_First"] = []


class Forked:
    """A process that runs `code`, used as those of `subprocess` are; `stdout` brings its errors too, unless `quiet`."""

    def __init__(
        self, code: str, *arguments: str, environment: dict[str, str] | None = None, quiet: bool = False
    ) -> None:
        if not _FIRST:
            _FIRST.append(_First())
        reading, writing = os.pipe()
        self._line, theirs = socket.socketpair()
        asked = {"code": code, "argv": ["-c", *arguments], "environment": environment or dict(os.environ)}
        told = json.dumps({**asked, "quiet": quiet})
        with theirs:
            _FIRST[0].hand_over(theirs, writing)
        os.close(writing)
        self.stdout: IO[str] = os.fdopen(reading, encoding="utf-8")
        self._line.sendall(told.encode() + b"\n")
        self._answers = self._line.makefile("r", encoding="utf-8")
        self.pid = int(self._answers.readline())
        self.returncode: int | None = None

    def wait(self, timeout: float = 120.0) -> int:
        """Until the process has ended; its exit code, or the negative number of the signal that ended it."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            self.returncode = int(self._answers.readline())
        return self.returncode

    def send_signal(self, number: int) -> None:
        """SIGKILL, as from the system when memory runs out; nothing where it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def __enter__(self) -> "Forked":
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def end(self) -> None:
        """Kill it where it still runs, and let go of it."""
        self.send_signal(signal.SIGKILL)
        self.wait()
        self.stdout.close()
        self._answers.close()
        self._line.close()


class _First:
    """The process that has loaded the application, has no threads, and does nothing but fork. It ends with this one."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.factories.forks", str(theirs.fileno())],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def hand_over(self, line: socket.socket, output: int) -> None:
        socket.send_fds(self._line, [b"."], [line.fileno(), output])


def end() -> None:
    """At the end of the tests."""
    while _FIRST:
        first = _FIRST.pop()
        first._line.close()
        first.process.wait(60)


# --- the process that forks --------------------------------------------------------------------------------------


def _serve(line: socket.socket) -> None:
    ended, wakes = socket.socketpair()
    for one in (ended, wakes):
        one.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    askers: dict[int, socket.socket] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        selector.register(ended, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _events in selector.select()}
            if ended in ready:
                ended.recv(4096)
                _tell_ends(askers)
            if line in ready:
                message, handed, _flags, _address = socket.recv_fds(line, 1, 2)
                if not message:
                    break
                asker = socket.socket(fileno=handed[0])
                pid = _fork(asker, handed[1], selector)
                askers[pid] = asker
                asker.sendall(b"%d\n" % pid)
    for pid in askers:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _tell_ends(askers: dict[int, socket.socket]) -> None:
    while askers:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with askers.pop(pid) as asker, suppress(OSError):  # who asked may be gone
            asker.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _fork(asker: socket.socket, output: int, selector: selectors.BaseSelector) -> int:
    with asker.makefile("rb") as told:
        asked = json.loads(told.readline())
    pid = os.fork()
    if pid:
        os.close(output)
        return pid
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    selector.close()
    asker.close()
    os.dup2(output, 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY) if asked["quiet"] else output, 2)
    os.close(output)
    os._exit(_done(asked))


def _done(asked: dict[str, Any]) -> int:
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv[:] = asked["argv"]
    code = 0
    try:
        exec(compile(asked["code"], "<told>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - said and counted, as Python does at the end of any process
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    __import__(LOADED)
    _serve(socket.socket(fileno=int(sys.argv[1])))
