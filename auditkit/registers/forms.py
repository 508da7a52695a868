"""Forms of registers. An entry's form is made of the register's own fields."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from wtforms import DateField, DecimalField, IntegerField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from auditkit.base.text import _, lazy_
from auditkit.content.shapes import FieldKind, RegisterField, RegisterShape
from auditkit.library.saying import said
from auditkit.registers.rules import LONGEST_DEFINITION, LONGEST_LINE, LONGEST_TEXT, EntryRefused
from auditkit.web.forms import ChoiceField, FileField, Form, LineField, TextField, TicksField, required

PREFIX = "f-"
"""Before the ids of a register's fields, which might be called like something of the form itself."""

People = Sequence[tuple[int, str]]


class EntryForm(Form):
    """What every entry has beside its register's fields; the subclasses that `entry_form` makes add those."""

    shape: RegisterShape
    keeper = ChoiceField(
        lazy_("Who keeps it"),
        [Optional()],
        description=lazy_("Is reminded when the entry is to be looked at again"),
        coerce=lambda value: int(value) if value else None,
    )
    version = IntegerField(widget=HiddenInput(), default=0)

    def values(self) -> dict[str, Any]:
        """What was entered, by field id."""
        return {field.id: self[PREFIX + field.id].data for field in self.shape.fields}

    def refuse_entry(self, refusal: EntryRefused) -> None:
        """Show each fault beside its field."""
        for name, fault in refusal.faults.items():
            field = self[PREFIX + name]
            field.errors = [*field.errors, fault]

    def own_fields(self) -> list[Any]:
        """The register's fields, in its order."""
        return [self[PREFIX + field.id] for field in self.shape.fields]


class ChangeForm(EntryForm):
    """An entry that is there, and the day it is looked at again."""

    review_on = DateField(lazy_("Next review on"), [Optional()])


class ReviewForm(EntryForm):
    """A look at an entry."""

    outcome = TextField(
        lazy_("What the review found"),
        [required(lazy_("Write down what the review found, also when nothing has changed"))],
    )
    next_on = DateField(lazy_("Next review on"), [Optional()])


def entry_form(
    kind: type[EntryForm],
    shape: RegisterShape,
    people: People,
    values: Mapping[str, Any] | None = None,
    **data: Any,
) -> Any:
    """A form for an entry of this register, filled with stored `values`."""
    made = type(kind.__name__, (kind,), {"shape": shape} | {PREFIX + one.id: _field(one) for one in shape.fields})
    filled = {PREFIX + one.id: _shown(one, values[one.id]) for one in shape.fields if values and one.id in values}
    form = cast("EntryForm", made(data={**filled, **data}))
    for one in shape.fields:
        if one.kind in (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.PERSON):
            form[PREFIX + one.id].choices = _choices(one, people)
    form.keeper.choices = [("", _("(the one who writes it)")), *people]
    return form


def _field(field: RegisterField) -> Any:
    """The form's field; that required ones are filled is the rule's to say, which names them."""
    checks: list[Any] = [InputRequired(_("Enter “%(field)s”", field=field.title)) if field.required else Optional()]
    told: dict[str, Any] = {"description": said(field.help)}
    title = said(field.title)
    match field.kind:
        case FieldKind.LINE:
            return LineField(title, checks, max_length=LONGEST_LINE, **told)
        case FieldKind.TEXT:
            return TextField(title, checks, max_length=LONGEST_TEXT, **told)
        case FieldKind.DAY:
            return DateField(title, checks, **told)
        case FieldKind.NUMBER:
            return DecimalField(title, checks, places=None, **told)
        case FieldKind.CHOICES:
            return TicksField(title, checks, **told)
        case FieldKind.CHOICE | FieldKind.PERSON:
            return ChoiceField(title, checks, **told)


def _choices(field: RegisterField, people: People) -> list[tuple[str, str]]:
    first = [("", _("(choose)") if field.required else _("(nothing chosen)"))]
    match field.kind:
        case FieldKind.CHOICES:
            return [(one.id, said(one.label)) for one in field.choices]
        case FieldKind.PERSON:
            return first + [(str(one), name) for one, name in people]
    return first + [(one.id, f"{one.label} – {one.meaning}" if one.meaning else one.label) for one in field.choices]


def _shown(field: RegisterField, value: Any) -> Any:
    match field.kind:
        case FieldKind.DAY:
            return value if isinstance(value, date) else date.fromisoformat(value)
        case FieldKind.NUMBER:
            return Decimal(value)
        case FieldKind.PERSON:
            return str(value)
    return value


class MeasureForm(Form):
    """What an objective came to."""

    on = DateField(lazy_("Day"), [InputRequired(lazy_("Enter the day that the figure belongs to"))])
    value = DecimalField(lazy_("Value"), [InputRequired(lazy_("Enter the figure, such as 92.5"))], places=None)
    note = LineField(lazy_("Remark"), max_length=LONGEST_LINE)


class RetireForm(Form):
    """Why an entry is no longer needed."""

    reason = LineField(
        lazy_("Why it is taken out of use"), [required(lazy_("Say why: the reason stays with the entry"))]
    )


class TieForm(Form):
    """What an entry has to do with."""

    kind = ChoiceField(lazy_("Kind of record"))
    name = LineField(
        lazy_("Its number or reference"), [required(lazy_("Enter its number or reference as its page shows it"))]
    )

    def __init__(self, kinds: Iterable[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = list(kinds)


class WorkbookForm(Form):
    """A workbook that comes back."""

    file = FileField(lazy_("Workbook (XLSX)"), [InputRequired(lazy_("Choose the workbook"))])


class DefinitionForm(Form):
    """A register of the organisation's own."""

    text = TextField(
        lazy_("Definition"), [required(lazy_("Write the definition, or begin with a register that is there"))],
        max_length=LONGEST_DEFINITION,
    )  # fmt: skip


class ConfirmForm(Form):
    """Yes."""
