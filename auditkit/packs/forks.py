"""A fork of this process that answers what it is asked, one thing after another, and is gone with all it loaded for it.

What is said crosses a pipe; what both had before they parted is named on the way and not copied.
tests/slices/packs/test_forks.py.
"""

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from auditkit.base.errors import AuditkitError, BadInput

CAN_FORK = hasattr(os, "fork")


class ForkDied(RuntimeError):
    """It ended without an answer; what it wrote to standard error says why."""


class Refused(AuditkitError):
    """What the fork says to the person, in their language already."""

    message = "%(said)s"


class Misasked(BadInput):
    """The same, where what was asked for cannot be used."""

    message = "%(said)s"


@dataclass(frozen=True)
class _Refusal:
    said: str
    exit_code: int


class Line:
    """One end of the pipes between a process and its fork. `shared`: what both have had since before they parted."""

    def __init__(self, reads: int, writes: int, shared: Sequence[object]) -> None:
        self._reads = os.fdopen(reads, "rb")
        self._writes = os.fdopen(writes, "wb")
        self._shared = shared

    def say(self, what: object) -> None:
        """Send it. Raises ForkDied where nobody listens any more."""
        try:
            _Pickler(self._writes, self._shared).dump(what)
            self._writes.flush()
        except BrokenPipeError as error:
            raise ForkDied from error

    def hear(self) -> Any:
        """What the other says next. Raises ForkDied, and Refused or Misasked where it refuses."""
        try:
            heard = _Unpickler(self._reads, self._shared).load()
        except EOFError as error:
            raise ForkDied from error
        if isinstance(heard, _Refusal):
            raise (Misasked if heard.exit_code == BadInput.exit_code else Refused)(said=heard.said)
        return heard

    def close(self) -> None:
        """Hang up."""
        for pipe in (self._writes, self._reads):
            with suppress(BrokenPipeError):
                pipe.close()


class Fork:
    """Begins `serve` in a fork of this process; `line` leads to it. To be closed."""

    def __init__(self, serve: Callable[[Line], None], shared: Sequence[object] = ()) -> None:
        (our_reads, their_writes), (their_reads, our_writes) = os.pipe(), os.pipe()
        self._pid = os.fork()
        if not self._pid:
            os.close(our_reads)
            os.close(our_writes)
            _serve(serve, Line(their_reads, their_writes, shared))
        os.close(their_reads)
        os.close(their_writes)
        self.line = Line(our_reads, our_writes, shared)

    def close(self) -> None:
        """End it, whatever it is at."""
        self.line.close()
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _serve(serve: Callable[[Line], None], line: Line) -> None:
    """The whole life of the fork: nothing of the process it comes from is tidied up by it."""
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            serve(line)
        except AuditkitError as refusal:
            line.say(_Refusal(str(refusal), refusal.exit_code))
        code = 0
    except ForkDied:
        code = 0  # nobody waits for the answer any more
    except BaseException:  # noqa: BLE001 - it ends here, whatever it was
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


class _Pickler(pickle.Pickler):
    def __init__(self, file: Any, shared: Sequence[object]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._places = {id(one): place for place, one in enumerate(shared)}

    def persistent_id(self, obj: Any) -> int | None:
        return self._places.get(id(obj))


class _Unpickler(pickle.Unpickler):
    """Reads what this process's own fork wrote."""

    def __init__(self, file: Any, shared: Sequence[object]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, pid: Any) -> object:
        return self._shared[pid]
