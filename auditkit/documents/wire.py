"""The frames on the pipes between a worker and its parent: a length of 8 bytes, then that many bytes."""

import struct
from typing import BinaryIO

LENGTH = struct.Struct("<Q")


def send(pipe: BinaryIO, content: bytes) -> None:
    """Write one frame; the caller flushes."""
    pipe.write(LENGTH.pack(len(content)))
    pipe.write(content)


def receive(pipe: BinaryIO) -> bytes:
    """Read one frame. Raises EOFError when the other side is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content
