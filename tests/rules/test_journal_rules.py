"""The chain: what enters a hash, and that every change, loss, swap or cut is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from auditkit.journal.rules import GENESIS, EntryContent, canonical, entry_hash, first_bad, personal_hash

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def chain(length: int) -> list[tuple[EntryContent, str]]:
    made, previous = [], GENESIS
    for seq in range(1, length + 1):
        content = EntryContent(
            organisation_id=1,
            seq=seq,
            previous=previous,
            event="complaint:received",
            at=AT + timedelta(seconds=seq),
            actor_id=7,
            role="complaint-handler",
            subject_kind="complaint",
            subject_id=seq,
            facts={"channel": "phone"},
            personal={"name": personal_hash("salt", "Ann")},
        )
        previous = entry_hash(content)
        made.append((content, previous))
    return made


def test_a_whole_chain_holds():
    entries = chain(5)
    assert first_bad(entries, head=entries[-1][1]) is None


def test_the_hash_is_published():
    """A stranger can compute it: SHA-256 over RFC 8785 JSON. This value was worked out with other tools' JSON."""
    import hashlib
    import json

    content = chain(1)[0][0]
    document = {
        "actor": 7,
        "at": "2026-03-02T09:00:01.000000Z",
        "event": "complaint:received",
        "facts": {"channel": "phone"},
        "organisation": 1,
        "personal": {"name": hashlib.sha256(b"salt\x00Ann").hexdigest()},
        "previous": GENESIS,
        "role": "complaint-handler",
        "seq": 1,
        "subject": ["complaint", 1],
    }
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert entry_hash(content) == hashlib.sha256(plain).hexdigest()


CHANGES = {
    "organisation_id": 2,
    "event": "complaint:closed",
    "at": AT,
    "actor_id": 8,
    "role": "administrator",
    "subject_kind": "audit",
    "subject_id": 99,
    "facts": {"channel": "post"},
    "personal": {},
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_field_is_named(field):
    entries = chain(4)
    content, stored = entries[2]
    entries[2] = (replace(content, **{field: CHANGES[field]}), stored)
    bad = first_bad(entries)
    assert bad is not None
    assert bad.seq == 3
    assert "changed" in bad.reason


def test_a_rewritten_entry_breaks_the_next():
    entries = chain(4)
    content = replace(entries[1][0], facts={"channel": "post"})
    entries[1] = (content, entry_hash(content))
    bad = first_bad(entries)
    assert bad is not None
    assert (bad.seq, "follow" in bad.reason) == (3, True)


@given(st.integers(2, 8), st.data())
def test_a_removed_or_swapped_entry_is_named(length, data):
    entries = chain(length)
    index = data.draw(st.integers(0, length - 2))
    if data.draw(st.booleans()):
        del entries[index]
    else:
        entries[index], entries[index + 1] = entries[index + 1], entries[index]
    bad = first_bad(entries, head=chain(length)[-1][1])
    assert bad is not None
    assert bad.seq == index + 1


def test_a_cut_end_is_named():
    entries = chain(4)
    bad = first_bad(entries[:3], head=entries[-1][1])
    assert bad is not None
    assert "removed" in bad.reason


# What JSON escapes, and what sorts otherwise by UTF-16 than by characters
TEXT = st.text(st.sampled_from('aZ09 _"/\\\b\t\n\r\x00\x1f\x7f\x80é\u2028\ufb33\U0001f600'), max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e6, 1e6) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, JSON, max_size=6))
def test_the_short_way_to_canonical_json_gives_the_same(document):
    assert canonical(document) == rfc8785.dumps(document)


@pytest.mark.parametrize("fact", [2**53, -(2**53), 1e400, "\ud800", {1: "a"}, {"\ud800": 1}])
def test_facts_that_json_cannot_carry_exactly_are_refused(fact):
    with pytest.raises(ValueError, match="plain JSON"):
        entry_hash(replace(chain(1)[0][0], facts={"fact": fact}))


def test_facts_that_json_cannot_carry_are_refused():
    with pytest.raises(ValueError, match="plain JSON"):
        entry_hash(replace(chain(1)[0][0], facts={"when": object()}))


def test_the_same_value_under_another_salt_is_another_hash():
    assert personal_hash("a", "Ann") != personal_hash("b", "Ann")
