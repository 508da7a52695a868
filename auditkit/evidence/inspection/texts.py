"""Text: every byte of it is looked at, because a file is text only when all of it is."""

import codecs
import re
from typing import BinaryIO

from auditkit.evidence.inspection.findings import Inspected, found
from auditkit.evidence.kinds import TEXT_BY_EXTENSION

_CHUNK = 1024 * 1024
_ALLOWED = bytes(code for code in range(256) if code >= 32 or code in b"\t\n\r\f\x1a\x1b")
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script)[\s>]", re.IGNORECASE)
_XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg)[\s>]", re.IGNORECASE)
_MAIL = re.compile(rb"^(?:From |[A-Za-z][A-Za-z0-9-]*:[ \t])")
_SVG_ACTIVE = re.compile(rb"<script|<foreignobject|\son\w+\s*=|href\s*=|<!entity|javascript:", re.IGNORECASE)


def text(file: BinaryIO, ending: str) -> Inspected | None:
    """What text this is, its extension choosing between kinds that look alike; None where it is no text."""
    charset = _charset(file)
    if charset is None:
        return None
    file.seek(0)
    head = file.read(4096)
    kind = _kind(head, ending)
    result = found(kind, charset=charset)
    if charset == "unknown":
        result.notices.append({"code": "charset-unknown"})
    if kind == "html":
        result.notices.append({"code": "active-html"})
    if kind == "svg" and _contains(file, _SVG_ACTIVE):
        result.notices.append({"code": "active-svg"})
    return result


def _kind(head: bytes, ending: str) -> str:
    if head.startswith(b"{\\rtf"):
        return "rtf"
    named = TEXT_BY_EXTENSION.get(ending)
    if _XML.match(head) and _SVG.search(head) and named in (None, "xml"):
        return "svg"
    if named == "eml" and not _MAIL.match(head.removeprefix(codecs.BOM_UTF8)):
        return "txt"
    if named:
        return named
    return "html" if _MARKUP.match(head) else "txt"


def _charset(file: BinaryIO) -> str | None:
    file.seek(0)
    mark = file.read(2)
    if mark in _WIDE:
        return _WIDE[mark] if _decodes(file, _WIDE[mark]) else None
    file.seek(0)
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    while chunk := file.read(_CHUNK):
        if chunk.translate(None, _ALLOWED):
            return None
        utf8 = utf8 if utf8 and _accepts(utf8, chunk) else None
    return "utf-8" if utf8 and _accepts(utf8, b"", final=True) else "unknown"


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(2)
    while chunk := file.read(_CHUNK):
        try:
            if "\x00" in decoder.decode(chunk):
                return False
        except UnicodeDecodeError:
            return False
    return _accepts(decoder, b"", final=True)


def _accepts(decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(data, final)
    except UnicodeDecodeError:
        return False
    return True


def _contains(file: BinaryIO, wanted: re.Pattern[bytes]) -> bool:
    file.seek(0)
    kept = b""
    while chunk := file.read(_CHUNK):
        if wanted.search(kept + chunk):
            return True
        kept = chunk[-64:]
    return False
