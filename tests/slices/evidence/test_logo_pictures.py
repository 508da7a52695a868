"""What may be a logo, and that nothing but the picture is kept of it."""

import io

import pytest
from PIL import Image

from auditkit.accounts.look.rules import LogoDamaged, LogoOtherKind, LogoSides
from auditkit.evidence.logos.drawing import cleaned
from tests.factories.pictures import chunk, jpeg, png

PLACE = b"GPS 41.7 44.8"
ORIENTATION = 0x0112


def drawn(content: bytes) -> tuple[tuple[int, int], bytes]:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.size, picture.convert("RGBA").tobytes()


def test_a_png_keeps_its_pixels_and_nothing_else() -> None:
    extra = chunk(b"tEXt", b"Comment\0" + PLACE) + chunk(b"eXIf", b"II*\0\x08\0\0\0\0\0\0\0" + PLACE)
    found = cleaned(png(extra=extra, tail=b"PK\x03\x04 and an archive behind it"))
    assert (found.kind, found.width, found.height) == ("png", 60, 20)
    assert drawn(found.content) == drawn(png())
    assert PLACE not in found.content
    assert b"PK" not in found.content
    assert cleaned(found.content) == found, "the same logo twice is the same"


def test_what_is_transparent_stays_so() -> None:
    content = io.BytesIO()
    Image.new("RGBA", (60, 20), (200, 30, 30, 0)).save(content, "PNG")
    assert drawn(cleaned(content.getvalue()).content) == drawn(content.getvalue())


def test_a_jpeg_keeps_its_pixels_and_nothing_else() -> None:
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    found = cleaned(jpeg(exif=exif, comment=PLACE, icc_profile=PLACE * 20) + b"and something behind it")
    assert (found.kind, found.width, found.height) == ("jpeg", 60, 20)
    assert drawn(found.content) == drawn(jpeg())
    assert PLACE not in found.content
    assert b"behind" not in found.content


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    found = cleaned(jpeg(exif=exif))
    assert (found.width, found.height) == (20, 60)
    assert drawn(found.content)[0] == (20, 60)


@pytest.mark.parametrize(
    "content",
    [
        png()[:-40],
        png().replace(b"IDAT", b"IDAB"),
        png(pixels=b"\0" * 60),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        b"\x89PNG\r\n\x1a\n",
        jpeg()[:-40],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x00" + b"\0" * 40,
        b"\xff\xd8\xff\xe0\xff\xff" + b"\0" * 40,
    ],
)
def test_what_would_not_be_shown_is_refused(content: bytes) -> None:
    with pytest.raises(LogoDamaged):
        cleaned(content)


@pytest.mark.parametrize("sides", [(15, 20), (20, 15), (3001, 20), (20, 3001)])
def test_sides(sides: tuple[int, int]) -> None:
    for content in (png(*sides), jpeg(*sides)):
        with pytest.raises(LogoSides):
            cleaned(content)


def test_no_more_is_unpacked_than_the_picture_has() -> None:
    with pytest.raises(LogoDamaged):
        cleaned(png(30_000, 30_000, pixels=b"\0"))
    bomb = png(3000, 3000, pixels=b"\0" * 100_000_000)
    assert len(cleaned(bomb).content) < len(bomb)


@pytest.mark.parametrize("content", [b"GIF89a", b"", b"%PDF-1.7"])
def test_another_kind(content: bytes) -> None:
    with pytest.raises(LogoOtherKind):
        cleaned(content)
