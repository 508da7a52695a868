"""Forms of the draft: starting, the questionnaire, a fact, a section, the card."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    IntegerField,
    StringField,
    TelField,
    URLField,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from auditkit.base.text import _, lazy_
from auditkit.policies.forms.base import PolicyForm, RevisedForm
from auditkit.policies.queries import AskedFor
from auditkit.policies.rules import MAX_ANSWER, MAX_TEXT, Kind
from auditkit.policies.rules.cards import KIND_TITLES, LONGEST_DISTRIBUTION
from auditkit.web.forms import ChoiceField, LineField, TextField, TicksField

_FIELDS: dict[str, type[Field]] = {"email": EmailField, "telephone": TelField, "address": URLField}


class BlankForm(PolicyForm):
    """A document of the organisation's own."""

    title = LineField(lazy_("Title"))
    kind = ChoiceField(lazy_("Kind"))
    purpose = TextField(lazy_("What it is for"), max_length=LONGEST_DISTRIBUTION)
    language = ChoiceField(lazy_("Language"))

    def __init__(self, languages: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = kinds()
        self.language.choices = list(languages)


class CardForm(PolicyForm):
    """What the list of documents says."""

    title = LineField(lazy_("Title"))
    purpose = TextField(lazy_("What it is for"), max_length=LONGEST_DISTRIBUTION)
    kind = ChoiceField(lazy_("Kind"))
    owner = ChoiceField(lazy_("Owner"))
    review_months = IntegerField(lazy_("Review every how many months"), [Optional()])
    retention = LineField(lazy_("How long superseded versions are kept"))
    distribution = TextField(lazy_("Who has it, and where"), max_length=LONGEST_DISTRIBUTION)
    is_public = BooleanField(lazy_("Written for the public: the version in force stands on the public page"))
    states = TicksField(lazy_("Settings this document states"))

    def __init__(self, people: Iterable[tuple[int, str]], settings: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = kinds()
        self.owner.choices = [("", _("Nobody")), *((str(key), name) for key, name in people)]
        self.states.choices = list(settings)


class SectionForm(RevisedForm):
    """Edit a section. The limits are the rules', so that a refusal keeps the text."""

    title = LineField(lazy_("Heading"))
    clauses = LineField(lazy_("Clauses"))
    text = TextField(lazy_("Text"), max_length=10 * MAX_TEXT)


class NewSectionForm(SectionForm):
    """Add a section."""

    after = ChoiceField(lazy_("Stands behind"))


class MoveForm(RevisedForm):
    """A button that moves or removes a section."""

    steps = IntegerField(widget=HiddenInput())


class FactForm(PolicyForm):
    """One fact of the organisation."""

    value = LineField(lazy_("Answer"), max_length=10 * MAX_ANSWER)


class QuestionsForm(RevisedForm):
    """Base of the questionnaire; `questionnaire` gives it a field a question."""

    def answers(self) -> dict[str, str]:
        """Blank name -> what was typed."""
        return {name.removeprefix("q_"): field.data or "" for name, field in self._fields.items() if name[:2] == "q_"}


def questionnaire(asked: tuple[AskedFor, ...], revision: int) -> QuestionsForm:
    """A form with a field for each question, filled with the answers so far."""
    limit = Length(max=10 * MAX_ANSWER)
    fields: dict[str, Any] = {
        f"q_{one.question.name}": _FIELDS.get(one.question.kind, StringField)(
            one.question.question, [limit], default=one.answer
        )
        for one in asked
    }
    form = type("Questionnaire", (QuestionsForm,), fields)
    return form(revision=revision)  # type: ignore[no-any-return]  # made from QuestionsForm just now


def kinds() -> list[tuple[str, str]]:
    """The kinds of documents to choose from."""
    return [(kind.value, _(KIND_TITLES[kind])) for kind in Kind]
