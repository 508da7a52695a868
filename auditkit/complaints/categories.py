"""What complaints are about: the list of problem categories, as the organisation's library has it.

The words of the shipped list speak the language of the screen; what an organisation added or renamed says its own.
tests/slices/complaints/test_correcting.py.
"""

from auditkit.base.text import _
from auditkit.complaints.rules import CATEGORY_TITLES, UnknownWord
from auditkit.content.library import Library, in_language, shared
from auditkit.web.languages import speaking

CATEGORIES = "problem-categories"


def check_category(library: Library, word: str, said: str = "") -> str:
    """`word` where the list has it, where it is empty, or is what the complaint says already. Raises UnknownWord."""
    known = [one.id for one in library.value_list(CATEGORIES).values]
    if word and word != said and word not in known:
        raise UnknownWord(word=word, known=tuple(known))
    return word


def offered(library: Library, said: str = "") -> dict[str, str]:
    """Word -> what people read, in the order of the list; `said` is there too, whatever a file called it."""
    supplied = {one.id: one.label for one in in_language(shared(), library.language).value_list(CATEGORIES).values}
    titles = {one.id: one.label for one in library.value_list(CATEGORIES).values}
    for word, title in CATEGORY_TITLES.items():
        if word in titles and titles[word] == supplied.get(word):
            titles[word] = _(title)
    return titles if not said or said in titles else {**titles, said: known_title(library, said)}


def category_titles(library: Library) -> dict[str, str]:
    """The same with the shipped words that the organisation took off its list: older complaints have them.

    Worked out once for a library, because every page of the register wants it. Not to be changed.
    """
    key = ("category titles", speaking())
    if key not in library.worked_out:
        shipped = {word.value: _(title) for word, title in CATEGORY_TITLES.items()}
        library.worked_out[key] = {**shipped, **offered(library)}
    found: dict[str, str] = library.worked_out[key]
    return found


def known_title(library: Library, word: str) -> str:
    """What people read for a word of the register; the word itself where a file brought it."""
    return category_titles(library).get(word, word)
