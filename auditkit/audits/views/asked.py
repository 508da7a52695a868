"""The questions of an audit on its pages: in the language in which the person reads content, and marked where not."""

from dataclasses import dataclass
from html import escape as escaped

from flask import g
from markupsafe import Markup

from auditkit.audits.wording import AsFrozen, Wording
from auditkit.base.text import N_, _
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
    return Markup(reader().written(text))  # noqa: S704 - written escapes


def reader() -> "Reader":
    """Who reads the frozen words of this request."""
    found: Reader | None = g.get("reader_of_words")
    if found is None:
        found = g.reader_of_words = Reader(locale(), library().language)
    return found


@dataclass(frozen=True, slots=True)
class Reader:
    """`screens`: the language of the screens, `content`: the one in which somebody reads content.

    Asked for once: a run page writes hundreds of texts.
    """

    screens: str
    content: str

    def written(self, text: str | None) -> str:
        """As `worded`, as HTML."""
        if not text:
            return ""
        if type(text) is Said and text.language == self.screens and not self._missed(text):
            return escaped(text)  # nearly every text of nearly every page
        if not isinstance(text, Said):
            return f'<span dir="auto">{escaped(text)}</span>'
        mark = self._mark(text)
        if text.language == self.screens and not mark:
            return escaped(text)
        language = escaped(text.language.replace("_", "-"))
        return f'<span lang="{language}" dir="{direction_of(text.language)}">{escaped(text)}{mark}</span>'

    def _missed(self, text: Said) -> bool:
        """Whether they chose a language for content and meet another one; who reads what they chose does not."""
        return text.language == ENGLISH != self.content

    def _mark(self, text: Said) -> str:
        if isinstance(text, AsFrozen):
            why, shown = N_("As it was asked. The library words it otherwise today"), text.language != self.screens
        else:
            why, shown = N_("Not translated yet"), self._missed(text)
        code = text.language.partition("_")[0].upper()
        return f' <abbr class="untranslated" title="{escaped(_(why))}">{escaped(code)}</abbr>' if shown else ""
