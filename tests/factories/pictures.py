"""Small pictures for tests, made of nothing but the standard library."""

import struct
import zlib


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


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg(width: int = 60, height: int = 20, *, extra: bytes = b"") -> bytes:
    """The parts of a JPEG in their order, with nothing that a decoder could draw; `extra` segments behind JFIF's."""
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + extra
        + segment(0xDB, bytes(65))
        + segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00")
        + segment(0xC4, bytes(20))
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"\x12\xff\x00\x34\xff\xd0\x56"
        + b"\xff\xd9"
    )
