"""Forms of translations."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField

from auditkit.base.text import lazy_
from auditkit.policies.forms.base import PolicyForm, RevisedForm
from auditkit.policies.queries.translations import Translation
from auditkit.policies.rules import MAX_TEXT
from auditkit.web.forms import ChoiceField, LineField, TextField


class LanguageForm(PolicyForm):
    """Start a language."""

    language = ChoiceField(lazy_("Language"))

    def __init__(self, languages: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        self.language.choices = list(languages)


class TranslationForm(RevisedForm):
    """Base of the working text; `translation_form` gives it two fields a section."""

    title = LineField(lazy_("Title"))
    follow = BooleanField(lazy_("I have looked at what changed: from now on this follows the newest version"))

    def sections(self) -> dict[str, tuple[str, str]]:
        """Section id -> (heading, text) as typed."""
        ids = [name.removeprefix("heading_") for name in self._fields if name.startswith("heading_")]
        return {one: (self[f"heading_{one}"].data or "", self[f"text_{one}"].data or "") for one in ids}


def translation_form(one: Translation) -> TranslationForm:
    """A form filled with the working text."""
    fields: dict[str, Any] = {}
    for piece in one.sections:
        fields[f"heading_{piece.id}"] = LineField(lazy_("Heading"), default=piece.title)
        fields[f"text_{piece.id}"] = TextField(lazy_("Text"), default=piece.text, max_length=10 * MAX_TEXT)
    form = type("Working", (TranslationForm,), fields)
    return form(revision=one.revision, title=one.title)  # type: ignore[no-any-return]  # made from TranslationForm just now
