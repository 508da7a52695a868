"""What the members of a ZIP must be to each other: no two the same, every byte one member's, no bomb."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.packs.verify.report import N_, Problem, problem

# Deflate reaches 1032:1. Text rarely passes 50:1, and nothing of a megabyte or less can do harm by itself.
RATIO, SMALL = 100, 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One member: where its data is (`start`, `packed` bytes in the file), how long it is unpacked, and how packed."""

    name: str
    offset: int
    start: int
    packed: int
    size: int
    crc: int
    method: int

    @property
    def is_folder(self) -> bool:
        """Whether this only names a folder."""
        return self.name.endswith("/")


def twins(entries: list[Entry]) -> Iterator[Problem]:
    """Members that some computer would put into the same place."""
    exact: set[str] = set()
    folded: dict[str, str] = {}
    for entry in entries:
        name = entry.name
        key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).rstrip("/")
        if name in exact:
            yield problem("duplicate", name, N_("This name stands in the ZIP more than once"))
        elif key in folded:
            yield problem("twins", name, N_("On other computers this is the same name as %(other)s"), other=folded[key])
        exact.add(name)
        folded.setdefault(key, name)
    files = {entry.name for entry in entries if not entry.is_folder}
    for entry in entries:
        parts = entry.name.rstrip("/").split("/")
        inside = next((up for up in ("/".join(parts[:depth]) for depth in range(1, len(parts))) if up in files), None)
        if inside:
            yield problem("twins", entry.name, N_("This lies inside %(other)s, which is a file"), other=inside)
        if entry.is_folder and entry.size:
            yield problem("folder-with-data", entry.name, N_("This is named as a folder but holds data"))


def bytes_of_nobody(entries: list[Entry], ends: list[int], directory: int) -> Iterator[Problem]:
    """Bytes that belong to no member or to two; `ends` says where each entry ends, `directory` where all must."""
    expected = 0
    for entry, end in sorted(zip(entries, ends, strict=True), key=lambda pair: pair[0].offset):
        if entry.offset > expected and not expected:
            yield problem(
                "data-before",
                None,
                N_("%(size)s bytes stand before the first member of the ZIP"),
                size=entry.offset,
            )
        elif entry.offset > expected:
            yield problem(
                "hidden-data",
                entry.name,
                N_("%(size)s bytes that belong to no member stand before this one"),
                size=entry.offset - expected,
            )
        elif entry.offset < expected:
            yield problem("overlap", entry.name, N_("This member shares bytes with another one"))
        expected = max(expected, end)
    if expected != directory:
        yield problem(
            "hidden-data",
            None,
            N_("%(size)s bytes that belong to no member stand before the ZIP's directory"),
            size=directory - expected,
        )


def bombs(entries: list[Entry], file_size: int) -> Iterator[Problem]:
    """Members that would unfold to far more than they are packed, singly or together."""
    for entry in entries:
        if entry.size > SMALL and entry.size > RATIO * entry.packed:
            yield problem(
                "bomb",
                entry.name,
                N_("This would unfold from %(packed)s to %(size)s bytes: refused before unpacking"),
                packed=entry.packed,
                size=entry.size,
            )
    total = sum(entry.size for entry in entries)
    if total > RATIO * file_size + 16 * SMALL:
        yield problem(
            "bomb",
            None,
            N_("The ZIP would unfold from %(packed)s to %(size)s bytes: refused before unpacking"),
            packed=file_size,
            size=total,
        )
