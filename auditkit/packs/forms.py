"""Forms of packs: which pack over which days, and the acceptance of what is missing."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import BooleanField, DateField
from wtforms.validators import InputRequired

from auditkit.base.text import N_, _, lazy_
from auditkit.packs.rules import FORM_TITLES, PeriodReversed
from auditkit.web.forms import ChoiceField, Form, TextField, required


class ChoosePackForm(Form):
    """Which pack, and the days its records are taken from."""

    mended_by: ClassVar[Mapping[type[Exception], str]] = {PeriodReversed: "end"}

    pack = ChoiceField(lazy_("Pack"))
    start = DateField(lazy_("First day"), [InputRequired(lazy_("Enter the first day of the period"))])
    end = DateField(lazy_("Last day"), [InputRequired(lazy_("Enter the last day of the period"))])

    def __init__(self, packs: list[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.pack.choices = packs


LANGUAGE_TITLES = {
    "en": N_("English"),
    "fa": N_("Persian"),
    "en fa": N_("English and Persian"),
    "fa en": N_("Persian and English"),
}
"""Languages of a pack as they are chosen -> their words; the first is that of the index."""


class BuildPackForm(Form):
    """Build what the draft shows, whole or redacted, in the languages chosen."""

    form = ChoiceField(lazy_("People in the pack"))
    languages = ChoiceField(lazy_("Languages of the documents"))
    pdf = BooleanField(lazy_("Documents as PDF, too"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.form.choices = [(form, _(title)) for form, title in FORM_TITLES.items()]
        self.languages.choices = [(words, _(title)) for words, title in LANGUAGE_TITLES.items()]


class BuildWithGapsForm(BuildPackForm):
    """Build although something is missing, with the reason that will stand in the pack."""

    reason = TextField(
        lazy_("Why is the pack built all the same?"),
        [required(lazy_("Say why the pack is built although something is missing; the reason stands in the pack"))],
        max_length=2_000,
    )
    accepted = BooleanField(
        lazy_("I accept that the pack goes out without what is listed as missing"),
        [InputRequired(lazy_("Tick this to accept what is missing, or add it first"))],
    )


def with_gaps(gaps: int) -> BuildPackForm:
    """The form for a draft with this many gaps."""
    return BuildWithGapsForm() if gaps else BuildPackForm()
