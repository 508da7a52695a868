"""What a file is, by its content; its name is only compared with it, and chooses between kinds of text."""

from pathlib import Path
from typing import BinaryIO

from auditkit.base.text import N_, _
from auditkit.evidence import names
from auditkit.evidence.inspection import archives, documents, images, signatures, texts
from auditkit.evidence.inspection.findings import Inspected, found
from auditkit.evidence.rules import KindRefused, OtherArchive, ProgramRefused, TwoInOne

_HEAD = 4096
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEDIA_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"heif"), "heic"),
    **dict.fromkeys((b"M4A ", b"M4B "), "m4a"),
    b"qt  ": "mov",
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "), "mp4"),
    **dict.fromkeys((b"dash", b"MSNV", b"3gp4", b"3gp5", b"3gp6"), "mp4"),
}


def inspect(path: Path, size: int, name: str) -> Inspected:
    """What the file at `path` (of `size` bytes, sent as `name`) is. Raises a FileRefused where it is not taken."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        result = _recognise(path, file, head, size, names.extension(name))
    ending = names.extension(name)
    if ending and ending not in result.kind.extensions:
        result.notices.insert(0, {"code": "named-otherwise", "extension": ending, "kind": result.kind.id})
    return result


def _recognise(path: Path, file: BinaryIO, head: bytes, size: int, ending: str) -> Inspected:
    if what := signatures.program(head):
        raise ProgramRefused(what=_(what))
    if what := signatures.archive(head):
        raise OtherArchive(what=what)
    if signatures.is_zip(head):
        return documents.zipped(path, size)
    result = _binary(file, head, size) or texts.text(file, ending)
    if result is None:
        raise KindRefused(what=_looks_like(head))
    if archives.ending(path, size):
        raise TwoInOne(kind=_(result.kind.title))
    return result


def _binary(file: BinaryIO, head: bytes, size: int) -> Inspected | None:
    if head.startswith(b"%PDF-"):
        return documents.pdf(file, size)
    if head.startswith(_COMPOUND):
        return documents.compound(file, size)
    if kind := _picture(head):
        return images.picture(kind, file, size)
    if kind := _recording(head):
        return found(kind)
    return None


def _picture(head: bytes) -> str | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return "tiff"
    return "heic" if _brand(head) == "heic" else None


def _recording(head: bytes) -> str | None:
    if brand := _brand(head):
        return brand
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"OggS\x00"):
        return "ogg"
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return "webm"
    if head.startswith(b"ID3") and len(head) > 10 and head[3] < 5 and max(head[6:10]) < 128:
        return "mp3"
    return "mp3" if _is_mpeg_audio(head) else None


def _brand(head: bytes) -> str | None:
    return _MEDIA_BRANDS.get(head[8:12]) if head[4:8] == b"ftyp" else None


def _is_mpeg_audio(head: bytes) -> bool:
    """A layer III frame with a possible bit rate and sampling rate, and no text (a BOM looks alike)."""
    if len(head) < 128 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3


def _looks_like(head: bytes) -> str:
    import puremagic  # a megabyte of signatures, for a refusal only

    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        guesses = []
    return str(guesses[0].name) if guesses and guesses[0].name else _(N_("not recognised"))
