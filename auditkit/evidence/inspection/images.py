"""Pictures: their size from the headers, their structure to its end, no pixel decoded.

Each reader walks the container's own parts, so that what only begins like a picture is told apart from one.
"""

import re
import struct
from collections.abc import Callable
from typing import BinaryIO

from auditkit.base.text import _
from auditkit.evidence.inspection.findings import Inspected, found
from auditkit.evidence.kinds import KINDS
from auditkit.evidence.rules import MAX_PIXELS, FileDamaged, PictureTooLarge

MAX_PARTS = 200_000
_TAIL = 64 * 1024
_ISPE = re.compile(rb"ispe\x00\x00\x00\x00(.{4})(.{4})", re.DOTALL)


class _Broken(Exception):
    """The structure does not hold; the message is unused, the place is where the reader stands."""


def png(file: BinaryIO, size: int) -> Inspected:
    """Chunks from IHDR to IEND."""
    file.seek(8)
    pixels: tuple[int, int] | None = None
    for _part in range(MAX_PARTS):
        length, name = struct.unpack(">I4s", _exactly(file, 8))
        if pixels is None:
            if name != b"IHDR" or length != 13:
                raise _Broken
            pixels = struct.unpack(">II", _exactly(file, 8))
            length -= 8
        end = file.seek(length + 4, 1)
        if end > size:
            raise _Broken
        if name == b"IEND":
            return _picture("png", [pixels], size - end)
    raise _Broken


def jpeg(file: BinaryIO, size: int) -> Inspected:
    """Segments up to the first scan; the end marker is looked for in the tail."""
    file.seek(2)
    pixels: list[tuple[int, int]] = []
    for _part in range(MAX_PARTS):
        lead, marker = _exactly(file, 2)
        while marker == 0xFF:  # fill bytes
            marker = _exactly(file, 1)[0]
        if lead != 0xFF or marker in (0x00, 0xD8, 0xD9):
            raise _Broken
        length = struct.unpack(">H", _exactly(file, 2))[0]
        if length < 2:
            raise _Broken
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">xHH", _exactly(file, 5))
            pixels.append((width, height))
            length -= 5
        if marker == 0xDA:
            break
        if file.seek(length - 2, 1) > size:
            raise _Broken
    if not pixels:
        raise _Broken
    file.seek(max(0, size - _TAIL))
    result = _picture("jpeg", pixels, 0)
    if b"\xff\xd9" not in file.read(_TAIL):
        result.notices.append({"code": "cut-off"})
    return result


def gif(file: BinaryIO, size: int) -> Inspected:
    """Blocks from the screen descriptor to the trailer."""
    file.seek(6)
    width, height, flags = struct.unpack("<HHBxx", _exactly(file, 7))
    pixels = [(width, height)]
    _skip_colours(file, flags)
    for _part in range(MAX_PARTS):
        block = _exactly(file, 1)
        if block == b";":
            return _picture("gif", pixels, size - file.tell())
        if block == b"!":
            _exactly(file, 1)
        elif block == b",":
            width, height, flags = struct.unpack("<4xHHB", _exactly(file, 9))
            pixels.append((width, height))
            _skip_colours(file, flags)
            _exactly(file, 1)
        else:
            raise _Broken
        while length := _exactly(file, 1)[0]:
            if file.seek(length, 1) > size:
                raise _Broken
    raise _Broken


def webp(file: BinaryIO, size: int) -> Inspected:
    """The RIFF header and the first chunk, which carries the size."""
    file.seek(4)
    length, _name, chunk = struct.unpack("<I4s4s4x", _exactly(file, 16))
    end = 8 + length + length % 2
    head = _exactly(file, 10)
    if chunk == b"VP8X":
        pixels = (_uint24(head[4:7]) + 1, _uint24(head[7:10]) + 1)
    elif chunk == b"VP8L":
        packed = struct.unpack("<I", head[1:5])[0]
        pixels = ((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1)
    elif chunk == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[6:10])
        pixels = (width & 0x3FFF, height & 0x3FFF)
    else:
        raise _Broken
    result = _picture("webp", [pixels], max(0, size - end))
    if end - length % 2 > size:
        result.notices.append({"code": "cut-off"})
    return result


def tiff(file: BinaryIO, size: int) -> Inspected:
    """Every page's directory: its width and height."""
    file.seek(0)
    order = "<" if _exactly(file, 2) == b"II" else ">"
    at = struct.unpack(order + "2xI", _exactly(file, 6))[0]
    pixels: list[tuple[int, int]] = []
    seen: set[int] = set()
    while at and at not in seen and len(seen) < MAX_PARTS:
        if at >= size:
            raise _Broken
        seen.add(at)
        file.seek(at)
        count = struct.unpack(order + "H", _exactly(file, 2))[0]
        entries = _exactly(file, 12 * count)
        sides = {
            tag: struct.unpack(order + "H", value[:2])[0] if type_ == 3 else struct.unpack(order + "I", value)[0]
            for tag, type_, value in struct.iter_unpack(order + "HH4x4s", entries)
            if tag in (256, 257)
        }
        if len(sides) != 2:
            raise _Broken
        pixels.append((sides[256], sides[257]))
        at = struct.unpack(order + "I", _exactly(file, 4))[0]
    if not pixels:
        raise _Broken
    return _picture("tiff", pixels, 0)


def heic(file: BinaryIO, size: int) -> Inspected:
    """The image-size properties near the beginning."""
    file.seek(0)
    sides = [
        (int.from_bytes(width, "big"), int.from_bytes(height, "big"))
        for width, height in _ISPE.findall(file.read(min(size, 4 * _TAIL)))
    ]
    return _picture("heic", sides or [(0, 0)], 0)


Reader = Callable[[BinaryIO, int], Inspected]
READERS: dict[str, Reader] = {"png": png, "jpeg": jpeg, "gif": gif, "webp": webp, "tiff": tiff, "heic": heic}


def picture(kind: str, file: BinaryIO, size: int) -> Inspected:
    """Inspect a file that begins like a picture of `kind`. Raises FileDamaged, PictureTooLarge."""
    try:
        return READERS[kind](file, size)
    except _Broken as error:
        raise FileDamaged(kind=_(KINDS[kind].title), offset=file.tell()) from error


def _picture(kind: str, pixels: list[tuple[int, int]], trailing: int) -> Inspected:
    width, height = max(pixels, key=lambda sides: sides[0] * sides[1])
    if width * height > MAX_PIXELS:
        raise PictureTooLarge(width=width, height=height, limit=MAX_PIXELS // 1_000_000)
    result = found(kind, pixels=[width, height])
    if trailing:
        result.notices.append({"code": "trailing-data", "bytes": trailing})
    return result


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise _Broken
    return data


def _skip_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        _exactly(file, 3 * 2 ** ((flags & 7) + 1))


def _uint24(data: bytes) -> int:
    return int.from_bytes(data, "little")
