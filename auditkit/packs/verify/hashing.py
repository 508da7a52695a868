"""Hashes members in two threads. hashlib lets go of the interpreter's lock, so two cores work at once.

The CRC-32 of a file whose SHA-256 is to be compared is computed only when the SHA-256 disagrees, to tell damage from
change: it would cost two fifths of the hashing again and prove nothing more.
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue

from auditkit.packs.verify.archive import CHUNK, Archive, Damaged
from auditkit.packs.verify.report import Problem
from auditkit.packs.verify.structure import Entry

THREADS = 2
BUFFER = 512 << 10


def digests(archive: Archive, wanted: Mapping[str, Iterable[str]]) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """SHA-256 (or the algorithms named) of each member in `wanted` (member -> algorithm names).

    Returns member -> algorithm -> hexadecimal digest, and a problem for each member that could not be read.
    """
    # The largest first, so that both threads end at about the same time.
    entries = sorted((archive.entries[name] for name in wanted), key=lambda entry: -entry.size)
    waiting = SimpleQueue[Entry]()
    for entry in entries:
        waiting.put(entry)
    results: dict[str, dict[str, str] | Problem] = {}

    def work() -> None:
        buffer = memoryview(bytearray(BUFFER))
        with suppress(Empty):
            while True:
                entry = waiting.get_nowait()
                results[entry.name] = one(entry, buffer)

    def one(entry: Entry, buffer: memoryview) -> dict[str, str] | Problem:
        hashes = {name: hashlib.new(name, usedforsecurity=False) for name in wanted[entry.name]}
        try:
            for piece in archive.chunks(entry, buffer):
                for hashing in hashes.values():
                    hashing.update(piece)
        except Damaged as damaged:
            return damaged.problem
        return {name: hashing.hexdigest() for name, hashing in hashes.items()}

    with ThreadPoolExecutor(THREADS) as pool:
        for worker in [pool.submit(work) for _ in range(THREADS)]:
            worker.result()
    found: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for entry in entries:
        result = results[entry.name]
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
