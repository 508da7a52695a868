"""Bytes of a mail into letters, whatever their header says and however it says it wrongly."""

import codecs
import email.header
import re
from email.errors import HeaderParseError

from auditkit.complaints.importing.encodings import judge

# Names that mailers write and Python does not know, or knows as something narrower than what they send.
_NAMES = {
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "cp-1251": "cp1251",
    "cp-1256": "cp1256",
    "win-1251": "cp1251",
    "ansi_x3.4-1968": "us-ascii",
    "x-unknown": "",
    "unknown-8bit": "",
    "unknown": "",
    "default": "",
}
# Windows code pages that hold the letters of the ISO part in the same places and more where ISO has control codes.
_WIDER = {"iso8859-1": "cp1252", "iso8859-9": "cp1254"}
_C1 = re.compile(rb"[\x80-\x9f]")
_WORD = re.compile(r"=\?[^?\s]+\?[bqBQ]\?[^?\r\n]*\?=")


def decoded(data: bytes, declared: str | None) -> tuple[str, bool]:
    """`data` as text, and whether its declared character set was right (False: it was found by looking)."""
    codec = _codec(declared)
    if codec in _WIDER and _C1.search(data):
        codec = _WIDER[codec]
    if codec:
        try:
            return data.decode(codec), True
        except (UnicodeDecodeError, ValueError):
            pass
    try:
        return data.decode("utf-8"), declared is None
    except UnicodeDecodeError:
        guess = judge([data])
    return data.decode(guess.codec, "replace"), False


def _codec(declared: str | None) -> str:
    name = (declared or "").strip().strip("\"'").lower()
    name = _NAMES.get(name, name)
    if not name:
        return ""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return info.name if info._is_text_encoding else ""  # the only mark Python has for it


def header_text(value: object, fallback: str | None = None) -> str:
    """A header as one line of text: encoded words decoded, bytes over 127 read in `fallback` or by looking.

    `value` is what the `compat32` policy gives: text in which such bytes are lone surrogates, or a `Header`.
    """
    if value is None:
        return ""
    raw = _raw(value)
    raw = re.sub(r"\r?\n[ \t]?", " ", raw)
    try:
        chunks = email.header.decode_header(raw) if _WORD.search(raw) else [(raw, None)]
    except (HeaderParseError, ValueError):  # an encoded word whose base64 is broken
        chunks = [(raw, None)]
    parts = []
    for chunk, charset in chunks:
        if isinstance(chunk, str):
            data = chunk.encode("utf-8", "surrogateescape")
        else:
            data = chunk if charset else chunk.decode("raw-unicode-escape").encode("utf-8", "surrogateescape")
        parts.append(decoded(data, charset or fallback if not data.isascii() or charset else "ascii")[0])
    text = " ".join("".join(parts).split())
    return text or " ".join(raw.encode("utf-8", "replace").decode("utf-8").split())  # what cannot be decoded is shown


def _raw(value: object) -> str:
    if not isinstance(value, email.header.Header):
        return str(value)
    # Made by the parser for a header with bytes over 127; its chunks hold them as surrogates.
    return "".join(text for text, _charset in value._chunks)  # type: ignore[attr-defined]  # no public way back to them


def storable(text: str) -> str:
    """`text` without what no database keeps: NUL and halves of characters become the replacement character."""
    return re.sub("[\x00\ud800-\udfff]", "�", text)
