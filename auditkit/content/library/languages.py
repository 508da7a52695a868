"""A library in another language: the same content with its sidecars' texts, and English where they have none.

Sidecars are read the first time somebody asks for their language. A text is shown translated only while its digest
says that it is of the English that stands there now; else the English stays, and the page marks it.
tests/slices/content/test_content_translations.py holds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from auditkit.content.blanks import blanks_in
from auditkit.content.library.building import build
from auditkit.content.library.lookup import Library
from auditkit.content.locate import locale_in
from auditkit.content.reading import Reading
from auditkit.content.shapes import PolicyShape, Shape, Translated
from auditkit.content.sidecars import entries_of, read_sidecar
from auditkit.content.texts import ENGLISH, Said, language_of, text_digest, texts_of, with_texts

# A question may be replaced by an override, whose sidecar is another; so questions are found whatever file they are in.
_ANYWHERE = ("", "")
_OF_QUESTIONS = "items/"


@dataclass
class _Entries:
    """The entries of a language, the most particular sidecar's first."""

    held: dict[tuple[str, str], dict[str, list[Translated]]] = field(default_factory=dict)
    translated: int = 0

    def add(self, of: tuple[str, str], texts: dict[str, Translated]) -> None:
        for key, entry in texts.items():
            if entry.text:
                self.held.setdefault(_place(of, key), {}).setdefault(key, []).append(entry)

    def said(self, of: tuple[str, str], language: str, key: str, english: str) -> str:
        """The translation where there is one of this English, else the English."""
        found = self.held.get(_place(of, key), {}).get(key, ())
        digest = text_digest(english) if found else ""
        for entry in found:
            if entry.digest == digest and entry.text and same_blanks(entry.text, english):
                self.translated += 1
                return Said(entry.text, language)
        return Said(english, ENGLISH, stale=True) if found else english


def in_language(library: Library, language: str) -> Library:
    """The library with its texts in `language`; itself where there is no translation into it. Made once."""
    if language == library.language or language not in library.languages:
        return library
    if language not in library.spoken:
        library.spoken[language] = _spoken(library, language)
    return library.spoken[language]


def policy_in(library: Library, policy_id: str, language: str) -> tuple[PolicyShape, str]:
    """A policy text in `language` where all of it is translated, else in English; and the language it is in.

    A text that changes its language between two sections is no document anybody could approve. Raises NotFound.
    """
    source = library.translated_from or library
    spoken = in_language(source, language).policy(policy_id)
    if all(language_of(text) == language for text in texts_of(spoken).values()):
        return spoken, language
    return source.policy(policy_id), ENGLISH


def same_blanks(translation: str, english: str) -> bool:
    """Whether a translation asks for the same facts of the organisation as its English."""
    return "{{" not in english + translation or set(blanks_in(translation)) == set(blanks_in(english))


def _spoken(library: Library, language: str) -> Library:
    reading = Reading()
    for found in reversed(library.sidecars):
        if locale_in(found.name) == language:
            read_sidecar(found, reading)
    entries = _Entries()
    for file in reading.files:
        shape = entries_of(file)
        entries.add((shape.of, shape.id), shape.texts)
    return replace(
        build(list(_in(library.shapes, entries, language)), library.sidecars),
        language=language,
        translated_from=library,
        translated=entries.translated,
        problems=tuple(reading.problems),
    )


def _in(shapes: tuple[Shape, ...], entries: _Entries, language: str) -> Iterator[Shape]:
    for shape in shapes:
        of = (str(getattr(shape, "kind", "")), str(getattr(shape, "id", "")))
        yield with_texts(shape, partial(entries.said, of, language))


def _place(of: tuple[str, str], key: str) -> tuple[str, str]:
    return _ANYWHERE if key.startswith(_OF_QUESTIONS) else of
