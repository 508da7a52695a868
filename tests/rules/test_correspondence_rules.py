"""What may be written and where it may go."""

import pytest

from auditkit.complaints.correspondence import rules
from auditkit.complaints.correspondence.rules import (
    AddressUnusable,
    NoAddress,
    NoNumber,
    SubjectTooLong,
    TextMissing,
    TextNotStorable,
    TextTooLong,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" ann@b.example ", "ann@b.example"),
        ("ann+tag@b.example", "ann+tag@b.example"),
        ("анна@b.example", "анна@b.example"),
        ("ann@почта.example", "ann@xn--80a1acny.example"),
        ("o'neil@b.example", "o'neil@b.example"),
        ("ann@localhost", "ann@localhost"),
    ],
)
def test_addresses_that_mail_can_go_to(text, address):
    assert rules.mail_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "ann", "ann@", "@b.example", "a b@c.example", "a@b.example, c@d.example", "a@b.example;c@d.example",
        "Ann <a@b.example>", "a@b.example\nBcc: c@d.example", "a@b.example\x00", "a@@b.example", "a@b..example",
        '"a b"@c.example', "a@" + "b" * 260, ".a@b.example", "a@-b.example", "a@.example", "x" * 65 + "@b.example",
    ],
)  # fmt: skip
def test_what_is_not_one_address(text):
    with pytest.raises(AddressUnusable):
        rules.mail_address(text)


def test_no_address_is_said_otherwise():
    with pytest.raises(NoAddress):
        rules.mail_address("  ")


@pytest.mark.parametrize(("text", "number"), [("+49 (170) 123-45", "+4917012345"), ("0170 12345", "017012345")])
def test_numbers(text, number):
    assert rules.phone_number(text) == number


@pytest.mark.parametrize("text", ["", "call me", "+", "12", "1" * 40, "+49/../../x"])
def test_what_is_no_number(text):
    with pytest.raises(NoNumber):
        rules.phone_number(text)


def test_texts_that_cannot_be_kept():
    with pytest.raises(TextMissing):
        rules.check_text(" \n ")
    with pytest.raises(TextTooLong):
        rules.check_text("x" * (rules.LONGEST_TEXT + 1))
    with pytest.raises(TextNotStorable):
        rules.check_text("a\x00b")
    with pytest.raises(TextNotStorable):
        rules.check_subject("a\ud800b")
    with pytest.raises(SubjectTooLong):
        rules.check_subject("x" * (rules.LONGEST_SUBJECT + 1))
    assert rules.check_subject("a\r\nBcc: b") == "a Bcc: b"
