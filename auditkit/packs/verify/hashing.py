"""Hashes members in two threads. hashlib lets go of the interpreter's lock, so two cores work at once.

The CRC-32 of a file whose SHA-256 is to be compared is computed only when the SHA-256 disagrees, to tell damage from
change: it would cost two fifths of the hashing again and prove nothing more.
"""

import hashlib
import threading
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from auditkit.packs.verify.archive import CHUNK, Archive, Damaged
from auditkit.packs.verify.report import Problem
from auditkit.packs.verify.structure import Entry

THREADS = 2


def digests(archive: Archive, wanted: Mapping[str, Iterable[str]]) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """SHA-256 (or the algorithms named) of each member in `wanted` (member -> algorithm names).

    Returns member -> algorithm -> hexadecimal digest, and a problem for each member that could not be read.
    """
    buffers = threading.local()

    def one(entry: Entry) -> dict[str, str] | Problem:
        if not hasattr(buffers, "view"):
            buffers.view = memoryview(bytearray(CHUNK))
        hashes = {name: hashlib.new(name, usedforsecurity=False) for name in wanted[entry.name]}
        try:
            for piece in archive.chunks(entry, buffers.view):
                for hashing in hashes.values():
                    hashing.update(piece)
        except Damaged as damaged:
            return damaged.problem
        return {name: hashing.hexdigest() for name, hashing in hashes.items()}

    # The largest first, so that both threads end at about the same time.
    entries = sorted((archive.entries[name] for name in wanted), key=lambda entry: -entry.size)
    found: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    with ThreadPoolExecutor(THREADS) as pool:
        for entry, result in zip(entries, pool.map(one, entries), strict=True):
            if isinstance(result, Problem):
                problems.append(result)
            else:
                found[entry.name] = result
    return found, problems


def crc_is_right(archive: Archive, entry: Entry) -> bool:
    """Whether a member's content has the CRC-32 that the ZIP gives for it."""
    crc = 0
    try:
        for piece in archive.chunks(entry, memoryview(bytearray(CHUNK))):
            crc = zlib.crc32(piece, crc)
    except Damaged:
        return False
    return crc == entry.crc
