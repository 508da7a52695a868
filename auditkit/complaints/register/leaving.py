"""Which cases a file holds, small enough to be kept: a bit a case, in blocks that are asked one by one. Pure.

A million cases in a row take 125 kB. Checked by tests/rules/test_register_leaving.py.
"""

import hashlib
from collections.abc import Iterator

BLOCK = 4096
"""Cases in a block."""


class Cases:
    """The cases that go into a file, noted while it is written."""

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = {}
        self.count = 0

    def add(self, complaint_id: int) -> int:
        """Note a case; gives its number back."""
        number, place = divmod(complaint_id, BLOCK)
        block = self._blocks.setdefault(number, bytearray(BLOCK // 8))
        self.count += not block[place >> 3] >> (place & 7) & 1
        block[place >> 3] |= 1 << (place & 7)
        return complaint_id

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """(number, bits) of each block with a case in it, in order; zeros at the end are left out."""
        for number in sorted(self._blocks):
            yield number, bytes(self._blocks[number]).rstrip(b"\0")

    def digest(self) -> str:
        """SHA-256 over the cases' ids in decimal, ascending, one a line."""
        found = hashlib.sha256()
        for number, bits in self.blocks():
            for place in range(len(bits) * 8):
                if _holds(bits, place):
                    found.update(b"%d\n" % (number * BLOCK + place))
        return found.hexdigest()


def block_of(complaint_id: int) -> int:
    """The number of the block that speaks of a case."""
    return complaint_id // BLOCK


def holds(bits: bytes, complaint_id: int) -> bool:
    """Whether the block of a case says that it was in the file."""
    return _holds(bits, complaint_id % BLOCK)


def _holds(bits: bytes, place: int) -> bool:
    return place >> 3 < len(bits) and bool(bits[place >> 3] >> (place & 7) & 1)
