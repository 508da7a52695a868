"""Complaints that something outside the register could be: by reference, by who wrote (as hashes), by day and words.

Identities leave this module only as keyed hashes: whoever compares learns that two are the same, and not whose.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from auditkit.accounts.queries import day_of_house, days_of_house
from auditkit.base.db import Session
from auditkit.base.folding import fold
from auditkit.complaints.models import Complaint

_WORD = re.compile(r"[^\W_]{4,40}")
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"\d")
_PLAIN = re.compile(r"[\W_]+")
PHONE_DIGITS = 9
"""The last digits of a number: with and without the country's and the area's zero it is the same."""
MOST_WORDS = 60
MOST_NAMED = 10_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A complaint to compare with. `who` are hashes of its e-mail address and telephone number; `names` its references,
    plain (`plain_reference`)."""

    id: int
    reference: str
    names: frozenset[str]
    received_at: datetime
    who: frozenset[str]
    words: frozenset[str]


class Keyed:
    """Hashes with a key of their own, so that they can be compared with each other and with nothing else."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def email(self, text: str) -> str:
        """The hash of the address in a text; empty where there is none."""
        found = _EMAIL.search(text)
        return self._of("e" + found[0].casefold()) if found else ""

    def phone(self, text: str) -> str:
        """The hash of a telephone number; empty for what has fewer than seven digits."""
        digits = "".join(_DIGITS.findall(text))
        return self._of("p" + digits[-PHONE_DIGITS:]) if len(digits) >= 7 else ""

    def _of(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def words_of(text: str) -> frozenset[str]:
    """The words that can tell one matter from another: folded, of four letters and more."""
    return frozenset(_WORD.findall(fold(text))[:MOST_WORDS])


def plain_reference(text: str) -> str:
    """A reference as it is compared: letters and digits only."""
    return _PLAIN.sub("", fold(text))


def candidates(
    tx: Session, first: datetime | None, last: datetime | None, keyed: Keyed, named: Iterable[str] = ()
) -> Iterator[Candidate]:
    """Complaints received from the day of `first` to that of `last` (both None: all of them), by id; and those whose
    reference, ours or another's, is among `named`, whenever they were received."""
    query = select(
        Complaint.id,
        Complaint.reference,
        Complaint.external_reference,
        Complaint.received_at,
        Complaint.subject,
        Complaint.description,
        Complaint.complainant_email,
        Complaint.complainant_phone,
    ).order_by(Complaint.id)
    if first is not None and last is not None:
        there = days_of_house(tx, day_of_house(tx, first), day_of_house(tx, last)).covers(Complaint.received_at)
        wanted = list(named)[:MOST_NAMED]
        by_name = or_(Complaint.reference.in_(wanted), Complaint.external_reference.in_(wanted))
        query = query.where(or_(there, by_name) if wanted else there)
    for row in tx.execute(query, execution_options={"yield_per": 1_000}):
        names = {plain_reference(row.reference), plain_reference(row.external_reference)}
        who = {keyed.email(row.complainant_email), keyed.phone(row.complainant_phone)}
        yield Candidate(
            row.id,
            row.reference,
            frozenset(name for name in names if len(name) >= 4),
            row.received_at,
            frozenset(who - {""}),
            words_of(f"{row.subject} {row.description[:2000]}"),
        )


def find(tx: Session, reference: str) -> int | None:
    """The id of the complaint with this reference of ours, None where there is none."""
    query = select(Complaint.id).where(Complaint.reference == reference.strip())
    found: int | None = tx.execute(query).scalar_one_or_none()
    return found
