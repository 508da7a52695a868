"""What is written is found by what is written: any text by its own words, however composed, in any case."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.complaints.rules import search_words, wanted_words

REFERENCE = "C-2026-000001"


def finds(stored: str, typed: str) -> bool:
    """Whether a search for `typed` finds a complaint that says `stored`."""
    words = set(search_words(7, REFERENCE, [stored], []).split(" "))
    groups = wanted_words(7, typed, identity=False)
    *whole, last = groups or [()]
    return all(words.intersection(forms) for forms in whole) and (
        not last or any(word.startswith(forms) for word in words for forms in [tuple(last)])
    )


def spoiled(text: str) -> list[str]:
    """The text as somebody else might type it."""
    return [text, text.upper(), text.lower(), unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text)]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60))
def test_any_text_is_found_by_itself(text):
    assert finds(text, text)
    assert finds(text, unicodedata.normalize("NFD", text))


def test_naughty_strings_are_found_by_themselves(shared):
    strings = json.loads(shared("bad_inputs/strings/blns.json").read_text())
    assert len(strings) > 400
    missed = [text for text in strings if not finds(text, text)]
    assert missed == []


@pytest.mark.parametrize("language", ["ru", "ka", "fa", "el", "az", "tr", "en"])
def test_complaints_of_every_language_are_found_by_any_three_of_their_words(shared, language):
    texts = json.loads(shared("multilingual/complaint_texts_6_languages.json").read_text())
    found = [text for name, told in _flat(texts) if name.startswith(language) for text in told]
    if not found:
        pytest.skip(f"no texts in {language} among the shared ones")
    for text in found:
        words = text.split()
        for start in range(0, max(1, len(words) - 3), 3):
            for typed in spoiled(" ".join(words[start : start + 3])):
                assert finds(text, typed), typed


def _flat(texts):
    """(language, its texts) whatever the nesting."""
    items = texts.items() if isinstance(texts, dict) else enumerate(texts)
    for name, value in items:
        if isinstance(value, str):
            yield str(name), [value]
        elif isinstance(value, list):
            yield str(name), [one for one in value if isinstance(one, str)]
        elif isinstance(value, dict):
            yield str(name), [one for one in value.values() if isinstance(one, str)]
