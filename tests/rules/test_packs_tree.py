"""The Merkle tree of journals: RFC 6962's construction, and proofs that hold or do not."""

import hashlib

import pytest

from auditkit.packs.verify.tree import EMPTY, Tree, is_consistent, leaf_hash, node_hash

# The test data of the RFC's reference implementation (certificate-transparency), eight leaves.
DATA = [
    b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57", b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def tree(size: int) -> Tree:
    return Tree([leaf_hash(str(number).encode()) for number in range(size)])


def by_definition(leaves: list[bytes]) -> bytes:
    """The RFC's own recursion."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return node_hash(by_definition(leaves[:middle]), by_definition(leaves[middle:]))


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_the_reference_roots_come_out(size: int, root: str) -> None:
    assert Tree([leaf_hash(one) for one in DATA]).root(size).hex() == root


@pytest.mark.parametrize("size", range(18))
def test_every_root_is_the_rfc_s(size: int) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    assert Tree(leaves).root() == by_definition(leaves)
    assert size or Tree([]).root() == EMPTY


@pytest.mark.parametrize("size", range(1, 18))
def test_every_earlier_tree_is_proved(size: int) -> None:
    later = tree(20)
    for earlier in range(1, size + 1):
        proof = later.consistency(earlier, size)
        assert is_consistent(earlier, later.root(earlier), size, later.root(size), proof)


@pytest.mark.parametrize("size", range(2, 14))
def test_a_changed_past_is_not_proved(size: int) -> None:
    later = tree(size)
    for earlier in range(1, size):
        leaves = [leaf_hash(str(number).encode()) for number in range(earlier)]
        leaves[earlier // 2] = leaf_hash(b"another")
        proof = later.consistency(earlier)
        assert not is_consistent(earlier, Tree(leaves).root(), size, later.root(), proof)
        for place in range(len(proof)):
            wrong = [*proof[:place], bytes(32), *proof[place + 1 :]]
            assert not is_consistent(earlier, later.root(earlier), size, later.root(), wrong)
        assert not is_consistent(earlier, later.root(earlier), size, later.root(), [*proof, bytes(32)])


def test_sizes_that_cannot_be() -> None:
    root = tree(3).root()
    assert not is_consistent(0, EMPTY, 3, root, [])
    assert not is_consistent(4, root, 3, root, [])
    assert is_consistent(3, root, 3, root, [])
    assert not is_consistent(3, bytes(32), 3, root, [])
