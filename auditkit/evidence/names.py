"""Names of files: as they were sent, as they are shown, and as they are handed out again. Pure.

A name never decides where bytes lie. tests/rules/test_evidence_names.py runs the hostile ones through all of it.
"""

import re
import unicodedata
from urllib.parse import quote

from auditkit.evidence.rules import MAX_NAME_CHARACTERS

UNNAMED = "unnamed"
MAX_DOWNLOAD_BYTES = 200

_JOINERS = frozenset("\u200c\u200d")  # Persian and Indic words need them
_FORBIDDEN = frozenset('<>:"/\\|?*')
_REPLACED = str.maketrans(dict.fromkeys(_FORBIDDEN, "_"))
_DEVICES = re.compile(
    r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|$)"
)
_ORDINARY = re.compile(r"[ -~]*")
"""Names of which only the forbidden characters have to be looked for; most are such."""
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"  # RFC 8187 attr-char beyond letters and digits


def kept_name(name: str | None) -> str:
    """The name to keep with a file: as sent, but for characters a database or a line cannot hold (they become U+FFFD).

    At most 255 characters, cut before the extension.
    """
    given = (name or "").strip()
    text = "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in given)
    text = text or UNNAMED
    if len(text) <= MAX_NAME_CHARACTERS:
        return text
    stem, ending = split(text)
    return stem[: MAX_NAME_CHARACTERS - len(ending) - 1] + "…" + ending


def shown_name(name: str) -> str:
    """`name` for a page: what turns the writing direction or cannot be seen is written out (`‹U+202E›`)."""
    if name.isprintable():
        return name
    return "".join(f"‹U+{ord(char):04X}›" if _is_hidden(char) else char for char in name)


def split(name: str) -> tuple[str, str]:
    """Stem and extension with its dot; a tail of more than ten characters is no extension."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem.strip(". ") and 0 < len(ending) <= 10 else (name, "")


def extension(name: str) -> str:
    """The extension in small letters with its dot, or nothing; of a path, of its last part."""
    last = re.split(r"[/\\]", name.rstrip(". "))[-1]
    return split(last)[1].lower()


def download_name(name: str, extensions: tuple[str, ...]) -> str:
    """`name` as a file name that every system can keep, ending in one of `extensions`.

    The first is put on where none fits: `invoice.js` that is plain text leaves as `invoice.js.txt`.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    if _ORDINARY.fullmatch(last):
        text = last.translate(_REPLACED)
    else:
        text = "".join("_" if char in _FORBIDDEN or _is_hidden(char) or char == "\ufffd" else char for char in last)
    text = " ".join(text.split()).rstrip(". ").lstrip(". ") or UNNAMED
    if text[0] in "~-" or _DEVICES.match(text):
        text = "_" + text
    stem, ending = split(text)
    if ending.lower() not in extensions:
        stem, ending = text, extensions[0]
    while len((stem + ending).encode()) > MAX_DOWNLOAD_BYTES:
        stem = stem[:-1]
    return stem.rstrip(". ") + ending


def content_disposition(name: str) -> str:
    """The header for an attachment called `name` (RFC 6266): an ASCII name for old clients, the true one (RFC 8187).

    `name` comes from `download_name`; the quoting here holds for any text all the same.
    """
    stem, ending = split(name)
    plain = (_plain(stem).strip("._ ") or "file") + _plain(ending)
    header = f'attachment; filename="{plain}"'
    if plain != name:
        header += f"; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe=_ATTRIBUTE_CHARACTERS)}"
    return header


def _plain(text: str) -> str:
    # Without the percent sign, because some browsers decode it in the plain form.
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^ !#-$&-\[\]-~]", "_", ascii_text)


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and char not in _JOINERS
