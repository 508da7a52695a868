"""Forms of the whole product: CSRF always on, errors that say what to do, fields whose checks cannot be lost."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from auditkit.base.text import _

ONE_LINE = 200
MANY_LINES = 20_000


class Form(FlaskForm):
    """Base of all forms. A view calls `form.validate_on_submit()`; the page shows `ui.error_summary(form)` by itself."""

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
        limit = Length(max=max_length, message=_("Enter at most %(max)s characters", max=max_length))
        super().__init__(label, [*validators, limit], filters=[_strip], **more)


class TextField(TextAreaField):
    """Several lines of text, at most 20,000 characters unless `max_length` says otherwise."""

    def __init__(self, label: Any = None, validators: Any = (), *, max_length: int = MANY_LINES, **more: Any) -> None:
        limit = Length(max=max_length, message=_("Enter at most %(max)s characters", max=max_length))
        super().__init__(label, [*validators, limit], filters=[_strip], **more)


class ChoiceField(SelectField):
    """A choice from a list that the view hands in: `form.owner.choices = [(value, label), ...]`."""


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


__all__ = [
    "ChoiceField",
    "Field",
    "FileField",
    "Form",
    "LineField",
    "MultipleFileField",
    "TextField",
    "required",
]
