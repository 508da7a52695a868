"""Search text: one folding for what is stored and what is typed, so that letter forms never hide a record.

Drops case, accents (Greek tonos, Latin and Cyrillic marks) and characters that cannot be seen (the zero-width
non-joiner among them), joins dotted and dotless i, the letters of Arabic and Persian that look alike, and letters that
people type as others where their keyboard lacks them (ə as e, ø as o). Digits of any script become 0-9.
"""

import re
import unicodedata

_SPECIAL = str.maketrans(
    {
        "ı": "i",
        "İ": "i",
        "ə": "e",
        "Ə": "e",
        "ǝ": "e",
        "ł": "l",
        "Ł": "l",
        "ø": "o",
        "Ø": "o",
        "đ": "d",
        "Đ": "d",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "ي": "ی",
        "ى": "ی",
        "ې": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "ς": "σ",
        "ـ": None,
    }
)
_UNSEEN = frozenset(("Mn", "Me", "Cf"))  # marks upon letters, and what directs or joins text without being seen
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Fold `text` for searching: equal for all spellings a person would call the same."""
    if text.isascii():
        return text.lower()
    # Decomposed before and after: compatibility letters have a case only once they are plain letters.
    plain = unicodedata.normalize("NFKD", text.translate(_SPECIAL)).casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = "".join(
        str(unicodedata.digit(char)) if char.isdigit() else char
        for char in decomposed
        if unicodedata.category(char) not in _UNSEEN
    )
    return kept.translate(_SPECIAL)


def words(text: str) -> list[str]:
    """The folded words of a search box, in order; empty when there is nothing to look for."""
    return _WORD.findall(fold(text))
