"""How an entry is hashed and how a chain is checked. Pure: values in, values out.

An entry's hash is SHA-256 over the canonical JSON (RFC 8785) of everything it says, including the hash before it.
Personal values enter as salted hashes, so that erasing the values later leaves the chain whole.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785

GENESIS = "0" * 64

_EXACT = 2**53 - 1  # whole numbers up to here are the same for every reader of JSON
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True)
class EntryContent:
    """What one entry says. `personal` maps a field's name to the salted hash of its value."""

    organisation_id: int
    seq: int
    previous: str
    event: str
    at: datetime
    actor_id: int | None
    role: str
    subject_kind: str
    subject_id: int
    facts: dict[str, Any]
    personal: dict[str, str]


@dataclass(frozen=True)
class BadEntry:
    """The first entry of a chain that does not hold, and what is wrong with it."""

    seq: int
    reason: str


def moment(at: datetime) -> str:
    """A UTC time as it enters the hash: microseconds, always `Z`."""
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def entry_hash(content: EntryContent) -> str:
    """SHA-256 (hex) of the entry's canonical JSON. Raises ValueError for facts that JSON cannot carry exactly."""
    document: dict[str, Any] = {
        "actor": content.actor_id,
        "at": moment(content.at),
        "event": content.event,
        "facts": content.facts,
        "organisation": content.organisation_id,
        "personal": content.personal,
        "previous": content.previous,
        "role": content.role,
        "seq": content.seq,
        "subject": [content.subject_kind, content.subject_id],
    }
    try:
        return hashlib.sha256(canonical(document)).hexdigest()
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise ValueError(f"journal facts of {content.event} are not plain JSON: {error}") from error


def canonical(document: Any) -> bytes:
    """RFC 8785 JSON. Raises CanonicalizationError or UnicodeEncodeError for what JSON cannot carry exactly.

    Texts, whole numbers and plain names come out of Python's own encoder the same, several times as fast;
    tests/rules/test_journal_rules.py compares the two.
    """
    return _encode(document).encode() if _plain(document) else rfc8785.dumps(document)


def _plain(value: Any) -> bool:
    """Whether sorting names by characters and writing numbers as they are is what RFC 8785 says of it."""
    kind: type = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-_EXACT <= value <= _EXACT)
    if kind is dict:
        return all(type(name) is str and name.isascii() and _plain(one) for name, one in value.items())
    return kind in (list, tuple) and all(_plain(one) for one in value)


def personal_hash(salt: str, value: str) -> str:
    """SHA-256 (hex) of a personal value under its own salt: without the salt, guessing small value sets fails."""
    return hashlib.sha256(f"{salt}\x00{value}".encode()).hexdigest()


def first_bad(entries: Iterable[tuple[EntryContent, str]], *, head: str | None = None) -> BadEntry | None:
    """Walk (content, stored hash) pairs in order and name the first that does not hold, or None.

    `head` is the hash kept apart as the newest; a chain whose end was cut off does not reach it.
    """
    seq, previous = 0, GENESIS
    for content, stored in entries:
        seq += 1
        if content.seq != seq:
            return BadEntry(seq, f"entry {seq} is missing; the next one stored is {content.seq}")
        if content.previous != previous:
            return BadEntry(seq, f"entry {seq} does not follow the entry before it")
        if entry_hash(content) != stored:
            return BadEntry(seq, f"entry {seq} was changed after it was written")
        previous = stored
    if head is not None and head != previous:
        return BadEntry(seq + 1, f"entries after {seq} were removed")
    return None
