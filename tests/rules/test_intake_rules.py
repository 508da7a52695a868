"""Patterns of references, tracking secrets, the gate against robots."""

from datetime import UTC, datetime, timedelta

import pytest

from auditkit.complaints.intake.rules import (
    DEFAULT_PATTERN,
    PatternAmbiguous,
    PatternMalformed,
    Ticket,
    TooFast,
    TrapFilled,
    check_new_pattern,
    check_pace,
    difficulty,
    make_secret,
    normal_secret,
    parse_pattern,
    proof_fits,
    secret_digest,
    typed_reference,
)
from auditkit.complaints.intake.rules.words import LineNotStorable, LineTooLong, check_line

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "reference"),
    [
        (DEFAULT_PATTERN, "C-2026-000123"),
        ("C-{year}-{number}", "C-2026-123"),
        ("ACME.{number:04}.{year}", "ACME.0123.2026"),
        ("{year}-{number:06}-X", "2026-000123-X"),
    ],
)
def test_a_pattern_writes_references(pattern, reference):
    assert parse_pattern(pattern).reference(2026, 123) == reference


def test_a_number_that_outgrows_its_zeros_is_written_whole():
    assert parse_pattern(DEFAULT_PATTERN).reference(2026, 1_234_567) == "C-2026-1234567"


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "C-{number}",
        "C-{year}",
        "C-{year}{number}",
        "C1{year}-{number}",
        "C-{year}-1{number}",
        "C-{year}-{number}2",
        "C-{year}-{year}",
        "C-{number}-{number}",
        "c-{year}-{number}",
        "C/{year}-{number}",
        "-{year}-{number}",
        "C-{year}-{number:6}",
        "C-{year}-{number:010}",
        "C-{year}-{number:00}",
        "C-{year!r}-{number}",
        "C" * 30 + "-{year}-{number}",
    ],
)
def test_what_is_no_pattern_is_refused(pattern):
    with pytest.raises(PatternMalformed):
        parse_pattern(pattern)


@pytest.mark.parametrize(
    ("new", "earlier", "ambiguous"),
    [
        ("C-{number}-{year}", DEFAULT_PATTERN, True),  # C-2026-2027 could be either
        ("C-{year}-{number:04}", DEFAULT_PATTERN, False),  # the number never repeats within a year
        ("D-{year}-{number:06}", DEFAULT_PATTERN, False),
        ("C3-{year}-{number}", "C2-{year}-{number}", True),
        ("C.{year}-{number}", DEFAULT_PATTERN, False),
        (DEFAULT_PATTERN, DEFAULT_PATTERN, False),
    ],
)
def test_no_pattern_can_write_what_another_wrote(new, earlier, ambiguous):
    if ambiguous:
        with pytest.raises(PatternAmbiguous):
            check_new_pattern(new, [earlier])
    else:
        check_new_pattern(new, [earlier])


def test_all_references_of_patterns_that_may_follow_each_other_differ():
    patterns = [
        parse_pattern(one) for one in (DEFAULT_PATTERN, "D-{number}-{year}", "C-{year}-{number:02}", "{year}.{number}")
    ]
    numbers = [(year, number) for year in (1999, 2026, 2027) for number in (1, 26, 1999, 2026, 2027, 123_456)]
    written = [(year, number, pattern.reference(year, number)) for pattern in patterns for year, number in numbers]
    meant: dict[str, set[tuple[int, int]]] = {}
    for year, number, reference in written:
        meant.setdefault(reference, set()).add((year, number))
    assert all(len(found) == 1 for found in meant.values())


@pytest.mark.parametrize("typed", [" c-2026-000123 ", "C – 2026 – 000123", "c-۲۰۲۶-۰۰۰۱۲۳", "Ｃ-2026-000123"])
def test_a_reference_is_read_however_it_is_typed(typed):
    assert typed_reference(typed) == "C-2026-000123"


def test_a_secret_belongs_to_its_form_and_to_this_installation():
    secret = make_secret("ticket", "key")
    assert secret == make_secret("ticket", "key")
    assert len({secret, make_secret("ticket", "other"), make_secret("other", "key")}) == 3
    assert len(normal_secret(secret)) == 20
    assert all(char not in secret for char in "ILOU")


def test_secrets_do_not_repeat():
    assert len({make_secret(str(number), "key") for number in range(2000)}) == 2000


def test_look_alikes_spaces_and_other_digits_are_read_as_meant():
    assert normal_secret("o1il0-abcde") == normal_secret("01110ABCDE") == "01110ABCDE"
    assert normal_secret("۱۲۳") == "123"
    assert secret_digest("ab-cd") == secret_digest("AB CD")
    assert len(secret_digest("x" * 10_000)) == 64


def test_whoever_sends_within_moments_or_fills_the_trap_is_asked_again():
    ticket = Ticket("x", NOW)
    with pytest.raises(TooFast):
        check_pace(ticket, "", NOW + timedelta(seconds=2))
    with pytest.raises(TrapFilled):
        check_pace(ticket, "http://spam.example", NOW + timedelta(minutes=1))
    check_pace(ticket, " ", NOW + timedelta(minutes=1))


def test_work_is_asked_for_only_when_many_come_and_grows_slowly():
    asked = [difficulty(count) for count in range(40)]
    assert asked[:5] == [0] * 5
    assert asked[5] == 15
    assert asked == sorted(asked)
    assert max(asked) == 19


def test_a_proof_is_checked_in_one_step_and_belongs_to_its_form():
    proof = next(str(number) for number in range(10**6) if proof_fits("ticket", str(number), 8))
    assert proof_fits("ticket", proof, 8)
    assert not all(proof_fits(f"other {number}", proof, 8) for number in range(20))
    assert proof_fits("ticket", "", 0)
    for odd in ("", "x", "-1", "1" * 13, "۱"):
        assert not proof_fits("ticket", odd, 1)


def test_lines_are_checked_before_a_database_refuses_them():
    assert check_line("unit", " Old Town ") == "Old Town"
    with pytest.raises(LineTooLong):
        check_line("unit", "x" * 201)
    for bad in ("a\x00b", "a\ud800b"):
        with pytest.raises(LineNotStorable):
            check_line("unit", bad)
