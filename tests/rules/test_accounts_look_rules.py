"""What may be a logo, and that nothing but the picture is kept of it."""

import zlib

import pytest

from auditkit.accounts.look.rules import LogoDamaged, LogoOtherKind, LogoSides, cleaned
from tests.factories.pictures import chunk, jpeg, png, segment

PLACE = b"GPS 41.7 44.8"


def test_a_png_keeps_what_draws_it_and_nothing_else() -> None:
    extra = chunk(b"tEXt", b"Comment\0" + PLACE) + chunk(b"eXIf", PLACE) + chunk(b"gAMA", (45455).to_bytes(4, "big"))
    found = cleaned(png(extra=extra, tail=b"PK\x03\x04 and an archive behind it"))
    assert (found.kind, found.width, found.height) == ("png", 60, 20)
    assert found.content == png(extra=chunk(b"gAMA", (45455).to_bytes(4, "big")))
    assert cleaned(found.content) == found


def test_a_jpeg_keeps_what_draws_it_and_nothing_else() -> None:
    extra = segment(0xE1, b"Exif\0\0" + PLACE) + segment(0xFE, b"made by " + PLACE)
    found = cleaned(jpeg(extra=extra) + b"and something behind it")
    assert (found.kind, found.width, found.height) == ("jpeg", 60, 20)
    assert found.content == jpeg()
    assert cleaned(jpeg().replace(b"\xff\xdb", b"\xff\xff\xff\xdb")).content == jpeg(), "fill bytes"


@pytest.mark.parametrize(
    "content",
    [
        png()[:-20],
        png().replace(b"IDAT", b"IDAB"),
        png(pixels=b"\0" * 60),
        png(pixels=b"\0" * 50_000_000),
        png(60, 21, pixels=(b"\0" + b"\x77" * 60) * 20),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        b"\x89PNG\r\n\x1a\n",
        jpeg()[:-2],
        jpeg().replace(b"\xff\xc0", b"\xff\xc3"),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x00" + b"\0" * 40,
        b"\xff\xd8\xff\xe0\xff\xff" + b"\0" * 40,
    ],
)
def test_what_would_not_be_shown_is_refused(content: bytes) -> None:
    with pytest.raises(LogoDamaged):
        cleaned(content)


def test_a_picture_of_lines_that_cross_is_counted_pass_by_pass() -> None:
    """Adam7 of 60 by 20 eight-bit grey pixels: seven smaller pictures, each row with its filter byte."""
    head = chunk(b"IHDR", (60).to_bytes(4, "big") + (20).to_bytes(4, "big") + b"\x08\0\0\0\x01")
    passes = ((8, 3), (7, 3), (15, 2), (15, 5), (30, 5), (30, 10), (60, 10))
    assert sum(columns * rows for columns, rows in passes) == 60 * 20
    drawn = b"".join((b"\0" + b"\x77" * columns) * rows for columns, rows in passes)
    whole = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(drawn)) + chunk(b"IEND", b"")
    assert cleaned(whole).content == whole
    with pytest.raises(LogoDamaged):
        cleaned(whole.replace(chunk(b"IDAT", zlib.compress(drawn)), chunk(b"IDAT", zlib.compress(drawn[:-1]))))


@pytest.mark.parametrize("sides", [(15, 20), (20, 15), (3001, 20), (20, 3001)])
def test_sides(sides: tuple[int, int]) -> None:
    for content in (png(*sides), jpeg(*sides)):
        with pytest.raises(LogoSides):
            cleaned(content)


def test_another_kind() -> None:
    with pytest.raises(LogoOtherKind):
        cleaned(b"GIF89a")
