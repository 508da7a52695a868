"""What differs between two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.policies.rules.comparing import Change, Stretch, compare, compare_sections, words
from auditkit.policies.rules.translations import Piece

S, I, O = Change.SAME, Change.IN, Change.OUT  # noqa: E741 - short names for the table


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", []),
        ("same", "same", [(S, "same")]),
        ("within one day", "within two days", [(S, "within "), (O, "one day"), (I, "two days")]),
        ("a b c", "a c", [(S, "a "), (O, "b "), (S, "c")]),
        ("a c", "a b c", [(S, "a "), (I, "b "), (S, "c")]),
        ("ends here", "ends here.", [(S, "ends here"), (I, ".")]),
        ("line\n\nnext", "line\n\nother", [(S, "line\n\n"), (O, "next"), (I, "other")]),
        (
            "شکایت ظرف یک روز ثبت می‌شود",
            "شکایت ظرف دو روز ثبت می‌شود",
            [(S, "شکایت ظرف "), (O, "یک"), (I, "دو"), (S, " روز ثبت می‌شود")],
        ),
    ],
)
def test_words(old, new, said):
    assert [(one.change, one.text) for one in compare(old, new)] == said


def test_a_word_with_a_joiner_is_one_word():
    assert words("می‌شود و don't") == ["می‌شود", " ", "و", " ", "don't"]


TEXT = st.text(alphabet="ab ـ‌می\n.,-*", max_size=40)


@given(TEXT, TEXT)
def test_both_texts_come_back_out_of_what_differs(old, new):
    found = compare(old, new)
    assert "".join(one.text for one in found if one.change is not Change.IN) == old
    assert "".join(one.text for one in found if one.change is not Change.OUT) == new


def piece(name: str, text: str = "text", title: str = "") -> Piece:
    return Piece(name, title or name.upper(), text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("abc", "abc", [("a", S, False), ("b", S, False), ("c", S, False)]),
        ("abc", "ac", [("a", S, False), ("b", O, False), ("c", S, False)]),
        ("ac", "abc", [("a", S, False), ("b", I, False), ("c", S, False)]),
        ("ab", "b", [("a", O, False), ("b", S, False)]),
        ("abc", "ab", [("a", S, False), ("b", S, False), ("c", O, False)]),
        ("", "a", [("a", I, False)]),
        ("a", "", [("a", O, False)]),
    ],
)
def test_sections(old, new, said):
    found = compare_sections([piece(one) for one in old], [piece(one) for one in new])
    assert [(one.id, one.change, one.moved) for one in found] == said


def test_a_moved_section_is_told_once():
    found = compare_sections([piece(one) for one in "abcd"], [piece(one) for one in "bcda"])
    assert [one.id for one in found if one.moved] == ["a"]
    assert all(one.change is Change.SAME for one in found)


def test_a_changed_heading_is_a_change():
    (found,) = compare_sections([piece("a", title="Old name")], [piece("a", title="New name")])
    assert found.change is Change.CHANGED
    assert found.title == (Stretch(O, "Old"), Stretch(I, "New"), Stretch(S, " name"))
