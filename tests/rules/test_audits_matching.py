"""Which complaint an entry of a log is: the strength of each kind of sign, and that order and noise do not matter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.audits.reconciling.matching import Entry, Register, judge, period
from auditkit.audits.reconciling.rules import Standing, Strength
from auditkit.complaints.checking.matching import Candidate, Keyed, plain_reference, words_of

AT = datetime(2026, 1, 10, 9, tzinfo=UTC)
WORDS = "the parcel was delivered broken again"


def complaint(number: int = 1, days: float = 0, who: str = "", words: str = "", name: str = "") -> Candidate:
    names = frozenset({plain_reference(f"C-2026-{number:06d}"), *([plain_reference(name)] if name else [])})
    at = AT + timedelta(days=days)
    return Candidate(number, f"C-2026-{number:06d}", names, at, frozenset([who] if who else []), words_of(words))


def entry(names: str = "", who: str = "", words: str = "", at: datetime | None = AT) -> Entry:
    plain = frozenset([plain_reference(names)] if names else [])
    return Entry(1, at, plain, frozenset([who] if who else []), words_of(words))


@pytest.mark.parametrize(
    ("one", "other", "standing", "strength"),
    [
        (entry("c 2026/000001"), complaint(days=90), Standing.MATCHED, Strength.STRONG),
        (entry("TICKET-77"), complaint(name="ticket 77"), Standing.MATCHED, Strength.STRONG),
        (entry(who="h"), complaint(who="h", days=0.5), Standing.MATCHED, Strength.STRONG),
        (entry(who="h", words=WORDS), complaint(who="h", days=5, words=WORDS), Standing.MATCHED, Strength.STRONG),
        (entry(who="h"), complaint(who="h", days=5), Standing.DOUBTFUL, Strength.PROBABLE),
        (entry(who="h"), complaint(who="h", days=40), Standing.DOUBTFUL, Strength.WEAK),
        (entry(words=WORDS), complaint(words=WORDS, days=3), Standing.DOUBTFUL, Strength.PROBABLE),
        (entry(words=WORDS, at=None), complaint(words=WORDS, days=300), Standing.DOUBTFUL, Strength.PROBABLE),
        (entry(words=WORDS + " yesterday here"), complaint(words="parcel broken"), Standing.DOUBTFUL, Strength.WEAK),
        (entry(words=WORDS), complaint(words=WORDS, days=30), Standing.UNMATCHED, None),
        (entry(words="invoice wrong"), complaint(words=WORDS), Standing.UNMATCHED, None),
        (entry(who="h"), complaint(who="other"), Standing.UNMATCHED, None),
        (entry(), complaint(), Standing.UNMATCHED, None),
    ],
)  # fmt: skip
def test_each_sign_has_its_strength(
    one: Entry, other: Candidate, standing: Standing, strength: Strength | None
) -> None:
    judged = judge(one, Register([other]), 7)
    assert judged.standing is standing
    assert [match.strength for match in judged.matches] == ([strength] if strength else [])


def test_two_that_surely_are_it_are_for_a_person_to_tell_apart() -> None:
    judged = judge(entry(who="h"), Register([complaint(1, who="h"), complaint(2, who="h")]), 7)
    assert judged.standing is Standing.DOUBTFUL
    assert len(judged.matches) == 2


def test_the_best_is_first_and_three_at_most_are_shown() -> None:
    others = [complaint(number, days=5, who="h") for number in range(2, 9)]
    judged = judge(entry("C-2026-000001", who="h"), Register([*others, complaint(1, days=60)]), 7)
    assert judged.standing is Standing.MATCHED
    assert [one.strength for one in judged.matches] == [Strength.STRONG, Strength.PROBABLE, Strength.PROBABLE]


@given(st.permutations(range(12)), st.integers(0, 11))
def test_the_order_of_the_register_does_not_matter(order: list[int], wanted: int) -> None:
    register = [
        complaint(number + 1, days=number / 4, who=f"h{number % 5}", words=f"matter number{number:05d}")
        for number in range(12)
    ]
    asked = entry(who=f"h{wanted % 5}", words=f"matter number{wanted:05d}")
    assert judge(asked, Register([register[place] for place in order]), 7) == judge(asked, Register(register), 7)


@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_the_period_is_known_only_where_every_entry_has_its_day(dated: list[bool]) -> None:
    entries = [entry(at=AT + timedelta(days=place) if has else None) for place, has in enumerate(dated)]
    assert (period(entries) is not None) == all(dated)


def test_hashes_of_senders_are_the_same_only_with_the_same_key() -> None:
    one, other = Keyed("one"), Keyed("other")
    assert one.email("Mara <Mara@Example.org>") == one.email("mara@example.org")
    assert one.email("mara@example.org") != other.email("mara@example.org")
    assert one.phone("+995 (32) 212-34-56 78") == one.phone("0322 123 4 5678")
    assert one.phone("+995 32 2123456") != one.phone("+995 32 2123457")
    assert one.phone("12345") == one.email("nobody") == ""
    assert "mara" not in one.email("mara@example.org")
