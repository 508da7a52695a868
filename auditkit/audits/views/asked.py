"""The questions of an audit on its pages: in the language in which the person reads content, and marked where not."""

from flask import g
from markupsafe import Markup, escape

from auditkit.audits.wording import AsFrozen, Wording
from auditkit.base.text import _
from auditkit.content.texts import ENGLISH, Said, direction_of
from auditkit.library.here import library
from auditkit.web.languages import locale


def wording() -> Wording:
    """What reads frozen words for this request."""
    found: Wording | None = g.get("wording")
    if found is None:
        found = g.wording = Wording(library())
    return found


def worded(text: str | None) -> Markup:
    """A text of a frozen checklist as it stands on a page.

    Nothing is put around what is in the language of the screens. Other languages are named with their direction, with
    a mark where the reader would have expected another; what a person wrote may run in either direction.
    """
    if not text:
        return Markup("")
    if not isinstance(text, Said):
        return Markup('<span dir="auto">{}</span>').format(text)
    mark = _mark(text)
    if text.language == locale() and not mark:
        return escape(str(text))
    return Markup('<span lang="{lang}" dir="{dir}">{text}{mark}</span>').format(
        lang=text.language.replace("_", "-"), dir=direction_of(text.language), text=str(text), mark=mark
    )


def _mark(text: Said) -> Markup:
    if isinstance(text, AsFrozen):
        why, shown = _("As it was asked. The library words it otherwise today"), text.language != locale()
    else:
        # Who chose a language for content and meets another one is told; who reads what they chose is not.
        why, shown = _("Not translated yet"), text.language == ENGLISH != library().language
    mark = Markup(' <abbr class="untranslated" title="{why}">{code}</abbr>')
    return mark.format(why=why, code=text.language.partition("_")[0].upper()) if shown else Markup("")
