"""Marking and translating text, for code that must not know the web framework.

`_` translates now, `ngettext` by number, `N_` and `N_plural` only mark for extraction, `lazy_` translates when shown.
Outside a request the texts are English; `app.py` installs the translator of the request. Placeholders are `%(name)s`;
what is filled in may be a list or tuple, written with the comma of the language, `Points`, with its semicolon, or a
day, time or moment (`date`, `time`, aware `datetime`), written as the screen's language does, by the command line as
ISO 8601 does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from typing import Any

from auditkit.base.jalali import day_in_persian, persian_digits

Translator = Callable[[str], str]
PluralTranslator = Callable[[str, str, int], str]
Filler = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Points(tuple[object, ...]):
    """Several things of which each may hold commas: written with the semicolon of the language between them."""


COMMA, SEMICOLON = ",", ";"
_MARKS = {("fa", COMMA): "، ", ("fa", SEMICOLON): "؛ ", ("el", SEMICOLON): "· "}


def enumerated(values: Iterable[object], mark: str = COMMA) -> str:
    """Several things in a row, with the comma (or semicolon) of the language between them and no "and"."""
    here = _here.get()
    language = here[1] if here else _language()
    return _MARKS.get((language or "", mark), f"{mark} ").join(str(one) for one in values)


def in_a_row(value: Any) -> Any:
    """What fills a placeholder: a list or a tuple as `enumerated` writes it, anything else as it is."""
    if isinstance(value, Points):
        return enumerated(value, SEMICOLON)
    return enumerated(value) if isinstance(value, list | tuple) else value


def plain(value: Any) -> Any:
    """What fills a placeholder where no language is spoken: days and times as ISO 8601 has them, to the minute."""
    if isinstance(value, datetime):
        return f"{value.date()} {value:%H:%M}"
    return f"{value:%H:%M}" if isinstance(value, time) else value


def _plain(params: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: plain(in_a_row(value)) for name, value in params.items()}


def _in_document(params: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """What fills the placeholders of a document's sentence: whole numbers in the digits of its language, and days."""
    found = _plain(params)
    return {name: _in_persian(one) for name, one in found.items()} if language == "fa" else found


def _in_persian(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_in_persian(value)
    return persian_digits(str(value)) if type(value) is int else plain(value)


def _english(one: str, many: str, number: int) -> str:
    return one if number == 1 else many


def _no_language() -> str | None:
    return None


_translator: Translator = str
_plural: PluralTranslator = _english
_filler: Filler = _plain
_language: Callable[[], str | None] = _no_language
_here: ContextVar[tuple[Translator, str, PluralTranslator | None] | None] = ContextVar("translator", default=None)
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def install(
    translator: Translator,
    plural: PluralTranslator,
    filler: Filler = _plain,
    language: Callable[[], str | None] = _no_language,
) -> None:
    """Make every later `_` and `lazy_` ask `translator` (message id in, text out), every `ngettext` ask `plural`.

    `filler` writes what fills placeholders the way the language does: numbers in its digits, lists with its commas.
    `language` says which language that is, None for the English of the source.
    """
    global _translator, _plural, _filler, _language
    _translator, _plural, _filler, _language = translator, plural, filler, language


@contextmanager
def translated_by(
    translator: Translator, language: str = "en", plural: PluralTranslator | None = None
) -> Iterator[None]:
    """Ask `translator` for the block, whoever's request it is: a document's language is not that of the screen.

    `translated_by(str)` gives the English of the source. `language` is whose commas part what stands in a row, `plural`
    answers by number; without it `translator` is asked for the English form.
    """
    before = _here.set((translator, language, plural))
    try:
        yield
    finally:
        _here.reset(before)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Speak `language` (as `web.languages.locale()` names it) for the block.

    It holds within a request of somebody else's too: what one person does may write to another.
    """
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def language_spoken() -> str | None:
    """The language of the innermost `spoken` block, or None; asked by the installed translators."""
    return _spoken.get()


def language_written() -> str:
    """The language that `_` writes at this moment: that of a document, else of the screen; `en` outside of both."""
    here = _here.get()
    return (here[1] if here else _language()) or "en"


def _(message: str, **params: Any) -> str:
    """Translate `message` and fill in its placeholders."""
    here = _here.get()
    text = (here[0] if here else _translator)(message)
    if not params:
        return text
    return text % (_in_document(params, here[1]) if here else _filler(params))


def ngettext(one: str, many: str, number: int, **params: Any) -> str:
    """The text for `number`, which fills the placeholder `%(num)s`: `ngettext("%(num)s file", "%(num)s files", 3)`."""
    here = _here.get()
    params = {"num": number, **params}
    if here is not None:
        text = here[2](one, many, number) if here[2] else here[0](_english(one, many, number))
        return text % _in_document(params, here[1])
    return _plural(one, many, number) % _filler(params)


def N_(message: str) -> str:  # noqa: N802 - the name gettext's extractors know
    """Mark `message` for extraction and return it unchanged."""
    return message


def N_plural(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - like N_
    """Mark the two forms of a text for extraction as one text with its plural, for `ngettext` later."""
    return one, many


class Lazy(str):
    """A text that is translated each time it is shown; equal to its message id as a plain string."""

    __slots__ = ()

    def __str__(self) -> str:
        return _(str.__str__(self))

    def __html__(self) -> str:
        from markupsafe import escape

        return str(escape(str(self)))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __mod__(self, params: Any) -> str:
        filled: str = str(self) % params
        return filled


def lazy_(message: str) -> Lazy:
    """Mark `message` for extraction; translated when shown (for form labels and module constants)."""
    return Lazy(message)
