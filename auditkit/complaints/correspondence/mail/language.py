"""Which of our seven languages a text is written in, by its letters: a guess for choosing a letter."""

import re

_SCRIPTS = (
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("fa", re.compile("[\u0600-\u06ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_AZERI = re.compile("[əƏ]")
_TURKISH = re.compile("[ğĞşŞıİ]")


def language_of(text: str, default: str = "en") -> str:
    """The code of the language, `default` where nothing tells."""
    letters = [char for char in text[:5000] if char.isalpha()]
    if not letters:
        return default
    for code, script in _SCRIPTS:
        if 3 * sum(1 for char in letters if script.match(char)) >= len(letters):
            return code
    if _AZERI.search(text):
        return "az"
    if len(_TURKISH.findall(text)) * 100 >= len(letters):
        return "tr"
    return default if any(char > "\x7f" for char in letters) and default != "en" else "en"
