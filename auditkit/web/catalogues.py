"""The texts of the screens in each language, read from `translations/` when first asked for.

The sources are read as they are. A compiled copy beside them would be a second truth that has to be kept in step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "translations"


@dataclass(frozen=True)
class Catalogue:
    """One language's texts: message id -> text, and id of the singular -> its forms. What is missing stays English."""

    texts: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form_of: Callable[[int], int] = lambda number: number != 1

    def text(self, message: str) -> str:
        """`message` in this language."""
        return self.texts.get(message, message)

    def plural(self, one: str, many: str, number: int) -> str:
        """The form for `number`; English where this language has none yet."""
        found = self.forms.get(one)
        if found is None:
            return one if number == 1 else many
        return found[min(self.form_of(number), len(found) - 1)]


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of `language`; an empty one where there is no file. Texts marked fuzzy do not count."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Catalogue()
    with path.open("rb") as file:
        read = read_po(file, locale=language)
    texts, forms = {}, {}
    for message in read:
        if not message.id or message.fuzzy:
            continue
        given = message.string or ""
        if isinstance(message.id, str):
            if given:
                texts[message.id] = str(given)
        elif all(given):
            forms[str(message.id[0])] = tuple(given)
    return Catalogue(texts, forms, c2py(read.plural_expr))
