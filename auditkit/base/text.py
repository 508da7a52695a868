"""Marking and translating text, for code that must not know the web framework.

`_` translates now, `N_` only marks a text for extraction, `lazy_` translates when shown. Outside a request the
texts are English; `app.py` installs the translator of the request. Placeholders are `%(name)s`.
"""

from collections.abc import Callable
from typing import Any

Translator = Callable[[str], str]

_translator: Translator = str


def install(translator: Translator) -> None:
    """Make every later `_` and `lazy_` ask `translator` (message id in, text out)."""
    global _translator
    _translator = translator


def _(message: str, **params: Any) -> str:
    """Translate `message` and fill in its placeholders."""
    text = _translator(message)
    return text % params if params else text


def N_(message: str) -> str:  # noqa: N802 - the name gettext's extractors know
    """Mark `message` for extraction and return it unchanged."""
    return message


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


def lazy_(message: str) -> Lazy:
    """Mark `message` for extraction; translated when shown (for form labels and module constants)."""
    return Lazy(message)
