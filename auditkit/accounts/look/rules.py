"""What may be a logo, and what is kept of it: the picture and nothing that travels with it. Pure.

Checked by tests/rules/test_accounts_look_rules.py.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.base.errors import BadInput, NotFound
from auditkit.base.events import event
from auditkit.base.text import N_

LOGO_SET = event("organisation:logo-set", N_("Logo of the organisation set"))
LOGO_REMOVED = event("organisation:logo-removed", N_("Logo of the organisation removed"))

MAX_KIBIBYTES = 512
MAX_BYTES = MAX_KIBIBYTES * 1024
LEAST_SIDE, LONGEST_SIDE = 16, 3_000
"""Pixels. A logo stands 42 millimetres wide on paper: 800 pixels are plenty."""

MEDIA_TYPES = {"png": "image/png", "jpeg": "image/jpeg"}
"""What both browsers and Word show. SVG can run scripts, and Word shows it only beside a PNG of it."""

_PNG = b"\x89PNG\r\n\x1a\n"
_DRAWS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT"))
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Colour type of a PNG -> samples of a pixel."""
_SEVEN_PASSES = ((0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2), (1, 2, 0, 1))
"""Of an interlaced PNG: first row, step of rows, first column, step of columns."""
_START_OF_FRAME = (0xC0, 0xC1, 0xC2)
"""Baseline, extended and progressive: what browsers and Word show."""
_KEPT_SEGMENTS = frozenset((0xC4, 0xDB, 0xDD, 0xE0, 0xEE, *_START_OF_FRAME))
"""Tables, frames, restarts, JFIF and Adobe's word on colours; no places, no cameras, no thumbnails, no comments."""
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class LogoTooLarge(BadInput):
    message = N_("The file is larger than %(limit)s KiB. Save the logo smaller: 800 pixels across are enough")


class LogoOtherKind(BadInput):
    message = N_("A logo is a PNG or a JPEG picture. This file is: %(kind)s")


class LogoDamaged(BadInput):
    message = N_("This picture is damaged and cannot be shown. Export the logo again")


class LogoSides(BadInput):
    message = N_(
        "The picture is %(width)s by %(height)s pixels. Each side of a logo has from %(least)s to %(longest)s pixels"
    )


class NoLogo(NotFound):
    message = N_("The organisation has no logo")


@dataclass(frozen=True)
class Logo:
    """A picture of `kind` png or jpeg, its sides in pixels, and the bytes that draw it."""

    kind: str
    width: int
    height: int
    content: bytes


def cleaned(content: bytes) -> Logo:
    """A picture without what does not draw it: where it was taken, who made it, what was hung on behind.

    Raises LogoOtherKind, LogoDamaged, LogoSides.
    """
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    raise LogoOtherKind(kind="?")


def checked_sides(width: int, height: int) -> None:
    """Raises LogoSides."""
    if not all(LEAST_SIDE <= side <= LONGEST_SIDE for side in (width, height)):
        raise LogoSides(width=width, height=height, least=LEAST_SIDE, longest=LONGEST_SIDE)


def _png(content: bytes) -> Logo:
    chunks = list(_chunks(content))
    if chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise LogoDamaged
    width, height, depth, colour, packing, filtering, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    checked_sides(width, height)
    if colour not in _SAMPLES or depth not in (1, 2, 4, 8, 16) or packing or filtering or interlaced > 1:
        raise LogoDamaged
    bits = depth * _SAMPLES[colour]
    wanted = sum(rows * (1 + (columns * bits + 7) // 8) for columns, rows in _passes(width, height, interlaced))
    if _unpacked(b"".join(data for name, data in chunks if name == b"IDAT"), wanted + 1) != wanted:
        raise LogoDamaged
    kept = [_chunk(name, data) for name, data in chunks if name in _DRAWS]
    return Logo("png", width, height, _PNG + b"".join(kept))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and data of each chunk to the last, each as its checksum says. Raises LogoDamaged."""
    at, name = len(_PNG), b""
    while name != b"IEND":
        head = content[at : at + 8]
        if len(head) < 8:
            raise LogoDamaged
        length, name = struct.unpack(">I4s", head)
        data, told = content[at + 8 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if len(told) < 4 or zlib.crc32(name + data) != struct.unpack(">I", told)[0]:
            raise LogoDamaged
        yield name, data
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _passes(width: int, height: int, interlaced: int) -> Iterator[tuple[int, int]]:
    """Columns and rows of each pass over a picture; one that has no columns has no rows either."""
    if not interlaced:
        yield width, height
        return
    for first_row, row_step, first_column, column_step in _SEVEN_PASSES:
        columns, rows = -((first_column - width) // column_step), -((first_row - height) // row_step)
        if columns > 0 and rows > 0:
            yield columns, rows


def _unpacked(packed: bytes, most: int) -> int:
    """How many bytes a stream unpacks to, counted no further than `most`. Raises LogoDamaged."""
    stream, count = zlib.decompressobj(), 0
    try:
        while count < most:
            piece = stream.decompress(packed, 1 << 16)
            packed = stream.unconsumed_tail
            if not piece:
                break
            count += len(piece)
    except zlib.error as error:
        raise LogoDamaged from error
    return count


def _jpeg(content: bytes) -> Logo:
    kept, sides = [b"\xff\xd8"], (0, 0)
    at = 2
    while True:
        while content[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        found = _NEXT_MARKER.match(content, at)
        if found is None:
            raise LogoDamaged
        marker = content[at + 1]
        if marker == 0xD9:
            break
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if end < at + 4 or end > len(content):
            raise LogoDamaged
        if marker == 0xDA:
            following = _NEXT_MARKER.search(content, end)
            if following is None or sides == (0, 0):
                raise LogoDamaged
            end = following.start()
        elif marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            sides = (width, height)
            checked_sides(*sides)
        if marker in _KEPT_SEGMENTS or marker == 0xDA:
            kept.append(content[at:end])
        at = end
    if sides == (0, 0) or len(kept) < 3:
        raise LogoDamaged
    return Logo("jpeg", *sides, b"".join(kept) + b"\xff\xd9")
