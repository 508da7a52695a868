"""Translations of a document: which version each follows, and what changed since. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.policies.rules.cards import LANGUAGES

TRANSLATION_STARTED = event("policy:translation-started", N_("Translation of the document started"))
TRANSLATED = event("policy:translated", N_("Translation of the document changed"))
TRANSLATION_APPROVED = event("policy:translation-approved", N_("Translation of the document approved"))


class LanguageUnknown(BadInput):
    message = N_("Choose a language other than that of the document, without a translation so far")


class NothingToTranslate(RuleBroken):
    message = N_("Approve a version first; translations follow an approved version")


class NotAllTranslated(RuleBroken):
    message = N_("Translate these first: %(titles)s")


class TranslationUnchanged(RuleBroken):
    message = N_("The translation is the same as its version %(number)s. Change it before you approve it again")


@dataclass(frozen=True)
class Piece:
    """A section as translations see it: text is whatever a reader sees."""

    id: str
    title: str
    text: str


def checked_language(language: str, own: str, taken: Sequence[str]) -> str:
    """Raises LanguageUnknown."""
    if language not in LANGUAGES or language == own or language in taken:
        raise LanguageUnknown
    return language


def changed_sections(followed: Sequence[Piece], newest: Sequence[Piece]) -> dict[str, str]:
    """Sections of either that differ: id -> title, in the order of `newest`, those taken out at the end."""
    before = {one.id: one for one in followed}
    now = {one.id: one for one in newest}
    found = {one.id: one.title for one in newest if before.get(one.id) != one}
    return found | {one.id: one.title for one in followed if one.id not in now}


def carried_over(translated: Sequence[Piece], newest: Sequence[Piece]) -> list[Piece]:
    """What was translated, in the sections of a newer version: a new section is empty, one taken out is left out."""
    before = {one.id: one for one in translated}
    return [before.get(one.id, Piece(one.id, "", "")) for one in newest]


def require_whole(title: str, translated: Sequence[Piece], source: Sequence[Piece], titles: Mapping[str, str]) -> None:
    """Raises NotAllTranslated, naming what has no translation; `titles` are the sections' own, `""` the document's."""
    done = {one.id: one for one in translated}
    missing = [] if title.strip() else [titles[""]]
    for one in source:
        piece = done.get(one.id)
        if piece is None or not piece.title.strip() or (one.text.strip() and not piece.text.strip()):
            missing.append(titles[one.id])
    if missing:
        raise NotAllTranslated(titles=" · ".join(missing))
