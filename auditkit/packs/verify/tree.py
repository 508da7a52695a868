"""The Merkle tree of RFC 6962 (Certificate Transparency) over the hashes of a journal's entries. Pure.

Its consistency proof shows with a few hashes that a longer journal begins with a shorter one, entry for entry.
tests/rules/test_packs_tree.py holds it, among others to the RFC's own examples.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    """A leaf: SHA-256 over 0x00 and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """An inner node: SHA-256 over 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY = hashlib.sha256(b"").digest()


class Tree:
    """A tree over leaf hashes, all complete subtrees kept: twice the memory of the leaves."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            self._levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
        self.size = len(leaves)

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves (all of them)."""
        return self._hash(0, self.size if size is None else size)

    def consistency(self, earlier: int, size: int | None = None) -> list[bytes]:
        """The proof (RFC 6962, 2.1.2) that the first `earlier` leaves are those of the tree of that size."""
        return self._subproof(earlier, 0, self.size if size is None else size, whole=True)

    def _hash(self, start: int, end: int) -> bytes:
        count = end - start
        if not count:
            return EMPTY
        if count & (count - 1) == 0 and start % count == 0:
            return self._levels[count.bit_length() - 1][start // count]
        middle = start + _split(count)
        return node_hash(self._hash(start, middle), self._hash(middle, end))

    def _subproof(self, earlier: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        count = end - start
        if earlier == count:
            return [] if whole else [self._hash(start, end)]
        middle = _split(count)
        if earlier <= middle:
            return [
                *self._subproof(earlier, start, start + middle, whole=whole),
                self._hash(start + middle, end),
            ]
        return [
            *self._subproof(earlier - middle, start + middle, end, whole=False),
            self._hash(start, start + middle),
        ]


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def is_consistent(earlier: int, earlier_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` leaves begins with that of `earlier` leaves (RFC 9162, 2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        path.insert(0, earlier_root)
    if not path:
        return False
    first, last = earlier - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    before = after = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            before, after = node_hash(one, before), node_hash(one, after)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            after = node_hash(after, one)
        first, last = first >> 1, last >> 1
    return last == 0 and before == earlier_root and after == root
