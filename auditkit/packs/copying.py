"""Copies files into places of another one that are known beforehand; each is read once and hashed on the way.

Threads of the process that builds a pack do it, and a process of its own while that one makes documents: a thread
would wait for Python's lock more than it copies. This module is that process, too (`main`), so it needs nothing but
the standard library. Its other side is `writing.py`; tests/slices/packs/test_copying.py holds both.
"""

import json
import os
import sys
import zlib
from collections.abc import Callable
from functools import partial
from hashlib import sha256

BUFFER = 256 << 10
"""Bytes: so much stays in a processor's own memory between reading, hashing and writing."""

CRC_AT = 14
"""Where the CRC-32 stands in a member's header (APPNOTE 4.3.7)."""

Write = Callable[[memoryview, int], None]
"""Writes all of a piece at an offset, or raises WriteFailed."""


class WriteFailed(OSError):
    """Writing failed, as against reading a source."""


def copied(
    read: Callable[[memoryview], int | None], write: Write, size: int, digest: str, place: int, buffer: memoryview
) -> int | None:
    """The CRC-32 of what `read` gave and `write` took from `place` on; None where it has not that size and SHA-256.

    Never writes more than `size` bytes. Raises what `read` and `write` raise.
    """
    hashing, crc, done = sha256(), 0, 0
    while count := read(buffer):
        if done + count > size:
            return None
        piece = buffer[:count]
        hashing.update(piece)
        crc = zlib.crc32(piece, crc)
        write(piece, place + done)
        done += count
    return crc if done == size and hashing.hexdigest() == digest else None


def written(descriptor: int, data: memoryview, offset: int) -> None:
    """Write all of `data` at `offset`. Raises WriteFailed. Not for Windows."""
    try:
        while data:
            count = os.pwrite(descriptor, data, offset)
            data, offset = data[count:], offset + count
    except OSError as error:
        raise WriteFailed(error.errno, error.strerror) from error


# --- the process -------------------------------------------------------------------------------------------------


def main() -> int:
    """Copy what standard input asks for into the open file whose number is the argument.

    A line of JSON is a batch: [number, file, size, SHA-256, place, header in hex without its CRC-32] of each; its
    answer is a line: [number, CRC-32] or [number, null, error's number, its words], 0 and nothing where the bytes are
    others. Where the ZIP cannot be written the answer is [error's number, its words], and the last one. An end of input
    is the end.
    """
    buffer = memoryview(bytearray(BUFFER))
    write = partial(written, int(sys.argv[1]))

    for line in sys.stdin.buffer:
        answers = []
        for number, file, size, digest, place, hexed in json.loads(line):
            header = bytearray.fromhex(hexed)
            try:
                with open(file, "rb", buffering=0) as source:  # noqa: PTH123 - pathlib would take as long as all else
                    crc = copied(source.readinto, write, size, digest, place + len(header), buffer)
                if crc is None:
                    answers.append([number, None, 0, ""])
                    continue
                header[CRC_AT : CRC_AT + 4] = crc.to_bytes(4, "little")
                write(memoryview(header), place)
                answers.append([number, crc])
            except WriteFailed as error:
                _say([error.errno, error.strerror])
                return 1
            except OSError as error:
                answers.append([number, None, error.errno, error.strerror])
        _say(answers)
    return 0


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
