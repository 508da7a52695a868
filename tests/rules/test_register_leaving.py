"""Which cases a file holds: kept exactly, in any order, in little room."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from auditkit.complaints.register.leaving import BLOCK, Cases, block_of, holds


def kept(ids):
    cases = Cases()
    for one in ids:
        cases.add(one)
    return cases


@given(st.lists(st.integers(min_value=1, max_value=3 * BLOCK), max_size=60))
def test_each_case_is_found_and_no_other(ids):
    cases = kept(ids)
    blocks = dict(cases.blocks())
    found = {one for one in range(1, 3 * BLOCK + 1) if holds(blocks.get(block_of(one), b""), one)}
    assert found == set(ids)
    assert cases.count == len(set(ids)), "a case that is in it twice counts once"
    listed = "".join(f"{one}\n" for one in sorted(set(ids)))
    assert cases.digest() == hashlib.sha256(listed.encode()).hexdigest()


def test_many_cases_take_little_room():
    assert sum(len(bits) for _number, bits in kept(range(1, 50_001)).blocks()) < 50_000 / 7
