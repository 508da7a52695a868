"""First bytes: programs and foreign archives that are refused wherever they turn up. Pure."""

from auditkit.base.text import N_

_PROGRAMS = (
    (b"\x7fELF", N_("Linux program")),
    (b"\xfe\xed\xfa\xce", N_("macOS program")),
    (b"\xfe\xed\xfa\xcf", N_("macOS program")),
    (b"\xce\xfa\xed\xfe", N_("macOS program")),
    (b"\xcf\xfa\xed\xfe", N_("macOS program")),
    (b"\xca\xfe\xba\xbe", N_("Java or macOS program")),
    (b"dex\n", N_("Android program")),
    (b"\x00asm", N_("WebAssembly program")),
    (b"L\x00\x00\x00\x01\x14\x02\x00", N_("Windows shortcut")),
    (b"ITSF", N_("Windows help file")),
    (b"MSCF", N_("Windows cabinet")),
    (b"!<arch>\n", N_("program library or package")),
)
_ARCHIVES = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_TAR_AT = 257

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def program(head: bytes) -> str | None:
    """What program begins with these bytes (a message id), or None. Give at least 64 bytes where there are so many."""
    for start, title in _PROGRAMS:
        if head.startswith(start):
            return title
    # Two letters are little; but no text holds zero bytes, and a DOS header does.
    if head.startswith((b"MZ", b"ZM")) and any(byte < 9 for byte in head[2:64]):
        return N_("Windows program")
    return None


def archive(head: bytes) -> str | None:
    """The archive format, other than ZIP, that begins with these bytes, or None. Give at least 300 bytes."""
    for start, name in _ARCHIVES:
        if head.startswith(start):
            # bzip2 goes on with its block size: text may begin with the same three letters
            return None if name == "bzip2" and not head[3:4].isdigit() else name
    return "tar" if head[_TAR_AT : _TAR_AT + 5] == b"ustar" else None


def is_zip(head: bytes) -> bool:
    """Whether these bytes begin a ZIP archive."""
    return head.startswith(ZIP_STARTS)
