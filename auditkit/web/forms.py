"""Forms of the whole product: CSRF always on, errors that say what to do, fields whose checks cannot be lost."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from auditkit.base.errors import Several
from auditkit.base.text import N_, _, lazy_

ONE_LINE = 200
MANY_LINES = 20_000
TOO_LONG = lazy_("Enter at most %(max)s characters")

# What the form library says, said so that a person knows what to do.
BETTER = {
    "This field is required.": N_("Fill in this field"),
    "Not a valid choice.": N_("Choose one of the list"),
    "'%(value)s' is not a valid choice for this field.": N_("Choose from the list only"),
    "'%(value)s' are not valid choices for this field.": N_("Choose from the list only"),
    "Invalid Choice: could not coerce.": N_("Choose one of the list"),
    "Invalid choice(s): one or more data inputs could not be coerced.": N_("Choose from the list only"),
    "Not a valid date value.": N_("Enter a day such as 2026-03-31"),
    "Not a valid datetime value.": N_("Enter a day and a time such as 2026-03-31 14:30"),
    "Not a valid time value.": N_("Enter a time such as 14:30"),
    "Not a valid integer value.": N_("Enter a whole number"),
    "Not a valid decimal value.": N_("Enter a number such as 12.5"),
    "Not a valid float value.": N_("Enter a number such as 12.5"),
    "Number must be at least %(min)s.": N_("Enter a number of at least %(min)s"),
    "Number must be at most %(max)s.": N_("Enter a number of at most %(max)s"),
    "Number must be between %(min)s and %(max)s.": N_("Enter a number from %(min)s to %(max)s"),
    "Invalid email address.": N_("Enter an e-mail address such as name@example.org"),
    "Invalid URL.": N_("Enter an address such as https://example.org"),
    "Invalid input.": N_("This cannot be used as it stands"),
}


class _Texts:
    """The form library's messages in our words, through our catalogues."""

    def gettext(self, message: str) -> str:
        return _(BETTER.get(message, message))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return _(one if number == 1 else many)


_TEXTS = _Texts()


class Form(FlaskForm):
    """Base of all forms. A view calls `form.validate_on_submit()`; `ui.form` shows the errors."""

    class Meta(FlaskForm.Meta):
        """The library's settings, but for its texts."""

        def get_translations(self, form: Any) -> _Texts:
            """Our texts, whatever the language."""
            return _TEXTS

    mended_by: ClassVar[Mapping[type[Exception], str]] = {}
    """The field that mends what a verb refused, by the kind of refusal."""

    def refuse_verb(self, error: Exception) -> None:
        """Show what a verb refused, beside the field that mends it where there is one; of several files, each one's."""
        if isinstance(error, Several) and "files" in self:
            for refusal in error.refusals:
                self.refuse("files", refusal)
            return
        field = self.mending(error)
        self.refuse(field if field in self else "", error)

    def mending(self, error: Exception) -> str:
        """The name of the field that mends `error`; empty where it is not the fault of one."""
        return self.mended_by.get(type(error), "")

    def refuse(self, field: str, error: Exception) -> None:
        """Show a refusal of a verb beside the field that can mend it (empty name: above the form)."""
        if field:
            self[field].errors = [*self[field].errors, str(error)]
        else:
            self.form_errors.append(str(error))


def required(message: str) -> DataRequired:
    """The field must be filled; `message` says what to enter ("Enter the date the complaint was received")."""
    return DataRequired(message)


class LineField(StringField):
    """One line of text, stripped, at most 200 characters unless `max_length` says otherwise."""

    def __init__(self, label: Any = None, validators: Any = (), *, max_length: int = ONE_LINE, **more: Any) -> None:
        limit = Length(max=max_length, message=TOO_LONG)
        super().__init__(label, [*validators, limit], filters=[_strip], **more)


class TextField(TextAreaField):
    """Several lines of text, at most 20,000 characters unless `max_length` says otherwise.

    Browsers send a line break as two characters; it is one here, as in every other text.
    """

    def __init__(self, label: Any = None, validators: Any = (), *, max_length: int = MANY_LINES, **more: Any) -> None:
        limit = Length(max=max_length, message=TOO_LONG)
        super().__init__(label, [*validators, limit], filters=[_strip, _one_line_break], **more)


class TicksField(SelectMultipleField):
    """Several of a list, each with a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ChoiceField(SelectField):
    """A choice from a list that the view hands in: `form.owner.choices = [(value, label), ...]`."""


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _one_line_break(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


__all__ = [
    "ChoiceField",
    "Field",
    "FileField",
    "Form",
    "LineField",
    "MultipleFileField",
    "TextField",
    "TicksField",
    "required",
]
