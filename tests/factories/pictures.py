"""Small pictures for tests."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int = 60, height: int = 20, *, extra: bytes = b"", pixels: bytes | None = None, tail: bytes = b""
) -> bytes:
    """A grey PNG; `extra` chunks stand before its pixels, `tail` behind its end."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    drawn = (b"\0" + b"\x77" * width) * height if pixels is None else pixels
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(drawn)) + chunk(b"IEND", b"") + tail


def jpeg(width: int = 60, height: int = 20, **saved: Any) -> bytes:
    """A grey JPEG; `saved` says what goes along with it (exif, comment, icc_profile)."""
    drawn = io.BytesIO()
    Image.new("L", (width, height), 0x77).save(drawn, "JPEG", **saved)
    return drawn.getvalue()
