"""Search text: all spellings a person would call the same fold to one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.base.folding import fold, words

SAME = {
    "Greek tonos and final sigma": ("παράπονο", "ΠΑΡΑΠΟΝΟ"),
    "Greek final sigma": ("λόγος", "ΛΟΓΟΣ"),
    "Turkish dotted capital": ("İade", "iade"),
    "Turkish dotless": ("ısı", "ISI"),
    "Azerbaijani": ("şikayət", "SIKAYƏT"),
    "Persian half-space": ("می‌خواهم", "میخواهم"),
    "Persian and Arabic ye and kaf": ("شكايت", "شکایت"),
    "Russian io": ("ёлка", "елка"),
    "Georgian": ("საჩივარი", "საჩივარი"),
    "French": ("Réclamation", "RECLAMATION"),
    "Persian digits": ("۱۴۰۴", "1404"),
    "fullwidth": ("ＡＢＣ", "abc"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_spellings_fold_to_one(one, other):
    assert fold(one) == fold(other)


def test_different_words_stay_different():
    assert fold("жалоба") != fold("жалобы")


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_words_of_a_search_box():
    assert words("  Lost parcel, ПОСЫЛКА! ") == ["lost", "parcel", "посылка"]
    assert words(" -- ") == []
