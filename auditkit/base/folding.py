"""Search text: one folding for what is stored and what is typed, so that letter forms never hide a record.

Drops case and accents (Greek tonos, Latin and Cyrillic marks), joins dotted and dotless i, Arabic and Persian
ye and kaf, and turns the zero-width non-joiner into nothing. Digits of any script become 0-9.
"""

import re
import unicodedata

_SPECIAL = str.maketrans(
    {
        "ı": "i",
        "İ": "i",
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "ς": "σ",
        "\u200c": None,
        "\u200d": None,
        "\u00ad": None,
        "ـ": None,
    }
)
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
        if not unicodedata.combining(char)
    )
    return kept.translate(_SPECIAL)


def words(text: str) -> list[str]:
    """The folded words of a search box, in order; empty when there is nothing to look for."""
    return _WORD.findall(fold(text))
