"""How a text of the library stands on a page: in its language and direction, marked where it is not translated.

tests/slices/library/test_library_languages.py holds it.
"""

from markupsafe import Markup, escape

from auditkit.base.text import _
from auditkit.content.texts import ENGLISH, Said, direction_of, language_of
from auditkit.library.here import library


def said(text: str | None, shown: str | None = None, *, tag: str = "span") -> Markup:
    """The element that holds a text, or `shown` that was made of it; empty for no text.

    Where content is read in another language and this text is English, a mark says so: never in silence.
    """
    if not text:
        return Markup("")
    language = language_of(text)
    mark = _mark(text) if language != library().language else Markup("")
    return Markup('<{tag} lang="{lang}" dir="{dir}">{text}{mark}</{tag}>').format(
        tag=tag,
        lang=language.replace("_", "-"),
        dir=direction_of(language),
        text=escape(text if shown is None else shown),
        mark=mark,
    )


def _mark(text: str) -> Markup:
    stale = isinstance(text, Said) and text.stale
    why = _("The English has changed since it was translated") if stale else _("Not translated yet")
    return Markup(' <abbr class="untranslated" title="{why}">{code}</abbr>').format(why=why, code=ENGLISH.upper())
