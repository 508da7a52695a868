"""Forms of time limits, cause categories, certification bodies' nonconformities and the import."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from auditkit.actions.forms.core import ActionFormBase
from auditkit.actions.rules import (
    BY_SCHEME,
    GRADE_TITLES,
    GRADED,
    MOST_AMOUNT,
    NEED_TITLES,
    STARTS_TITLES,
    TARGET_TITLES,
    VERDICT_TITLES,
    Need,
)
from auditkit.base.text import _, lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.web.forms import ChoiceField, LineField, TextField, TicksField, required


class SchemeForm(ActionFormBase):
    """A scheme: its name, and what it asks of each grade."""

    title = LineField(lazy_("Who asks for it"), [required(lazy_("Name the scheme: who asks for these time limits?"))])
    needs_major = TicksField(lazy_("Asked of a major nonconformity"))
    needs_minor = TicksField(lazy_("Asked of a minor nonconformity"))
    later = TicksField(lazy_("Effect verified at the next audit"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        needs = [(one.value, _(NEED_TITLES[one])) for one in Need]
        self.needs_major.choices = self.needs_minor.choices = needs
        self.later.choices = [(one.value, _(GRADE_TITLES[one])) for one in GRADED[:2]]


class LimitForm(ActionFormBase):
    """One limit of a scheme."""

    grade = ChoiceField(lazy_("Grade"))
    target = ChoiceField(lazy_("What must have happened"))
    amount = IntegerField(
        lazy_("Time"), [InputRequired(lazy_("Enter a whole number")), NumberRange(min=1, max=MOST_AMOUNT)]
    )
    unit = ChoiceField(lazy_("Unit"))
    starts = ChoiceField(lazy_("Counted from"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.grade.choices = [(one.value, _(GRADE_TITLES[one])) for one in GRADED]
        self.target.choices = [(one.value, _(TARGET_TITLES[one])) for one in BY_SCHEME]
        self.unit.choices = [
            ("days", _("calendar days")),
            ("working", _("working days")),
            ("weeks", _("weeks")),
            ("months", _("months")),
        ]
        self.starts.choices = [(one.value, _(title)) for one, title in STARTS_TITLES.items()]


class CategoryForm(ActionFormBase):
    """A category of causes."""

    title = LineField(lazy_("New category"), [required(lazy_("Name the category of causes"))])


class NcForm(ActionFormBase):
    """A nonconformity as a certification body raised it."""

    version = IntegerField(validators=[Optional()], default=0)
    body = LineField(lazy_("Certification body"), [required(lazy_("Name the certification body"))])
    number = LineField(lazy_("Its number"), [required(lazy_("Enter the number that the body gave it"))], max_length=60)
    grade = RadioField(lazy_("Grade"), [InputRequired(lazy_("Choose the grade that the body gave"))])
    audit = LineField(lazy_("Audit"))
    clause = LineField(lazy_("Clause or criterion, with its edition"))
    statement = TextField(lazy_("Statement"), [required(lazy_("Write the statement as the body wrote it"))])
    evidence = TextField(lazy_("Objective evidence"))
    raised_by = LineField(lazy_("Raised by"))
    accepted_by = LineField(lazy_("Accepted for the organisation by"))
    raised_on = DateField(lazy_("Raised on"), [InputRequired(lazy_("Enter the day on which it was raised"))])
    audit_ended_on = DateField(lazy_("Last day of the audit"), [Optional()])
    scheme_id = ChoiceField(lazy_("Time limits"), coerce=int)
    plan_due_on = DateField(lazy_("Response due, where the body named a day"), [Optional()])
    evidence_due_on = DateField(lazy_("Evidence due, where the body named a day"), [Optional()])
    next_audit_on = DateField(lazy_("Next audit, where known"), [Optional()])
    files = EvidenceFilesField(lazy_("The paper it came on, scanned or photographed"))

    def __init__(self, schemes: list[tuple[int, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.grade.choices = [(one.value, _(GRADE_TITLES[one])) for one in GRADED]
        self.scheme_id.choices = [*schemes, (0, _("None"))]


class ReviewForm(ActionFormBase):
    """What the body said to the answer."""

    action = ChoiceField(lazy_("Which action answers it"))
    verdict = RadioField(lazy_("What the body says"), [InputRequired(lazy_("Say what the body decided"))])
    reviewed_on = DateField(lazy_("On which day"), [InputRequired(lazy_("Enter the day of the body's answer"))])
    text = TextField(lazy_("What it wrote"))
    due_on = DateField(lazy_("By when it wants more"), [Optional()])

    def __init__(self, actions: list[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.action.choices = actions
        self.verdict.choices = [(one.value, _(title)) for one, title in VERDICT_TITLES.items()]


class ImportForm(ActionFormBase):
    """A table of actions that comes back."""

    table = FileField(lazy_("Table"))
    apply = BooleanField(lazy_("Take the changes over; without this they are only shown"))


class EmptyForm(ActionFormBase):
    """Only a button."""

    version = HiddenField()
