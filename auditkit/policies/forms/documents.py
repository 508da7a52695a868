"""Forms of policies. What a verb refuses is shown beside the field that mends it."""

from typing import Any

from wtforms import DateField, EmailField, Field, IntegerField, StringField, TelField, URLField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from auditkit.base.text import lazy_
from auditkit.policies.queries import AskedFor
from auditkit.policies.rules import (
    MAX_ANSWER,
    MAX_NOTE,
    MAX_TEXT,
    AnswersMalformed,
    BeforeOneBefore,
    BlankUnknown,
    BracesStray,
    EffectiveTooEarly,
    ReasonMissing,
    ReviewNotAhead,
    TextMissing,
    TextTooLong,
    TitleMissing,
)
from auditkit.web.forms import Form, LineField, TextField

MENDED_BY: dict[type[Exception], str] = {
    TitleMissing: "title",
    TextMissing: "text",
    TextTooLong: "text",
    BracesStray: "text",
    BlankUnknown: "text",
    ReasonMissing: "reason",
    ReviewNotAhead: "review_by",
    EffectiveTooEarly: "effective_on",
    BeforeOneBefore: "effective_on",
}

_FIELDS: dict[str, type[Field]] = {"email": EmailField, "telephone": TelField, "address": URLField}


class PolicyForm(Form):
    """Base of the forms here."""

    def refuse_verb(self, error: Exception) -> None:
        """Show what a verb refused, beside the field that mends it where the form has it."""
        if isinstance(error, AnswersMalformed):
            for name, fault in error.faults.items():
                self.refuse(f"q_{name}", fault)
            return
        field = MENDED_BY.get(type(error), "")
        self.refuse(field if field in self else "", error)


class StartForm(PolicyForm):
    """Start from a text of the library."""


class SectionForm(PolicyForm):
    """Edit a section. The limits are the rules', so that a refusal keeps the text."""

    title = LineField(lazy_("Heading"))
    text = TextField(lazy_("Text"), max_length=10 * MAX_TEXT)
    revision = IntegerField(widget=HiddenInput())


class ApproveForm(PolicyForm):
    """Approve the draft."""

    reason = TextField(lazy_("What is new, and why"), max_length=MAX_NOTE)
    review_by = DateField(lazy_("Review it by"), [Optional()])
    revision = IntegerField(widget=HiddenInput())


class PublishForm(PolicyForm):
    """Publish a version."""

    effective_on = DateField(
        lazy_("In force from"), [InputRequired(lazy_("Enter the day from which this version is in force"))]
    )


class WithdrawForm(PolicyForm):
    """Withdraw a version."""

    reason = TextField(lazy_("Why it is withdrawn"), max_length=MAX_NOTE)


class QuestionsForm(PolicyForm):
    """Base of the questionnaire; `questionnaire` gives it a field a question."""

    revision = IntegerField(widget=HiddenInput())

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
