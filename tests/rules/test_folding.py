"""Search text: all spellings a person would call the same fold to one."""

import unicodedata

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
    "Azerbaijani without its letter": ("şikayət", "sikayet"),
    "Georgian capitals": ("ᲡᲐᲩᲘᲕᲐᲠᲘ", "საჩივარი"),
    "Persian he with hamza": ("نامۀ", "نامه"),
    "Persian hamza on ye": ("رئیس", "رييس"),
    "Persian tatweel and vowels": ("شـِکایت", "شکایت"),
    "Urdu he": ("ہمراہ", "همراه"),
    "Arabic presentation forms": ("ﺷﻜﺎﻳﺖ", "شکایت"),
    "direction marks": ("\u200fشکایت\u200e\u2069", "شکایت"),
    "byte order mark and soft hyphen": ("\ufeffcom\u00adplaint", "complaint"),
    "decomposed accents": ("cafe\u0301", "café"),
    "Greek diaeresis and tonos": ("ΰ", "υ"),
    "Turkish all letters": ("ÇĞİÖŞÜ", "cgiosu"),
    "Danish and Polish": ("Søren Łódź", "soren lodz"),
    "emoji with its selector": ("ok\ufe0f", "ok"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_spellings_fold_to_one(one, other):
    assert fold(one) == fold(other)


def test_different_words_stay_different():
    assert fold("жалоба") != fold("жалобы")


@given(st.text())
def test_case_and_composition_do_not_count(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


LETTERS = "abcxyzıiİIəƏşçğöüабвёйщაბგჰაβγάήώςσΣαآابپتكکيیىۀة"


@given(st.text(alphabet=LETTERS, min_size=1, max_size=8), st.sampled_from("\u200c\u200d\u200e\u200f\u00ad\u0301\u064e"))
def test_what_cannot_be_seen_does_not_count(word, unseen):
    assert fold(unseen.join(word)) == fold(word)
    assert fold(word.upper()) == fold(word.lower()) or "ß" in word


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_words_of_a_search_box():
    assert words("  Lost parcel, ПОСЫЛКА! ") == ["lost", "parcel", "посылка"]
    assert words(" -- ") == []
